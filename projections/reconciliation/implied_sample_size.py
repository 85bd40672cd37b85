"""Printed p of correlations that belong to another number of patients than the correlation rests on.

A p follows from rho and n, so that a printed pair leaves few n open; several pairs of a paper that leave the same one
open tell whose p it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from projections.cohort.figures.address import Address
from projections.reconciliation.printed_numbers import Number
from projections.reconciliation.published_figures import Part, PrintedFigure
from projections.reconciliation.recomputed_figures import Figures
from projections.reconciliation.reporting_errors import Explanation
from projections.statistics.printed_p import sizes_behind, sizes_below

RHO = "rho"
P = "p"


class PrintedP(NamedTuple):
    """A printed p of a correlation: which figure of the file it is, its rho, and every n that it may belong to."""

    place: int
    p: Number
    rho: Decimal
    n: int
    sizes: frozenset[int]


def implied_sample_sizes(
    printed: Sequence[PrintedFigure], figures: Figures, places: Sequence[int]
) -> dict[int, Explanation]:
    """Return for each figure at `places` whose p belongs to another n which n that is, together with the others."""
    wrong = [each for place in places for each in _ps(printed, figures, place) if each.n not in each.sizes]
    common = reduce(frozenset.__and__, (each.sizes for each in wrong)) if wrong else frozenset()
    return {each.place: Explanation("other-n", _sentence(each, common, len(wrong))) for each in wrong}


def _ps(printed: Sequence[PrintedFigure], figures: Figures, place: int) -> Iterator[PrintedP]:
    for number, part in zip(printed[place].numbers, printed[place].parts):
        correlation = part.address._replace(statistic=RHO)
        figure = figures.get(correlation)
        if (
            part.address.statistic != P
            or part.field not in (None, "p_value")
            or figure is None
            or figure.n_patients is None
        ):
            continue
        rho = _printed_rho(printed, correlation)
        if rho is None:
            continue
        if number.limit in ("<", "<="):
            sizes = sizes_below(rho, number.value)
        elif number.limit:
            continue
        else:
            sizes = sizes_behind(rho, number.value)
        yield PrintedP(place, number, rho, figure.n_patients, frozenset(sizes))


def _printed_rho(printed: Sequence[PrintedFigure], address: Address) -> Decimal | None:
    """Return the correlation as it is printed; what was only recomputed says nothing about a printed p."""
    for figure in printed:
        for number, part in zip(figure.numbers, figure.parts):
            if part in (Part(address), Part(address, "value")) and not number.limit:
                return number.value
    return None


def _sentence(printed: PrintedP, common: frozenset[int], together: int) -> str:
    said = f"rho {printed.rho} has p {printed.p.limit}{printed.p.value} "
    sizes = sorted(printed.sizes)
    if not sizes:
        return f"{said}with no number of patients; the correlation rests on {printed.n}"
    said += f"with n = {_shown(sizes)}, not with {printed.n}"
    return said + (
        f"; all {together} p that differ agree on n = {_shown(sorted(common))}" if together > 1 and common else ""
    )


def _shown(sizes: list[int]) -> str:
    if len(sizes) == 1:
        return str(sizes[0])
    whole = sizes[-1] - sizes[0] == len(sizes) - 1
    return (
        (f"{sizes[0]} to {sizes[-1]}" if sizes[-1] < 10_000 else f"{sizes[0]} or more")
        if whole
        else ", ".join(map(str, sizes[:5]))
    )
