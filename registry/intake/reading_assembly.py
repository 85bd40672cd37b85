"""Assembles readings from their long form: a row a location and item, all rows with one key one reading.

The rows of a reading may stand anywhere in the files. What is said of the whole reading (`read_on`, `seconds`, `id`)
must be the same on all of them, and a place can be graded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.catalogue.imaging.places import address_of
from registry.domain.references import reference
from registry.errors import RefusalError
from registry.intake.batch import Batch
from registry.intake.staged_fact import NO_OTHER_WORDS, StagedReading
from registry.schema.field_mapping import Slot, checked_grade, fact_reference, method_of, slot
from registry.schema.rows import Fields
from registry.schema.tables import ID_COLUMN, Table

OF_THE_PLACE: Final = frozenset({"location", "item"})
GRADE: Final = "grade"
OF_THE_WHOLE: Final = (ID_COLUMN, "read_on", "seconds")
PLACES_REMEMBERED: Final = 4_096  # of all methods together there are some thousand; the others are mistakes
OPEN_AT_MOST: Final = 2_000  # readings; of most, the rows stand together

Key = tuple[object, ...]


class Gradable(NamedTuple):
    """A place of a method, and the grades that it allows."""

    slot: Slot
    allowed: frozenset[int | None]


class ReadingAssembly:
    """The readings of a batch while their rows come in."""

    def __init__(self, batch: Batch, table: Table) -> None:
        self._batch, self._staging, self._table = batch, batch.staging, table
        self._open: dict[Key, StagedReading] = {}  # those that rows were about last, the others are in the staging
        self._places: dict[Key, Gradable | RefusalError] = {}

    def add(self, fields: Fields, *, file: str, line: int, own: Mapping[str, str] = NO_OTHER_WORDS) -> None:
        """Take in a row; what contradicts an earlier row, or the method, is refused.

        Of its own words those of the whole reading are kept, as the first of its rows has them.
        """
        key = (fields["study"], fields["reader"], fields["method"], fields.get("session"))
        reading = self._open.get(key)
        row = self._staging.row(file, line)
        try:
            if reading is None:
                reading = self._opened(key, fields, row, own)
            self._compare(fields, reading, own)
            self._grade(reading, fields, row)
        except RefusalError as refusal:
            self._batch.refuse(refusal, file=file, line=line)

    def finish(self) -> None:
        """Hand the readings to the batch."""
        self._put_away(0)

    def _opened(self, key: Key, fields: Fields, row: int, own: Mapping[str, str]) -> StagedReading:
        """Return the reading of a row, as far as it is known, or begun by the row."""
        if len(self._open) >= OPEN_AT_MOST:
            self._put_away(OPEN_AT_MOST // 2)
        self._open[key] = reading = self._known(fields) or self._begun(fields, row, own)
        return reading

    def _put_away(self, left: int) -> None:
        """Put readings into the staging, those that were opened first, until so many are left."""
        for key in list(self._open)[: len(self._open) - left]:
            reading = self._open.pop(key)
            self._staging.keep(reading)
            self._staging.claim(reading.key_identity, self._staging.row(reading.file, reading.line))

    def _known(self, fields: Fields) -> StagedReading | None:
        name = fact_reference(self._table, {**fields, ID_COLUMN: None})
        same_key = self._staging.facts("WHERE row = (SELECT row FROM claims WHERE name = ?)", name)
        return next((staged for _, staged in same_key if isinstance(staged, StagedReading)), None)

    def _begun(self, fields: Fields, row: int, own: Mapping[str, str]) -> StagedReading:
        row_id = fields.get(ID_COLUMN)
        if row_id is not None:
            first = self._staging.claim(reference("reading", row_id=str(row_id)), row)
            if first is not None:
                raise RefusalError(
                    f"id: {str(row_id)!r} is another reading at {first}; an id names one reading", field=ID_COLUMN
                )
        whole = {name: value for name, value in fields.items() if name not in OF_THE_PLACE}
        words = {name: text for name, text in own.items() if name in whole and name != GRADE}
        file, line = self._staging.place(row)
        return StagedReading(self._table, whole, file=file, line=line, own=words)

    def _compare(self, fields: Fields, reading: StagedReading, own: Mapping[str, str]) -> None:
        for name in OF_THE_WHOLE:
            if name in fields and fields[name] != reading.value(name):
                if reading.lacks(name) and name != ID_COLUMN:
                    reading.complete({name: fields[name]}, own)
                    continue
                here, there = (_shown(value) for value in (fields[name], reading.value(name)))
                raise RefusalError(
                    f"{name}: {here} here, {there} at {reading.source}; all rows of one reading have the same",
                    field=name,
                )

    def _grade(self, reading: StagedReading, fields: Fields, row: int) -> None:
        method, location = str(fields["method"]), str(fields["location"])
        item = None if fields.get("item") is None else str(fields["item"])
        place = self._place(method, location, item)
        grade = fields.get("grade")
        if grade not in place.allowed:
            checked_grade(method_of(self._table.catalogue, method), location, item, int(str(grade)))
        rows = reading.rows[place.slot.item]
        if rows[place.slot.place]:
            first = self._staging.source(rows[place.slot.place])
            raise RefusalError(
                f"location: {address_of(location, item)} is graded at {first} already; keep one row",
                field="location",
            )
        rows[place.slot.place] = row
        reading.grades[place.slot.item][place.slot.place] = grade if isinstance(grade, int) else None

    def _place(self, method: str, location: str, item: str | None) -> Gradable:
        asked = (method, location, item)
        place = self._places.get(asked)
        if place is None:
            try:
                place = _gradable(method_of(self._table.catalogue, method), location, item)
            except RefusalError as refusal:
                place = refusal
            if len(self._places) < PLACES_REMEMBERED:
                self._places[asked] = place
        if isinstance(place, RefusalError):
            raise place.with_traceback(None)  # else it would remember each row for which it was raised
        return place


def _gradable(method: Method, location: str, item: str | None) -> Gradable:
    place = slot(method, location, item)
    graded = next(known for known in method.items if (known.name or ONLY_ITEM) == place.item)
    return Gradable(place, frozenset((*graded.grades_in(method.locations[place.place].part), None)))


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(str(value))
