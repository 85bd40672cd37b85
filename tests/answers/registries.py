"""Small nasty registries: one to six patients, with everything that makes figures of real registries go wrong.

Lost and dead patients, patients who came back, prevalent users, bridging steroids, methotrexate beside, a row for each
dose, stops known to the month or the year, totals beside single items, phone calls with one question, questionnaire
and laboratory of one day in two rows, missing domains, withdrawn consent. Days come from a few, so that they meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from registry.catalogue.codes import STOP_REASONS
from registry.schema.tables import TABLES
from tests.answers.facts import AdverseEvent, Course, Enrolment, Facts, Flare, FollowUp, Study, Taken, Visit
from tests.answers.observation import contacts
from tests.answers.partial_days import possible_days, possible_starts

FOLLOW_UPS: Final = "follow_ups" in TABLES  # whether a registry can be told that somebody came back
OPENED: Final = date(2018, 1, 1)
DAYS: Final = (0, 1, 7, 14, 29, 84, 90, 91, 98, 112, 180, 182, 273, 365, 366, 548, 549, 730, 910)
BEFORE: Final = (-400, -180, -91, -30, -1)
LENGTHS: Final = (0, 1, 14, 29, 84, 90, 91, 182, 365)
SILENCES: Final = (0, 1, 90, 500, 547, 550, 900)
VISIT_LABELS: Final = ("", "baseline", "w12", "w24", "app", "laboratory")
TARGETED_AGENTS: Final = ("adalimumab", "etanercept", "infliximab", "secukinumab", "tofacitinib")
BESIDE: Final = ("prednisolone", "methotrexate", "naproxen", "paracetamol")

BASDAI_ITEMS: Final = tuple(f"basdai_{n}" for n in range(1, 7))
BASFI_ITEMS: Final = tuple(f"basfi_{n}" for n in range(1, 11))
MOBILITY: Final = ("lateral_lumbar_flexion", "tragus_to_wall", "lumbar_flexion", "intermalleolar_distance")
DOMAINS: Final = ("patient_global", "total_back_pain", "basfi", "basdai_5", "basdai_6")

scores = st.sampled_from(("0", "1", "2", "2.9", "3", "4", "5", "6", "8", "10"))
millimetres = st.sampled_from(("0", "9", "20", "20.1", "40", "50", "59.9", "60", "80", "100"))
centimetres = st.sampled_from(("0.3", "2.06", "7.14", "12.5", "14", "18.5", "40", "82", "95"))
marks = st.sampled_from((None, None, "<", ">"))
laboratory = st.builds(Taken, st.sampled_from(("0", "1.2", "5", "24.7", "33")), mark=marks)
crps = laboratory | st.builds(Taken, st.sampled_from(("0.3", "2.47")), unit=st.just("mg/dl"), mark=marks)
globals_ = st.builds(Taken, millimetres) | st.builds(Taken, scores, unit=st.just("nrs"))


def value_of(measure: str) -> st.SearchStrategy[Taken]:
    """Return values of a measure."""
    if measure == "patient_global":
        return globals_
    if measure in ("crp", "esr"):
        return crps if measure == "crp" else laboratory
    if measure == "basmi":
        return st.builds(Taken, scores, version=st.sampled_from((None, "2-step", "10-step", "linear")))
    if measure in (*MOBILITY, "cervical_rotation"):
        return st.builds(Taken, centimetres)
    return st.builds(Taken, millimetres if measure in ("total_back_pain", "night_back_pain") else scores)


def some_of(*measures: str, missing: int = 0) -> st.SearchStrategy[dict[str, Taken]]:
    """Return values of all the measures, or of all but a few."""
    kept = st.sets(st.sampled_from(measures), max_size=missing).map(
        lambda gone: [name for name in measures if name not in gone]
    )
    return kept.flatmap(lambda names: st.fixed_dictionaries({name: value_of(name) for name in names}))


contents = st.one_of(
    some_of(*BASDAI_ITEMS, missing=1),
    some_of("basdai"),
    some_of("basdai", "basdai_3", "basfi"),  # a total beside one item
    some_of("basdai", *BASDAI_ITEMS),
    some_of(*DOMAINS, missing=2),
    some_of(*DOMAINS),
    some_of("patient_global", "total_back_pain", *BASFI_ITEMS, *BASDAI_ITEMS, missing=1),
    some_of("patient_global"),  # a phone call
    some_of("basdai_2", "basdai_3", "basdai_6", "patient_global"),
    some_of("crp", "esr", missing=1),
    some_of("basdai_2", "basdai_3", "basdai_6", "patient_global", "crp", "esr", missing=1),
    some_of(*MOBILITY, "cervical_rotation", "basmi", missing=1),
    some_of("basmi"),
    st.just({}),
)


@st.composite
def visits(draw: st.DrawFn, patient: str, opened_on: date) -> list[Visit]:
    """Return a patient's visits, by chance two rows of one day."""
    rows = []
    for offset in draw(st.lists(st.sampled_from(DAYS), max_size=5)):
        days = opened_on + timedelta(days=offset)
        label = draw(st.sampled_from(VISIT_LABELS))
        rows.append(Visit(patient, days, label, draw(contents)))
        if draw(st.integers(0, 4)) == 0:
            rows.append(Visit(patient, days, f"{label} more".strip(), draw(contents)))
    return list({row.reference: row for row in rows}.values())


