"""Survival with late entries by definition, day by day and in fractions: slow, and with no array in it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import NamedTuple


class Stay(NamedTuple):
    """A time under observation in whole days: cause 0 where it ends without an event."""

    entry: int
    exit: int
    cause: int


def at_risk(stays: list[Stay], day: int) -> list[Stay]:
    """Who has entered before the day, or on it where it is day 0, and has not left before it."""
    return [stay for stay in stays if (stay.entry < day or stay.entry == day == 0) and day <= stay.exit]


def events(stays: list[Stay], day: int) -> Counter[int]:
    """How many events of each cause a day has, of those at risk on it."""
    return Counter(stay.cause for stay in at_risk(stays, day) if stay.exit == day and stay.cause)


def emptied_on(stays: list[Stay]) -> int | None:
    """The first day on which all at risk have the event while others are still to come."""
    for day in range(last_day(stays) + 1):
        there = len(at_risk(stays, day))
        if there and there == events(stays, day).total() and last_day(stays) > day:
            return day
    return None


def last_day(stays: list[Stay]) -> int:
    """The last day on which anybody is at risk, -1 for nobody."""
    return max((stay.exit for stay in stays if at_risk([stay], stay.exit)), default=-1)


def survival(stays: list[Stay], day: int) -> Fraction:
    """The product of the shares without an event, over the days up to a day."""
    share = Fraction(1)
    for each in range(day + 1):
        if of := len(at_risk(stays, each)):
            share *= 1 - Fraction(events(stays, each).total(), of)
    return share


def incidence(stays: list[Stay], cause: int, day: int) -> Fraction:
    """The sum over days of the probability to come so far without an event, and to have one of the cause then."""
    total = Fraction(0)
    for each in range(day + 1):
        if of := len(at_risk(stays, each)):
            total += survival(stays, each - 1) * Fraction(events(stays, each)[cause], of)
    return total


def variances(stays: list[Stay], causes: range, day: int) -> tuple[Fraction, list[Fraction]]:
    """The variances of survival and of the incidence of each cause, as a multinomial day after day adds them up.

    Andersen PK, Borgan Ø, Gill RD, Keiding N. Statistical models based on counting processes, 1993, section IV.4: the
    covariance of the state probabilities goes through each day's transition matrix and gains that of its transitions.
    """
    states = [0, *causes]
    covariance = {(one, other): Fraction(0) for one in states for other in states}
    for each in range(day + 1):
        of, happened = len(at_risk(stays, each)), events(stays, each)
        if of:
            leaving = {state: Fraction(happened[state] if state else of - happened.total(), of) for state in states}
            covariance = _next(covariance, states, leaving, survival(stays, each - 1) ** 2 / of)
    return covariance[0, 0], [covariance[cause, cause] for cause in causes]


def _next(
    before: dict[tuple[int, int], Fraction], states: list[int], leaving: dict[int, Fraction], weight: Fraction
) -> dict[tuple[int, int], Fraction]:
    def through(start: int, end: int) -> Fraction:
        return leaving[end] if start == 0 else Fraction(start == end)

    return {
        (one, other): sum(
            (through(a, one) * before[a, b] * through(b, other) for a in {0, one} for b in {0, other}), Fraction(0)
        )
        + weight * (leaving[one] * (one == other) - leaving[one] * leaving[other])
        for one in states
        for other in states
    }
