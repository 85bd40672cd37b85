"""Builds, from rows of numbers, the statements that they stand for and the events that state these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np

from registry.catalogue import codes
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.spine import VERTEBRAL_UNITS
from registry.domain.events import Event
from registry.domain.kinds import KINDS
from registry.domain.references import reference
from registry.domain.statements import (
    AdverseEvent,
    Condition,
    Enrolment,
    Flare,
    LesionVerdict,
    Measurement,
    Reading,
    Statement,
    Study,
    Treatment,
    Visit,
)
from registry.protocol.checks.visit_names import NUMBER
from registry.simulation.clinical_events import TERMS
from registry.simulation.collected import ALONE, Collected
from registry.simulation.conditions import NEITHER_SIDE, UNKNOWN
from registry.simulation.drawing import Whole
from registry.simulation.drugs import STOPS
from registry.simulation.imaging import READERS, VERDICT_READERS
from registry.simulation.own_measures import EMPTY, OwnMeasure
from registry.simulation.people import CRITERIA
from registry.simulation.readers.by_method import READ
from registry.simulation.reporting_delay import AMENDED, ENDED, RECORDED, RETRACTED, Reported
from registry.simulation.visiting import COURSES, USUAL

ACTOR: Final = "simulation"
SOURCE: Final = "simulated"
REASONS: Final = {AMENDED: "transcription error at the source", RETRACTED: "entered in error"}
EPOCH: Final = date(1970, 1, 1)
MRI: Final = "MRI"
CODED: Final = {MRI: "MR", "XR": "XR", "CT": "CT"}  # how codes of studies begin
SEQUENCES: Final = {MRI: ("T1", "STIR")}
TENTHS_FROM: Final = 10  # of CRP; the laboratory reports less as below its limit


def pseudonym(number: int) -> str:
    """Return the pseudonym of a patient by number."""
    return f"SIM-{number:06}"


def study_code(number: int, modality: str = MRI) -> str:
    """Return the code of a study by its number among those of its modality."""
    return f"{CODED[modality]}-{number:07}"


def statements(reported: Reported, rows: Whole, collected: Collected) -> list[Any]:
    """Return what rows of the versions of facts state, in the words of what is collected."""
    columns = {
        name: list(values[rows]) if values.ndim > 1 else values[rows].tolist()
        for name, values in reported.columns.items()
    }
    statement_of = BUILDERS[reported.kind]
    return [statement_of(dict(zip(columns, cells)), collected) for cells in zip(*columns.values())]


def events(reported: Reported, rows: Whole, collected: Collected) -> list[Event]:
    """Return the events of rows of the versions of facts."""
    kind = KINDS[reported.kind]
    classes = {RECORDED: kind.recorded, ENDED: kind.ended, AMENDED: kind.amended, RETRACTED: kind.retracted}
    made: list[Event] = []
    happened = zip(reported.what[rows].tolist(), reported.patient[rows].tolist(), reported.clinical_on[rows].tolist())
    for (what, patient, clinical_on), statement in zip(happened, statements(reported, rows, collected)):
        event: Any = classes[what]
        whose = pseudonym(patient)
        stated = {} if what == RETRACTED else {"statement": statement}
        made.append(
            event(
                patient=whose,
                fact=fact_of(whose, statement),
                clinical_on=None if clinical_on == UNKNOWN else _day(clinical_on),
                actor=ACTOR,
                source=SOURCE,
                reason=REASONS.get(what),
                origin=None,
                **stated,
            )
        )
    return made


def fact_of(patient: str, statement: Statement) -> str:
    """Return the reference of the fact that a statement is of."""
    match statement:
        case Visit():
            return reference("visit", patient, statement.visited_on.isoformat(), statement.visit or "")
        case Treatment():
            return reference("treatment", patient, statement.agent, statement.started_on)
        case Flare():
            return reference("flare", patient, statement.started_on.isoformat())
        case AdverseEvent():
            return reference("adverse-event", patient, statement.term, statement.started_on.isoformat())
        case Condition():
            return reference("condition", patient, statement.condition, statement.started_on or "")
        case Study():
            return reference("imaging", statement.study)
        case Reading():
            return reference("reading", statement.study, statement.reader, statement.method, statement.session)
        case LesionVerdict():
            pair = statement.baseline_study, statement.followup_study
            return reference("lesion", *pair, statement.reader, statement.lesion)
    return reference("patient", patient)


@cache
def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _day_or_none(number: int) -> date | None:
    return _day(number) if number >= 0 else None


def _partial(number: int, precision: int) -> str:
    return _day(number).isoformat()[: (4, 7, 10)[precision]]


def _word(words: tuple[str, ...], place: int) -> str | None:
    return words[place] if place >= 0 else None


def _enrolment(row: dict[str, Any], collected: Collected) -> Enrolment:
    return Enrolment(
        enrolled_on=_day(row["enrolled_on"]),
        centre=collected.centres[row["centre"] - 1],
        sex=("male", "female")[row["sex"]],
        birth_year=row["birth_year"],
        symptom_onset=_partial(row["symptom_onset"], row["precision"]),
        diagnosed_on=_partial(row["diagnosed_on"], row["precision"]),
        criteria=CRITERIA[row["criteria"]],
        hla_b27=codes.HLA_B27[row["hla_b27"]],
        consented_on=_day(row["enrolled_on"]),
        follow_up_ended_on=_day_or_none(row["follow_up_ended_on"]),
        follow_up_end_reason=_word(codes.FOLLOW_UP_END_REASONS, row["follow_up_end_reason"]),
    )


@cache
def _measurement(name: str, value: int) -> Measurement:
    if name == "crp" and value < TENTHS_FROM:
        return Measurement(measure=name, value="1", unit=BUILT_IN.measures[name].unit, comparator="<")
    text = f"{value // 10}.{value % 10}" if COURSES[name].tenths else str(value)
    return Measurement(measure=name, value=text, unit=BUILT_IN.measures[name].unit)


MEASURED: Final = sorted(COURSES, key=list(BUILT_IN.measures).index)  # a statement has them in the catalogue's order
PLACES: Final = np.array([list(COURSES).index(name) for name in MEASURED])


def _visit(row: dict[str, Any], collected: Collected) -> Visit:
    values = row["measures"]
    built_in = zip(MEASURED, values[PLACES].tolist())
    if collected is ALONE:
        taken = [_measurement(name, value) for name, value in built_in if value >= 0]
    else:
        taken = list(_taken(built_in, zip(collected.measures, values[len(MEASURED) :].tolist()), collected))
    return Visit(
        visited_on=_day(row["visited_on"]),
        visit=_label(row.get("occasion", USUAL), row["number"], collected),
        measures=tuple(taken),
    )


def _taken(
    built_in: Iterable[tuple[str, int]], own: Iterable[tuple[OwnMeasure, int]], collected: Collected
) -> Iterator[Measurement]:
    """Yield what was taken under a protocol, and the reasons for what was not."""
    for name, value in built_in:
        if value != EMPTY:
            yield _measurement(name, value) if value > EMPTY else collected.missing(name, value)
    for measure, value in own:
        if value != EMPTY:
            yield measure.cell(value) if value > EMPTY else collected.missing(measure.name, value)


def _label(occasion: int, number: int, collected: Collected) -> str:
    if occasion != USUAL:
        return collected.schedule[occasion].name.replace(NUMBER, str(number))
    return f"month {number}" if number else "baseline"


def _treatment(row: dict[str, Any], collected: Collected) -> Treatment:
    agent, dose, unit, frequency, route = collected.therapies.regimens[row["regimen"]]
    return Treatment(
        agent=agent,
        started_on=_partial(row["started_on"], row["precision"]),
        stopped_on=_partial(row["stopped_on"], 2) if row["stopped_on"] >= 0 else None,
        stop_reason=_word(STOPS, row["stop_reason"]),
        dose=f"{float(dose) / 2:g}" if row["halved"] else dose,
        dose_unit=unit,
        frequency=frequency,
        route=route,
        product=_word(collected.therapies.products[row["regimen"]], row.get("product", -1)),
        arm=_word(collected.therapies.arms, row.get("arm", -1)),
    )


def _flare(row: dict[str, Any], _: Collected) -> Flare:
    return Flare(
        started_on=_day(row["started_on"]),
        ended_on=_day_or_none(row["ended_on"]),
        basis=codes.FLARE_BASES[row["basis"]],
        severity=codes.SEVERITIES[row["severity"]],
        trigger=codes.FLARE_TRIGGERS[row["trigger"]],
        note=None,
    )


def _adverse_event(row: dict[str, Any], collected: Collected) -> AdverseEvent:
    return AdverseEvent(
        term=TERMS[row["term"]],
        started_on=_day(row["started_on"]),
        ended_on=_day_or_none(row["ended_on"]),
        severity=codes.SEVERITIES[row["severity"]],
        serious=("no", "yes")[row["serious"]],
        agent=collected.therapies.regimens[row["regimen"]][0] if row["regimen"] >= 0 else None,
        outcome="resolved" if row["ended_on"] >= 0 else "ongoing",
    )


def _condition(row: dict[str, Any], collected: Collected) -> Condition:
    started_on = row["started_on"]
    return Condition(
        condition=collected.conditions[row["condition"]].name,
        started_on=None if started_on == UNKNOWN else _partial(started_on, row["precision"]),
        ended_on=_partial(row["ended_on"], 2) if row["ended_on"] >= 0 else None,
        basis=codes.CONDITION_BASES[row["basis"]],
        side=None if row["side"] == NEITHER_SIDE else codes.SIDES[row["side"]],
        note=None,
    )


def _study(row: dict[str, Any], _: Collected) -> Study:
    modality = codes.MODALITIES[row["modality"]] if "modality" in row else MRI
    return Study(
        study=study_code(row["study"], modality),
        performed_on=_day(row["performed_on"]),
        modality=modality,
        regions=("spine", "sij") if row["with_sij"] else ("spine",),
        sequences=SEQUENCES.get(modality, ()),
        note="motion artefacts" if row["noted"] else None,
    )


def _reading(row: dict[str, Any], _: Collected) -> Reading:
    method = BUILT_IN.methods[READ[row["method"]]]
    grades = [None if grade < 0 else grade for grade in row["grades"].tolist()]
    places = len(method.locations)
    return Reading(
        study=study_code(row["study"], method.modalities[0]),
        reader=READERS[row["reader"]],
        method=method.code,
        method_version=method.version,
        session=row["session"],
        read_on=_day(row["read_on"]),
        seconds=row["seconds"],
        grades={
            item.name or "grade": tuple(grades[number * places : (number + 1) * places])
            for number, item in enumerate(method.items)
        },
    )


def _lesion(row: dict[str, Any], _: Collected) -> LesionVerdict:
    return LesionVerdict(
        baseline_study=study_code(row["study"] - 1),
        followup_study=study_code(row["study"]),
        reader=VERDICT_READERS[row["reader"]],
        session="",
        lesion=str(row["lesion"]),
        region="spine",
        kind=codes.LESION_KINDS["spine"][row["kind"]],
        location=VERTEBRAL_UNITS[row["unit"]][0],
        verdict=codes.VERDICTS[row["verdict"]],
        read_on=_day(row["read_on"]),
    )


BUILDERS: Final[dict[str, Callable[[dict[str, Any], Collected], Statement]]] = {
    "patient": _enrolment,
    "visit": _visit,
    "treatment": _treatment,
    "flare": _flare,
    "adverse-event": _adverse_event,
    "condition": _condition,
    "imaging": _study,
    "reading": _reading,
    "lesion": _lesion,
}
