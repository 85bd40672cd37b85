"""The schedule of a protocol: each visit has an end or a rhythm, and no day lies in two windows of one anchor."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, takewhile
from typing import Final, NamedTuple

from registry.catalogue import codes
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.protocol import Protocol, ScheduledImaging, ScheduledVisit
from registry.catalogue.therapy_lines import TARGETED_CLASSES
from registry.durations import Length, length_of
from registry.protocol.checks.visit_names import NUMBER, alike_problems, why_no_name
from registry.protocol.problems import Problem, placed
from registry.toml_keys import FARTHEST
from registry.wording import listed, shown, suggestion

LENGTH: Final = "a length of time above 0; write 90 days, 6 months or 1 year"
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
    classes = _classes(protocol, built_in)
    visits = dict(placed("schedule", protocol.schedule))
    for place, each in visits.items():
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_visit(each, valued))
        yield from (Problem(f"{place}.of", what) for what in _of_therapies(each, classes))
        for which, imaging in placed("imaging", each.imaging):
            yield from (Problem(f"{place}.{which}.{key}", what) for key, what in _of_imaging(imaging))
        if why := _doubled_imaging(each.imaging):
            yield Problem(f"{place}.imaging", why)
    yield from alike_problems(visits, {place: sum(1 for _ in _windows(each)) for place, each in visits.items()})
    for one, (place, other) in combinations(visits.items(), 2):
        if _share_anchors(one[1], other, classes) and (why := _overlap(one[1], other)):
            yield Problem(f"{place}.window", why)
    if protocol.follow_up is not None and not _is_length(protocol.follow_up.lost_after):
        yield Problem("follow_up.lost_after", f"{shown(protocol.follow_up.lost_after)} is not {LENGTH}")


def _classes(protocol: Protocol, built_in: Catalogue) -> dict[str, str]:
    """Return the class of each agent, by name."""
    own = {each.name: each.drug_class for each in protocol.agents}
    return {**{name: each.drug_class for name, each in built_in.agents.items()}, **own}


def _of_visit(visit: ScheduledVisit, valued: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if (visit.day is None) == (visit.every is None):
        both = "both are given" if visit.day is not None else "neither is"
        yield "day", f'the schedule has a day or a rhythm, and here {both}; write day = 0, or every = "1 year"'
    if visit.every is not None and not _is_length(visit.every):
        yield "every", f"{shown(visit.every)} is not {LENGTH}"
    if why := why_no_name(visit):
        yield "name", why
    for name in visit.requires:
        if name not in valued:
            yield "requires", f"{shown(name)} is no measure and no score{suggestion(name, valued)}"
    if visit.since and visit.until and visit.since > visit.until:
        yield "until", f"{visit.until} lies before since, {visit.since}"
    yield from _of_window(visit)


def _of_therapies(visit: ScheduledVisit, classes: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the classes and agents whose course or line begins a visit; all make lines of a line."""
    if visit.anchor == "enrolment" and visit.of:
        yield 'is of from = "course" or "line" only; remove it'
    if visit.anchor != "enrolment" and not visit.of:
        yield f'is missing; write the classes or agents whose {visit.anchor} begins it, as ["TNFi"]'
    for word in visit.of:
        if word not in classes and word not in classes.values():
            known = (*classes, *classes.values())
            yield f"{shown(word)} is no class and no agent{suggestion(word, known)}"
        elif visit.anchor == "line" and classes.get(word, word) not in TARGETED_CLASSES:
            yield f'{shown(word)} begins no line of therapy; write from = "course", or a targeted therapy'


def _share_anchors(one: ScheduledVisit, other: ScheduledVisit, classes: Mapping[str, str]) -> bool:
    """Return whether both visits count from one enrolment, or from the course or the line of one agent."""
    if one.anchor != other.anchor:
        return False
    return one.anchor == "enrolment" or not _agents(one, classes).isdisjoint(_agents(other, classes))


def _agents(visit: ScheduledVisit, classes: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name for name, drug_class in classes.items() if name in visit.of or drug_class in visit.of)


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


def _doubled_imaging(imaging: tuple[ScheduledImaging, ...]) -> str | None:
    asked = [(each.modality, frozenset(each.regions)) for each in imaging]
    for modality, regions in asked:
        if asked.count((modality, regions)) > 1:
            return f"asks twice for {modality} of {listed(sorted(regions), 'and')}; remove one"
    return None


def _overlap(one: ScheduledVisit, other: ScheduledVisit) -> str | None:
    """Return why a day can lie in a window of both visits, None where none can."""
    if _are_parted(one, other):
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
