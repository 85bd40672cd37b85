"""The schedule of a protocol: each visit has an end or a rhythm, and no day lies in two windows of one anchor."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, takewhile
from typing import Final, NamedTuple

from registry.catalogue import codes
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.protocol import Protocol, ScheduledImaging, ScheduledVisit
from registry.durations import Length, length_of
from registry.protocol.problems import Problem, doubled, placed
from registry.spelling import label_key
from registry.toml_keys import FARTHEST
from registry.wording import shown, suggestion

LENGTH: Final = "a length of time above 0; write 90 days, 6 months or 1 year"
NUMBER: Final = "{n}"  # stands in a name for how many times `every` has passed
ANCHORS_TRIED: Final = [  # days of four years from which months are counted
    date(2001 + month // 12, month % 12 + 1, day)
    for month in range(48)
    for day in (1, 28, 29, 30, 31)
    if day <= monthrange(2001 + month // 12, month % 12 + 1)[1]
]


class Window(NamedTuple):
    """Days after the anchor on which a visit is in its window, at the earliest and at the latest; the how manieth."""

    first: int
    last: int
    number: int


def schedule_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with `schedule` and `follow_up`."""
    own = [*(each.name for each in protocol.measures), *(each.name for each in protocol.scores)]
    valued = (*built_in.measures, *built_in.instruments, *own)
    therapies = (*built_in.drug_classes, *built_in.agents, *(each.name for each in protocol.agents))
    visits = list(placed("schedule", protocol.schedule))
    for place, each in visits:
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_visit(each, valued, therapies))
        for which, imaging in placed("imaging", each.imaging):
            yield from (Problem(f"{place}.{which}.{key}", what) for key, what in _of_imaging(imaging))
    yield from doubled("name", ((place, label_key(each.name)) for place, each in visits))
    for (_, one), (place, other) in combinations(visits, 2):
        if why := _overlap(one, other):
            yield Problem(f"{place}.window", why)
    if protocol.follow_up is not None and not _is_length(protocol.follow_up.lost_after):
        yield Problem("follow_up.lost_after", f"{shown(protocol.follow_up.lost_after)} is not {LENGTH}")


