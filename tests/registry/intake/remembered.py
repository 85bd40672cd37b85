"""What a registry makes of deliveries of visits and of corrections, told slowly: every cell is remembered by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

Cells = dict[str, str | None]  # by column; None where the cell is empty
DAYS: Final = ("2020-02-01", "2020-03-01", "2020-04-01")
VALUES: Final = ("1", "2", "3", None)
SOURCES: Final = ("laboratory", "clinic")
MEASURES: Final = ("crp", "esr")
ROW_IDS: Final = (None, None, "a", "b")


class Row(NamedTuple):
    """A row of a delivery: its id, and what it says by column."""

    row_id: str | None
    cells: Cells


@dataclass
class Fact:
    """One visit: what stands, None once it is withdrawn; what each source said last, and under which id."""

    reference: str
    stands: Cells | None
    last: Cells
    said: dict[str, Cells] = field(default_factory=dict)
    row_ids: dict[str, str | None] = field(default_factory=dict)


class RefusedError(Exception):
    """It may not be recorded."""


class Remembered:
    """The visits of one patient."""

    def __init__(self, patient: str) -> None:
        self.patient = patient
        self.facts: list[Fact] = []

    def standing(self) -> dict[str, Cells]:
        """Return what stands, by reference, without empty cells."""
        return {fact.reference: filled(fact.stands) for fact in self.facts if fact.stands is not None}

    def deliver(self, source: str, row: Row, *, missing: bool = False) -> bool:
        """Take in a row of a source; return whether the registry has anything to note of it.

        With `missing` it is all that the source has of the patient now.
        """
        fact = self._meant(source, row)
        reference = self._free(self._named(row), again=False) if fact is None else fact.reference
        if missing:
            self._miss(source, fact)
        if fact is None:
            fact = self._new(reference, row.cells)
            fact.said[source], fact.row_ids[source] = dict(row.cells), row.row_id
            return True
        said = fact.said.get(source)
        is_news = said is None or any(column not in said or said[column] != cell for column, cell in row.cells.items())
        is_news = is_news or (row.row_id is not None and fact.row_ids.get(source) != row.row_id)
        self._apply(fact, said or {}, row.cells)
        fact.said[source] = {**(said or {}), **row.cells}
        fact.row_ids[source] = row.row_id or fact.row_ids.get(source)
        return is_news

    def _miss(self, source: str, meant: Fact | None) -> None:
        for fact in self.facts:
            if fact is not meant and fact.stands is not None and source in fact.said:
                if len(fact.said) == 1:
                    fact.stands = None
                del fact.said[source], fact.row_ids[source]

    def record(self, cells: Cells) -> None:
        """Record by hand."""
        known = [fact for fact in self.facts if fact.stands and fact.stands["visited_on"] == cells["visited_on"]]
        if any(filled(fact.stands) == filled(cells) for fact in known):
            return
        if known:
            raise RefusedError
        name = self._named(Row(None, cells))
        before = [fact for fact in self.facts if fact.reference == name and fact.stands is None]
        again = bool(before) and before[0].last["visited_on"] == cells["visited_on"]
        self._new(self._free(name, again=again), cells)

    def amend(self, reference: str, column: str, cell: str | None) -> None:
        """Correct one cell by hand."""
        [fact] = [fact for fact in self.facts if fact.reference == reference]
        assert fact.stands is not None
        others = [each for each in self.facts if each is not fact and each.stands]
        is_taken = any(each.stands and each.stands["visited_on"] == cell for each in others)
        if column == "visited_on" and fact.stands[column] != cell and is_taken:
            raise RefusedError
        self._state(fact, {**fact.stands, column: cell})

    def retract(self, reference: str) -> None:
        """Withdraw by hand."""
        [fact] = [fact for fact in self.facts if fact.reference == reference]
        fact.stands = None

    def _apply(self, fact: Fact, said: Cells, cells: Cells) -> None:
        if fact.stands is None:
            if any(cell != said[column] if column in said else cell is not None for column, cell in cells.items()):
                self._state(fact, {**said, **cells})
            return
        now = dict(fact.stands)
        for column, cell in cells.items():
            before = said[column] if column in said else fact.stands.get(column)
            if cell != before:
                now[column] = cell
        self._state(fact, now)

    def _meant(self, source: str, row: Row) -> Fact | None:
        day = row.cells["visited_on"]
        theirs = [fact for fact in self.facts if source in fact.said]
        by_id = [fact for fact in theirs if row.row_id is not None and fact.row_ids[source] == row.row_id]
        by_day = [fact for fact in theirs if fact.said[source]["visited_on"] == day]
        without_id = [fact for fact in by_day if fact.row_ids[source] is None]
        at_day = [fact for fact in self.facts if fact.stands and fact.stands["visited_on"] == day]
        free = [fact for fact in at_day if row.row_id is None or fact.row_ids.get(source) is None]
        for answers in (by_id, without_id, by_day if row.row_id is None else [], free):
            if len(answers) > 1:
                raise RefusedError
            if answers:
                return answers[0]
        return None

    def _named(self, row: Row) -> str:
        return f"visit/{self.patient}/" + (f"id={row.row_id}" if row.row_id else str(row.cells["visited_on"]))

    def _free(self, name: str, *, again: bool) -> str:
        number, reference = 1, name
        while any(fact.reference == reference and (fact.stands or (fact.said and not again)) for fact in self.facts):
            number, again = number + 1, False
            reference = f"{name}~{number}"
        return reference

    def _new(self, reference: str, cells: Cells) -> Fact:
        for fact in self.facts:
            if fact.reference == reference:
                self._state(fact, dict(cells))
                return fact
        self.facts.append(Fact(reference, dict(cells), dict(cells)))
        return self.facts[-1]

    def _state(self, fact: Fact, cells: Cells) -> None:
        fact.stands = fact.last = cells


def filled(cells: Cells | None) -> Cells:
    """Return cells without the empty ones."""
    return {column: cell for column, cell in (cells or {}).items() if cell is not None}


def random_row(random: Random) -> Row:
    """Return a row as a source might deliver it: any day, any columns, with an id or without."""
    columns = random.sample(MEASURES, random.randint(1, len(MEASURES)))
    cells: Cells = {"visited_on": random.choice(DAYS), **{column: random.choice(VALUES) for column in columns}}
    return Row(random.choice(ROW_IDS), cells)
