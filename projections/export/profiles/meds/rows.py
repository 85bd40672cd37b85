"""The rows of a data set of MEDS, of one range of patients: of each table of an export that is asked for, its events.

Each row has the instant and the position of the event of the log from which on it was known as it stands here: whoever
looks from an earlier one leaves out what was recorded later. What began and ended is two rows, and the first says
nothing of the end, and is known without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import up_to
from projections.columns.tables import only
from projections.export.profiles.meds.first_known import later, since_seen, since_there, standing
from projections.export.profiles.meds.stretches import coded_as, first_days_of, numbers, stretch, where
from projections.export.profiles.meds.taken import taken_rows
from projections.tables import project
from registry.domain.follow_up import DIED

if TYPE_CHECKING:
    from projections.point_in_time import Facts

AvailableAt = Literal["study", "reading"]
BIRTH, DEATH = "MEDS_BIRTH", "MEDS_DEATH"
YEAR: Final = "year"
Made = Callable[[ArrowTable], Iterable[ArrowTable]]


def rows_of(facts: Facts, names: Iterable[str], *, available_at: AvailableAt) -> list[ArrowTable]:
    """Return the rows that come of some tables of an export, in any order."""
    found: list[ArrowTable] = []
    for name in names:
        if name == SCORES:
            found += _scores(facts, available_at)
        elif name == MEASURES:
            found += taken_rows(facts)
        else:
            versions = facts.stated_versions(name)
            found += [standing(rows, versions, until=facts.at.position) for rows in OF_FACTS[name](versions)]
    late = since_there(facts)
    return [_not_before_there(rows, late) for rows in found] if late.num_rows else found


def _not_before_there(rows: ArrowTable, late: ArrowTable) -> ArrowTable:
    """Return rows of patients who are known at the earliest when the patient was there, of those who came late."""
    place = pc.index_in(rows["patient"].cast(pa.string()), value_set=late["patient"].combine_chunks())
    return later(rows, late.take(place))


def _patients(enrolled: ArrowTable) -> Iterable[ArrowTable]:
    for name, code in (("sex", "SEX"), ("centre", "CENTRE"), ("hla_b27", "HLA_B27")):
        yield stretch(enrolled, coded_as(code, enrolled[name]))
    criteria = enrolled["criteria"].combine_chunks()
    yield stretch(enrolled.take(pc.list_parent_indices(criteria)), coded_as("CRITERIA", pc.list_flatten(criteria)))
    born = first_days_of(enrolled["birth_year"])
    yield stretch(enrolled, where(born, BIRTH), time=born, precision=where(born, YEAR))
    for name, code in (("symptom_onset", "SYMPTOM_ONSET"), ("diagnosed_on", "DIAGNOSIS")):
        yield _began(enrolled, name, where(enrolled[name], code), precision=enrolled[f"{name}_precision"])
    for name, code in (("enrolled_on", "ENROLMENT"), ("consented_on", "CONSENT")):
        yield _began(enrolled, name, where(enrolled[name], code))
    yield from _ended(enrolled, "follow_up_ended_on", "follow_up_end_reason")


def _follow_ups(resumed: ArrowTable) -> Iterable[ArrowTable]:
    yield _began(resumed, "resumed_on", where(resumed["resumed_on"], "FOLLOW_UP_RESUMPTION"))
    yield from _ended(resumed, "ended_on", "end_reason")


def _ended(spans: ArrowTable, day: str, reason: str) -> Iterable[ArrowTable]:
    """Yield the ends of spans of follow-up, and the deaths among them."""
    ended = spans.filter(pc.is_valid(spans[day]))
    yield _began(ended, day, coded_as("FOLLOW_UP_END", pc.fill_null(ended[reason], "unknown")))
    died = only(ended, **{reason: DIED})
    yield _began(died, day, where(died[day], DEATH))


def _visits(visits: ArrowTable) -> Iterable[ArrowTable]:
    yield _began(visits, "visited_on", where(visits["visited_on"], "VISIT"), text_value=visits["visit"])


def _treatments(courses: ArrowTable) -> Iterable[ArrowTable]:
    dose = {**numbers(courses["dose"]), "unit": courses["dose_unit"]}
    started = {"precision": courses["started_on_precision"], "text_value": courses["product"], **dose}
    yield _began(courses, "started_on", coded_as("DRUG_START", courses["agent"]), **started)
    stopped = courses.filter(pc.is_valid(courses["stopped_on"]))
    told = {"precision": stopped["stopped_on_precision"], "text_value": stopped["stop_reason"]}
    yield _began(stopped, "stopped_on", coded_as("DRUG_STOP", stopped["agent"]), **told)


def _flares(flares: ArrowTable) -> Iterable[ArrowTable]:
    yield _began(flares, "started_on", where(flares["started_on"], "FLARE"), text_value=flares["severity"])
    yield _began(flares, "ended_on", where(flares["ended_on"], "FLARE_END"))


def _adverse_events(events: ArrowTable) -> Iterable[ArrowTable]:
    yield _began(events, "started_on", where(events["started_on"], "ADVERSE_EVENT"), text_value=events["term"])
    yield _began(events, "ended_on", where(events["ended_on"], "ADVERSE_EVENT_END"), text_value=events["outcome"])


def _conditions(found: ArrowTable) -> Iterable[ArrowTable]:
    began = {"precision": found["started_on_precision"], "text_value": found["side"]}
    yield _began(found, "started_on", coded_as("CONDITION", found["condition"]), **began)
    ended = found.filter(pc.is_valid(found["ended_on"]))
    code = coded_as("CONDITION_END", ended["condition"])
    yield _began(ended, "ended_on", code, precision=ended["ended_on_precision"])


def _imaging(studies: ArrowTable) -> Iterable[ArrowTable]:
    regions = pc.binary_join(studies["regions"], " ")
    yield _began(studies, "performed_on", coded_as("IMAGING", studies["modality"]), text_value=regions)


def _scores(facts: Facts, available_at: AvailableAt) -> Iterable[ArrowTable]:
    """Yield the scores that have a value, on the study's day or when it was read; what was read later is not there.

    Each is known as it stands since its reading is, or since its study is there, on the day that is told, if later.
    """
    scores, readings = project(SCORES, facts), facts.of("readings")
    place = pc.index_in(_named(scores, "reading_id"), value_set=_named(readings, "fact").combine_chunks())
    read = later(readings, _studied(facts, readings, available_at)).take(place)
    values = pc.add(scores["value"], 0.0)  # -0 is 0
    told = {"numeric_value": values.cast(pa.float32(), safe=False), "value": values.cast(pa.string())}
    code = pc.if_else(pc.is_valid(values), coded_as("SCORE", scores["method"], scores["score"]), None)
    if available_at == "study":
        return [stretch(read, code, time=scores["performed_on"], **told)]
    rows = stretch(read, code, time=read_at(readings).take(place), **told)
    return [rows if facts.at.as_of is None else rows.filter(_by(rows["time"], facts.at.as_of))]


def _studied(facts: Facts, readings: ArrowTable, available_at: AvailableAt) -> ArrowTable:
    """Return of the study of each reading since when it is there, and on its day where that is told."""
    said = {"time": "performed_on"} if available_at == "study" else {}
    studies = since_seen(facts, "imaging", text_value="study", **said)
    place = pc.index_in(_named(readings, "study"), value_set=_named(studies, "text_value").combine_chunks())
    return studies.take(place)


def read_at(readings: ArrowTable) -> ArrowArray:
    """Return when each reading was there: the day on which it was read, where nobody said it the recorded instant."""
    said = readings["read_on"].cast(pa.timestamp("us"))
    return pc.coalesce(said, readings["recorded_at"].cast(pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us")))


def _by(times: ArrowArray, as_of: date) -> ArrowArray:
    return up_to(pc.floor_temporal(times, unit="day").cast(pa.date32()), as_of)


def _named(rows: ArrowTable, fact: str) -> ArrowArray:
    """Return what no two facts of a range have alike: whose it is, and its reference."""
    return pc.binary_join_element_wise(rows["patient"].cast(pa.string()), rows[fact].cast(pa.string()), "\0")


def _began(facts: ArrowTable, day: str, code: ArrowArray, **told: ArrowArray) -> ArrowTable:
    return stretch(facts, code, time=facts[day], **told)


MEASURES, SCORES = "measures", "scores"
TOLD_OF: Final = {"visits": ("visits", MEASURES)}  # kind of fact: the tables that are made of its rows
OF_FACTS: Final[Mapping[str, Made]] = {  # kind of fact: the rows of versions of such facts
    "patients": _patients,
    "follow_ups": _follow_ups,
    "visits": _visits,
    "treatments": _treatments,
    "flares": _flares,
    "adverse_events": _adverse_events,
    "conditions": _conditions,
    "imaging": _imaging,
}
TABLES_OF_MEDS: Final = (*(name for kind in OF_FACTS for name in TOLD_OF.get(kind, (kind,))), SCORES)
