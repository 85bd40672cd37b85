"""Links what a batch states to patients: facts by their pseudonym, readings and verdicts by their studies.

A study belongs to the patient to whom the batch itself gives it, else to the one who has it in the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection

from registry.batch import PatientBatch
from registry.domain.events import stream_of
from registry.domain.patient import Patient
from registry.domain.references import reference
from registry.domain.statements import Study
from registry.errors import (
    AlreadyRecordedError,
    ConcurrentChangeError,
    RefusalError,
    StudyMisfitError,
    UnknownStudyError,
)
from registry.intake.batch import Batch
from registry.intake.moved_rows import Move, Moves, Whither
from registry.intake.problem_list import ProblemList
from registry.intake.staged_fact import StagedFact
from registry.schema.fact_tables import FACT_TABLES
from registry.store.schema import ROW_ID_AT_MOST
from registry.streams import KIND_OF_EVENT

PATIENTS_AT_ONCE: Final = 200  # are loaded, or fewer of whom more is stated
FACTS_AT_ONCE: Final = 1_000
STUDIES_AT_ONCE: Final = 1_000  # are looked up in the registry
ROWS_AT_ONCE: Final = 1_000  # by their ids, as well
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
SURVIVORS: Final = "SELECT DISTINCT named, survivor FROM facts JOIN survivors ON merged = named"
NAMED_ANEW: Final = (
    "UPDATE facts SET patient = coalesce((SELECT survivor FROM survivors WHERE merged = named), named)",
    "UPDATE facts SET owner = patient WHERE kind NOT IN ('imaging', 'reading', 'lesion')",
)
OWN_ROWS: Final = "SELECT kind, row_id, patient, row FROM facts WHERE row_id IS NOT NULL AND patient IS NOT NULL"
READ_ROWS: Final = """
    SELECT kind, row_id, owner, row FROM facts WHERE row_id IS NOT NULL AND patient IS NULL AND owner IS NOT NULL
"""
OF_ROW: Final = "SELECT owner FROM facts WHERE kind = ? AND substr(row_id, 1, ?) = ? AND owner IS NOT NULL"


class RecordLinkage:
    """The patients of a batch as they stand in the registry, each with the facts that the batch states of them.

    `problems` lists facts whose patient cannot be told, and studies that another patient has; `moves` are the facts to
    which their source gave an id under another patient. `renamed` has the pseudonyms that the batch uses and that were
    merged, each with the patient's own.
    """

    def __init__(self, patients: PatientBatch, batch: Batch, *, source: str) -> None:
        self.problems = ProblemList()
        self._patients, self._batch, self._staging = patients, batch, batch.staging
        self._kinds = [FACT_TABLES[name].kind for name in batch.files]
        self._since = patients.head
        survivors = patients.survivors()
        self.renamed = self._named_anew(survivors)
        self.moves = Moves(patients, self._kinds, source, merged=survivors)
        self._unknown: dict[tuple[str, str], UnknownStudyError] = {}
        self._find_owners()
        for _, staged in self._staging.facts("WHERE owner IS NULL ORDER BY kind = 'reading', row"):
            try:
                self._check_owner(staged)
            except RefusalError as refusal:
                self.problems.append(staged.problem(refusal))
                self._batch.unresolved.add(staged.table, staged.fields)
        self._find_moves(READ_ROWS)

    @property
    def n_patients(self) -> int:
        """The number of patients of whom the batch states something, or who lose a fact to one of them."""
        return int(self._staging.execute("SELECT count(DISTINCT owner) FROM facts").fetchone()[0]) + len(self._left())

    def check_rows(self, connection: Connection) -> None:
        """Raise `ConcurrentChangeError` where somebody gave an id of the batch to another patient in between."""
        for place in self._patients.rows_since(self._since, connection):
            known = self._staging.execute(OF_ROW, (KIND_OF_EVENT[place.name], ROW_ID_AT_MOST, place.row_id))
            if any(stream_of(owner) != place.stream for (owner,) in known):
                raise ConcurrentChangeError

    def by_patient(self) -> Iterator[tuple[Patient, list[StagedFact]]]:
        """Yield each patient of whom the batch states something, in the order of the pseudonyms."""
        facts = self._staging.facts("WHERE owner IS NOT NULL ORDER BY owner, row")
        for named in _some_at_once(facts):
            for name, patient in self._patients.patients(named, self._kinds).items():
                yield patient, named[name]
        for patient in self._patients.patients(self._left(), self._kinds).values():
            yield patient, []

    def _left(self) -> list[str]:
        """Return who gives a fact away, and of whom the batch states nothing."""
        owns = "SELECT 1 FROM facts WHERE owner = ?"
        return [name for name in sorted(self.moves.givers) if self._staging.execute(owns, (name,)).fetchone() is None]

    def other_names(self, patient: Patient) -> dict[str, Patient]:
        """Return what the registry has under the pseudonyms that were merged into a patient's own."""
        names = patient.merges.merged
        return self._patients.patients(names, self._kinds) if names else {}

    def _named_anew(self, survivors: Mapping[str, str]) -> dict[str, str]:
        """Give what the batch states under pseudonyms that were merged to the patients whose names they are."""
        execute = self._staging.execute
        was_anything = execute("DELETE FROM survivors").rowcount
        if not survivors and not was_anything:
            return {}
        for pair in survivors.items():
            execute("INSERT INTO survivors VALUES (?, ?)", pair)
        for statement in NAMED_ANEW:
            execute(statement)
        return dict(execute(SURVIVORS).fetchall())

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
        for move in self._find_moves(OWN_ROWS):
            if isinstance(move.carried.statement, Study):
                execute("UPDATE studies SET held = NULL WHERE code = ?", (move.carried.statement.study,))
        for statement in OWNERS:
            execute(statement)

    def _find_moves(self, of_rows: str) -> list[Move]:
        """Take note of the rows of some facts whose ids were given to other patients; return what moves for them."""
        moves: list[Move] = []
        rows = self._staging.execute(of_rows)
        while some := rows.fetchmany(ROWS_AT_ONCE):
            where = {(kind, row_id): Whither(patient, self._staging.source(row)) for kind, row_id, patient, row in some}
            moves += self.moves.add(where)
        return moves

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
