"""A batch as it was read: the facts that it states, and everything that is wrong with its rows by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from registry.errors import NotEnrolledError, Place, Problem, RefusalError, UnknownStudyError
from registry.intake.stated import StatedFact, StatedReading
from registry.rows import Fields
from registry.tables import TABLES, Table


class Doubt:
    """Whom and what refused rows would have introduced; what rests on these cannot be judged before they are mended."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {"patients": set(), "imaging": set()}
        self._unknown: set[str] = set()

    def add(self, table: Table, fields: Fields) -> None:
        """Remember a refused row, by as much of it as can be read."""
        if table.name not in self._known:
            return
        code = fields.get(table.key[0])
        if code is None:
            self._unknown.add(table.name)
        else:
            self._known[table.name].add(str(code))

    def about_patient(self, patient: str) -> bool:
        """Return whether a refused row may have enrolled a patient."""
        return "patients" in self._unknown or patient in self._known["patients"]

    def about_study(self, study: str) -> bool:
        """Return whether a refused row may have introduced a study."""
        return "imaging" in self._unknown or study in self._known["imaging"]

    def explains(self, refusal: RefusalError, patient: str) -> bool:
        """Return whether a refusal may only be the echo of a refused row."""
        match refusal:
            case NotEnrolledError():
                return self.about_patient(patient)
            case UnknownStudyError():
                return self.about_study(refusal.study)
        return False


class Batch:
    """The facts of a batch by reference, in the order of the tables and then of the rows.

    `files` names the files that hold each table; `unread` says whether a file could not be read to its end. `rows` is
    the number of rows read.
    """

    def __init__(self, ignored: list[str], problems: list[Problem]) -> None:
        self.ignored, self.problems = ignored, problems
        self.facts: dict[str, StatedFact] = {}
        self.files: dict[str, list[str]] = {}
        self.rows = 0
        self.unread = bool(problems)
        self.doubt = Doubt()
        self._by_key: dict[str, StatedFact] = {}
        self._by_id: dict[tuple[str, str], StatedFact] = {}

    def refuse(self, refusal: RefusalError | str, *, file: str, line: int, column: str | None = None) -> None:
        """Note that something cannot be recorded, and where it stands."""
        found = getattr(refusal, "field", None) if column is None else column
        value = getattr(refusal, "value", None)
        self.problems.append(Problem(Place(file, line, found or ""), str(refusal), value))

    def add(self, table: Table, fields: Fields, *, file: str, line: int) -> None:
        """Take in a row that states a fact; a second row of the same fact must say the same."""
        stated = StatedFact(table, fields, file=file, line=line)
        first = self.facts.get(stated.reference)
        if first is None:
            if not self._is_clash(stated):
                self.facts[stated.reference] = stated
        elif stated.says_the_same(first):
            first.complete(fields)
        else:
            self.refuse(
                f"{stated.reference} stands at {first.source} too, with other content; keep one", file=file, line=line
            )

    def add_reading(self, reading: StatedReading) -> None:
        """Take in a reading whose rows are all there."""
        self.facts[reading.reference] = reading

    def of_table(self, name: str) -> Iterator[StatedFact]:
        """Yield the facts that a table states."""
        return (stated for stated in self.facts.values() if stated.table is TABLES[name])

    def _is_clash(self, stated: StatedFact) -> bool:
        """Refuse a row that ids do not tell apart from another; return whether it was refused."""
        row_id = stated.row_id
        if row_id is None:
            first = self._by_key.get(stated.reference)
        else:
            key = stated.key_reference
            first = self._by_id.setdefault((stated.table.name, row_id), stated)
            if first is not stated:
                return self._refuse_clash(
                    stated, "id", f"{row_id!r} is another row at {first.source}; an id names one row"
                )
            first = self.facts.get(key)
            other = self._by_key.setdefault(key, stated)
            if stated.table.kind == "imaging" and other is not stated:
                study = f"{stated.fields['study']!r} stands at {other.source} too, under another id; keep one"
                return self._refuse_clash(stated, "study", study)
        if first is None:
            return False
        mixed = f"{first.source} has the same key, and only one of the two rows has an id; give both one"
        return self._refuse_clash(stated, "id", mixed)

    def _refuse_clash(self, stated: StatedFact, column: str, why: str) -> bool:
        self.refuse(f"{column}: {why}", file=stated.file, line=stated.line, column=column)
        return True
