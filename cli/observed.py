"""What counts as observed time, said below a table that divides by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import counted, say

if TYPE_CHECKING:
    from projections.observation.observed_spans import Observation, ObservedSpans


def say_without_time(n: int) -> None:
    """Say how many courses begin and end on one day: whoever writes a row for each dose sees why there is no time."""
    if n:
        courses = counted(n, "course begins and ends", "courses begin and end")
        say(f"{courses} on one day: the patient counts, the time is 0 days; gaps between courses are not bridged")


def say_observed(observation: Observation, spans: ObservedSpans, *, outside: str | None = None) -> None:
    """Say what was chosen, which events lay outside, and how many recorded ends extended nothing."""
    say("; ".join(filter(None, (str(observation), outside))))
    if spans.unseen_ends:
        ends = counted(spans.unseen_ends, "recorded end")
        say(f"{ends} of follow-up extended nothing: later than the last contact and {observation.lost_after}")
