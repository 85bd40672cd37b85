"""How `[[tables.models]]` of a cohort file is read: each model with its keys, and what is wrong with one by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from projections.cohort.definition.table_keys import criterion_names
from projections.cohort.models.asked import (
    CLUSTERS,
    MODELS,
    ONLY,
    RETENTION,
    TERM,
    Model,
    ModelKind,
    Models,
    OutcomeKind,
)
from projections.cohort.models.covariates import Covariate, read_covariate
from projections.statistics.cox import TIES
from projections.statistics.gee import CORRELATIONS
from registry.spelling import nearest
from registry.toml_keys import Keys
from registry.wording import shown

AT_MOST: Final = 20  # models of a table
COVARIATES_AT_MOST: Final = 50


def read_models(keys: Keys, time_points: Sequence[str]) -> Models:
    """Return the models of the list `models`; `keys` are those of all tables, with this one alone."""
    found = [read_model(each, time_points) for each in keys.tables("models", at_most=AT_MOST)]
    models = tuple(each for each in found if each is not None)
    for place, name in enumerate([each.name for each in models]):
        if name in [each.name for each in models[:place]]:
            keys.wrong("models", f"{shown(name)} is the name of two models; choose another name")
    return Models(models)


def read_model(keys: Keys, time_points: Sequence[str]) -> Model | None:
    """Return a model, None where its outcome or its exposure is none, which is told."""
    name = keys.line("name")
    if TERM in name:
        keys.wrong("name", f"{shown(name)} holds {TERM!r}, which sets a model apart from its rows")
    of, outcome = _outcome(keys)
    exposed = keys.line("exposure")
    exposure = read_covariate(keys, "exposure", exposed, time_points) if exposed else None
    adjust, strata = (_covariates(keys, key, time_points) for key in ("adjust", "strata"))
    model = None
    if of is not None:
        kind = _kind(keys, of)
        _tell_of_keys_of_other_models(keys, kind)
        at = _time_points(keys, kind, of, time_points)
        if exposure is not None:
            model = _fitted_so(keys, Model(name, outcome, of, kind, exposure, adjust, strata, at))
    keys.end((*ONLY, "points", "references", "model"))
    return model


def _fitted_so(keys: Keys, model: Model) -> Model:
    """Return a model with what its other keys ask."""
    kind = model.kind
    model = model._replace(
        ties=keys.word("ties", TIES, TIES[0]) if kind == "cox" else TIES[0],
        clusters=keys.word("clusters", CLUSTERS) if keys.there("clusters") else None,
        correlation=keys.word("correlation", CORRELATIONS, CORRELATIONS[0]) if kind == "gee" else CORRELATIONS[0],
        interaction=keys.yes_no("interaction", False) if kind in ONLY["interaction"] else False,
        points=keys.yes_no("points", False),
        criterion=keys.catalogue.response_criteria.get(model.outcome),
    )
    model = _with_references(keys, model)
    for problem in _repeated(model):
        keys.wrong(*problem)
    return model


def _kind(keys: Keys, of: OutcomeKind) -> ModelKind:
    """Return which model it is; of retention there is one, which needs not be said."""
    kinds = MODELS[of]
    return keys.word("model", kinds, kinds[0]) if len(kinds) > 1 or keys.there("model") else kinds[0]


def _outcome(keys: Keys) -> tuple[OutcomeKind | None, str]:
    outcome = keys.line("outcome")
    criteria, measures = criterion_names(keys), keys.catalogue.valued
    if outcome == RETENTION:
        return "retention", outcome
    if outcome in criteria:
        return "criterion", outcome
    if outcome in measures:
        return "measure", outcome
    if keys.there("outcome") and outcome:
        near = nearest(outcome, (RETENTION, *criteria, *measures))
        told = f"; did you mean {near!r}?" if near else ""
        keys.wrong("outcome", f"{shown(outcome)} is not {RETENTION!r}, a criterion, a measure or an index{told}")
    return None, outcome


def _covariates(keys: Keys, key: str, time_points: Sequence[str]) -> tuple[Covariate, ...]:
    texts = keys.words(key)
    if len(texts) > COVARIATES_AT_MOST:
        keys.wrong(key, f"has {len(texts):,} covariates; {COVARIATES_AT_MOST} at most")
    found = [read_covariate(keys, key, text, time_points) for text in texts[:COVARIATES_AT_MOST]]
    if key == "strata":
        for each in found:
            if each is not None and each.is_number:
                keys.wrong(key, f"{shown(each.name)} is a number; strata are words")
    return tuple(each for each in found if each is not None)


def _time_points(keys: Keys, kind: ModelKind, of: OutcomeKind, time_points: Sequence[str]) -> tuple[str, ...]:
    """Return at which time points the outcome stands; () for those that follow from the definition as a whole."""
    if of == "retention":
        return ()
    if not keys.there("at"):
        keys.defaults.append((f"{keys.path}.at", "time points but the baseline"))
        return ()
    at = keys.words("at", time_points)
    if kind in ("logistic", "poisson") and len(at) > 1:
        keys.wrong("at", f"names {len(at)} time points; {kind} takes one, 'gee' several")
    return at


def _tell_of_keys_of_other_models(keys: Keys, kind: ModelKind) -> None:
    for key, kinds in ONLY.items():
        if kind not in kinds and keys.there(key):
            keys.wrong(key, f"says nothing of the model {kind!r}; leave it out")


def _with_references(keys: Keys, model: Model) -> Model:
    """Return a model with the references that its key `references` names, by covariate."""
    table = keys.table("references")
    if table is None:
        return model
    named = {each.name: table.line(each.name) for each in model.covariates if table.there(each.name)}
    for each in model.covariates:
        if each.name in named and each.is_number:
            table.wrong(each.name, f"{shown(each.name)} is a number and has no reference; leave it out")
    table.end()

    def referred(each: Covariate) -> Covariate:
        return each._replace(reference=named.get(each.name))

    return model._replace(exposure=referred(model.exposure), adjust=tuple(map(referred, model.adjust)))


def _repeated(model: Model) -> Iterator[tuple[str, str]]:
    """Yield what stands twice in a model, by key."""
    places = [("exposure", model.exposure), *(("adjust", each) for each in model.adjust)]
    places += [("strata", each) for each in model.strata]
    seen = set()
    for key, each in places:
        if (each.what, each.time_point) in seen:
            yield key, f"{shown(each.name)} stands twice in one model; leave one out"
        seen.add((each.what, each.time_point))
