"""Reconciles one patient with a batch: what is recorded, amended, ended, retracted, or refused."""

from __future__ import annotations

from datetime import date
from typing import Final

from registry.domain.events import KINDS
from registry.domain.origins import NAMELESS, Origin
from registry.domain.patient import Note, Patient
from registry.domain.references import ROW_ID
from registry.domain.rules import same
from registry.domain.statements import Statement, Study
from registry.errors import AlreadyRecordedError, RefusalError
from registry.intake.batch import Batch
from registry.intake.report import Change
from registry.intake.staged_fact import StagedFact
from registry.places import Place, Problem
from registry.schema.field_mapping import fact_reference
from registry.schema.tables import TABLE_OF_KIND
from registry.schema.typed_references import parsed

KIND_ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}


class PatientReconciliation:
    """Lets a patient decide about everything that a batch states of them.

    Afterwards the patient holds the events to be saved, `changes` and `unchanged` (tables of facts) say what they mean,
    and `problems` what is refused, at the rows that are the cause.
    """

    def __init__(self, patient: Patient, facts: list[StagedFact], *, batch: Batch, actor: str, reason: str) -> None:
        self.changes: list[Change] = []
        self.unchanged: list[str] = []
        self.problems: list[Problem] = []
        self._patient, self._batch = patient, batch
        self._actor, self._reason = actor, reason
        self._meant = self._facts_meant(facts)

    def retract_missing(self) -> None:
        """Retract the patient's facts that the batch lacks, of the tables that it has; never an enrolment."""
        kinds = {TABLE_OF_KIND[kind].kind for kind in KINDS if TABLE_OF_KIND[kind].name in self._batch.files}
        missing = [
            fact for fact in self._patient.facts if _kind(fact) in kinds - {"patient"} and fact not in self._meant
        ]
        for fact in sorted(missing, key=lambda fact: -KIND_ORDER[_kind(fact)]):
            file = self._batch.files[TABLE_OF_KIND[_kind(fact)].name][0]
            self._patient.retract(fact, Note(self._actor, file, self._reason, Origin(source=NAMELESS)))
            self.changes.append(Change("retracted", fact, file))

    def update(self) -> None:
        """State what the batch says of each fact: the enrolment first, studies before what rests on them."""
        studies = dict(self._patient.studies)
        for fact, staged in sorted(self._meant.items(), key=lambda meant: KIND_ORDER[_kind(meant[0])]):
            if self._says_what_it_said(fact, staged):
                self.unchanged.append(staged.table.name)
                continue
            statement = staged.statement(self._patient.facts.get(fact))
            if isinstance(statement, Study) and studies.get(statement.study, fact) != fact:
                held = AlreadyRecordedError(studies[statement.study], mend="it has this study; retract it first")
                held.field = "study"
                self.problems.append(staged.problem(held))
                self._batch.unresolved.add(staged.table, staged.fields)
                continue
            source = staged.source
            note = Note(self._actor, source, self._reason, staged.origin(NAMELESS))
            what = self._patient.update(fact, statement, note)
            if what == "unchanged":
                self.unchanged.append(staged.table.name)
            else:
                self.changes.append(Change(what, fact, source))

    def _says_what_it_said(self, fact: str, staged: StagedFact) -> bool:
        """Return whether a file said the same of a fact last: what was corrected here since then stays corrected."""
        said = self._patient.imported.get(fact)
        return said is not None and same(said, staged.statement(said))

    def judge(self, today: date) -> None:
        """Note what cannot stand beside the patient's other facts."""
        for fact, refusal in self._patient.refusals(today):
            if not self._batch.unresolved.explains(refusal, self._patient.pseudonym):
                self.problems.append(self._problem(fact, refusal))

    def _problem(self, fact: str, refusal: RefusalError) -> Problem:
        staged = self._meant.get(fact)
        if staged is not None:
            return staged.problem(refusal)
        file = self._batch.files[TABLE_OF_KIND[_kind(fact)].name][0]
        return Problem(Place(file, 1), str(refusal), refusal.value)

    def _facts_meant(self, facts: list[StagedFact]) -> dict[str, StagedFact]:
        """Return the rows by the references of the facts that they mean.

        A row's own reference counts where it is known. Else a row with a new id means the fact that was recorded
        under its key before the source had ids, and a row without id the one fact with an id that has its key.
        """
        own = {staged.reference for staged in facts}
        with_ids = _facts_with_ids(self._patient, without=own) if any(map(self._is_new, facts)) else {}
        meant: dict[str, StagedFact] = {}
        for staged in facts:
            fact = staged.reference
            if self._is_new(staged):
                candidates = with_ids.get(fact, []) if staged.row_id is None else [staged.key_reference]
                known = [candidate for candidate in candidates if candidate in self._patient.facts]
                if len(known) > 1:
                    ids = " and ".join(repr(parsed(candidate).row_id) for candidate in known)
                    refusal = RefusalError(
                        f"id: {len(known)} facts have this key, with the ids {ids}; give the id", field="id"
                    )
                    self.problems.append(staged.problem(refusal))
                    continue
                fact = known[0] if known else fact
            if fact in meant:
                refusal = RefusalError(f"{fact} is meant by {meant[fact].source} too; keep one row")
                self.problems.append(staged.problem(refusal))
                continue
            meant[fact] = staged
        return meant

    def _is_new(self, staged: StagedFact) -> bool:
        return staged.reference not in self._patient.facts


def _facts_with_ids(patient: Patient, *, without: set[str]) -> dict[str, list[str]]:
    """Return the facts that are known by the id of a row, by the references that their keys would give them."""
    by_key: dict[str, list[str]] = {}
    for fact, statement in patient.facts.items():
        if f"/{ROW_ID}" in fact and fact not in without and parsed(fact).row_id is not None:
            by_key.setdefault(_key_reference(patient, _kind(fact), statement), []).append(fact)
    return by_key


def _key_reference(patient: Patient, kind: str, statement: Statement) -> str:
    table = TABLE_OF_KIND[kind]
    own = {"patient": patient.pseudonym}
    return fact_reference(table, {column: getattr(statement, column, own.get(column)) for column in table.key})


def _kind(fact: str) -> str:
    return fact.partition("/")[0]
