"""Links what a batch states to patients: facts by their pseudonym, readings and verdicts by their studies.

A study belongs to the patient to whom the batch itself gives it, else to the one who has it in the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from registry.batch import PatientBatch
from registry.domain.patient import Patient
from registry.domain.references import ROW_ID, reference
from registry.errors import AlreadyRecordedError, RefusalError, StudyMisfitError, UnknownStudyError
from registry.intake.batch import Batch
from registry.intake.staged_fact import StagedFact
from registry.places import Problem
from registry.schema.tables import TABLES
from registry.schema.typed_references import parsed

PATIENTS_AT_ONCE: Final = 200  # are loaded, or fewer of whom more is stated
FACTS_AT_ONCE: Final = 1_000
STUDIES_AT_ONCE: Final = 1_000  # are looked up in the registry
SUGGESTED_FOR: Final = 20  # unknown studies; to look for the nearest code of many thousands takes its time
STUDY_COLUMNS: Final = {"readings": ("study",), "lesions": ("baseline_study", "followup_study")}
STUDIES: Final = """
    INSERT INTO studies (code, stated) SELECT study, patient FROM facts WHERE kind = 'imaging'
    UNION ALL SELECT DISTINCT code, NULL FROM (
        SELECT study AS code FROM facts WHERE kind IN ('reading', 'lesion')
        UNION SELECT followup_study FROM facts WHERE kind = 'lesion'
    ) WHERE code NOT IN (SELECT study FROM facts WHERE kind = 'imaging')
"""
OWNERS: Final = (
    "UPDATE studies SET owner = coalesce(stated, held)",
    """UPDATE facts SET owner = (
        SELECT patient FROM studies WHERE code = study AND coalesce(held, patient) = patient
    ) WHERE kind = 'imaging'""",
    "UPDATE facts SET owner = (SELECT s.owner FROM studies s WHERE code = study) WHERE kind = 'reading'",
    """UPDATE facts SET owner = (
        SELECT earlier.owner FROM studies earlier JOIN studies later USING (owner)
        WHERE earlier.code = study AND later.code = followup_study
    ) WHERE kind = 'lesion'""",
    "CREATE INDEX IF NOT EXISTS by_owner ON facts (owner, row)",
)
PATIENTS: Final = """
    SELECT patient FROM facts WHERE patient IS NOT NULL UNION SELECT held FROM studies WHERE held IS NOT NULL
