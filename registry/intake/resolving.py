"""Whose facts a batch states: patients by their pseudonym, readings and verdicts by their studies.

A study belongs to the patient to whom the batch itself gives it, else to the one who has it in the registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.application import Registry
from registry.errors import AlreadyRecordedError, Problem, RefusalError, StudyMisfitError, UnknownStudyError
from registry.intake.batch import Batch
from registry.intake.stated import StatedFact
from registry.patient import Patient
from registry.references import ROW_ID, parsed, reference
from registry.tables import TABLES

SUGGESTED_FOR: Final = 20  # unknown studies; to look for the nearest code of many thousands takes its time
STUDY_COLUMNS: Final = {"readings": ("study",), "lesions": ("baseline_study", "followup_study")}


class Resolved:
    """The patients of a batch as they stand in the registry, each with the facts that the batch states of them.

    `problems` lists facts whose patient cannot be told, and studies and ids that another patient has. An id may move to
    another patient where missing rows are `retracting` it from the one who had it.
    """

    def __init__(self, registry: Registry, batch: Batch, *, retracting: bool) -> None:
        self.problems: list[Problem] = []
        self.facts: dict[str, list[StatedFact]] = {}
        self._batch, self._retracting = batch, retracting
        self._own = {_text(study, "study"): _text(study, "patient") for study in batch.of_table("imaging")}
        self._unknown: dict[tuple[str, str], UnknownStudyError] = {}
        named = {_text(stated, "patient") for stated in batch.facts.values() if "patient" in stated.table.columns}
        asked = {code for stated in batch.facts.values() for _, code in _studies(stated)} | self._own.keys()
        self._held = registry.holders_of_studies(asked)
        kinds = [TABLES[name].kind for name in batch.files]
        self.patients = registry.patients(sorted(named.union(self._held.values())), kinds)
        for stated in batch.facts.values():
            patient = self._patient_of(stated)
            if patient is not None:
                self.facts.setdefault(patient, []).append(stated)
        self.problems += self._taken_ids()

    def _patient_of(self, stated: StatedFact) -> str | None:
        try:
            if stated.table.name in STUDY_COLUMNS:
                return self._patient_of_studies(stated)
            patient = _text(stated, "patient")
            if stated.table.name == "imaging":
                self._check_claim(_text(stated, "study"), patient)
        except RefusalError as refusal:
            self.problems.append(stated.problem(refusal))
            self._batch.doubt.add(stated.table, stated.fields)
            return None
        return patient

    def _patient_of_studies(self, stated: StatedFact) -> str | None:
        found = {column: self._owner(column, code) for column, code in _studies(stated)}
        patients = set(found.values())
        if None in patients:
            return None
        if len(patients) > 1:
            raise StudyMisfitError(
                "followup_study",
                _text(stated, "followup_study"),
                f"is of another patient than {_text(stated, 'baseline_study')!r}; a verdict compares one patient's",
            )
        return patients.pop()

    def _owner(self, column: str, code: str) -> str | None:
        """Return the patient who has a study, None where the row that would say it is itself refused."""
        found = self._own.get(code) or self._held.get(code)
        if found is None and not self._batch.doubt.about_study(code):
            asked = (column, code)
            if asked not in self._unknown:
                known = self._own if len(self._unknown) < SUGGESTED_FOR else ()
                self._unknown[asked] = UnknownStudyError(column, code, known)
            raise self._unknown[asked]
        return found

    def _check_claim(self, code: str, patient: str) -> None:
        if self._held.get(code, patient) != patient:
            refusal = AlreadyRecordedError(
                reference("imaging", code), mend="another patient has it; retract it there first or correct the code"
            )
            refusal.field = "study"
            raise refusal

    def _taken_ids(self) -> Iterator[Problem]:
        """Yield the rows whose id names a fact of another of these patients."""
        rows: dict[tuple[str, str | None], tuple[StatedFact, str]] = {
            (stated.table.kind, stated.row_id): (stated, patient)
            for patient, facts in self.facts.items()
            for stated in facts
            if stated.row_id is not None
        }
        others = [] if not rows else [p for p in self.patients.values() if not self._is_retracting_from(p)]
        for patient in others:
            for fact in filter(_has_row_id, patient.facts):
                named = parsed(fact)
                found = rows.get((named.kind, named.row_id))
                if found is not None and found[1] != patient.pseudonym:
                    refusal = AlreadyRecordedError(fact, mend="another patient has it; retract it there first")
                    refusal.field = "id"
                    yield found[0].problem(refusal)

    def _is_retracting_from(self, patient: Patient) -> bool:
        return self._retracting and patient.pseudonym in self.facts

    def covered(self) -> Iterator[tuple[Patient, list[StatedFact]]]:
        """Yield each patient of whom the batch states something, in the order of the pseudonyms, and let go of them."""
        for name in sorted(self.facts):
            yield self.patients.pop(name), self.facts[name]


def _studies(stated: StatedFact) -> list[tuple[str, str]]:
    columns = STUDY_COLUMNS.get(stated.table.name, ())
    return [(column, _text(stated, column)) for column in columns]


def _has_row_id(fact: str) -> bool:
    return f"/{ROW_ID}" in fact


def _text(stated: StatedFact, column: str) -> str:
    return str(stated.value(column))