@st.composite
def courses(
    draw: st.DrawFn, patient: str, opened_on: date, agents: Sequence[str], *, precise: bool = False
) -> list[Course]:
    """Return courses, prevalent ones among them, their days by chance known to the month or the year only."""
    of_start = st.sampled_from((10,) if precise else (10, 10, 10, 10, 7, 4))  # characters that are known
    of_stop = st.sampled_from((10,) if precise else (10, 10, 10, 7, 4))
    rows = []
    for agent in draw(st.lists(st.sampled_from(agents), max_size=3)):
        start = opened_on + timedelta(days=draw(st.sampled_from((*BEFORE, *DAYS[:12]))))
        for dose in range(draw(st.sampled_from((1, 1, 2, 3)))):  # a row for each dose
            length = draw(st.none() | st.sampled_from(LENGTHS))
            stop = None if length is None else start + timedelta(days=length)
            rows.append(
                Course(
                    patient,
                    agent,
                    start.isoformat()[: draw(of_start)],
                    None if stop is None else stop.isoformat()[: draw(of_stop)],
                    None if stop is None else draw(st.none() | st.sampled_from((*STOP_REASONS, *OFTEN))),
                    str(25 * (dose + 1)),
                )
            )
            if stop is None:
                break
            start = stop + timedelta(days=draw(st.sampled_from((0, 1, 1, 90, 91))))
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
def patients(draw: st.DrawFn, patient: str, *, precise: bool = False, resumed: bool = FOLLOW_UPS) -> Facts:
    """Return the facts of one patient, none of which lies after the end of follow-up."""
    enrolled_on = OPENED + timedelta(days=draw(st.sampled_from((0, 14, 31, 200))))
    consented_on = draw(st.none() | st.sampled_from((-10, 0, 20)).map(lambda late: enrolled_on + timedelta(days=late)))
    flares, harms, studies = draw(events(patient, enrolled_on))
    facts = Facts(
        [Enrolment(patient, enrolled_on, consented_on)],
        visits=draw(visits(patient, enrolled_on)),
        courses=[
            *draw(courses(patient, enrolled_on, TARGETED_AGENTS, precise=precise)),
            *draw(courses(patient, enrolled_on, BESIDE, precise=precise)),
        ],
        flares=flares,
        adverse_events=harms,
        studies=studies,
    )
    reason = draw(st.sampled_from((None, None, "lost", "moved", "died", "withdrawn", "study-end")))
    return facts if reason is None else draw(ended(facts, reason, resumed=resumed))


@st.composite
def ended(draw: st.DrawFn, facts: Facts, reason: str, *, resumed: bool) -> Facts:
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
    if not resumed or (reason not in ("lost", "moved") and anew is None) or draw(st.booleans()):
        return closed
    resumed_on = (anew or end) + timedelta(days=draw(st.sampled_from((1, 30, 700))))
    if resumed_on > ASKED_LAST:
        return closed
    back = FollowUp(patient, resumed_on)
    more = [row for row in draw(visits(patient, resumed_on)) if row.label and row.visited_on <= ASKED_LAST]
    flares = [
        Flare(patient, resumed_on + timedelta(days=offset)) for offset in draw(st.sets(st.sampled_from(DAYS[:6])))
    ]
    flares = [each for each in flares if each.started_on <= ASKED_LAST]
    return replace(closed, follow_ups=[back], visits=[*facts.visits, *more], flares=[*facts.flares, *flares])


def earliest_days(facts: Facts) -> list[date]:
    """Return the first days that courses and their stops can mean: by these a registry refuses them after an end."""
    starts = [possible_starts(course.started_on, course.stopped_on)[0] for course in facts.courses]
    return starts + [possible_days(course.stopped_on)[0] for course in facts.courses if course.stopped_on is not None]


@st.composite
def registries(draw: st.DrawFn, *, at_most: int = 6, precise: bool = False, resumed: bool = FOLLOW_UPS) -> Facts:
    """Return the facts of a few patients; `precise`: courses are known to the day; `resumed`: some come back."""
    names = [f"P-{number}" for number in range(1, draw(st.integers(1, at_most)) + 1)]
    each = [draw(patients(name, precise=precise, resumed=resumed)) for name in names]
    return Facts(*(joined(each, name) for name in Facts.__dataclass_fields__))


def joined(each: Sequence[Facts], name: str) -> Any:
    """Return one list of all patients' facts of a kind."""
    return [row for facts in each for row in getattr(facts, name)]


OFTEN: Final = ("lost",) * 6 + ("lack-of-efficacy",) * 4  # of reasons for a stop, beside one each of all
ASKED_LAST: Final = date(2025, 12, 31)  # the recorded clock of the registries begins on the day after


def days_of(facts: Facts) -> list[date]:
    """Return every day on which something is known of somebody."""
    return sorted({day for patient in facts.patients for day in contacts(facts, patient)})


def points(facts: Facts) -> st.SearchStrategy[date | None]:
    """Return days at which to ask: none, those on which something happened, the ones beside, and long after all."""
    near = st.sampled_from((-1, 0, 0, 1, 45))
    beside = st.builds(lambda day, away: day + timedelta(days=away), st.sampled_from(days_of(facts)), near)
    long_after = st.builds(
        lambda away: min(days_of(facts)[-1] + timedelta(days=away), ASKED_LAST), st.integers(30, 900)
    )
    return st.one_of(st.none(), beside, beside, long_after)
