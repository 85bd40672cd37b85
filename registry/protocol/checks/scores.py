"""Scores of a protocol: of measures that there are, in one unit, turned round only where that has a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final, NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.extended import unit_told
from registry.catalogue.measures import NUMBERS
from registry.catalogue.protocol import Protocol, ScoreRecord
from registry.catalogue.units import UNITS
from registry.protocol.checks.measures import told, unit_meant
from registry.protocol.problems import Problem, placed
from registry.wording import listed, shown, suggestion

Found = Iterator[tuple[str, str]]
ROOM: Final = 150  # digits: of sums of products of numbers of 30 digits, and their decimals


class Item(NamedTuple):
    """What a score asks of a measure: whether it is a number, its unit, its range."""

    is_number: bool
    unit: str
    low: Decimal | int | None
    high: Decimal | int | None


def score_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with `scores`, apart from their names."""
    known = _items(protocol, built_in)
    computed = {*built_in.instruments, *(score.name for score in protocol.scores)} - set(known)
    units = (*UNITS, *(unit.name for unit in protocol.units))
    for place, score in placed("scores", protocol.scores):
        found = [*_of_items(score, known, computed), *_of_rule(score)]
        if score.unit not in units:
            found.append(("unit", f"{shown(score.unit)} is no unit{unit_meant(score.unit, units)}"))
        if not found:
            found += _of_values(score, known)
        yield from (Problem(f"{place}.{key}", what) for key, what in found)


def _items(protocol: Protocol, built_in: Catalogue) -> dict[str, Item]:
    items = {name: Item(each.is_number, each.unit, each.low, each.high) for name, each in built_in.measures.items()}
    for each in protocol.measures:
        low, high = each.range or (None, None)
        items[each.name] = Item(each.holds in NUMBERS, unit_told(each), low, high)
    return items


def _of_items(score: ScoreRecord, known: Mapping[str, Item], computed: set[str]) -> Found:
    if not score.items:
        yield "items", "is empty; write the measures that the score is made of"
    for name in score.items:
        if name == score.name:
            yield "items", f"{shown(name)} is the score itself; write the measures that it is made of"
        elif name in computed:
            yield "items", f"{shown(name)} is a score; write the measures that it is made of"
        elif name not in known:
            yield "items", f"{shown(name)} is no measure{suggestion(name, known)}"
        elif not known[name].is_number:
            yield "items", f"{shown(name)} holds {known[name].unit} and no number"
    for name in score.reverse:
        if name not in score.items:
            yield "reverse", f"{shown(name)} is not one of the items{suggestion(name, score.items)}"
        elif name in known and None in (known[name].low, known[name].high):
            yield "reverse", f"{shown(name)} has no range with two ends, by which it could be turned round"
    units = {known[name].unit for name in score.items if name in known and known[name].is_number}
    if len(units) > 1 and (score.rule != "weighted" or score.missing):
        why = "and no item can stand for another" if score.rule == "weighted" else "which a weighted score alone may"
        yield "items", f"are in {listed(sorted(units), 'and')}, {why}; write measures of one unit"


def _of_rule(score: ScoreRecord) -> Found:
    if score.edition < 1:
        yield "edition", f"{score.edition} is not a whole number from 1"
    if score.rule == "weighted":
        if lacking := [name for name in score.items if name not in score.weights]:
            yield "weights", f"has none of {listed(lacking)}; write one of every item, as {{ {lacking[0]} = 1.5 }}"
        for name in score.weights:
            if name not in score.items:
                yield f"weights.{name}", f"is not one of the items{suggestion(name, score.items)}"
    else:
        for key, value in (("weights", score.weights), ("constant", score.constant)):
            if value not in ({}, None):
                yield key, f'is of rule = "weighted" only, and not of {shown(score.rule)}; remove it'
    if score.missing and len(score.items) == 1:
        yield "missing", "is of scores with other items, whose mean stands for the missing one; remove it"
    elif score.missing and not 1 <= score.missing.at_most < len(score.items):
        most = f"a whole number from 1 to {max(len(score.items) - 1, 1)}, of {len(score.items)} items"
        yield "missing.at_most", f"{score.missing.at_most} is not {most}"


def _of_values(score: ScoreRecord, known: Mapping[str, Item]) -> Found:
    """Yield that a score can lie outside its range, by what the ranges of its items let it be."""
    least, most = _extremes(score, known)
    low, high = score.range or (None, None)
    if (low is not None and (least is None or least < low)) or (high is not None and (most is None or most > high)):
        beyond = told((_decimal(least), _decimal(most)))
        yield "range", f"{told(score.range)} is narrower than what the items can give, {beyond}"


def _extremes(score: ScoreRecord, known: Mapping[str, Item]) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the largest value that a score can have, None for no limit.

    Where items may be missing, those that are there can be the highest of all, or the lowest: their mean stands for
    the others. Of a weighted score all are taken to be there.
    """
    lows = [_fraction(known[name].low) for name in score.items]
    highs = [_fraction(known[name].high) for name in score.items]
    there = len(lows) - (score.missing.at_most if score.missing else 0)
    if score.rule == "weighted":
        return _weighted(score, lows, highs), _weighted(score, highs, lows)
    if score.rule == "max":
        least = sorted(lows, key=lambda low: (low is not None, low))[there - 1]
        return least, None if None in highs else max(high for high in highs if high is not None)
    least, most = _mean_of(lows, there, highest=False), _mean_of(highs, there, highest=True)
    number = len(lows) if score.rule == "sum" else 1
    return least and least * number, most and most * number


def _weighted(score: ScoreRecord, ends: list[Fraction | None], others: list[Fraction | None]) -> Fraction | None:
    """Return a weighted sum of one end of each item's range, of the other end where its weight is below 0."""
    total = Fraction(score.constant or 0)
    for name, end, other in zip(score.items, ends, others):
        weight = Fraction(score.weights[name])
        counted = end if weight > 0 else other
        if counted is None and weight:
            return None
        total += weight * (counted or 0)
    return total


def _mean_of(ends: list[Fraction | None], there: int, *, highest: bool) -> Fraction | None:
    """Return the lowest, or the highest, mean of so many of the ends as there are items."""
    known = sorted((end for end in ends if end is not None), reverse=highest)
    return None if len(known) < len(ends) else sum(known[:there], Fraction(0)) / there


def _fraction(value: Decimal | int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _decimal(value: Fraction | None) -> Decimal | None:
    """Return a limit as it is told, to six places and without an exponent."""
    if value is None:
        return None
    with localcontext(prec=ROOM):
        return Decimal(f"{round(Decimal(value.numerator) / value.denominator, 6).normalize():f}")
