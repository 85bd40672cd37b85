"""What sources said last of a patient's facts, whatever a person recorded, corrected or withdrew here since.

A source is remembered column by column: each event that comes from a delivery has the columns that it spoke of. What it
said outlives a retraction by hand; its own retraction, or an origin without columns, is the end of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from registry.domain.events import Confirmation, Event, Retraction, StatementEvent
from registry.domain.kinds import KINDS
from registry.domain.origins import Origin
from registry.domain.statement_cells import Cells, cells_of, from_plain, plain, same_cell
from registry.domain.statements import Statement

NOTHING: Final[Mapping[str, Memory]] = MappingProxyType({})


class Memory(NamedTuple):
    """What one source said last of one fact: the id of the row, None where it never had one, and the cells by column.

    Of the `cells` those of its `columns` count: one that is not there was empty. `words` are the source's own words for
    values that the statement keeps in others.
    """

    row: str | None
    columns: frozenset[str]
    cells: Cells
    words: Mapping[str, str]

    def cell(self, column: str) -> object:
        """Return what the source said under a column, None where that was nothing."""
        return self.cells.get(column) if column in self.columns else None

    @property
    def said(self) -> dict[str, object]:
        """What the source said, by each column of which it spoke, in their order."""
        kept = {name: value for name, value in self.cells.items() if name in self.columns}
        return {**kept, **dict.fromkeys(sorted(self.columns - kept.keys()))}

    def beside(self, source: str, statement: Statement) -> Origin:
        """Return all of it as the origin of a statement that is made where nothing is known of the fact."""
        return origin_beside(statement, self.said, source=source, row=self.row, words=self.words)

    def alone(self, source: str) -> Origin:
        """Return all of it as an origin that is read without a statement."""
        return origin_alone(self.said, source=source, row=self.row, words=self.words)


def origin_beside(
    statement: Statement, said: Cells, *, source: str, row: str | None, words: Mapping[str, str]
) -> Origin:
    """Return the origin of a statement of which a source said some cells: those that say something else are its own."""
    stands = cells_of(statement)
    own = {column: plain(value) for column, value in said.items() if not same_cell(column, stands.get(column), value)}
    kept = {column: text for column, text in words.items() if column in said and column not in own}
    return Origin(source=source, row=row, columns=tuple(said), own=own, words=kept)


def origin_alone(said: Cells, *, source: str, row: str | None, words: Mapping[str, str]) -> Origin:
    """Return the origin of an event without a statement: all cells are the source's own."""
    own = {column: plain(value) for column, value in said.items()}
    kept = {column: text for column, text in words.items() if column in said}
    return Origin(source=source, row=row, columns=tuple(said), own=own, words=kept)


class Carried(NamedTuple):
    """A fact that goes from one patient to another: its reference there, what stands of it, what sources said of it."""

    fact: str
    statement: Statement | None
    memories: Mapping[str, Memory]


class Memories:
    """The memories of all sources of one patient's facts; they are put together when a fact is asked for."""

    def __init__(self) -> None:
        self._said: dict[str, list[tuple[Origin, Statement | None]]] = {}
        self._known: dict[str, dict[str, Memory]] = {}

    def take(self, event: Event) -> None:
        """Take in what an event says of where it comes from."""
        if isinstance(event, StatementEvent):
            if event.origin is not None:
                self._add(event.fact, event.origin, event.statement)
        elif isinstance(event, Retraction) and event.moved_to is not None:
            self._said.pop(event.fact, None)
            self._known.pop(event.fact, None)
        elif isinstance(event, Retraction | Confirmation) and event.origin is not None:
            self._add(event.fact, event.origin, None)

    def _add(self, fact: str, origin: Origin, statement: Statement | None) -> None:
        said = self._said.get(fact)
        if said is None:
            self._said[fact] = [(origin, statement)]
        else:
            said.append((origin, statement))
            self._known.pop(fact, None)

    def said_just(self, fact: str, statement: Statement, *, source: str, row: str | None, columns: Set[str]) -> bool:
        """Return whether all that any source ever said of a fact was a statement, by a row, of some columns at least.

        This is the quick answer to what is asked of most rows; where it is no, the memory has to be asked.
        """
        said = self._said.get(fact, ())
        if len(said) != 1:
            return False
        ((origin, stated),) = said
        return (
            stated == statement
            and (origin.source, origin.row) == (source, row)
            and not origin.own
            and columns <= _columns(origin.columns)
        )

    def __len__(self) -> int:
        return len(self._said)

    def __iter__(self) -> Iterator[str]:
        """Yield the facts of which any source may be remembered, in the order in which they were first said."""
        return iter(self._said)

    def rows_of(self, source: str) -> dict[tuple[str, str], str]:
        """Return the facts that a source gave ids to, by their kind and the id."""
        return {
            (fact.partition("/")[0], memory.row): fact
            for fact in self
            if (memory := self.of(fact).get(source)) is not None and memory.row is not None
        }

    def of(self, fact: str) -> Mapping[str, Memory]:
        """Return what is remembered of a fact, by source."""
        if fact not in self._said:
            return NOTHING
        known = self._known.get(fact)
        if known is None:
            known = self._known[fact] = _put_together(fact, self._said[fact])
        return known


def _put_together(fact: str, said: list[tuple[Origin, Statement | None]]) -> dict[str, Memory]:
    kind = KINDS[fact.partition("/")[0]].statement
    known: dict[str, Memory] = {}
    for origin, statement in said:
        if not origin.columns:
            known.pop(origin.source, None)
            continue
        now = _said_now(kind, origin, statement)
        before = known.get(origin.source)
        known[origin.source] = now if before is None else _later(before, now)
    return known


def _said_now(kind: type[Statement], origin: Origin, statement: Statement | None) -> Memory:
    """Return what one event says that a source said."""
    cells = cells_of(statement) if statement is not None else {}
    for column, told in origin.own.items():
        cells[column] = from_plain(kind, column, told)
    return Memory(origin.row, _columns(origin.columns), cells, origin.words)


def _later(before: Memory, now: Memory) -> Memory:
    """Return what a source is remembered by once it said something more."""
    cells = {name: value for name, value in before.cells.items() if name in before.columns - now.columns}
    cells |= {name: value for name, value in now.cells.items() if name in now.columns}
    words = {name: text for name, text in before.words.items() if name not in now.columns}
    row = before.row if now.row is None else now.row
    return Memory(row, before.columns | now.columns, cells, {**words, **now.words})


@lru_cache(maxsize=1024)  # all rows of a file have the same
def _columns(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)
