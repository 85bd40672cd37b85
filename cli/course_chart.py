"""A patient's course on a terminal: treatments as bars to scale with visits, studies and flares, then day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from cli.plain_text import for_terminal
from registry.domain.days import first_day, last_day

if TYPE_CHECKING:
    from projections.course.entry import CourseEntry

WIDTH: Final = 56
BAR: Final = "█"
GOES_ON: Final = "▸"
MARK: Final = "●"
NOTHING: Final = "·"
INDENT: Final = " " * 12
UNNAMED: Final = ("enrolment", "resumption of follow-up", "end of follow-up")  # their name is the patient's
SINCE_WHEN_UNKNOWN: Final = "start unknown"
MARKED: Final = ("visit", "study", "flare", "adverse event")


def chart(course: Sequence[CourseEntry]) -> list[str]:
    """Return the lines of the drawing: from a little before the first visit, study or flare to the last day known."""
    days = [first_day(each.on) for each in course if each.what in MARKED and each.on]
    if len(days) < 2:
        return []
    end = max((*days, *(last_day(each.until) for each in course if each.until and last_day(each.until) >= min(days))))
    begin = min(days) - (end - min(days)) / 10
    lines = [*_treatments(course, begin, end), *_marks(course, begin, end)]
    scale = f"{begin:%Y-%m}" + f"{end:%Y-%m}".rjust(WIDTH - 7)
    return [*lines, f"{'':<22} {scale}"]


def diary(course: Sequence[CourseEntry], *, width: int) -> Iterator[str]:
    """Yield the lines of what happened, one thing after the other, in no more than so many columns."""
    for each in course:
        until = f" to {each.until}" if each.until else ""
        which = "" if each.what in UNNAMED else f" {each.which}"
        yield f"{each.on or SINCE_WHEN_UNKNOWN}{until}  {each.what}{which}".rstrip()
        yield from wrap(for_terminal(each.details), width, initial_indent=INDENT, subsequent_indent=INDENT)


def _treatments(course: Sequence[CourseEntry], begin: date, end: date) -> Iterator[str]:
    for each in course:
        stop = last_day(each.until) if each.until else end
        if each.what == "treatment" and each.on and stop >= begin:
            first, last = _place(first_day(each.on), begin, end), _place(stop, begin, end)
            bar = BAR * (last - first + 1) if each.until else BAR * (last - first) + GOES_ON
            yield f"{each.which:<22} {' ' * first}{bar}"


def _marks(course: Sequence[CourseEntry], begin: date, end: date) -> Iterator[str]:
    for what in MARKED:
        places = {_place(first_day(each.on), begin, end) for each in course if each.what == what and each.on}
        if places:
            row = "".join(MARK if place in places else NOTHING for place in range(WIDTH))
            yield f"{what:<22} {row}"


def _place(day: date, begin: date, end: date) -> int:
    """Return the column of a day, those before the drawing in the first."""
    span = max((end - begin) / timedelta(days=1), 1)
    return max(0, min(WIDTH - 1, round((day - begin) / timedelta(days=1) / span * (WIDTH - 1))))
