"""Expected visits as one would find them by hand, patient by patient, with plain dates and lists."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from registry.catalogue.protocol import Protocol, ScheduledVisit

FAR = date(9999, 1, 1)
Row = tuple[Any, ...]


@dataclass
class Course:
    agent: str
    started: date
    stopped: date | None


@dataclass
class Patient:
    name: str
    enrolled: date
    ended: date | None = None
    resumed: date | None = None
    visits: dict[date, list[set[str]]] = field(default_factory=dict)
    courses: list[Course] = field(default_factory=list)


@dataclass
class Edition:
    adopted_on: date
    protocol: Protocol


@dataclass
class Due:
    name: str
    number: int
    visit: ScheduledVisit
    day: date
    before: date
    is_asked: bool = True
    is_cut: bool = False
    came: date | None = None
    state: str = ""

    @property
    def opens(self) -> date:
        return self.day + timedelta(self.visit.window[0])

    @property
    def closes(self) -> date:
        return self.day + timedelta(self.visit.window[1])


def later(day: date, length: str, times: int) -> date:
    number, unit = int(length.split(maxsplit=1)[0]) * times, length.split()[1].rstrip("s")
    if unit in ("day", "week"):
        return day + timedelta(number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def same_but_for_limits(a: ScheduledVisit, b: ScheduledVisit) -> bool:
    told = ("name", "anchor", "of", "day", "every", "window", "requires", "imaging")
    return all(getattr(a, name) == getattr(b, name) for name in told)


def versions(editions: list[Edition], name: str) -> list[tuple[ScheduledVisit, date]]:
    """Return what editions say of a visit, and from which due day on each of it holds."""
    said = [(v, each.adopted_on) for each in editions for v in each.protocol.schedule if v.name == name]
    runs: list[list[tuple[ScheduledVisit, date]]] = []
    for one in said:
        if runs and same_but_for_limits(runs[-1][-1][0], one[0]):
            runs[-1].append(one)
        else:
            runs.append([one])
    found = []
    for place, run in enumerate(runs):
        first_said, adopted_on = run[0]
        earlier = runs[place - 1][-1][0].since if place else None
        begins = adopted_on if first_said.since in (None, earlier) else first_said.since
        for (old, _), (new, _) in pairwise(run):
            if old.since != new.since:
                begins = new.since or adopted_on
        found.append((run[-1][0], begins))
    return found


def anchors(patient: Patient, visit: ScheduledVisit, today: date) -> Iterator[tuple[str, date, date]]:
    """Yield the reference, the day and the last day of everything that a visit counts from."""
    if visit.anchor == "enrolment":
        yield f"patient/{patient.name}", patient.enrolled, FAR
        return
    begun = sorted((c for c in patient.courses if c.started <= today), key=lambda c: (c.agent, c.started))
    ends = [c.stopped if c.stopped and c.stopped <= today else FAR for c in begun]
    lines: list[list[Any]] = []
    for course, end in zip(begun, ends):
        if visit.of and course.agent not in visit.of:
            continue
        reference = f"treatment/{patient.name}/{course.agent}/{course.started}"
        goes_on = lines and lines[-1][3] == course.agent and (course.started - lines[-1][2]).days <= 90
        if visit.anchor == "line" and goes_on:
            lines[-1][2] = max(lines[-1][2], end)
        else:
            lines.append([reference, course.started, end, course.agent])
    for reference, day, end, _ in lines:
        yield reference, day, end


def due_of(visit: ScheduledVisit, begins: date, day: date, end: date, today: date) -> Iterator[Due]:
    """Yield what one version of a visit asks for from one anchor, up to the first that has not opened."""
    if visit.every is None:
        assert visit.day is not None
        found = [Due(visit.name, 0, visit, day + timedelta(visit.day), day)]
    else:
        found, number = [], 0
        while True:
            number += 1
            on = later(day, visit.every, number)
            if on > end:
                break
            name = visit.name.replace("{n}", str(number))
            found.append(Due(name, number, visit, on, later(day, visit.every, number - 1)))
            if found[-1].opens > today and on >= begins:
                break
    yield from (each for each in found if each.day >= begins and (visit.until is None or each.day < visit.until))


def asked(patient: Patient, editions: list[Edition], today: date) -> Iterator[tuple[tuple[str, str], list[Due]]]:
    """Yield the visits of every anchor of a patient, by kind and reference, by due day and name."""
    series: dict[tuple[str, str], list[Due]] = {}
    for name in dict.fromkeys(visit.name for each in editions for visit in each.protocol.schedule):
        wanted: dict[tuple[str, str, int], list[tuple[date, Due]]] = {}
        for visit, begins in versions(editions, name):
            for reference, day, end in anchors(patient, visit, today):
                for due in due_of(visit, begins, day, end, today):
                    wanted.setdefault((visit.anchor, reference, due.number), []).append((begins, due))
        for (kind, reference, _), claims in wanted.items():
            for place, (_, due) in enumerate(claims):
                if not any(begins <= due.day for begins, _ in claims[place + 1 :]):
                    series.setdefault((kind, reference), []).append(due)
                    break
    for key, dues in series.items():
        yield key, sorted(dues, key=lambda due: (due.day, due.name))


def in_follow_up(patient: Patient, due: Due, kind: str, today: date) -> bool:
    """Say what follow-up makes of a visit; return whether it is known at all."""
    ended = patient.ended if patient.ended and patient.ended <= today else None
    spans = [(date.min if kind == "enrolment" else patient.enrolled, ended or FAR)]
    if patient.resumed and patient.resumed <= today:
        spans.append((patient.resumed, FAR))
    begun = [span for span in spans if span[0] <= due.closes]
    if not begun:
        return False
    end = begun[-1][1]
    due.is_asked = end >= due.opens
    due.is_cut = due.is_asked and end < due.closes
    return due.is_asked or due.number == 0


def matched(dues: list[Due], days: list[date], may: Any) -> None:
    """Give days to visits, the nearest pair first."""
    pairs = [(abs((day - due.day).days), due.day, day, due.name) for due in dues for day in days if may(due, day)]
    for _, _, day, name in sorted(pairs):
        due = next(each for each in dues if each.name == name)
        if due.came is None and day not in [each.came for each in dues]:
            due.came = day


def stated(dues: list[Due], patient: Patient, lost_after: str | None, today: date) -> None:
    """Say which day stands for each visit of an anchor, and what has become of it."""
    days = [day for day in patient.visits if day <= today]
    matched(dues, days, lambda due, day: due.opens <= day <= due.closes)
    for due in dues:
        due.state = "done" if due.came else ""
    real = [due for due in dues if due.is_asked]
    limits = {}
    for place, due in enumerate(real):
        middle = due.before + timedelta((due.day - due.before).days // 2 + 1)
        early = max([middle, *([real[place - 1].closes + timedelta(1)] if place else [])])
        late = min(
            [
                *([real[place + 1].opens - timedelta(1)] if place + 1 < len(real) else []),
                *([later(due.day, lost_after, 1)] if lost_after else []),
                last_day(patient, today),
            ]
        )
        limits[due.name] = (min(early, due.opens), max(late, due.closes))
    closed = [due.name for due in real if not due.came and not due.is_cut and due.closes < today]
    matched(dues, days, lambda due, day: due.name in closed and limits[due.name][0] <= day <= limits[due.name][1])
    for due in dues:
        due.state = due.state or state_of(due, limits, today)


def last_day(patient: Patient, today: date) -> date:
    """Return the last day of follow-up, as far as its end has come."""
    is_back = patient.resumed is not None and patient.resumed <= today
    return patient.ended if patient.ended and patient.ended <= today and not is_back else FAR


def state_of(due: Due, limits: dict[str, tuple[date, date]], today: date) -> str:
    if due.came:
        return "outside-window"
    if not due.is_asked or due.is_cut:
        return "ended"
    if today < due.opens:
        return "not-yet"
    if today <= due.closes:
        return "due"
    return "overdue" if today <= limits[due.name][1] else "missed"


def known_dues(
    patients: list[Patient], editions: list[Edition], today: date
) -> Iterator[tuple[Patient, str, list[Due]]]:
    """Yield by patient and anchor the visits that are known, with what has become of them."""
    rule = editions[-1].protocol.follow_up if editions else None
    for patient in patients:
        if patient.enrolled > today:
            continue
        for (kind, anchor), dues in asked(patient, editions, today):
            known = [due for due in dues if in_follow_up(patient, due, kind, today)]
            stated(known, patient, rule.lost_after if rule else None, today)
            yield patient, anchor, known


def wanted(due: Due, ended: Mapping[str, date]) -> list[str]:
    """Return what a visit requires, without what had ended by its due day; `ended` has by name the day of the end."""
    return [name for name in due.visit.requires if name not in ended or due.day < ended[name]]


def lacking(due: Due, patient: Patient, ended: Mapping[str, date]) -> list[str] | None:
    """Return what is missing at a visit, None where nobody came."""
    if due.came is None:
        return None
    taken = set().union(*patient.visits[due.came])
    return [name for name in wanted(due, ended) if name not in taken]


def expected(patients: list[Patient], editions: list[Edition], today: date) -> list[Row]:
    """Return patient, due_on, schedule, anchor, window_from, window_to, visited_on, state and what is missing."""
    found: list[Row] = []
    for patient, anchor, dues in known_dues(patients, editions, today):
        for due in dues:
            window = (due.opens, due.closes)
            missing = lacking(due, patient, {})
            found.append((patient.name, due.day, due.name, anchor, *window, due.came, due.state, missing))
    return sorted(found, key=lambda row: row[:4])
