"""Reconciles one patient with a batch: what is recorded, amended, ended, retracted, confirmed, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from registry.domain.events import KINDS
from registry.domain.memories import origin_alone, origin_beside
from registry.domain.origins import Origin
from registry.domain.patient import Note, Patient
from registry.domain.statement_cells import same
from registry.domain.statements import Statement, Study
from registry.errors import AlreadyRecordedError, RefusalError
from registry.intake.batch import Batch
from registry.intake.comparison import Comparison, compared
from registry.intake.fact_linkage import FactLinkage
from registry.intake.report import Change
from registry.intake.staged_fact import StagedFact
from registry.places import Place, Problem
from registry.schema.tables import TABLE_OF_KIND

KIND_ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}


class Delivery(NamedTuple):
    """A batch as a source delivers it: the name of the source, who imports, why what changed is amended."""

    batch: Batch
    source: str
    actor: str
    reason: str


class PatientReconciliation:
    """Lets a patient decide about everything that a batch states of them.

    Afterwards the patient holds the events to be saved, `changes`, `unchanged` and `confirmed` (tables of facts) say
    what they mean, `kept` which facts this source has no more and another one says, and `problems` what is refused, at
    the rows that are the cause.
    """

    def __init__(self, patient: Patient, rows: Iterable[StagedFact], delivery: Delivery) -> None:
        self.changes: list[Change] = []
        self.unchanged: list[str] = []
        self.confirmed: list[str] = []
        self.kept: list[str] = []
        self._patient, self._delivery, self._batch = patient, delivery, delivery.batch
        linkage = FactLinkage(patient, rows, source=delivery.source)
        self.problems = linkage.problems
        self._meant = linkage.meant

    def retract_missing(self) -> None:
        """Retract what this source said before of the patient and the batch lacks, of the tables that it has.

        Never an enrolment, nor what another source says too: of that this source is no longer remembered.
        """
        kinds = {kind for kind in KINDS if TABLE_OF_KIND[kind].name in self._batch.files} - {"patient"}
        missing = [fact for fact in self._patient.facts if _kind(fact) in kinds and self._is_missing(fact)]
        for fact in sorted(missing, key=lambda fact: -KIND_ORDER[_kind(fact)]):
            file = self._file_of(fact)
            note = Note(self._delivery.actor, file, self._delivery.reason, Origin(source=self._delivery.source))
            if len(self._patient.memories.of(fact)) > 1:
                self._patient.confirm(fact, note)
                self.kept.append(fact)
            else:
                self._patient.retract(fact, note)
                self.changes.append(Change("retracted", fact, file))

    def update(self) -> None:
        """State what the batch says of each fact: the enrolment first, studies before what rests on them."""
        studies = dict(self._patient.studies)
        for fact, row in sorted(self._meant.items(), key=lambda meant: KIND_ORDER[_kind(meant[0])]):
            standing = self._patient.facts.get(fact)
            memory = self._patient.memories.of(fact).get(self._delivery.source)
            comparison = compared(row, standing, memory)
            if not comparison.is_news:
                self.unchanged.append(row.table.name)
            elif comparison.statement is None or (standing is not None and same(standing, comparison.statement)):
                self._confirm(fact, row, comparison)
            elif self._is_study_of_another_fact(fact, comparison.statement, studies):
                self._refuse_study(row, comparison.statement, studies)
            else:
                self._state(fact, row, comparison, comparison.statement)

    def judge(self, today: date) -> None:
        """Note what cannot stand beside the patient's other facts."""
        for fact, refusal in self._patient.refusals(today):
            if not self._batch.unresolved.explains(refusal, self._patient.pseudonym):
                self.problems.append(self._problem(fact, refusal))

    def _is_missing(self, fact: str) -> bool:
        return fact not in self._meant and self._delivery.source in self._patient.memories.of(fact)

    def _state(self, fact: str, row: StagedFact, comparison: Comparison, statement: Statement) -> None:
        origin = origin_beside(statement, comparison.cells, source=self._delivery.source, row=row.row_id, words=row.own)
        what = self._patient.update(
            fact, statement, Note(self._delivery.actor, row.source, self._delivery.reason, origin)
        )
        assert what != "unchanged", "what is the same was confirmed"
        self.changes.append(Change(what, fact, row.source))

    def _confirm(self, fact: str, row: StagedFact, comparison: Comparison) -> None:
        origin = origin_alone(comparison.cells, source=self._delivery.source, row=row.row_id, words=row.own)
        self._patient.confirm(fact, Note(self._delivery.actor, row.source, origin=origin))
        self.confirmed.append(row.table.name)

    def _is_study_of_another_fact(self, fact: str, statement: Statement, studies: dict[str, str]) -> bool:
        return isinstance(statement, Study) and studies.get(statement.study, fact) != fact

    def _refuse_study(self, row: StagedFact, statement: Statement, studies: dict[str, str]) -> None:
        assert isinstance(statement, Study)
        held = AlreadyRecordedError(studies[statement.study], mend="it has this study; retract it first")
        held.field = "study"
        self.problems.append(row.problem(held))
        self._batch.unresolved.add(row.table, row.fields)

    def _problem(self, fact: str, refusal: RefusalError) -> Problem:
        row = self._meant.get(fact)
        if row is not None:
            return row.problem(refusal)
        return Problem(Place(self._file_of(fact), 1), str(refusal), refusal.value)

    def _file_of(self, fact: str) -> str:
        return self._batch.files[TABLE_OF_KIND[_kind(fact)].name][0]


def _kind(fact: str) -> str:
    return fact.partition("/")[0]
