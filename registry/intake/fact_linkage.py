"""Links the rows that a batch has of one patient to the facts that they mean.

A row means the fact that its source gave its id to; else the one of which the source said the row's key; else the one
that stands under the key, and to which the source gave no other id: a row that gets an id, a fact that a person or
another source recorded. What is left states a new fact. A fact is meant by one row: each of these questions is asked of
all rows before the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from registry.domain.memories import Memory
from registry.domain.patient import Patient
from registry.domain.statement_cells import same_cell
from registry.errors import RefusalError
from registry.intake.staged_fact import StagedFact
from registry.places import Problem
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.keys import said_key, stated_key
from registry.wording import listed

Question = Callable[[StagedFact], list[str]]
Named = tuple[str, object]  # a kind of fact, and an id or a key


class FactLinkage:
    """The facts that rows of one source mean, of a patient as the registry has them.

    `meant` has the rows by the references of the facts, those of `new` facts among them; of those in `unchanged` the
    source said the same before. `problems` are the rows of which it cannot be told what they mean.
    """

    def __init__(self, patient: Patient, rows: Iterable[StagedFact], *, source: str) -> None:
        self.meant: dict[str, StagedFact] = {}
        self.unchanged: set[str] = set()
        self.new: set[str] = set()
        self.problems: list[Problem] = []
        self._patient, self._source = patient, source
        for row in self._without_known_fact(rows) if patient.facts or patient.memories else rows:
            fact = patient.free_reference(row.reference, under=row.under)
            self.meant[fact] = row
            self.new.add(fact)

    def _without_known_fact(self, rows: Iterable[StagedFact]) -> list[StagedFact]:
        """Link rows to the facts that are known; return those that state new ones."""
        left = [row for row in rows if not self._is_at_hand(row)]
        questions: tuple[Question, ...] = (self._with_row_id, self._with_said_key, self._with_standing_key)
        for question in questions if left else ():
            left = self._unanswered(left, question)
        if any(map(self._has_another_key, self.meant.items())):
            self.problems += exchanged_ids(self.meant, self.index)
        return left

    @cached_property
    def index(self) -> SourceIndex:
        """What the source said of the patient's facts, by row and by key."""
        return SourceIndex(self._patient, self._source)

    def _has_another_key(self, linked: tuple[str, StagedFact]) -> bool:
        """Return whether a row with an id says another key than the source did."""
        fact, row = linked
        if row.row_id is None or fact in self.unchanged:
            return False
        memory = self._patient.memories.of(fact).get(self._source)
        return memory is not None and said_key(row.table, memory) != row.key

    def _is_at_hand(self, row: StagedFact) -> bool:
        """Link a row to the fact that is called as it would be, where the source said just this row of it."""
        memories, fact = self._patient.memories, row.reference
        spoken, row_id = row.columns.spoken_set, row.row_id
        if memories.said_just(fact, row.statement(None), source=self._source, row=row_id, columns=spoken):
            self.unchanged.add(fact)
        else:
            memory = memories.of(fact).get(self._source)
            if memory is None or memory.row != row_id:
                return False
            if row_id is None and said_key(row.table, memory) != row.key:
                return False
        self.meant[fact] = row
        return True

    def _unanswered(self, rows: list[StagedFact], question: Question) -> list[StagedFact]:
        """Link the rows to which a question gives one fact; return those to which it gives none."""
        answers = [[fact for fact in question(row) if fact not in self.meant] for row in rows]
        for row, facts in zip(rows, answers):
            if len(facts) > 1:
                self._refuse_many(row, facts)
            elif facts and facts[0] in self.meant:
                too = RefusalError(f"{facts[0]} is meant by {self.meant[facts[0]].source} too; keep one row")
                self.problems.append(row.problem(too))
            elif facts:
                self.meant[facts[0]] = row
        return [row for row, facts in zip(rows, answers) if not facts]

    def _refuse_many(self, row: StagedFact, facts: list[str]) -> None:
        ids = [self._row_id(fact) or fact for fact in facts]
        refusal = RefusalError(
            f"id: {len(facts)} facts have this key, with the ids {listed(map(repr, ids), 'and')}; give the id",
            field="id",
        )
        self.problems.append(row.problem(refusal))

    def _row_id(self, fact: str) -> str | None:
        memory = self._patient.memories.of(fact).get(self._source)
        return memory.row if memory else None

    def _with_row_id(self, row: StagedFact) -> list[str]:
        if row.row_id is None:
            return []
        fact = self.index.by_row.get((row.table.kind, row.row_id))
        if fact is None and row.reference in self._patient.facts and not self._patient.memories.of(row.reference):
            fact = row.reference  # a person recorded it under the id
        return [] if fact is None else [fact]

    def _with_said_key(self, row: StagedFact) -> list[str]:
        known = self.index.by_key.get((row.table.kind, row.key), [])
        without_id = [fact for fact in known if self._row_id(fact) is None]
        return without_id if without_id or row.row_id is not None else known

    def _with_standing_key(self, row: StagedFact) -> list[str]:
        known = self._by_standing_key.get((row.table.kind, row.key), [])
        return [fact for fact in known if row.row_id is None or self._row_id(fact) is None]

    @cached_property
    def _by_standing_key(self) -> dict[Named, list[str]]:
        by_key: dict[Named, list[str]] = {}
        for fact, statement in self._patient.facts.items():
            kind = fact.partition("/")[0]
            by_key.setdefault((kind, stated_key(TABLE_OF_KIND[kind], statement)), []).append(fact)
        return by_key


class SourceIndex:
    """What one source said of a patient's facts, by the id of the row and by the key, both with the kind of fact."""

    def __init__(self, patient: Patient, source: str) -> None:
        self.memories: dict[str, Memory] = {}
        self.by_row = patient.memories.rows_of(source)
        self.by_key: dict[Named, list[str]] = {}
        for fact in patient.memories:
            memory = patient.memories.of(fact).get(source)
            if memory is not None:
                self._add(fact, memory)

    def _add(self, fact: str, memory: Memory) -> None:
        kind = fact.partition("/")[0]
        self.memories[fact] = memory
        self.by_key.setdefault((kind, said_key(TABLE_OF_KIND[kind], memory)), []).append(fact)


def exchanged_ids(meant: Mapping[str, StagedFact], index: SourceIndex) -> Iterator[Problem]:
    """Yield the rows that say, under each other's ids, what the source said before: ids were exchanged, not days."""
    says = {fact: other for fact, row in meant.items() if (other := _said_before(fact, row, index)) is not None}
    for fact, row in meant.items():
        other = says.get(fact)
        seen = {fact}
        while other is not None and other not in seen:
            seen.add(other)
            other = says.get(other)
        if other == fact:
            theirs = index.memories[says[fact]].row
            refusal = RefusalError(
                f"id: this row says what the source said of {theirs!r}, and that id another of its rows: ids have been "
                "exchanged, and an id names one row for ever",
                field="id",
            )
            yield row.problem(refusal)


def _said_before(fact: str, row: StagedFact, index: SourceIndex) -> str | None:
    """Return the fact of another row of which the source said just what this row says of its own under another key."""
    own = index.memories.get(fact)
    if row.row_id is None or own is None or said_key(row.table, own) == row.key:
        return None
    cells = row.cells
    for other in index.by_key.get((row.table.kind, row.key), []):
        memory = index.memories[other]
        if memory.row is not None and all(same_cell(name, memory.cell(name), said) for name, said in cells.items()):
            return other
    return None
