"""Printed figures that stand together, and the one choice of statistics that gives them all.

Figures stand together that a paper prints at one place of one row: an estimate and its interval, a correlation and its
p. A paper made them by one choice, so that a choice counts only where it gives every one of them, but for slips of the
print. A slip in turn needs figures to slip from: where what it rests on is not what is printed either, its count or its
denominator, the data are others than the paper's, and nothing has been shown about the print.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP
from typing import Final, NamedTuple

from projections.cohort.figures.address import ARROW, Address, Place
from projections.reconciliation.published_figures import PrintedFigure
from projections.reconciliation.recomputed_figures import Figures, RecomputedValue, recomputed_values

HALF_EVEN: Final = "rounding = half to even"

Count = tuple[str, str, str, float]  # table, group, time point, and how many


class Choice(NamedTuple):
    """A choice of statistics by name, the figures that it gives, and how they are rounded."""

    name: str
    figures: Figures
    rounding: str = ROUND_HALF_UP

    def gives(self, printed: PrintedFigure) -> bool:
        """Return whether it gives every number of a printed figure."""
        values = recomputed_values(self.figures, printed)
        return values is not None and fits(values, printed, self.rounding)


def fits(values: tuple[RecomputedValue, ...], printed: PrintedFigure, rounding: str = ROUND_HALF_UP) -> bool:
    """Return whether every recomputed value would be printed so."""
    return all(
        each.value is not None and number.fits(each.value, rounding) for number, each in zip(printed.numbers, values)
    )


def choices(own: Figures, variants: Sequence[tuple[str, Figures]]) -> list[Choice]:
    """Return the choices that differ from the definition's own: the fewest differences first, rounding last."""
    return [*(Choice(name, figures) for name, figures in variants), Choice(HALF_EVEN, own, ROUND_HALF_EVEN)]


def joint_choice(
    differing: Sequence[tuple[PrintedFigure, bool]], matching: Sequence[PrintedFigure], tried: Sequence[Choice]
) -> Choice | None:
    """Return the first choice that gives all figures that stand together, None where none does.

    Of those that differ it is said whether a slip of the print explains them; a choice may leave these out, the
    fewest that have to be. It keeps what matches as defined.
    """
    best: tuple[int, Choice] | None = None
    for choice in tried:
        if not all(map(choice.gives, matching)):
            continue
        left = [is_slip for printed, is_slip in differing if not choice.gives(printed)]
        if len(left) < len(differing) and all(left) and (best is None or len(left) < best[0]):
            best = len(left), choice
    return None if best is None else best[1]


def standing_together(printed: Sequence[PrintedFigure]) -> Iterator[list[int]]:
    """Yield the places of figures that stand together; a figure of several rows holds them together."""
    group = list(range(len(printed)))
    first: dict[tuple[str, Place], int] = {}
    for here, figure in enumerate(printed):
        for place in _places(figure):
            other = group[first.setdefault((figure.where, place), here)]
            group = [group[here] if each == other else each for each in group]
    for each in dict.fromkeys(group):
        yield [here for here, other in enumerate(group) if other == each]


def without_ground(
    slips: Collection[int], unexplained: Collection[int], printed: Sequence[PrintedFigure], own: Figures
) -> set[int]:
    """Return the places of the slips that rest on figures that nothing explains, or on slips of which that is true."""
    lost, found = set[int](), set(unexplained)
    while found:
        found = {
            slip
            for slip in set(slips) - lost
            if any(_rests_on(printed[slip], printed[other], own) for other in found - {slip})
        }
        lost |= found
    return lost


def _rests_on(one: PrintedFigure, other: PrintedFigure, own: Figures) -> bool:
    """Return whether a figure stands beside another, or is made of a count that the other prints."""
    if one.where == other.where and not _places(one).isdisjoint(_places(other)):
        return True
    return not _made_of(one, own).isdisjoint(_counts(other, own))


def _places(printed: PrintedFigure) -> set[Place]:
    return {part.address.place for part in printed.parts}


def _made_of(printed: PrintedFigure, own: Figures) -> set[Count]:
    """Return the counts of which a figure is made, each with its table, group and time point."""
    made: set[Count] = set()
    for address in {part.address for part in printed.parts}:
        figure = own.get(address)
        if figure is not None:
            counts = [count for count in (figure.numerator, figure.denominator) if count]
            made |= {(address.table, address.group, name, count) for name in _time_points(address) for count in counts}
    return made


def _counts(printed: PrintedFigure, own: Figures) -> set[Count]:
    """Return the counts that a figure prints, each with its table, group and time point."""
    values = recomputed_values(own, printed, converted=False) or ()
    return {
        (each.part.address.table, each.part.address.group, name, float(each.value))
        for each in values
        if each.value is not None and each.figure.p_value is None and not each.figure.unit
        for name in _time_points(each.part.address)
    }


def _time_points(address: Address) -> list[str]:
    return address.timepoint.split(ARROW)
