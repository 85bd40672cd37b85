"""Episodes and lines of treatment, what their ends say, and who is on a drug on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from tests.answers.facts import SYMPTOMATIC, TARGETED, Course, Facts, of_patient
from tests.answers.partial_days import course_days, uncertain

MAX_GAP_DAYS: Final = 90
FAILURES: Final = frozenset({"lack-of-efficacy", "loss-of-efficacy", "adverse-event"})
UNSAID: Final = frozenset({"infection", "malignancy", "lost", "died", "unknown"})


class Dated(NamedTuple):
    """A course with the days for which it counts; an end after `as_of` has not happened."""

    start: date
    stop: date | None
    reason: str | None
    course: Course


class Episode(NamedTuple):
    """Courses of one agent with short gaps only: days, the reason of the last stop, the courses in order."""

    agent: str
    start: date
    stop: date | None
    reason: str | None
    courses: tuple[Course, ...]

    @property
    def reference(self) -> str:
        """The name of its first course."""
        return self.courses[0].reference


def dated_courses(facts: Facts, patient: str, *, as_of: date | None = None, partial: str = "middle") -> list[Dated]:
    """Return the courses that have begun by `as_of`, by start, then last day, then name."""
    found = []
    for course in of_patient(facts.courses, patient):
        start, stop = course_days(course.started_on, course.stopped_on, partial=partial)
        if as_of is not None and start > as_of:
            continue
        if stop is None or (as_of is not None and stop > as_of):
            found.append(Dated(start, None, None, course))
        else:
            found.append(Dated(start, stop, course.reason, course))
    return sorted(found, key=lambda each: (each.start, each.stop or date.max, each.course.reference))


def episodes(dated: Iterable[Dated], *, max_gap_days: int = MAX_GAP_DAYS) -> list[Episode]:
    """Return the episodes of one patient, by start, then agent: a gap longer than `max_gap_days` ends one."""
    by_agent: dict[str, list[list[Dated]]] = {}
    for each in dated:
        groups = by_agent.setdefault(each.course.agent, [])
        if groups and (each.start - reach(groups[-1])).days <= max_gap_days:
            groups[-1].append(each)
        else:
            groups.append([each])
    found = [episode(agent, group) for agent, groups in by_agent.items() for group in groups]
    return sorted(found, key=lambda each: (each.start, each.agent))


def reach(group: Sequence[Dated]) -> date:
    """Return the last day of some courses, the end of time while one goes on."""
    return max(each.stop or date.max for each in group)


def episode(agent: str, group: Sequence[Dated]) -> Episode:
    """Return courses as one episode; its reason is that of the course that stops last, of several the later one."""
    courses = tuple(each.course for each in group)
    if any(each.stop is None for each in group):
        return Episode(agent, group[0].start, None, None, courses)
    latest = max(group, key=lambda each: (each.stop or date.max, each.start, each.course.reference))
    return Episode(agent, group[0].start, latest.stop, latest.reason, courses)


def bridging_is_uncertain(courses: Sequence[Course], *, max_gap_days: int = MAX_GAP_DAYS) -> bool:
    """Return whether the days that the courses of one agent can mean make other episodes of them."""
    return uncertain(
        [(course.started_on, course.stopped_on) for course in courses],
        lambda days: [
            len(each.courses)
            for each in episodes(
                sorted(
                    (Dated(start, stop, None, course) for (start, stop), course in zip(days, courses)),
                    key=lambda each: (each.start, each.stop or date.max),
                ),
                max_gap_days=max_gap_days,
            )
        ],
    )


def targeted(found: Iterable[Dated]) -> list[Dated]:
    """Return the courses of targeted therapy; steroids, csDMARDs, NSAIDs and analgesics only accompany it."""
    return [each for each in found if each.course.drug_class in TARGETED]


def lines(dated: Iterable[Dated], *, max_gap_days: int = MAX_GAP_DAYS) -> list[Episode]:
    """Return the lines of targeted therapy of one patient, the first first."""
    return episodes(targeted(dated), max_gap_days=max_gap_days)


def has_failed(reason: str | None) -> bool | None:
    """Return whether a stop says that the drug failed, None where that cannot be said."""
    if reason is None or reason in UNSAID:
        return None
    return reason in FAILURES


def ends_retention(
    reason: str | None, *, censor: Collection[str] = ("protocol-end", "remission", "lost"), death: str = "event"
) -> bool:
    """Return whether a stop is an event of retention: every stop, `unknown` and unsaid ones too, but these few."""
    if reason == "died":
        return death == "event"
    return reason not in censor


def on_drug(day: date, start: date, stop: date | None, *, lag: int = 0) -> bool:
    """Return whether a day lies in an episode, bridged gaps included, or within `lag` days after its stop."""
    return start <= day and (stop is None or day <= stop + timedelta(days=lag))


def on_treatment(day: date, dated: Iterable[Dated]) -> bool:
    """Return whether a course of an immunomodulating agent covers a day, its last day included."""
    return any(on_drug(day, each.start, each.stop) for each in dated if each.course.drug_class not in SYMPTOMATIC)
