"""Small nasty registries: one to six patients, with everything that makes figures of real registries go wrong.

Lost and dead patients, patients who came back, prevalent users, bridging steroids, methotrexate beside, a row for each
dose, stops known to the month or the year, totals beside single items, phone calls with one question, questionnaire
and laboratory of one day in two rows, missing domains, withdrawn consent. Days come from a few, so that they meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from registry.catalogue.catalogue import BUILT_IN
from registry.schema.tables import tables_of
from tests.answers.facts import AdverseEvent, Condition, Enrolment, Facts, Flare, FollowUp, Study, Visit
from tests.answers.observation import contacts
from tests.answers.partial_days import possible_days, possible_starts
from tests.answers.random_treatments import BEFORE, BESIDE, DAYS, LENGTHS, TARGETED_AGENTS, courses, seen_on_treatment
from tests.answers.random_values import NOTHING, contents

TABLES = tables_of(BUILT_IN)

FOLLOW_UPS: Final = "follow_ups" in TABLES  # whether a registry can be told that somebody came back
OPENED: Final = date(2014, 1, 1)
ENROLLED: Final = (0, 14, 31, 200, 900)  # days later; the last when much has happened to the others
SILENCES: Final = (0, 1, 90, 500, 547, 550, 900)
VISIT_LABELS: Final = ("", "baseline", "w12", "w24", "app", "laboratory")


class Kind(NamedTuple):
    """What is drawn: courses known to the day alone, patients who come back, and values at visits."""

    precise: bool = False
    resumed: bool = FOLLOW_UPS
    measured: bool = True


USUAL: Final = Kind()


@st.composite
def visits(draw: st.DrawFn, patient: str, opened_on: date, *, measured: bool) -> list[Visit]:
    """Return a patient's visits, by chance two rows of one day."""
    taken = contents if measured else NOTHING
    rows = []
    for offset in draw(st.lists(st.sampled_from(DAYS), max_size=5)):
        days = opened_on + timedelta(days=offset)
        label = draw(st.sampled_from(VISIT_LABELS))
        rows.append(Visit(patient, days, label, draw(taken)))
        if draw(st.integers(0, 4)) == 0:
            rows.append(Visit(patient, days, f"{label} more".strip(), draw(taken)))
    return distinct(rows)


def distinct(rows: Sequence[Visit]) -> list[Visit]:
    """Return rows of which no two have one name."""
    return list({row.reference: row for row in rows}.values())


@st.composite
def events(draw: st.DrawFn, patient: str, opened_on: date) -> tuple[list[Flare], list[AdverseEvent], list[Study]]:
    """Return flares, adverse events and imaging days, some of them from before enrolment."""
    near = st.sampled_from((*BEFORE, *DAYS)).map(lambda offset: opened_on + timedelta(days=offset))
    lengths = st.none() | st.sampled_from(LENGTHS)
    flares = [
        Flare(patient, day, None if (lasted := draw(lengths)) is None else day + timedelta(days=lasted))
        for day in draw(st.lists(near, max_size=3, unique=True))
    ]
    harms = [
        AdverseEvent(patient, "rash", day, None if (lasted := draw(lengths)) is None else day + timedelta(days=lasted))
        for day in draw(st.lists(near, max_size=2, unique=True))
    ]
    studies = [
        Study(patient, f"{patient}-{number}", day)
        for number, day in enumerate(draw(st.lists(near, max_size=2, unique=True)))
    ]
    return flares, harms, studies


@st.composite
def conditions(draw: st.DrawFn, patient: str, opened_on: date) -> list[Condition]:
    """Return conditions, one of a name: found on a day or told of a month or a year, over by chance."""
    near = st.sampled_from((*BEFORE, *DAYS)).map(lambda offset: opened_on + timedelta(days=offset))
    known_to = st.none() | st.sampled_from((4, 7, 10, 10))  # signs of a day
    rows = []
    for name in sorted(draw(st.sets(st.sampled_from(("uveitis", "psoriasis", "crohns-disease"))))):
        days = sorted(draw(st.lists(near, min_size=2, max_size=2)))
        told = [None if (signs := draw(known_to)) is None else str(day)[:signs] for day in days]
        basis = draw(st.sampled_from((None, "reported", "clinician", "clinician", "imaging", "laboratory")))
        rows.append(Condition(patient, name, *told, basis))
    return rows


