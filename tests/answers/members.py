"""Who is there at all, who is in a cohort, and from which day 0."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tests.answers.facts import DRUG_CLASSES, Facts, of_patient
from tests.answers.observation import Observation, contacts, lies_in, observed_spans, periods
from tests.answers.therapy import Dated, dated_courses, episodes, lines


@dataclass(frozen=True)
class Who:
    """What a cohort asks of its members."""

    event: str = "enrolment"
    of: Collection[str] = ()
    which: str = "first"
    line: int = 1
    consent: bool = False
    withdrawn: str = "keep"


class DayZero(NamedTuple):
    """Day 0, how precisely it is known, and the stop and reason of the treatment that began on it."""

    day: date
    precision: str = "day"
    stopped_on: date | None = None
    reason: str | None = None


def is_there(facts: Facts, patient: str, as_of: date | None) -> bool:
    """Return whether a patient is enrolled by `as_of`: of others no fact is there in any table."""
    return as_of is None or facts.enrolment(patient).enrolled_on <= as_of


def has_withdrawn(facts: Facts, patient: str, as_of: date | None) -> bool:
    """Return whether consent had been withdrawn by `as_of`, and was not given anew since, by `as_of` too.

    Whether follow-up was resumed is another question: of consent this is all that is asked, of observation nothing.
    """
    ends = [each.ended_on for each in periods(facts, patient) if each.reason == "withdrawn" and each.ended_on]
    withdrawn_on = max((day for day in ends if as_of is None or day <= as_of), default=None)
    given = facts.enrolment(patient).consented_on
    anew = given is not None and (as_of is None or given <= as_of) and withdrawn_on is not None and given > withdrawn_on
    return withdrawn_on is not None and not anew


def consents(facts: Facts, patient: str, as_of: date | None) -> bool:
    """Return whether consent was given by `as_of` and stands."""
    given = facts.enrolment(patient).consented_on
    return given is not None and (as_of is None or given <= as_of) and not has_withdrawn(facts, patient, as_of)


def consent_recorded(facts: Facts, patient: str, day: date, as_of: date | None) -> bool:
    """Return whether consent was given by a day of a table."""
    given = facts.enrolment(patient).consented_on
    return given is not None and given <= day and (as_of is None or given <= as_of)


def present(facts: Facts, as_of: date | None, *, withdrawn: str = "keep") -> list[str]:
    """Return the patients who are there, without those who withdrew where they are excluded."""
    there = [patient for patient in facts.patients if is_there(facts, patient, as_of)]
    return [patient for patient in there if withdrawn == "keep" or not has_withdrawn(facts, patient, as_of)]


def members(facts: Facts, who: Who, chosen: Observation) -> dict[str, DayZero]:
    """Return day 0 of each member."""
    found = {}
    for patient in present(facts, chosen.as_of, withdrawn=who.withdrawn):
        if who.consent and not consents(facts, patient, chosen.as_of):
            continue
        day0 = day_zero(facts, patient, who, chosen)
        if day0 is not None:
            found[patient] = day0
    return found


def day_zero(facts: Facts, patient: str, who: Who, chosen: Observation) -> DayZero | None:
    """Return day 0 of a patient, None where there is none by `as_of`."""
    if who.event == "enrolment":
        return DayZero(facts.enrolment(patient).enrolled_on)
    if who.event in ("first-visit", "first-study"):
        days = [each.visited_on for each in of_patient(facts.visits, patient)]
        if who.event == "first-study":
            days = [each.performed_on for each in of_patient(facts.studies, patient)]
        spans = observed_spans(facts, patient, chosen)
        seen = [day for day in days if lies_in(day, spans)]
        return DayZero(min(seen)) if seen else None
    return first_treatment(dated_courses(facts, patient, as_of=chosen.as_of, partial=chosen.partial), who)


def first_treatment(dated: list[Dated], who: Who) -> DayZero | None:
    """Return day 0 of a course, an episode or a line."""
    if who.event == "course":
        wanted = [each for each in dated if is_of(each.course.agent, who.of)]
        if not wanted:
            return None
        chosen = wanted[0] if who.which == "first" else wanted[-1]
        return DayZero(chosen.start, precision(chosen.course.started_on), chosen.stop, chosen.reason)
    numbered = lines(dated) if who.event == "line" else episodes(dated)
    if who.event == "line":
        numbered = numbered[who.line - 1 : who.line]
    found = [each for each in numbered if is_of(each.agent, who.of)]
    if not found:
        return None
    one = found[0] if who.which == "first" else found[-1]
    return DayZero(one.start, precision(one.courses[0].started_on), one.stop, one.reason)


def is_of(agent: str, wanted: Collection[str]) -> bool:
    """Return whether an agent is wanted, by name or class; all are where nothing is asked."""
    return not wanted or agent in wanted or DRUG_CLASSES[agent] in wanted


def precision(partial: str) -> str:
    """Return how precisely a day is known."""
    return {4: "year", 7: "month", 10: "day"}[len(partial)]


def data_cut(facts: Facts, as_of: date | None) -> date:
    """Return the day up to which time points can be due: `as_of`, else the registry's latest clinical day."""
    if as_of is not None:
        return as_of
    ends = [period.ended_on for patient in facts.patients for period in periods(facts, patient)]
    seen = [contacts(facts, patient)[-1] for patient in facts.patients]
    return max([*seen, *(day for day in ends if day is not None)])
