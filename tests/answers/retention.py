"""Retention of a drug: who is at risk when, Kaplan–Meier and cumulative incidence with late entries, LUNDEX."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from tests.answers.observation import Span, lies_in
from tests.answers.therapy import ends_retention

CENSORED: Final = ("protocol-end", "remission", "lost")
EMPTIED: Final = "events emptied the risk set, and others enter later"
BEYOND: Final = "beyond follow-up"


Piece = tuple[int, int, Span]  # from which day to which since day 0, and the span in which it lies


class Stretch(NamedTuple):
    """A stretch at risk, in days since day 0; `event` is why it ended, None where it was censored."""

    entry: int
    exit: int
    event: str | None

    def at_risk(self, day: int) -> bool:
        """Return whether it is at risk: entry < day ≤ exit, and on day 0 who entered on it."""
        return self.entry < day <= self.exit or day == self.entry == 0


def stretches(
    start: date,
    stop: date | None,
    reason: str | None,
    spans: Sequence[Span],
    *,
    entry: str = "delayed",
    censor: Collection[str] = CENSORED,
    death: str = "event",
) -> list[Stretch]:
    """Return the stretches at risk of one treatment, none where it was never under observation."""
    if entry == "incident" and not lies_in(start, spans):
        return []
    pieces: list[Piece] = []
    for span in spans:
        low, high = max(start, span.start), span.end if stop is None else min(stop, span.end)
        if low > high:
            continue
        if entry == "from-start" and not pieces:
            low = start
        if low < high or low == start:  # on the day on which a later span opens nothing counts
            add(pieces, ((low - start).days, (high - start).days, span))
    events: list[str | None] = [None] * len(pieces)
    if pieces:
        events[-1] = why_ended(pieces[-1], start, stop, reason, censor=censor, death=death)
    return [Stretch(low, high, event) for (low, high, _), event in zip(pieces, events)]


def add(pieces: list[Piece], piece: Piece) -> None:
    """Add a stretch to those before it; one that touches the last goes on with it: nobody is at risk twice on a day."""
    low, high, span = piece
    if pieces and pieces[-1][1] == low:
        low = pieces.pop()[0]
    pieces.append((low, high, span))


def why_ended(
    piece: Piece,
    start: date,
    stop: date | None,
    reason: str | None,
    *,
    censor: Collection[str],
    death: str,
) -> str | None:
    """Return the event at the end of the last stretch, None where it was censored."""
    _, high, span = piece
    if stop is not None and (stop - start).days == high:
        return (reason or "unknown") if ends_retention(reason, censor=censor, death=death) else None
    dies_on_it = span.closed_by == "died" and (span.end - start).days == high and (stop is None or stop > span.end)
    return "died" if dies_on_it and death == "event" else None


class Step(NamedTuple):
    """One day with events: how many of how many at risk, the curve after it; None from where it is empty."""

    day: int
    at_risk: int
    events: int
    survival: Fraction | None


def kaplan_meier(at: Sequence[Stretch], *, from_day: int | None = None) -> list[Step]:
    """Return the curve, day by day with an event; after `from_day` only, where given."""
    survival: Fraction | None = Fraction(1)
    steps = []
    for day in sorted({each.exit for each in at if each.event is not None}):
        if from_day is not None and day <= from_day:
            continue
        n = sum(each.at_risk(day) for each in at)
        d = sum(each.at_risk(day) and each.exit == day and each.event is not None for each in at)
        if d == 0:
            continue
        if survival is not None:
            survival *= 1 - Fraction(d, n)
            if survival == 0 and any(each.entry >= day and each.exit > day for each in at):
                survival = None
        steps.append(Step(day, n, d, survival))
    return steps


def at_risk_on(at: Sequence[Stretch], day: int) -> int:
    """Return how many are at risk on a day."""
    return sum(each.at_risk(day) for each in at)


def retention(at: Sequence[Stretch], day: int, *, from_day: int | None = None) -> tuple[Fraction | None, str | None]:
    """Return the part still on the drug on a day, or why it is empty."""
    survival: Fraction | None = Fraction(1)
    for step in kaplan_meier(at, from_day=from_day):
        if step.day <= day:
            survival = step.survival
    if survival is None:
        return None, EMPTIED
    if survival > 0 and day > max((each.exit for each in at), default=-1):
        return None, BEYOND
    return survival, None


def median(at: Sequence[Stretch]) -> int | None:
    """Return the first day on which half or fewer are on the drug, None where that is not reached or empty."""
    for step in kaplan_meier(at):
        if step.survival is None:
            return None
        if step.survival <= Fraction(1, 2):
            return step.day
    return None


def cumulative_incidence(at: Sequence[Stretch], cause: str, day: int) -> tuple[Fraction | None, str | None]:
    """Return the part that ended for a cause by a day, the others competing, or why it is empty."""
    survival, incidence = Fraction(1), Fraction(0)
    for step in kaplan_meier(at):
        if step.day > day:
            break
        ended = sum(each.at_risk(step.day) and each.exit == step.day and each.event == cause for each in at)
        incidence += survival * Fraction(ended, step.at_risk)
        if step.survival is None:
            return None, EMPTIED
        survival = step.survival
    if survival > 0 and day > max((each.exit for each in at), default=-1):
        return None, BEYOND
    return incidence, None


def lundex(at: Sequence[Stretch], day: int, responders: int, judged: int) -> Fraction | None:
    """Return the part still on the drug times the part of those on it who respond."""
    still, _ = retention(at, day)
    return None if still is None or judged == 0 else still * Fraction(responders, judged)
