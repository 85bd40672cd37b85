"""What of a model does not fit the rest of its cohort's definition: what is not there, or is known too late.

A covariate that is known only after day 0 is refused: whoever has it had to stay until then. So is an outcome that a
covariate says already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from projections.cohort.definition.definition import NEEDS_TREATMENT, Definition, TimePoint
from projections.cohort.definition.groups import DRUG
from projections.cohort.figures.as_asked import responder_rule
from projections.cohort.models.asked import SEVERAL, Model, Models
from projections.cohort.models.covariates import GROUP, Covariate
from registry.catalogue.criteria.criterion import BASELINE
from registry.wording import shown

Problem = tuple[str, str]  # key of the model, and what is wrong with it
BASELINE_WANTED: Final = "write a [[time_points]] with day = 0, or name one on or before day 0"


def misfits(definition: Definition, asked: Models) -> Iterator[str]:
    """Yield what does not fit, each with its key."""
    for place, model in enumerate(asked.models, 1):
        for key, what in (*_outcome(definition, model), *_covariates(definition, model), *_itself(definition, model)):
            yield f"tables.models[{place}].{key}: {what}"


def _outcome(definition: Definition, model: Model) -> Iterator[Problem]:
    if model.of == "retention" and not definition.day_zero.starts_treatment:
        yield "outcome", f"{shown(model.outcome)} {NEEDS_TREATMENT}"
    if model.ties == "exact" and (model.clusters or definition.day_zero.several):
        why = "which = 'all' has several rows of a patient" if not model.clusters else "leave clusters out"
        yield "ties", f"the exact likelihood has no clustered errors; write 'efron', {why}"
    if model.of == "retention":
        return
    at = model.time_points(definition)
    if not at:
        yield "at", "no time point is left for the outcome; name one"
    if len(at) > 1 and model.kind not in SEVERAL:
        yield "at", f"is missing; write one of {', '.join(map(repr, at))}"
    if model.interaction and len(at) < 2:
        yield "interaction", "is one with time, and the outcome has one time point"


def _covariates(definition: Definition, model: Model) -> Iterator[Problem]:
    points = {point.name: point for point in definition.time_points}
    for key, each in _by_key(model):
        if each.kind == GROUP and definition.groups is None:
            yield key, f"{shown(each.name)} needs a table [groups]"
        if each.what in DRUG and not definition.day_zero.starts_treatment:
            yield key, f"{shown(each.name)} {NEEDS_TREATMENT}"
        if each.needs_baseline and definition.baseline is None:
            yield key, f"{shown(each.name)} is read at a baseline; {BASELINE_WANTED}"
        if each.time_point is not None and _is_late(points[each.time_point]):
            yield key, f"{shown(each.name)} is known only after day 0; a covariate is known by then"


def _is_late(point: TimePoint) -> bool:
    return point.day > 0 or point.anchor != "day-0"


def _itself(definition: Definition, model: Model) -> Iterator[Problem]:
    """Yield where an outcome is compared with itself: a criterion with its baseline, a value with a covariate."""
    at = model.time_points(definition)
    own = {each.name: each for each in definition.criteria}
    criterion = own.get(model.outcome, model.criterion)
    baseline = responder_rule(definition).baseline
    if criterion is not None and criterion.against == BASELINE and baseline in at:
        yield "at", f"{model.outcome} compares {baseline} with itself; name a later time point"
    inputs = criterion.inputs if criterion is not None else (model.outcome,)
    for key, each in _by_key(model):
        if each.what in inputs and model.of != "retention" and measured_at(definition, each) in at:
            yield key, f"{shown(each.name)} says what the outcome says at the same time point; leave it out"


def measured_at(definition: Definition, covariate: Covariate) -> str | None:
    """Return the time point at which a covariate was measured, None for one that was not."""
    if covariate.time_point is not None:
        return covariate.time_point
    baseline = definition.baseline
    return baseline.name if covariate.needs_baseline and baseline is not None else None


def _by_key(model: Model) -> Iterator[tuple[str, Covariate]]:
    yield "exposure", model.exposure
    yield from (("adjust", each) for each in model.adjust)
    yield from (("strata", each) for each in model.strata)
