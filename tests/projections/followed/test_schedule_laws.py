"""Expected visits of random schedules, random visits and random points in time, against a slow oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at, project
from registry import Registry
from registry.catalogue.protocol import FollowUpRule, Protocol, ScheduledVisit
from tests.oracle.laws import laws
from tests.projections.followed.slow_schedule import Course, Edition, Patient, expected

BEGIN = date(2010, 1, 1)
TODAY = date(2015, 6, 30)
MEASURES = ("crp", "esr", "patient_global")
COLUMNS = ["patient", "due_on", "schedule", "anchor", "window_from", "window_to", "visited_on", "state", "missing"]

days = st.integers(0, 1800).map(lambda number: BEGIN + timedelta(number))
soon = st.integers(1, 700)
windows = st.tuples(st.integers(-40, 0), st.integers(0, 40))  # which those of no other visit, or repetition, overlap
requires = st.lists(st.sampled_from(MEASURES), unique=True, max_size=2).map(tuple)
limits = st.none() | st.none() | days
wording = st.fixed_dictionaries({"window": windows, "requires": requires, "since": limits, "until": limits}).map(
    lambda said: said if None in (said["since"], said["until"]) else {**said, **in_order(said)}
)
agents = ("adalimumab", "etanercept")


def in_order(said: dict[str, Any]) -> dict[str, Any]:
    since, until = sorted((said["since"], said["until"]))
    return {"since": since, "until": until}


@st.composite
def schedules(draw: st.DrawFn) -> list[tuple[ScheduledVisit, ...]]:
    """Return one to three editions of a schedule: windows, days and what is required change, an anchor never."""
    every = draw(st.sampled_from(("6 months", "1 year", "90 days")))
    of = draw(st.sampled_from((agents, ("adalimumab",))))
    editions = []
    for _ in range(draw(st.integers(1, 3))):
        visits = [
            ScheduledVisit(name="baseline", anchor="enrolment", day=draw(st.sampled_from((0, -14))), **draw(wording)),
            ScheduledVisit(name="year {n}", anchor="enrolment", every=every, **draw(wording)),
            ScheduledVisit(
                name="week 12", anchor="course", of=of, day=draw(st.sampled_from((84, 90))), **draw(wording)
            ),
            ScheduledVisit(name="line {n}", anchor="line", of=of, every="120 days", **draw(wording)),
        ]
        last = editions[-1] if editions else visits
        editions.append(tuple(draw(st.sampled_from(pair)) for pair in zip(visits, last)))
    return editions


@st.composite
def patients(draw: st.DrawFn, name: str) -> Patient:
    """Return a patient who was seen some days, given some courses, and may have left and come back."""
    enrolled = draw(days)
    patient = Patient(name, enrolled)
    if draw(st.booleans()):
        patient.ended = min(enrolled + timedelta(draw(soon)), TODAY)
        if draw(st.booleans()) and patient.ended + timedelta(300) < TODAY:
            patient.resumed = patient.ended + timedelta(draw(st.integers(1, 300)))
    for after in draw(st.lists(st.integers(-100, 1200), unique=True, max_size=7)):
        rows = draw(st.lists(st.sets(st.sampled_from(MEASURES)), min_size=1, max_size=2))
        patient.visits[min(max(enrolled + timedelta(after), BEGIN), TODAY)] = rows
    for agent in agents:
        started = enrolled + timedelta(draw(st.integers(-200, 200)))
        for _ in range(draw(st.integers(0, 2))):
            stopped = started + timedelta(draw(st.integers(30, 400)))
            patient.courses.append(Course(agent, started, stopped))
            started = stopped + timedelta(draw(st.integers(5, 200)))
    patient.courses = [course for course in patient.courses if may_be(patient, course.started, course.stopped)]
    patient.visits = {day: rows for day, rows in patient.visits.items() if may_be(patient, day)}
    return patient


def may_be(patient: Patient, *days: date | None) -> bool:
    """Return whether something may be recorded for some days: nothing happens outside follow-up but history."""
    over, anew = patient.ended or date.max, patient.resumed or date.max
    return all(day is not None and day <= TODAY and (day <= over or day >= anew) for day in days)


def recorded(registry: Registry, patient: Patient) -> None:
    """Record a patient through the public write side."""
    left = {"follow_up_ended_on": patient.ended, "follow_up_end_reason": "lost"} if patient.ended else {}
    registry.enrol_patient(patient.name, enrolled_on=str(patient.enrolled), **{k: str(v) for k, v in left.items()})
    if patient.resumed:
        registry.resume_follow_up(patient.name, resumed_on=str(patient.resumed))
    for day, rows in patient.visits.items():
        for number, taken in enumerate(rows):
            values = dict.fromkeys(taken, "5")
            registry.record_visit(patient.name, visited_on=str(day), visit=f"row {number}", measures=values)
    for course in patient.courses:
        registry.start_treatment(
            patient.name, agent=course.agent, started_on=str(course.started), stopped_on=str(course.stopped)
        )


def instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()) * 1_000_000


def found(registry: Registry, as_of: date | None) -> list[tuple[Any, ...]]:
    rows = project("expected_visits", facts_at(registry, as_of=as_of)).select(COLUMNS).to_pylist()
    return [tuple(row.values()) for row in rows]


@laws(histories=12)
@given(
    schedules(),
    st.lists(days, min_size=3, max_size=3, unique=True).map(sorted),
    st.none() | st.just(FollowUpRule(lost_after="9 months")),
    st.tuples(patients("P-1"), patients("P-2")),
    st.lists(st.none() | days, min_size=3, max_size=3),
)
def test_who_was_expected_when_and_came_is_what_one_finds_by_hand(
    sqlite_template: Path,
    schedule: list[tuple[ScheduledVisit, ...]],
    adopted: list[date],
    rule: FollowUpRule | None,
    people: tuple[Patient, Patient],
    asked: list[date | None],
) -> None:
    now = [instant(BEGIN)]
    with TemporaryDirectory() as folder:
        place = str(copy(sqlite_template, Path(folder) / "registry.db"))
        with Registry.open(place, actor="oracle", clock=lambda: now[0]) as registry:
            editions = []
            for day, visits in zip(adopted, schedule):
                now[0] = instant(day)
                editions.append(Edition(day, Protocol(protocol="p", title="P", schedule=visits, follow_up=rule)))
                registry.adopt_protocol(editions[-1].protocol)
            now[0] = instant(TODAY)
            for patient in people:
                recorded(registry, patient)

            for as_of in asked:
                assert found(registry, as_of) == expected(list(people), editions, as_of or TODAY), as_of
