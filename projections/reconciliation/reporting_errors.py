"""Reporting errors of papers, each tried on any printed figure that no choice of statistics gives.

An error explains a difference where it gives exactly what is printed, from figures of the same cohort; nothing here
knows a paper. Most errors show that no data can give the printed figure. `KINDS` says what each is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from projections.reconciliation.printed_numbers import Number, Value
from projections.reconciliation.published_figures import PrintedFigure
from projections.reconciliation.recomputed_figures import (
    PERCENT,
    Figures,
    RecomputedValue,
    as_printed,
    field_of,
    is_in_unit,
    recomputed_values,
    usual_field,
)
from projections.statistics.rounding import fixed, half_up
from registry.catalogue.units import CONVERSIONS

KINDS: Final = {
    "cut-off": "decimals were cut off instead of rounded",
    "decimal-point": "the decimal point was lost or moved",
    "unit": "the number is right in another unit than the printed one",
    "other-denominator": "the denominator is that of another row or of the whole",
    "impossible-share": "no whole number of the denominator gives the percentage",
    "other-n": "p belongs to another number of patients than the study has",
    "no-choice": "no choice of statistics gives it",
    "undefined": "the figure is undefined at this point in time",
    "no-such-figure": "the tables of the definition have no such figure",
    "mixed-patients": "the sum counts some patients in one part only",
    "impossible-total": "the total cannot be what it is beside the counts of another method",
}
SHIFTS: Final = (1, -1, 2, -2)


class Explanation(NamedTuple):
    """Why a printed figure is what it is: a kind of `KINDS`, and a sentence that names the numbers."""

    kind: str
    sentence: str


class Case(NamedTuple):
    """A printed figure that differs: what it was laid beside, and all figures of the table, own and under variants.

    `stated` are the numbers that the paper prints as denominators, each with the row that it is of.
    """

    printed: PrintedFigure
    recomputed: tuple[RecomputedValue, ...]
    own: Figures
    variants: list[tuple[str, Figures]]
    stated: frozenset[tuple[str, Decimal]]

    def everywhere(self) -> Iterator[tuple[Figures, tuple[RecomputedValue, ...]]]:
        """Yield the figures under the own choices and under every variant, with what stands for the printed ones."""
        yield self.own, self.recomputed
        for _, figures in self.variants:
            recomputed = recomputed_values(figures, self.printed)
            if recomputed is not None:
                yield figures, recomputed


def reporting_errors(case: Case) -> tuple[Explanation, ...]:
    """Return every error that gives what is printed; where a wrong unit does, it is no lost decimal point."""
    errors = [each for each in (explained(case) for explained in ERRORS) if each is not None]
    if any(each.kind == "unit" for each in errors):
        errors = [each for each in errors if each.kind != "decimal-point"]
    return tuple(errors)


def cut_off(case: Case) -> Explanation | None:
    """Decimals cut off: 18 for 18.6."""
    pairs = _pairs(case)
    if pairs is None or not all(n.fits(value) or n.fits(value, ROUND_DOWN) for n, value in pairs):
        return None
    number, value = next((number, value) for number, value in pairs if not number.fits(value))
    return Explanation(
        "cut-off",
        f"{half_up(Fraction(value), number.decimals + 1)} is cut off to {number.value}; "
        f"rounded it is {number.rounded(value)}",
    )


def decimal_point(case: Case) -> Explanation | None:
    """A lost decimal point: 240 (140–450) for 24.0 (14.0–45.0)."""
    pairs = _pairs(case)
    if pairs is None or any(not value or number.limit for number, value in pairs):
        return None
    for shift in SHIFTS:
        if all(number.fits(Fraction(value) * Fraction(10) ** shift) for number, value in pairs):
            meant = ", ".join(
                fixed(Fraction(number.value) / Fraction(10) ** shift, max(0, number.decimals + shift))
                for number, _ in pairs
            )
            return Explanation(
                "decimal-point", f"{case.printed.printed} is {meant} with the decimal point moved by {abs(shift)}"
            )
    return None


def other_unit(case: Case) -> Explanation | None:
    """A wrong unit: 24.7 mg/dl for 24.7 mg/l."""
    plain = recomputed_values(case.own, case.printed, converted=False)
    if plain is None:
        return None
    known = [(each, each.value) for each in plain if each.value is not None]
    if len(known) < len(plain):
        return None
    unit = next((each.figure.unit for each in plain if is_in_unit(each.figure, each.part)), "")
    units = [each for each in dict.fromkeys(sum(CONVERSIONS, ())) if each != case.printed.unit]
    for other in [unit, *units] if unit else []:
        values = [
            as_printed(value, other, each.figure.unit) if is_in_unit(each.figure, each.part) else value
            for each, value in known
        ]
        if other != (case.printed.unit or unit) and _all_fit(case, values):
            wrong, number = case.printed.unit or unit, case.printed.numbers[0]
            would = as_printed(number.value, other, wrong)
            recomputed = ", ".join(
                half_up(Fraction(each.value), printed.decimals + 1)
                for printed, each in zip(case.printed.numbers, case.recomputed)
                if each.value is not None
            )
            shown = "" if would is None else f"; {number.value} {wrong} would be {half_up(Fraction(would), 2)} {other}"
            return Explanation(
                "unit", f"{case.printed.printed} is right in {other}, in {wrong} it is {recomputed}{shown}"
            )
    return None


def other_denominator(case: Case) -> Explanation | None:
    """A denominator of another row or of the whole: 966 for 462, 12/966 for 12/462."""
    if len(case.recomputed) != 1:
        return None
    (number,) = case.printed.numbers
    best: tuple[tuple[bool, bool, int], str] | None = None
    for rank, (figures, (recomputed,)) in enumerate(case.everywhere()):
        for row, of in _denominators(figures, recomputed):
            sentence = _with_denominator(number, recomputed, row, of)
            if sentence is not None:
                related = base(row) == base(recomputed.figure.row)
                wish = (not related, (base(row), Decimal(of)) not in case.stated, rank)
                if best is None or wish < best[0]:
                    best = wish, sentence
    return None if best is None else Explanation("other-denominator", best[1])


def impossible_share(case: Case) -> Explanation | None:
    """A percentage that no count gives, as Brown and Heathers test means (Soc Psychol Personal Sci 2017;8:363–9)."""
    if len(case.recomputed) != 1 or case.printed.numbers[0].limit:
        return None
    (number,) = case.printed.numbers
    denominators: list[int] = []
    for _, (recomputed,) in case.everywhere():
        of = recomputed.figure.denominator
        if (
            recomputed.figure.unit != PERCENT
            or not _is_value(recomputed)
            or of is None
            or not of
            or not float(of).is_integer()
        ):
            return None
        denominators.append(int(of))
    if not denominators or any(_counts_giving(number, of) for of in denominators):
        return None
    of = denominators[0]
    below = int((Fraction(number.value) * of / 100).__floor__())
    near = ", ".join(
        f"{n} gives {fixed(Fraction(100 * n, of), number.decimals)}" for n in (below, below + 1) if n <= of
    )
    return Explanation("impossible-share", f"no whole number of {of} gives {number.value}%: {near}")


def _pairs(case: Case) -> list[tuple[Number, Value]] | None:
    """Return each printed number with its value, None where one is undefined."""
    pairs = [(number, each.value) for number, each in zip(case.printed.numbers, case.recomputed)]
    return [(n, v) for n, v in pairs if v is not None] if all(v is not None for _, v in pairs) else None


def _all_fit(case: Case, values: list[Value | None]) -> bool:
    return all(v is not None and number.fits(v) for number, v in zip(case.printed.numbers, values))


def _is_value(recomputed: RecomputedValue) -> bool:
    return (recomputed.part.field or usual_field(recomputed.figure)) == "value"


def base(row: str) -> str:
    """Return a row of which this is a segment, or itself."""
    return row.partition(":")[0]


def _denominators(figures: Figures, recomputed: RecomputedValue) -> Iterator[tuple[str, int]]:
    """Yield the whole denominators of other figures of the same table, time point and group, each with its row."""
    mine = recomputed.part.address
    for address, figure in figures.items():
        of = figure.denominator
        if not of or of == recomputed.figure.denominator or not float(of).is_integer():
            continue
        if (address.table, address.timepoint, address.group) == (mine.table, mine.timepoint, mine.group):
            yield figure.row, int(of)


def _with_denominator(number: Number, recomputed: RecomputedValue, row: str, of: int) -> str | None:
    """Return what the printed number is with another denominator, None where it is not that."""
    figure, mine = recomputed.figure, recomputed.figure.denominator
    if mine is None:
        return None
    if recomputed.part.field == "denominator":
        return (
            f"{of} is the denominator of {row}; that of {figure.row} is {half_up(mine, 0)}"
            if number.fits(Decimal(of))
            else None
        )
    n = figure.numerator
    if figure.unit != PERCENT or not _is_value(recomputed) or n is None or not float(n).is_integer():
        return None
    if not number.fits(Fraction(100 * int(n), of)):
        return None
    right = field_of(figure, "value")
    shown = "undefined" if right is None else f"{number.rounded(right)}%"
    return f"{number.value}% is {half_up(n, 0)} of {of}, the denominator of {row}; of {half_up(mine, 0)} it is {shown}"


def _counts_giving(number: Number, of: int) -> bool:
    """Return whether some whole number of `of` is printed as this percentage."""
    around = Fraction(number.value) * of / 100
    near = {int(around.__floor__()), int(around.__ceil__())}
    return any(0 <= n <= of and number.fits(Fraction(100 * n, of)) for n in near)


ERRORS: Final[tuple[Callable[[Case], Explanation | None], ...]] = (
    cut_off,
    other_unit,
    decimal_point,
    other_denominator,
    impossible_share,
)
