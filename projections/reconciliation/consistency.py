"""What is odd about a printed figure although it is what the cohort gives: remarks, never refusals.

A count of a method that is the sum of two others may count some patients in one of them only. A total of a graded
method may be impossible beside the counts of another, by the rules that bind the methods' readings of one study.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np

from projections.checks.reading_contradictions import RULES, UNITS, Signs
from projections.cohort.figures.address import Address
from projections.cohort.members.cohort import Cohort
from projections.cohort.tables import lesions
from projections.grading.grades import NOT_ASSESSED
from projections.reconciliation.published_figures import PrintedFigure
from projections.reconciliation.recomputed_figures import Figures
from projections.reconciliation.reporting_errors import Explanation
from projections.statistics.rounding import half_up
from registry.catalogue.imaging.method import Method

SUMMED: Final = ("n", "percent")
SIGNS_ARE: Final = {"inflamed": "inflammation", "eroded": "active-erosions"}  # sign of a unit: score that counts it


class Bounds(NamedTuple):
    """What a total may be beside the counts of another method."""

    low: int
    high: int


def inconsistencies(cohort: Cohort, figures: Figures, printed: PrintedFigure) -> Iterator[Explanation]:
    """Yield what is odd about a printed figure."""
    methods = cohort.facts.catalogue.methods
    for number, part in zip(printed.numbers, printed.parts):
        address = part.address
        asked = next((each.asked for each in cohort.definition.tables if each.name == address.table), None)
        if isinstance(asked, lesions.Request) and address.statistic in SUMMED and part.field is None:
            yield from _mixed(figures, methods[asked.method], address)
        elif address.statistic == "total" and address.row in Signs._fields and not number.limit:
            yield from _impossible(figures, address, int(number.value), methods)


def contradictions(cohort: Cohort) -> list[str]:
    """Return how many units of the members' studies have readings that cannot all be true, by rule."""
    from projections.checks.reading_contradictions import table

    compared = {rule.name: rule.compares for rule in RULES}
    members = set(cohort.members)
    rows = [row for row in table(cohort.facts).to_pylist() if row["patient"] in members]
    counts = Counter(row["rule"] for row in rows)
    studies = {name: len({row["study"] for row in rows if row["rule"] == name}) for name in counts}
    return [
        f"{counts[name]} vertebral units of {studies[name]} {'study' if studies[name] == 1 else 'studies'} break "
        f"the rule that {name} ({' and '.join(_method_behind(sign) for sign in compared[name])})"
        for name in compared
        if counts[name]
    ]


def _method_behind(sign: str) -> str:
    return f"{SIGNS_ARE[sign]} of vu-lesions" if sign in SIGNS_ARE else sign


def _mixed(figures: Figures, method: Method, address: Address) -> Iterator[Explanation]:
    """Tell of a count whose parts, two other counts, are known of different numbers of patients."""
    name, colon, segment = address.row.partition(":")
    for one, other in _parts(method, name):
        rows = [each + colon + segment for each in (one, other)]
        counts, of = (
            [figure for row in rows if (figure := figures.get(address._replace(row=row, statistic=statistic)))]
            for statistic in ("n", "patients")
        )
        if len(counts) < 2 or len(of) < 2 or of[0].denominator == of[1].denominator:
            continue
        told = " + ".join(
            f"{half_up(count.numerator, 1)} {each} of {half_up(patients.denominator, 0)} patients"
            for each, count, patients in zip(rows, counts, of)
        )
        yield Explanation("mixed-patients", f"{address.row} = {told}")


def _parts(method: Method, name: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a method's scores that add up to another for whatever a location has."""
    scores = {score.name: score for score in method.scores}
    if name not in scores:
        return
    whole = [cell.grades for cell in method.cells.whole]
    for one, other in combinations((score for score in method.scores if score.name != name), 2):
        if all(scores[name].of(grades) == one.of(grades) + other.of(grades) for grades in whole):
            yield one.name, other.name


def _impossible(figures: Figures, address: Address, total: int, methods: Mapping[str, Method]) -> Iterator[Explanation]:
    """Tell of a total that the rules between methods exclude beside the counts of locations."""
    method = address.row
    n = {sign: _count(figures, score, address) for sign, score in SIGNS_ARE.items()}
    inflamed, eroded = n["inflamed"], n["eroded"]
    if inflamed is None or eroded is None:
        return
    allowed = bounds(method, inflamed=inflamed, eroded=eroded, methods=methods)
    if allowed.low <= total <= allowed.high:
        return
    least = f"at least {allowed.low}" if total < allowed.low else f"at most {allowed.high}"
    yield Explanation(
        "impossible-total",
        f"a total of {total} by {method} cannot be beside {eroded} active erosions and {inflamed - eroded} other "
        f"inflamed locations: it is {least}",
    )


def _count(figures: Figures, score: str, beside: Address) -> int | None:
    figure = figures.get(Address("lesions", score, beside.timepoint, "n", beside.group))
    return None if figure is None or figure.value is None or not figure.value.is_integer() else int(figure.value)


def bounds(method: str, *, inflamed: int, eroded: int, methods: Mapping[str, Method]) -> Bounds:
    """Return what the total of a method may be where so many locations are inflamed, some of them actively eroded.

    Only the rules between methods bind it: the least where the locations share as few units as they can, the greatest
    where each has its own.

    >>> from registry.catalogue.catalogue import BUILT_IN
    >>> bounds("asspimri", inflamed=121, eroded=37, methods=BUILT_IN.methods)
    Bounds(low=118, high=474)
    """
    parts = len(methods["vu-lesions"].locations) // len(UNITS)
    both, alone = (grades_beside(methods[method], eroded=eroded) for eroded in (True, False))
    units = -(-eroded // parts)
    other = -(-max(0, inflamed - units * parts) // parts)
    return Bounds(
        units * min(both) + other * min(alone),
        eroded * max(both) + (inflamed - eroded) * max(alone),
    )


def grades_beside(method: Method, *, eroded: bool) -> list[int]:
    """Return the grades that a method may give a unit that is inflamed, with an active erosion or without.

    >>> from registry.catalogue.catalogue import BUILT_IN
    >>> [grades_beside(BUILT_IN.methods[code], eroded=True) for code in ("asspimri", "berlin")]
    [[4, 5, 6], [1, 2, 3]]
    """
    said: dict[str, Any] = {name: np.full((1, 1), NOT_ASSESSED, dtype=np.int8) for name in Signs._fields}
    said["inflamed"][:], said["eroded"][:] = 1, int(eroded)
    allowed = []
    for grade in method.items[0].grades:
        said[method.code] = np.full((1, 1), grade, dtype=np.int8)
        if not any(rule.broken(Signs(**said)).any() for rule in RULES):
            allowed.append(grade)
    return allowed
