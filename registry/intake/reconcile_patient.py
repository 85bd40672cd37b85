"""Reconciles one patient with a batch: what is recorded, amended, ended, retracted, confirmed, or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Final, NamedTuple

from registry.domain.kinds import KINDS
from registry.domain.memories import origin_alone, origin_beside
from registry.domain.notes import Note
from registry.domain.origins import Origin
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.statement_cells import Cells, same, same_cell
from registry.domain.statements import Statement, Study
from registry.errors import AlreadyRecordedError, RefusalError
from registry.intake.comparison import Comparison, compared
from registry.intake.delivery import Delivery
from registry.intake.fact_linkage import FactLinkage
from registry.intake.moved_rows import Move, Moves
from registry.intake.report import Alike, Change
from registry.intake.staged_fact import StagedFact
from registry.places import Place, Problem
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.keys import facts_with_key, stated_key
from registry.schema.named_products import PRODUCT

SAID_BY_THE_KEY: Final = frozenset({PRODUCT})  # by the agent, which is a key column, where it is named by the product
KIND_ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}


class Retracting(NamedTuple):
    """That missing facts are to be retracted; `same_fact` is asked, where anybody can be, as `ImportOptions` says."""

    same_fact: Callable[[str, str], bool] | None


class PatientReconciliation:
    """Lets a patient decide about everything that a batch states of them.

    Afterwards the patient holds the events to be saved, `changes`, `unchanged` and `confirmed` (tables of facts) say
    what they mean, `kept` which facts this source has no more and another one says, `alike` which were retracted and
    may have been recorded anew, and `problems` what is refused, at the rows that are the cause.
    """

    def __init__(self, patient: Patient, rows: Iterable[StagedFact], delivery: Delivery, moves: Moves) -> None:
        self.changes: list[Change] = []
        self.unchanged: list[str] = []
        self.confirmed: list[str] = []
        self.kept: list[str] = []
        self.alike: list[Alike] = []
        self.problems: list[Problem] = []
        self._patient, self._delivery, self._batch = patient, delivery, delivery.batch
        self._moved: dict[str, Move] = {}
        if moves:
            self._move(moves)
        linkage = FactLinkage(patient, rows, source=delivery.source)
        self.problems += linkage.problems
        self._meant, self._new, self._said_before = linkage.meant, linkage.new, linkage.unchanged

    def _move(self, moves: Moves) -> None:
        """Give away what is another patient's now, what rests on a study before it; take over what is this one's."""
        for move in sorted(moves.given_by(self._patient.pseudonym), key=lambda move: -KIND_ORDER[_kind(move.fact)]):
            self._moved[move.carried.fact] = move
            note = Note(self._delivery.actor, move.place, self._delivery.reason)
            self._patient.give_away(move.carried, note, moved_to=move.fact, heard=move.heard)
        for move in sorted(moves.taken_by(self._patient.pseudonym), key=lambda move: KIND_ORDER[_kind(move.fact)]):
            self._moved[move.fact] = move
            if (other := self._with_its_key(move)) is not None:
                held = AlreadyRecordedError(other, mend="it has the key of a row that came from another patient")
                self.problems.append(_problem_at(move.place, held))
                continue
            self._patient.take_over(move.carried, move.fact, Note(self._delivery.actor, move.place))
            self.changes.append(Change("moved", move.fact, move.place))

    def _with_its_key(self, move: Move) -> str | None:
        """Return the patient's own fact that has the key of one that comes from another patient."""
        statement, table = move.carried.statement, TABLE_OF_KIND[_kind(move.fact)]
        if statement is None:
            return None
        return next(iter(facts_with_key(self._patient.facts, table, stated_key(table, statement))), None)

    def retract_missing(self, retracting: Retracting, *, spared: Collection[str] = ()) -> None:
        """Retract what this source said before of the patient and the batch lacks, of the tables that it has.

        Never an enrolment, nor what another source says too, or is said under another name of the patient and `spared`:
        of that this source is no longer remembered. A row that is said to be a missing fact under another key means
        that fact.
        """
        kinds = {kind for kind in KINDS if TABLE_OF_KIND[kind].name in self._batch.files} - {"patient"}
        missing = [fact for fact in self._patient.facts if _kind(fact) in kinds and self._is_missing(fact)]
        for fact, new in self._with_another_key(missing):
            place = self._meant[new].source
            if retracting.same_fact is not None and retracting.same_fact(fact, place):
                self._meant[fact] = self._meant.pop(new)
                missing.remove(fact)
            elif not self._is_kept(fact, spared):
                self.alike.append(Alike(fact, place))
        for fact in sorted(missing, key=lambda fact: -KIND_ORDER[_kind(fact)]):
            file = self._file_of(fact)
            note = Note(self._delivery.actor, file, self._delivery.reason, Origin(source=self._delivery.source))
            if self._is_kept(fact, spared):
                self._patient.confirm(fact, note)
                self.kept.append(fact)
            else:
                self._patient.retract(fact, note)
                self.changes.append(Change("retracted", fact, file))

    def update(self) -> None:
        """State what the batch says of each fact: the enrolment first, studies before what rests on them."""
        studies = dict(self._patient.studies)
        for fact, row in sorted(self._meant.items(), key=lambda meant: KIND_ORDER[_kind(meant[0])]):
            if fact in self._said_before:
                self._count_unchanged(fact, row)
                continue
            standing = self._patient.facts.get(fact)
            memory = self._patient.memories.of(fact).get(self._delivery.source)
            comparison = compared(row, standing, memory)
            if not comparison.is_news:
                self._count_unchanged(fact, row)
            elif comparison.statement is None or (standing is not None and same(standing, comparison.statement)):
                self._confirm(fact, row, row.cells if comparison.cells is None else comparison.cells)
            elif self._is_study_of_another_fact(fact, comparison.statement, studies):
                self._refuse_study(row, comparison.statement, studies)
            else:
                self._state(fact, row, comparison, comparison.statement)

    def _count_unchanged(self, fact: str, row: StagedFact) -> None:
        if fact not in self._moved:
            self.unchanged.append(row.table.name)

    def judge(self, standards: Standards) -> None:
        """Note what cannot stand beside the patient's other facts."""
        for fact, refusal in self._patient.refusals(standards):
            if not self._batch.unresolved.explains(refusal, self._patient.pseudonym):
                self.problems.append(self._problem(fact, refusal))

    def _with_another_key(self, missing: list[str]) -> list[tuple[str, str]]:
        """Return missing facts, each with the one new fact that says the same but the key, where each has but one."""
        new = [fact for fact, row in self._meant.items() if fact in self._new and row.row_id is None]
        pairs = [(gone, fact) for gone in missing for fact in new if self._says_the_same_but_the_key(gone, fact)]
        gone, found = (Counter(pair[side] for pair in pairs) for side in (0, 1))
        return [pair for pair in pairs if gone[pair[0]] == found[pair[1]] == 1]

    def _says_the_same_but_the_key(self, gone: str, new: str) -> bool:
        memory, row = self._patient.memories.of(gone)[self._delivery.source], self._meant[new]
        if _kind(gone) != row.table.kind or memory.row is not None:
            return False
        cells = {name: said for name, said in row.cells.items() if name not in SAID_BY_THE_KEY}
        return cells.keys() == memory.columns - SAID_BY_THE_KEY and all(
            same_cell(name, memory.cell(name), said) for name, said in cells.items() if name not in row.table.key
        )

    def _is_kept(self, fact: str, spared: Collection[str]) -> bool:
        return fact in spared or len(self._patient.memories.of(fact)) > 1

    def _is_missing(self, fact: str) -> bool:
        return fact not in self._meant and self._delivery.source in self._patient.memories.of(fact)

    def _state(self, fact: str, row: StagedFact, comparison: Comparison, statement: Statement) -> None:
        origin = self._origin(row, comparison, statement)
        note = Note(self._delivery.actor, row.source, self._delivery.reason, origin, row.under)
        what = self._patient.update(fact, statement, note)
        assert what != "unchanged", "what is the same was confirmed"
        self.changes.append(Change(what, fact, row.source))

    def _origin(self, row: StagedFact, comparison: Comparison, statement: Statement) -> Origin:
        source, cells = self._delivery.source, comparison.cells
        if cells is None:
            return row.origin(source)
        return origin_beside(statement, cells, source=source, row=row.row_id, words=row.own)

    def _confirm(self, fact: str, row: StagedFact, cells: Cells) -> None:
        origin = origin_alone(cells, source=self._delivery.source, row=row.row_id, words=row.own)
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
        if fact in self._moved:
            return _problem_at(self._moved[fact].place, refusal)
        return Problem(Place(self._file_of(fact), 1), str(refusal), refusal.value)

    def _file_of(self, fact: str) -> str:
        return self._batch.files[TABLE_OF_KIND[_kind(fact)].name][0]


def _problem_at(place: str, refusal: RefusalError) -> Problem:
    file, _, line = place.rpartition(":")
    return Problem(Place(file, int(line), refusal.field or ""), str(refusal), refusal.value)


def _kind(fact: str) -> str:
    return fact.partition("/")[0]
