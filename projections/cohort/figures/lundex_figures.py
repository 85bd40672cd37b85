"""LUNDEX at each time point: retention on the target day × the part that responds of those on the drug.

On the drug is who is so on the day of the value that is used, bridged gaps included, or within `lag` days after the
stop. The denominators are those of `responders`: who is due, and of these `complete`, `known` or `all`. No p between
groups: LUNDEX distorts differences (Mongin D et al. 2022). Kristensen LE et al. Arthritis Rheum 2006;54:600–6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from projections.cohort.definition.table_keys import criterion_names
from projections.cohort.figures.comparing import of_estimate
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.response_rates import ResponderChoice, answers_at, read_choice_on_drug
from projections.cohort.members.cohort import Cohort
from projections.statistics.kaplan_meier import SurvivalCurve
from projections.statistics.lundex import lundex
from projections.statistics.proportions import Proportion
from registry.toml_keys import Keys
from registry.wording import listed, shown


class LundexRequest(NamedTuple):
    """Whose responders are counted, and how; no criteria for no LUNDEX."""

    criteria: tuple[str, ...]
    choice: ResponderChoice


def read_lundex(keys: Keys) -> LundexRequest:
    """Return what the keys `lundex`, `denominator`, `same_visit`, `lag` and `late_entrants` ask."""
    if not keys.there("lundex"):
        return LundexRequest((), read_choice_on_drug(keys))
    known, asked = criterion_names(keys), keys.texts("lundex")
    for name in asked:
        if name not in known:
            keys.wrong("lundex", f"{shown(name)} is not one of {listed(known)}")
    return LundexRequest(tuple(dict.fromkeys(asked)), read_choice_on_drug(keys))


def lundex_figures(cohort: Cohort, asked: LundexRequest, curve: SurvivalCurve) -> Iterator[Figure]:
    """Yield the LUNDEX at each time point after the first that counts from day 0; `curve` is that of retention."""
    for criterion in asked.criteria:
        yield from _of_criterion(cohort, asked.choice, criterion, curve)


def _of_criterion(cohort: Cohort, choice: ResponderChoice, criterion: str, curve: SurvivalCurve) -> Iterator[Figure]:
    first = cohort.definition.time_points[0].name
    for point in cohort.definition.time_points[1:]:
        if point.anchor != "day-0":
            continue
        answers = answers_at(cohort, criterion, choice, baseline=first, time_point=point.name)
        n, of = int(answers.responders.sum()), int(answers.denominator.sum())
        estimate = lundex(curve.at(point.day), Proportion(n, of), retention="kaplan-meier", n=cohort.n)
        figure = of_estimate(("LUNDEX", point.name, criterion), estimate, unit="%", scale=100)
        left = int((answers.counted & ~answers.denominator).sum())
        note = f"responders of {of} on the drug; {left} on it left out; × retention on day {point.day}"
        yield figure._replace(
            numerator=n,
            denominator=of,
            denominator_note=note + answers.due.early_told,
            variant=f"{figure.variant}; {answers.status.rule}; {choice}",
        )