"""
WITH_ID: Final = "JOIN claims USING (row) WHERE name = ? AND owner <> ?"


class RecordLinkage:
    """The patients of a batch as they stand in the registry, each with the facts that the batch states of them.

    `problems` lists facts whose patient cannot be told, and studies and ids that another patient has. An id may move to
    another patient where missing rows are `retracting` it from the one who had it.
    """

    def __init__(self, patients: PatientBatch, batch: Batch, *, retracting: bool) -> None:
        self.problems: list[Problem] = []
        self._patients, self._batch, self._staging = patients, batch, batch.staging
        self._kinds = [TABLES[name].kind for name in batch.files]
        self._unknown: dict[tuple[str, str], UnknownStudyError] = {}
        self._find_owners()
        for _, staged in self._staging.facts("WHERE owner IS NULL ORDER BY kind = 'reading', row"):
            try:
                self._check_owner(staged)
            except RefusalError as refusal:
                self.problems.append(staged.problem(refusal))
                self._batch.unresolved.add(staged.table, staged.fields)
        self.problems += self._taken_ids(retracting=retracting)

    @property
    def n_patients(self) -> int:
        """The number of patients of whom the batch states something."""
        return int(self._staging.execute("SELECT count(DISTINCT owner) FROM facts").fetchone()[0])

    def by_patient(self) -> Iterator[tuple[Patient, list[StagedFact]]]:
        """Yield each patient of whom the batch states something, in the order of the pseudonyms."""
        facts = self._staging.facts("WHERE owner IS NOT NULL ORDER BY owner, row")
        for named in _some_at_once(facts):
            for name, patient in self._patients.patients(named, self._kinds).items():
                yield patient, named[name]

    def _find_owners(self) -> None:
        """Note whose the studies are, and so the facts; where that cannot be told a fact has no owner."""
        execute = self._staging.execute
        execute("DELETE FROM studies")
        execute(STUDIES)
        last = ""
        while codes := [
            code
            for (code,) in execute(
                "SELECT code FROM studies WHERE code > ? ORDER BY code LIMIT ?", (last, STUDIES_AT_ONCE)
            )
        ]:
            for code, patient in self._patients.holders_of_studies(codes).items():
                execute("UPDATE studies SET held = ? WHERE code = ?", (patient, code))
            last = codes[-1]
        for statement in OWNERS:
            execute(statement)

    def _check_owner(self, staged: StagedFact) -> None:
        """Refuse a fact that has no owner, unless that is because the row that would say whose it is was refused."""
        if staged.table.name == "imaging":
            refusal = AlreadyRecordedError(
                reference("imaging", _text(staged, "study")),
                mend="another patient has it; retract it there first or correct the code",
            )
            refusal.field = "study"
            raise refusal
        codes = [(column, _text(staged, column)) for column in STUDY_COLUMNS[staged.table.name]]
        if None not in {self._owner(column, code) for column, code in codes}:
            (_, baseline), (column, followup) = codes
            raise StudyMisfitError(
                column, followup, f"is of another patient than {baseline!r}; a verdict compares one patient's"
            )

    def _owner(self, column: str, code: str) -> str | None:
        """Return the patient who has a study, None where the row that would say it is itself refused."""
        (owner,) = self._staging.execute("SELECT owner FROM studies WHERE code = ?", (code,)).fetchone()
        if owner is None and not self._batch.unresolved.about_study(code):
            asked = (column, code)
            if asked not in self._unknown:
                known = self._stated_studies() if len(self._unknown) < SUGGESTED_FOR else ()
                self._unknown[asked] = UnknownStudyError(column, code, known)
            raise self._unknown[asked]
        return None if owner is None else str(owner)

    def _stated_studies(self) -> Iterator[str]:
        return (
            code for (code,) in self._staging.execute("SELECT study FROM facts WHERE kind = 'imaging' ORDER BY row")
        )

    def _taken_ids(self, *, retracting: bool) -> Iterator[Problem]:
        """Yield the rows whose id names a fact of another of the patients whom the batch names."""
        execute = self._staging.execute
        if not execute("SELECT 1 FROM claims WHERE name GLOB ?", (f"*/{ROW_ID}*",)).fetchone():
            return
        spared = " EXCEPT SELECT owner FROM facts" if retracting else ""
        names = (name for (name,) in execute(PATIENTS + spared))
        while some := list(islice(names, PATIENTS_AT_ONCE)):
            for name, patient in self._patients.patients(some, self._kinds).items():
                for fact in (fact for fact in patient.facts if f"/{ROW_ID}" in fact):
                    named = parsed(fact)
                    row_id = reference(named.kind, row_id=named.row_id)
                    for _, staged in self._staging.facts(WITH_ID, row_id, name):
                        refusal = AlreadyRecordedError(fact, mend="another patient has it; retract it there first")
                        refusal.field = "id"
                        yield staged.problem(refusal)


def _some_at_once(facts: Iterable[tuple[str, StagedFact]]) -> Iterator[dict[str, list[StagedFact]]]:
    """Yield facts that come in the order of their owners as those of some patients after the other, by owner."""
    named: dict[str, list[StagedFact]] = {}
    n_facts = 0
    for name, some in groupby(facts, key=itemgetter(0)):
        named[name] = [staged for _, staged in some]
        n_facts += len(named[name])
        if n_facts >= FACTS_AT_ONCE or len(named) == PATIENTS_AT_ONCE:
            yield named
            named, n_facts = {}, 0
    if named:
        yield named


def _text(staged: StagedFact, column: str) -> str:
    return str(staged.value(column))