@st.composite
def patients(draw: st.DrawFn, patient: str, of: Kind) -> Facts:
    """Return the facts of one patient, none of which lies after the end of follow-up."""
    enrolled_on = OPENED + timedelta(days=draw(st.sampled_from(ENROLLED)))
    late = draw(st.sampled_from((None, -10, 0, 0, 20)))
    consented_on = None if late is None else enrolled_on + timedelta(days=late)
    flares, harms, studies = draw(events(patient, enrolled_on))
    given = draw(courses(patient, enrolled_on, TARGETED_AGENTS, precise=of.precise))
    beside = draw(courses(patient, enrolled_on, BESIDE, precise=of.precise))
    seen = draw(visits(patient, enrolled_on, measured=of.measured))
    seen += draw(seen_on_treatment(given, since=enrolled_on, measured=of.measured))
    facts = Facts(
        [Enrolment(patient, enrolled_on, consented_on)],
        visits=distinct(seen),
        courses=[*given, *beside],
        flares=flares,
        adverse_events=harms,
        studies=studies,
        conditions=draw(conditions(patient, enrolled_on)),
    )
    reason = draw(st.sampled_from((None, None, "withdrawn", "lost", "died", "moved", "withdrawn", "study-end")))
    return facts if reason is None else draw(ended(facts, reason, of))


@st.composite
def ended(draw: st.DrawFn, facts: Facts, reason: str, of: Kind) -> Facts:
    """Return the facts of a patient whose follow-up ended, at once or after a silence, and by chance was resumed.

    Who withdrew has by chance consented anew, and is resumed only then.
    """
    (enrolment,) = facts.enrolments
    patient = enrolment.patient
    last = max([*contacts(facts, patient), *earliest_days(facts)])
    end = last + timedelta(days=draw(st.sampled_from(SILENCES)))
    anew = (
        end + timedelta(days=draw(st.sampled_from((1, 30)))) if reason == "withdrawn" and draw(st.booleans()) else None
    )
    consented_on = enrolment.consented_on if anew is None else anew
    enrolment = replace(enrolment, ended_on=end, end_reason=reason, consented_on=consented_on)
    closed = replace(facts, enrolments=[enrolment])
    if not of.resumed or reason == "died" or (reason == "withdrawn" and anew is None) or draw(st.booleans()):
        return closed
    resumed_on = (anew or end) + timedelta(days=draw(st.sampled_from((1, 30, 700))))
    if resumed_on > ASKED_LAST:
        return closed
    back = FollowUp(patient, resumed_on)
    more = [
        row
        for row in draw(visits(patient, resumed_on, measured=of.measured))
        if row.label and row.visited_on <= ASKED_LAST
    ]
    flares = [
        Flare(patient, resumed_on + timedelta(days=offset)) for offset in draw(st.sets(st.sampled_from(DAYS[:6])))
    ]
    flares = [each for each in flares if each.started_on <= ASKED_LAST]
    return replace(closed, follow_ups=[back], visits=[*facts.visits, *more], flares=[*facts.flares, *flares])


def earliest_days(facts: Facts) -> list[date]:
    """Return the first days that courses, conditions and their ends can mean: a registry refuses these after an end."""
    starts = [possible_starts(course.started_on, course.stopped_on)[0] for course in facts.courses]
    stops = [course.stopped_on for course in facts.courses]
    told = [day for each in facts.conditions for day in (each.started_on, each.ended_on)]
    return starts + [possible_days(day)[0] for day in (*stops, *told) if day is not None]


@st.composite
def registries(draw: st.DrawFn, *, at_most: int = 6, of: Kind = USUAL) -> Facts:
    """Return the facts of a few patients."""
    names = [f"P-{number}" for number in range(1, draw(st.sampled_from((1, 2, at_most, at_most))) + 1)]
    each = [draw(patients(name, of)) for name in names]
    return Facts(*(joined(each, name) for name in Facts.__dataclass_fields__))


def joined(each: Sequence[Facts], name: str) -> Any:
    """Return one list of all patients' facts of a kind."""
    return [row for facts in each for row in getattr(facts, name)]


ASKED_LAST: Final = date(2025, 12, 31)  # the recorded clock of the registries begins on the day after


def days_of(facts: Facts) -> list[date]:
    """Return every day on which something is known of somebody, ends of follow-up among them."""
    ends = {each.ended_on for each in facts.enrolments if each.ended_on is not None}
    return sorted(ends.union(*(contacts(facts, patient) for patient in facts.patients)))


def strange_days(facts: Facts) -> list[date]:
    """Return the days on which something happened to somebody who was not enrolled yet."""
    before = [
        day
        for patient in facts.patients
        for day in contacts(facts, patient)
        if day < facts.enrolment(patient).enrolled_on
    ]
    return sorted(set(before))


def points(facts: Facts) -> st.SearchStrategy[date | None]:
    """Return points at which to ask: a day, or none."""
    return st.one_of(st.none(), *[clinical_days(facts)] * 4)


def clinical_days(facts: Facts) -> st.SearchStrategy[date]:
    """Return days at which to ask: those of some event, the ones beside, before an enrolment, long after all."""
    near = st.sampled_from((-1, 0, 0, 1, 45))
    beside = st.builds(lambda day, away: day + timedelta(days=away), st.sampled_from(days_of(facts)), near)
    long_after = st.builds(
        lambda away: min(days_of(facts)[-1] + timedelta(days=away), ASKED_LAST), st.integers(30, 900)
    )
    strange = st.sampled_from(strange_days(facts) or days_of(facts))
    return st.one_of(beside, beside, strange, long_after)
