"""The figures of a model: of how many, how its search ended, each coefficient with its limits and p, and its tests.

A row is `NAME: COVARIATE`, of a word `NAME: COVARIATE: LEVEL`; what is said of the whole stands in the row `NAME`.
Where there is no model each figure has the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from projections.cohort.figures.comparing import left_out_for, of_test
from projections.cohort.figures.figures import At, Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.models.asked import TERM, Model
from projections.cohort.models.coefficient_figures import (
    DIFFERENCE,
    RATIOS,
    P,
    Said,
    coefficient_figures,
    estimate,
    reference_figure,
)
from projections.cohort.models.fewest import fewest
from projections.cohort.models.fitted import Fitted
from projections.cohort.models.forest_points import forest_points
from projections.cohort.models.model_rows import TIME, Term
from projections.columns.coded import Truth
from projections.statistics.regression import wald_test
from projections.statistics.results import Outcome
from projections.statistics.rounding import half_up

INTERCEPT: Final = "intercept"
FEWEST: Final = "fewest"
HAZARDS: Final = "p of proportional hazards"


def model_figures(cohort: Cohort, fitted: Fitted) -> Iterator[Figure]:
    """Yield the figures of a model, the points of a forest plot last where they are asked for."""
    said = _said(cohort, fitted)
    yield from _of_the_whole(cohort, fitted, said)
    estimates: list[Figure] = []
    for term in fitted.rows.terms:
        for figure in _of_term(cohort, fitted, term, said):
            if figure.statistic == said.statistic:
                estimates.append(figure)
            yield figure
    yield from _intercept(fitted, said)
    yield from _parameters(fitted, said)
    if fitted.model.points:
        yield from forest_points(cohort, fitted, estimates)


def statistic_of(model: Model) -> str:
    """Return what a coefficient of a model is called."""
    if model.kind == "gee" and model.of == "criterion":
        return "odds ratio"
    return RATIOS.get(model.kind, DIFFERENCE)


def _said(cohort: Cohort, fitted: Fitted) -> Said:
    rows, regression, model = fitted.rows, fitted.regression, fitted.model
    unit = cohort.facts.catalogue.unit_of(model.outcome) if model.of == "measure" else ""
    note = "; ".join((left_out_for(cohort.n, rows.left_out), *rows.told))
    strata = f", strata {', '.join(each.name for each in model.strata)}" if model.strata else ""
    reason = regression.reason
    if reason and fitted.named:
        note += f"; {reason.replace('-', ' ')}: {', '.join(fitted.named)}"
    variant = f"{regression.model}: {regression.variant}{strata}"
    members = np.unique(rows.outcomes.member)
    n_patients = len({cohort.members[each] for each in members.tolist()})
    return Said(statistic_of(model), unit, note, variant, reason, cohort.options.level, len(members), n_patients)


def _of_the_whole(cohort: Cohort, fitted: Fitted, said: Said) -> Iterator[Figure]:
    """Yield how many members, rows, events, clusters were used, how few at a level, how the search ended, the tests."""
    rows, regression, name = fitted.rows, fitted.regression, fitted.model.name
    n = said.n_members
    yield _number(name, "n", n, said)._replace(numerator=n, denominator=cohort.n)
    counts = (("rows", regression.n), ("events", regression.n_events), ("clusters", regression.n_clusters))
    yield from (_number(name, what, each, said) for what, each in counts if each is not None)
    left_out = sum(n for n, _ in rows.left_out)
    yield _number(name, "left out", left_out, said)._replace(numerator=left_out, denominator=cohort.n)
    yield _number(name, FEWEST, fewest(cohort, fitted), said)
    converged = bool(regression.coefficients)
    words = regression.convergence
    if said.reason and not converged:
        words += f": {said.reason.replace('-', ' ')}" + (f" ({', '.join(fitted.named)})" if fitted.named else "")
    yield _number(name, "converged", int(converged), said)._replace(text=words, reason=said.reason)
    for test in regression.tests:
        yield _tested((name, "", f"p, {test.test}"), test, said)
    if fitted.hazards is not None:
        yield _tested((name, "", HAZARDS), fitted.hazards.together, said)


def _number(row: str, statistic: str, n: int, said: Said) -> Figure:
    return Figure(
        row,
        "",
        statistic,
        value=n,
        text=str(n),
        denominator_note=said.note,
        variant=said.variant,
        n_patients=said.n_patients,
    )


def _tested(at: At, test: Outcome, said: Said) -> Figure:
    """Return a test as a figure, of so many members; it used their rows."""
    return of_test(at, test, note=said.note)._replace(denominator=said.n_members, n_patients=said.n_patients)


def _of_term(cohort: Cohort, fitted: Fitted, term: Term, said: Said) -> Iterator[Figure]:
    """Yield the coefficients of a covariate, how many had no value, and its tests."""
    row = f"{fitted.model.name}{TERM}{term.name}"
    number = fitted.rows.terms.index(term)
    if not term.levels:
        yield from coefficient_figures(fitted, row, next(iter(term.columns), None), said, exposure=number == 0)
    for level in term.levels:
        own = f"{row}{TERM}{level}"
        yield from _counts(fitted, own, term.of == term.levels.index(level), said)
        if level == term.reference:
            yield reference_figure(fitted, own, said)
        else:
            column = term.columns[term.others.index(level)]
            yield from coefficient_figures(fitted, own, column, said, exposure=number == 0)
    if term.name != TIME:
        yield _number(row, "missing", term.missing, said)._replace(numerator=term.missing, denominator=cohort.n)
    if len(term.columns) > 1:
        yield _tested((row, "", P), wald_test(fitted.regression, term.columns), said)
    if fitted.hazards is not None:
        yield _tested((row, "", HAZARDS), fitted.hazards.terms[number], said)
    if number == 0 and fitted.rows.crossed:
        columns = [each for crossed in fitted.rows.crossed for each in crossed]
        yield _tested((row, "", f"p of interaction with {TIME}"), wald_test(fitted.regression, columns), said)


def _counts(fitted: Fitted, row: str, who: Truth, said: Said) -> Iterator[Figure]:
    """Yield how many members are at a level, and how many events they had."""
    of = fitted.rows.outcomes
    yield _number(row, "n", len(np.unique(of.member[who])), said)
    if fitted.model.of != "measure":
        yield _number(row, "events", int(of.outcome[who].sum()), said)


def _intercept(fitted: Fitted, said: Said) -> Iterator[Figure]:
    """Yield the intercept, on the scale of the linear predictor: what all references and zeros together give."""
    found = fitted.regression.coefficients
    if fitted.model.kind == "cox" or not found:
        return
    plain = said._replace(statistic=DIFFERENCE, unit="" if said.is_ratio else said.unit)
    yield estimate((f"{fitted.model.name}{TERM}{INTERCEPT}", ""), found[-1], plain)._replace(statistic=INTERCEPT)


def _parameters(fitted: Fitted, said: Said) -> Iterator[Figure]:
    """Yield what else was estimated, as the standard deviation between patients."""
    for name, value in fitted.regression.parameters:
        unit = said.unit if name.startswith("sd ") else ""
        yield Figure(
            fitted.model.name,
            "",
            name,
            value=value,
            text=half_up(value, 3),
            denominator=said.n_members,
            denominator_note=said.note,
            variant=said.variant,
            n_patients=said.n_patients,
            unit=unit,
        )