def _of_visit(visit: ScheduledVisit, valued: tuple[str, ...], therapies: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if (visit.day is None) == (visit.every is None):
        both = "both are given" if visit.day is not None else "neither is"
        yield "day", f'the schedule has a day or a rhythm, and here {both}; write day = 0, or every = "1 year"'
    if visit.every is not None and not _is_length(visit.every):
        yield "every", f"{shown(visit.every)} is not {LENGTH}"
    if visit.day is not None and NUMBER in visit.name:
        yield "name", f"{shown(visit.name)} counts with {NUMBER}, and a visit of one day has nothing to count"
    if visit.anchor == "enrolment" and visit.of:
        yield "of", 'is of from = "course" or "line" only; remove it'
    if visit.anchor != "enrolment" and not visit.of:
        yield "of", f'is missing; write the classes or agents whose {visit.anchor} begins it, as ["TNFi"]'
    for word in visit.of:
        if word not in therapies:
            yield "of", f"{shown(word)} is no class and no agent{suggestion(word, therapies)}"
    for name in visit.requires:
        if name not in valued:
            yield "requires", f"{shown(name)} is no measure and no score{suggestion(name, valued)}"
    if visit.since and visit.until and visit.since > visit.until:
        yield "until", f"{visit.until} lies before since, {visit.since}"
    yield from _of_window(visit)


def _of_window(visit: ScheduledVisit) -> Iterator[tuple[str, str]]:
    first, last = visit.window
    if not first <= 0 <= last:
        yield "window", f"[{first}, {last}] does not hold the due day, which is 0; write as [-30, 14]"
    elif visit.every is not None and _is_length(visit.every):
        apart = _least_apart(_length(visit.every))
        if last - first >= apart:
            yield (
                "window",
                f"[{first}, {last}] overlaps the next one: two due days are {apart} days apart at the least",
            )


def _of_imaging(imaging: ScheduledImaging) -> Iterator[tuple[str, str]]:
    if imaging.modality not in codes.MODALITIES:
        mend = suggestion(imaging.modality, codes.MODALITIES)
        yield "modality", f"{shown(imaging.modality)} is no modality{mend}"
    for region in imaging.regions:
        if region not in codes.REGIONS:
            yield "regions", f"{shown(region)} is no region{suggestion(region, codes.REGIONS)}"
    if not imaging.regions:
        yield "regions", 'is empty; write what is examined, as ["spine", "sij"]'
    if imaging.every is not None and not _is_length(imaging.every):
        yield "every", f"{shown(imaging.every)} is not {LENGTH}"


def _overlap(one: ScheduledVisit, other: ScheduledVisit) -> str | None:
    """Return why a day can lie in a window of both visits, None where none can."""
    if (one.anchor, sorted(one.of)) != (other.anchor, sorted(other.of)) or _are_parted(one, other):
        return None
    twos, earlier = list(_windows(other)), 0
    for window in _windows(one):
        while earlier < len(twos) and twos[earlier].last < window.first:
            earlier += 1
        if earlier < len(twos) and twos[earlier].first <= window.last:
            return (
                f"overlaps that of {_named(one, window)}, from the same {one.anchor}: both hold day "
                f"{max(window.first, twos[earlier].first)}; write narrower ones, or part them by since and until"
            )
    return None


def _named(visit: ScheduledVisit, window: Window) -> str:
    return shown(visit.name.replace(NUMBER, str(window.number)))


def _are_parted(one: ScheduledVisit, other: ScheduledVisit) -> bool:
    """Return whether one visit asks for no day any more when the other begins."""
    return any(a.until and b.since and a.until <= b.since for a, b in ((one, other), (other, one)))


def _windows(visit: ScheduledVisit) -> Iterator[Window]:
    """Yield the windows of a visit within a hundred years, none where it cannot be said when it is."""
    first, last = visit.window
    if visit.day is not None:
        yield Window(visit.day + first, visit.day + last, 0)
    elif visit.every is not None and _is_length(visit.every):
        length = _length(visit.every)
        numbered = (_due(length, number, visit.window) for number in range(1, FARTHEST))
        yield from takewhile(lambda window: window.first <= FARTHEST, numbered)


def _due(length: Length, number: int, window: tuple[int, int]) -> Window:
    if length.months:
        earliest, latest = _days_of(length.months * number)
    else:
        earliest = latest = length.days * number
    return Window(earliest + window[0], latest + window[1], number)


@lru_cache(2 * FARTHEST)
def _days_of(months: int) -> tuple[int, int]:
    """Return how many days so many months of the calendar have, at the least and at the most."""
    whole, rest = divmod(months, 48)
    days = [(_later(anchor, rest) - anchor).days for anchor in ANCHORS_TRIED]
    return whole * 1461 + min(days), whole * 1461 + max(days)


@lru_cache(64)
def _least_apart(length: Length) -> int:
    """Return how many days lie between two due days that follow each other, at the least."""
    if not length.months:
        return length.days
    numbers = range(48 // length.months + 1)
    return min(
        (_later(anchor, length.months * (number + 1)) - _later(anchor, length.months * number)).days
        for anchor in ANCHORS_TRIED
        for number in numbers
    )


def _later(day: date, months: int) -> date:
    """Return the day so many months later; a day that the month does not have is its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first + timedelta(min(day.day, monthrange(year, month + 1)[1]) - 1)


def _is_length(text: str) -> bool:
    length = length_of(text)
    return length is not None and 0 < length.days + length.months * 30 <= FARTHEST


def _length(text: str) -> Length:
    length = length_of(text)
    assert length is not None, "it was judged before"
    return length
