"""Scores of a protocol: of measures that there are, in one unit, turned round only where that has a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.extended import unit_told
from registry.catalogue.measures import NUMBERS
from registry.catalogue.protocol import Protocol, ScoreRecord
from registry.catalogue.units import UNITS
from registry.protocol.checks.measures import told, unit_meant
from registry.protocol.problems import Problem, placed
from registry.wording import listed, shown, suggestion

Found = Iterator[tuple[str, str]]


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
    """Yield that a score can lie outside its range, where the ranges of its items say what it can be."""
    least, most = _extremes(score, known)
    low, high = score.range or (None, None)
    if least is None or most is None:
        return
    if (low is not None and low > least) or (high is not None and high < most):
        beyond = told((_decimal(least), _decimal(most)))
        yield "range", f"{told(score.range)} is narrower than what the items can give, {beyond}"


def _extremes(score: ScoreRecord, known: Mapping[str, Item]) -> tuple[Fraction | None, Fraction | None]:
    """Return the least and the largest value that a score can have, None where its items have no limits."""
    ends = [(known[name].low, known[name].high) for name in score.items]
    lows = [Fraction(low) for low, _ in ends if low is not None]
    highs = [Fraction(high) for _, high in ends if high is not None]
    if len(lows) < len(ends) or len(highs) < len(ends):
        return None, None
    if score.rule == "weighted":
        weights = [Fraction(score.weights[name]) for name in score.items]
        spans = [sorted((low * weight, high * weight)) for low, high, weight in zip(lows, highs, weights)]
        constant = Fraction(score.constant or 0)
        return sum((low for low, _ in spans), constant), sum((high for _, high in spans), constant)
    if score.rule == "max":
        return max(lows), max(highs)
    number = len(ends) if score.rule == "mean" else 1
    return sum(lows, Fraction(0)) / number, sum(highs, Fraction(0)) / number


def _decimal(value: Fraction) -> Decimal:
    return round(Decimal(value.numerator) / Decimal(value.denominator), 6).normalize()
