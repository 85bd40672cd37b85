"""The oracle's patients, resumptions of follow-up, visits, measures, treatments, flares, adverse events, conditions."""

from __future__ import annotations

from decimal import Decimal

from registry.catalogue.agents import AGENTS
from registry.catalogue.measures import MEASURES
from tests.oracle.contract import Row, in_contract_order
from tests.oracle.replay import Fact, Facts, first_day, precision


def patients(facts: Facts) -> list[Row]:
    """One row per enrolled patient."""
    rows = []
    for fact in facts.of_kind["patient"]:
        seen = [first_day(fact.said["enrolled_on"])]
        seen += [first_day(visit.said["visited_on"]) for visit in of_patient(facts, "visit", fact.patient)]
        seen += [first_day(study.said["performed_on"]) for study in of_patient(facts, "imaging", fact.patient)]
        rows.append(
            fact.said
            | {
                "patient": fact.patient,
                "enrolled_on": first_day(fact.said["enrolled_on"]),
                "symptom_onset": first_day(fact.said["symptom_onset"]),
                "symptom_onset_precision": precision(fact.said["symptom_onset"]),
                "diagnosed_on": first_day(fact.said["diagnosed_on"]),
                "diagnosed_on_precision": precision(fact.said["diagnosed_on"]),
                "consented_on": first_day(fact.said["consented_on"]),
                "follow_up_ended_on": first_day(fact.said["follow_up_ended_on"]),
                "last_seen_on": max(day for day in seen if day is not None),
            }
        )
    return in_contract_order("patients", rows)


def follow_ups(facts: Facts) -> list[Row]:
    """One row per resumption of follow-up."""
    rows = [
        fact.said
        | {
            "patient": fact.patient,
            "follow_up_id": fact.reference,
            "resumed_on": first_day(fact.said["resumed_on"]),
            "ended_on": first_day(fact.said["ended_on"]),
        }
        for fact in facts.of_kind["follow-up"]
    ]
    return in_contract_order("follow_ups", rows)


def visits(facts: Facts) -> list[Row]:
    """One row per visit."""
    return in_contract_order("visits", [visit_row(fact) for fact in facts.of_kind["visit"]])


def measures(facts: Facts) -> list[Row]:
    """One row per captured value."""
    rows = []
    for fact in facts.of_kind["visit"]:
        for taken in fact.said["measures"]:
            unit = MEASURES[taken["measure"]].unit
            factor = Decimal(1) if unit == taken["unit"] else Decimal(10)  # mg/dl to mg/l, nrs to mm
            rows.append(
                visit_row(fact)
                | {
                    "measure": taken["measure"],
                    "value": float(Decimal(taken["value"]) * factor),
                    "unit": unit,
                    "captured_value": taken["value"],
                    "captured_unit": taken["unit"],
                    "comparator": taken.get("comparator"),
                    "derived": False,
                    "rule": None,
                    "n_expected": None,
                    "n_present": None,
                    "version": taken.get("version"),
                    "code": taken.get("code"),
                    "text": taken.get("text"),
                    "missing_reason": taken.get("missing"),
                }
            )
    return in_contract_order("measures", rows)


def treatments(facts: Facts) -> list[Row]:
    """One row per treatment course."""
    rows = []
    for fact in facts.of_kind["treatment"]:
        started, stopped = fact.counted_as
        until = stopped or facts.as_of
        rows.append(
            {"product": None, "arm": None}  # which a payload leaves out where there is none
            | fact.said
            | {
                "patient": fact.patient,
                "treatment_id": fact.reference,
                "atc": AGENTS[fact.said["agent"]].atc,
                "drug_class": AGENTS[fact.said["agent"]].drug_class,
                "started_on": first_day(fact.said["started_on"]),
                "started_on_precision": precision(fact.said["started_on"]),
                "stopped_on": first_day(fact.said["stopped_on"]),
                "stopped_on_precision": precision(fact.said["stopped_on"]),
                "dose": None if fact.said["dose"] is None else float(fact.said["dose"]),
                "ongoing": stopped is None,
                "days": None if until is None else (until - started).days,
            }
        )
    return in_contract_order("treatments", rows)


def flares(facts: Facts) -> list[Row]:
    """One row per flare, with the immunomodulating treatment around its first day."""
    rows = []
    for fact in facts.of_kind["flare"]:
        day = first_day(fact.said["started_on"])
        assert day is not None
        covered = False
        stops = []
        for course in of_patient(facts, "treatment", fact.patient):
            if AGENTS[course.said["agent"]].drug_class in ("NSAID", "analgesic"):
                continue
            started_on, stopped_on = course.counted_as
            if started_on <= day and (stopped_on is None or stopped_on >= day):
                covered = True
            if stopped_on is not None and stopped_on <= day:
                stops.append((stopped_on, started_on, course.reference, course.said["agent"]))
        last_stop = max(stops, default=None)
        rows.append(
            fact.said
            | {
                "patient": fact.patient,
                "flare_id": fact.reference,
                "started_on": day,
                "ended_on": first_day(fact.said["ended_on"]),
                "on_treatment": covered,
                "last_agent": last_stop[3] if last_stop else None,
                "days_since_last_stop": (day - last_stop[0]).days if last_stop else None,
            }
        )
    return in_contract_order("flares", rows)


def adverse_events(facts: Facts) -> list[Row]:
    """One row per adverse event."""
    rows = [
        fact.said
        | {
            "patient": fact.patient,
            "adverse_event_id": fact.reference,
            "started_on": first_day(fact.said["started_on"]),
            "ended_on": first_day(fact.said["ended_on"]),
        }
        for fact in facts.of_kind["adverse-event"]
    ]
    return in_contract_order("adverse_events", rows)


CODED = {  # the conditions that random commands have: group, codes of ICD-10
    "uveitis": ("manifestation", ["H20", "H22.1"]),
    "crohns-disease": ("manifestation", ["K50"]),
    "heart-failure": ("comorbidity", ["I50", "I11.0", "I13.0", "I13.2"]),
    "pregnancy": ("event", ["O00-O99", "Z33-Z35"]),
}


def conditions(facts: Facts) -> list[Row]:
    """One row per condition of a patient."""
    rows = []
    for fact in facts.of_kind["condition"]:
        (enrolled,) = of_patient(facts, "patient", fact.patient)
        enrolled_on = first_day(enrolled.said["enrolled_on"])
        began, over = fact.counted_as
        group, icd10 = CODED[fact.said["condition"]]
        is_history = over is not None and over < enrolled_on
        rows.append(
            fact.said
            | {
                "patient": fact.patient,
                "condition_id": fact.reference,
                "group": group,
                "icd10": icd10,
                "started_on": first_day(fact.said["started_on"]),
                "started_on_precision": precision(fact.said["started_on"]),
                "ended_on": first_day(fact.said["ended_on"]),
                "ended_on_precision": precision(fact.said["ended_on"]),
                "ongoing": over is None,
                "before_enrolment": began < enrolled_on if fact.said["started_on"] else is_history or None,
            }
        )
    return in_contract_order("conditions", rows)


def of_patient(facts: Facts, kind: str, patient: str) -> list[Fact]:
    """Return the visible facts of a kind that are one patient's."""
    return [fact for fact in facts.of_kind[kind] if fact.patient == patient]


def visit_row(fact: Fact) -> Row:
    """Return what identifies a visit, and its label."""
    return {
        "patient": fact.patient,
        "visited_on": first_day(fact.said["visited_on"]),
        "visit_id": fact.reference,
        "visit": fact.said["visit"],
    }
