"""The rows of the tables of OMOP, of the persons of one range.

Each table is by person and day; a number of a row counts on from those of the range before. Days that are known to the
month or the year only are the middle of what they can mean, as everywhere. What goes on ends, where the model wants an
end, with the last day on which the person was observed; `verbatim_end_date` is null then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.clinical_days import day_column
from projections.columns.partial_days import EVER_BEFORE
from projections.export.profiles.omop.concepts import concept_ids, registry_type
from projections.export.profiles.omop.filled import filled, in_order_of_persons, numbered_rows
from projections.export.profiles.omop.measured import measurements, observed_measures
from projections.export.profiles.omop.persons import PERSON, Persons
from projections.export.profiles.omop.stated_of_patients import stated_of_patients
from projections.observation.deaths import days_of_death
from projections.observation.observed_spans import ObservedSpans, observed_spans

if TYPE_CHECKING:
    from projections.export.profiles.omop.counts import Counts
    from projections.point_in_time import Facts

Sites = dict[str, int]


class RowsOfPersons:
    """The tables of a range of patients, from its facts; `sites` has the numbers of centres, and takes new ones."""

    def __init__(self, facts: Facts, names: tuple[str, ...], sites: Sites, counts: Counts) -> None:
        self._facts, self._names, self._sites, self._counts = facts, names, sites, counts
        self._persons = Persons.of(facts, counts)
        self._spans = observed_spans(facts)

    def tables(self) -> Mapping[str, ArrowTable]:
        """Return every table of persons, in the order of the model; without rows where nothing of it is asked for."""
        made = {name: filled(name, {}, n=0, counts=self._counts) for name in MADE}
        for name, (of, rows) in MADE.items():
            if of in self._names:
                made[name] = rows(self)
                self._counts.rows[name] += made[name].num_rows
        return made

    def person(self) -> ArrowTable:
        """Return the persons."""
        patients, words = self._persons.patients, self._persons.patients["sex"]
        gender = pc.fill_null(concept_ids("sex", words), 0)
        self._counts.concept("person.gender_concept_id", gender, pc.fill_null(words, "not told"))
        zero = pa.nulls(patients.num_rows, pa.int32()).fill_null(0)
        columns = {
            PERSON: self._persons.ids,
            "gender_concept_id": gender,
            "year_of_birth": patients["birth_year"],
            "race_concept_id": zero,
            "ethnicity_concept_id": zero,
            "care_site_id": self._site(patients["centre"]),
            "person_source_value": patients["patient"],
            "gender_source_value": words,
        }
        return self._filled("person", columns, patients.num_rows)

    def observation_period(self) -> ArrowTable:
        """Return what was observed of each person."""
        spans = self._spans_of_persons()
        columns = {
            "observation_period_start_date": day_column(spans["began"].to_numpy()),
            "observation_period_end_date": day_column(spans["ended"].to_numpy()),
            "period_type_concept_id": self._registry(spans.num_rows),
        }
        return self._numbered("observation_period", spans, columns)

    def visit_occurrence(self) -> ArrowTable:
        """Return the visits; which kind of visit one was nobody says."""
        visits = in_order_of_persons(self._persons.rows(self._facts.of("visits")), "visited_on")
        columns = {
            "visit_concept_id": self._none("visit_occurrence.visit_concept_id", visits.num_rows, "visit"),
            "visit_start_date": visits["visited_on"],
            "visit_end_date": visits["visited_on"],
            "visit_type_concept_id": self._registry(visits.num_rows),
            "visit_source_value": visits["visit"],
        }
        return self._numbered("visit_occurrence", visits, columns)

    def condition_occurrence(self) -> ArrowTable:
        """Return the conditions whose start is known."""
        found = self._persons.rows(self._facts.of("conditions"))
        known = found.filter(pc.not_equal(found["started"], int(EVER_BEFORE)))
        self._counts.left_out["conditions whose start nobody knows"] += found.num_rows - known.num_rows
        known = in_order_of_persons(known, "started")
        ended = _ended(known["stopped"], known["ended_on"])
        columns = {
            "condition_concept_id": self._concept("condition_occurrence", "condition", known["condition"]),
            "condition_start_date": day_column(known["started"].to_numpy()),
            "condition_end_date": ended,
            "condition_type_concept_id": self._registry(known.num_rows),
            "condition_source_value": known["condition"],
            "condition_status_source_value": known["basis"],
        }
        return self._numbered("condition_occurrence", known, columns)

    def drug_exposure(self) -> ArrowTable:
        """Return the courses of treatment."""
        courses = in_order_of_persons(self._persons.rows(self._facts.of("treatments")), "started")
        started, ended = courses["started"].to_numpy(), _ended(courses["stopped"], courses["stopped_on"])
        last = day_column(np.maximum(started, self._last_observed(courses[PERSON])))
        columns = {
            "drug_concept_id": self._concept("drug_exposure", "agent", courses["agent"], prefix="drug"),
            "drug_exposure_start_date": day_column(started),
            "drug_exposure_end_date": pc.coalesce(ended, last),
            "verbatim_end_date": ended,
            "drug_type_concept_id": self._registry(courses.num_rows),
            "stop_reason": courses["stop_reason"],
            "sig": _joined(courses["dose"], courses["dose_unit"], courses["frequency"]),
            "drug_source_value": pc.coalesce(courses["product"], courses["agent"]),
            "route_source_value": courses["route"],
            "dose_unit_source_value": courses["dose_unit"],
        }
        return self._numbered("drug_exposure", courses, columns)

    def procedure_occurrence(self) -> ArrowTable:
        """Return the imaging studies."""
        studies = in_order_of_persons(self._persons.rows(self._facts.of("imaging")), "performed_on")
        what = pc.binary_join_element_wise(studies["modality"], pc.binary_join(studies["regions"], " "), " ")
        columns = {
            "procedure_concept_id": self._none("procedure_occurrence.procedure_concept_id", len(what), "imaging study"),
            "procedure_date": studies["performed_on"],
            "procedure_type_concept_id": self._registry(studies.num_rows),
            "procedure_source_value": what,
        }
        return self._numbered("procedure_occurrence", studies, columns)

    def measurement(self) -> ArrowTable:
        """Return the values that are numbers, taken and computed, and the scores of readings."""
        taken = measurements(self._facts, self._names, self._counts)
        values = in_order_of_persons(self._persons.rows(taken), "on")
        measure = values["measure"]
        columns = {
            "measurement_concept_id": self._concept("measurement", "measure", measure),
            "measurement_date": values["on"],
            "measurement_type_concept_id": self._registry(values.num_rows),
            "operator_concept_id": self._concept("measurement", "comparator", values["comparator"], prefix="operator"),
            "value_as_number": values["value"],
            "unit_concept_id": self._concept("measurement", "unit", values["unit"], prefix="unit"),
            "visit_occurrence_id": self._visit(values),
            "measurement_source_value": values["source"],
            "unit_source_value": values["unit"],
            "value_source_value": values["captured"],
        }
        return self._numbered("measurement", values, columns)

    def observation(self) -> ArrowTable:
        """Return what is no number: words, days and texts at visits, and what was stated of patients."""
        parts = [observed_measures(self._facts, self._names, self._counts)]
        parts += stated_of_patients(self._facts, self._names)
        said = in_order_of_persons(self._persons.rows(pa.concat_tables(parts)), "on")
        none = self._none("observation.observation_concept_id", said.num_rows, said["source"])
        columns = {
            "observation_concept_id": none,
            "observation_date": said["on"],
            "observation_type_concept_id": self._registry(said.num_rows),
            "value_as_string": said["said"],
            "visit_occurrence_id": self._visit(said),
            "observation_source_value": said["source"],
            "value_source_value": said["said"],
        }
        return self._numbered("observation", said, columns)

    def death(self) -> ArrowTable:
        """Return who died, and when."""
        patient, days = days_of_death(self._facts)
        died = pa.table({"patient": patient.array().cast(pa.string()), "day": pa.array(days, pa.int64())})
        died = in_order_of_persons(self._persons.rows(died), "day")
        columns = {
            PERSON: died[PERSON],
            "death_date": day_column(died["day"].to_numpy()),
            "death_type_concept_id": self._registry(died.num_rows),
        }
        return self._filled("death", columns, died.num_rows)

    def _spans_of_persons(self) -> ArrowTable:
        spans: ObservedSpans = self._spans
        rows = {"patient": spans.patient.array().cast(pa.string()), "began": spans.began, "ended": spans.ended}
        return in_order_of_persons(self._persons.rows(pa.table(rows)), "began")

    def _last_observed(self, persons: ArrowArray) -> Any:
        """Return the last day, since 1970, on which each person was observed."""
        spans, first = self._spans_of_persons(), self._first
        last = np.full(len(self._persons.ids), np.iinfo(np.int32).min, dtype=np.int64)
        np.maximum.at(last, spans[PERSON].to_numpy() - first, spans["ended"].to_numpy())
        return last[persons.to_numpy() - first]

    @property
    def _first(self) -> int:
        return int(self._persons.ids[0].as_py()) if len(self._persons.ids) else 0

    def _site(self, centres: ArrowArray) -> ArrowArray:
        """Return the number of each centre: its place among all, in the order in which persons have them."""
        there = pc.unique(centres.drop_null())
        numbers = [self._sites.setdefault(word, len(self._sites) + 1) for word in there.to_pylist()]
        return pa.array(numbers, pa.int32()).take(pc.index_in(centres, value_set=there))

    def _visit(self, rows: ArrowTable) -> ArrowArray:
        """Return the number of the visit at which something was said."""
        if "visits" not in self._names:
            return pa.nulls(rows.num_rows, pa.int32())
        visits = in_order_of_persons(self._persons.rows(self._facts.of("visits")), "visited_on")
        first = self._counts.rows["visit_occurrence"] - visits.num_rows
        place = pc.index_in(_named(rows, "visit_id"), value_set=_named(visits, "fact").combine_chunks())
        return pc.add(place.cast(pa.int64()), first + 1)

    def _concept(self, table: str, kind: Any, words: ArrowArray, *, prefix: str | None = None) -> ArrowArray:
        column = f"{prefix or table.partition('_')[0]}_concept_id"
        ids = concept_ids(kind, words)
        self._counts.concept(f"{table}.{column}", ids, words)
        return ids

    def _none(self, column: str, n: int, words: Any) -> ArrowArray:
        """Return 0 for each of n rows: no concept is known of any; `words` are what each is, or what all are."""
        ids = pa.nulls(n, pa.int32()).fill_null(0)
        of_all = pa.array([words] * n, pa.string()) if isinstance(words, str) else words
        self._counts.concept(column, ids, of_all)
        return ids

    def _registry(self, n: int) -> ArrowArray:
        self._counts.concepts.add(registry_type())
        return pa.nulls(n, pa.int32()).fill_null(registry_type())

    def _numbered(self, name: str, rows: ArrowTable, columns: dict[str, ArrowArray]) -> ArrowTable:
        numbers = numbered_rows(name, rows.num_rows, after=self._counts.rows[name])
        return self._filled(name, {f"{name}_id": numbers, PERSON: rows[PERSON], **columns}, rows.num_rows)

    def _filled(self, name: str, columns: dict[str, ArrowArray], n: int) -> ArrowTable:
        return filled(name, columns, n=n, counts=self._counts)


def _ended(stopped: ArrowArray, stated: ArrowArray) -> ArrowArray:
    """Return the days that ends count as, null where none had happened by the point in time."""
    none = truth(pc.is_null(stated))
    return day_column(np.where(none, 0, stopped.to_numpy()), null=none)


def _joined(*words: ArrowArray) -> ArrowArray:
    """Return words one after the other, those that are there; null where none is."""
    said = pa.nulls(len(words[0]), pa.string())
    for word in words:
        said = pc.coalesce(pc.binary_join_element_wise(said, word, " "), said, word)
    return said


def _named(rows: ArrowTable, fact: str) -> ArrowArray:
    return pc.binary_join_element_wise(rows["patient"].cast(pa.string()), rows[fact].cast(pa.string()), "\0")


MADE: Final[Mapping[str, tuple[str, Callable[[RowsOfPersons], ArrowTable]]]] = {  # table: which of an export it wants
    "person": ("patients", RowsOfPersons.person),
    "observation_period": ("patients", RowsOfPersons.observation_period),
    "visit_occurrence": ("visits", RowsOfPersons.visit_occurrence),
    "condition_occurrence": ("conditions", RowsOfPersons.condition_occurrence),
    "drug_exposure": ("treatments", RowsOfPersons.drug_exposure),
    "procedure_occurrence": ("imaging", RowsOfPersons.procedure_occurrence),
    "measurement": ("patients", RowsOfPersons.measurement),
    "observation": ("patients", RowsOfPersons.observation),
    "death": ("patients", RowsOfPersons.death),
}
