"""The rows that name a patient by a pseudonym that was merged into another one.

Most are the other patient's now. What both had stands once, and two rows of one source may speak of it, each under its
name: what the source says of it under the merged name is remembered in the stream of that name, and only what changes
there is applied. So a delivery that was unchanged by the merge changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from registry.domain.kinds import KINDS
from registry.domain.memories import Memory, origin_alone
from registry.domain.notes import Note
from registry.domain.origins import Origin
from registry.domain.patient import Patient
from registry.domain.statement_cells import cells_of, same_cell
from registry.domain.statements import Enrolment
from registry.errors import RefusalError
from registry.intake.comparison import compared
from registry.intake.delivery import Delivery
from registry.intake.fact_linkage import SourceIndex
from registry.intake.report import Change
from registry.intake.staged_fact import RenamedFact, StagedFact
from registry.places import Problem
from registry.schema.fact_tables import TABLE_OF_KIND


class MergedNames:
    """What a batch says of a patient under other names, and what of it is the patient's as any other row.

    `rows` are the latter, beside those under the patient's own name; `changes`, `unchanged` and `confirmed` (tables of
    facts) say what the others mean, `spared` which of the patient's facts they speak of, `problems` what is refused.
    """

    def __init__(
        self, patient: Patient, rows: Iterable[StagedFact], others: Mapping[str, Patient], delivery: Delivery
    ) -> None:
        self.changes: list[Change] = []
        self.unchanged: list[str] = []
        self.confirmed: list[str] = []
        self.problems: list[Problem] = []
        self.rows = list(rows) if not others else []
        self.spared: set[str] = set()
        self._patient, self._others, self._delivery = patient, others, delivery
        self._remembered: dict[str, dict[str, StagedFact]] = {name: {} for name in others}
        self._indices = {name: SourceIndex(other, delivery.source) for name, other in others.items()}
        if others:
            self._divide(rows)
        for name, other in others.items():
            self.spared.update(self._still_said(name, other))

    def _divide(self, rows: Iterable[StagedFact]) -> None:
        """Tell the rows under the patient's own name from those under others, and of these what is remembered there."""
        under: list[StagedFact] = []
        for row in rows:
            name = row.value("patient")
            if not isinstance(name, str) or name not in self._others:
                self.rows.append(row)
            elif not self._is_remembered(row, name):
                under.append(RenamedFact(row, self._patient.pseudonym))
        self._add(under)

    def forget_missing(self) -> None:
        """End the memory of what this source said before under the other names and the batch lacks."""
        tables = self._delivery.batch.files
        kinds = {kind for kind in KINDS if TABLE_OF_KIND[kind].name in tables} - {"patient"}
        for name, other in self._others.items():
            for fact in self._indices[name].memories.keys() - self._remembered[name].keys():
                kind = fact.partition("/")[0]
                if kind in kinds:
                    self._forget(other, fact, tables[TABLE_OF_KIND[kind].name][0])

    def update(self, changed: Iterable[Change]) -> None:
        """Apply what changed of what is remembered under the other names, beside what was `changed` by other rows."""
        self._changed = {change.reference: change.place for change in changed}
        for name, rows in self._remembered.items():
            for fact, row in rows.items():
                self._update(self._others[name], fact, row)

    def _is_remembered(self, row: StagedFact, name: str) -> bool:
        """Keep a row apart of which the source is remembered under the name, while what it spoke of still stands."""
        index, other = self._indices[name], self._others[name]
        fact = _meant(row, index)
        if fact is None or fact in self._remembered[name]:
            return False
        if self._target(other, fact) is None and compared(row, None, index.memories[fact]).statement is not None:
            self._forget(other, fact, row.source)  # a person withdrew it, and the row says something else now
            return False
        self._remembered[name][fact] = row
        return True

    def _add(self, under: Iterable[StagedFact]) -> None:
        """Take rows under other names for the patient's; two rows of one fact must say the same."""
        known = {row.identity: row for row in self.rows}
        for row in under:
            first = known.setdefault(row.identity, row)
            if first is row:
                self.rows.append(row)
            elif first.says_the_same(row):
                first.complete(row.fields, row.own)
            else:
                refusal = RefusalError(f"{row.reference} stands at {first.source} too, with other content; keep one")
                self.problems.append(row.problem(refusal))

    def _still_said(self, name: str, other: Patient) -> Iterable[str]:
        """Yield the patient's facts that the batch, or another source, says under another name."""
        for fact in other.memories:
            target = self._target(other, fact)
            is_said = fact in self._remembered[name] or other.memories.of(fact).keys() - {self._delivery.source}
            if target is not None and is_said:
                yield target

    def _target(self, other: Patient, fact: str) -> str | None:
        """Return the patient's fact that a fact of another name is, None where it does not stand."""
        target = other.merges.went.get(fact)
        return target if target in self._patient.facts else None

    def _update(self, other: Patient, fact: str, row: StagedFact) -> None:
        target, memory = self._target(other, fact), other.memories.of(fact)[self._delivery.source]
        standing = None if target is None else self._patient.facts[target]
        comparison = compared(row, standing, memory)
        if not comparison.is_news:
            self.unchanged.append(row.table.name)
            return
        cells = row.cells if comparison.cells is None else comparison.cells
        said = origin_alone(cells, source=self._delivery.source, row=row.row_id, words=row.own)
        note = Note(self._delivery.actor, row.source, self._delivery.reason, under=other.pseudonym)
        other.confirm(fact, replace(note, origin=said, under=None))
        statement = comparison.statement
        if isinstance(standing, Enrolment) and isinstance(statement, Enrolment):
            statement = _where_both_said_the_same(standing, statement, memory)
        what = "unchanged" if target is None or statement is None else self._patient.update(target, statement, note)
        if target is None or what == "unchanged":
            self.confirmed.append(row.table.name)
        elif target in self._changed:
            refusal = RefusalError(f"{target} changed at {self._changed[target]} too, to something else; keep one")
            self.problems.append(row.problem(refusal))
        else:
            self.changes.append(Change(what, target, row.source))

    def _forget(self, other: Patient, fact: str, place: str) -> None:
        ended = Origin(source=self._delivery.source)
        other.confirm(fact, Note(self._delivery.actor, place, origin=ended))


def _where_both_said_the_same(standing: Enrolment, statement: Enrolment, memory: Memory) -> Enrolment:
    """Return an enrolment with what changed under another name, but where the two said something else before."""
    stands = cells_of(standing)
    others = {name: cell for name, cell in stands.items() if not same_cell(name, cell, memory.cell(name))}
    return replace(statement, **others)


def _meant(row: StagedFact, index: SourceIndex) -> str | None:
    """Return the fact that the source gave the row's id to, else the one of which it said the row's key, without id."""
    if row.row_id is not None and (row.table.kind, row.row_id) in index.by_row:
        return index.by_row[row.table.kind, row.row_id]
    known = index.by_key.get((row.table.kind, row.key), [])
    without_id = [fact for fact in known if index.memories[fact].row is None]
    return next(iter(without_id or (known if row.row_id is None else ())), None)
