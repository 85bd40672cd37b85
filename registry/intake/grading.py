"""Readings from their long form: a row a location and item, all rows with one key one reading.

The rows of a reading may stand anywhere in the files. What is said of the whole reading (`read_on`, `seconds`, `id`)
must be the same on all of them, and a place can be graded once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from registry.errors import RefusalError
from registry.intake.batch import Batch
from registry.intake.stated import StatedReading, packed, unpacked
from registry.rows import Fields
from registry.stating import Slot, checked_grade, method_of, slot
from registry.tables import ID_COLUMN, TABLES

OF_THE_PLACE: Final = frozenset({"location", "item"})
OF_THE_WHOLE: Final = (ID_COLUMN, "read_on", "seconds")

Key = tuple[object, ...]


class Gradable(NamedTuple):
    """A place of a method, and the grades that it allows."""

    slot: Slot
    allowed: frozenset[int | None]


class Readings:
    """The readings of a batch while their rows come in."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._files: dict[str, int] = {}
        self._readings: dict[Key, StatedReading] = {}
        self._wholes: dict[Key, Fields] = {}
        self._key_of_id: dict[object, Key] = {}
        self._places: dict[Key, Gradable | RefusalError] = {}

    def add(self, fields: Fields, *, file: str, line: int) -> None:
        """Take in a row; what contradicts an earlier row, or the method, is refused."""
        key = (fields["study"], fields["reader"], fields["method"], fields.get("session"))
        reading = self._readings.get(key)
        try:
            if reading is None:
                reading = self._begin(key, fields, file=file, line=line)
            else:
                self._compare(key, fields, reading)
            self._grade(reading, fields, self._row(file, line))
        except RefusalError as refusal:
            self._batch.refuse(refusal, file=file, line=line)

    def finish(self) -> None:
        """Hand the readings to the batch."""
        for reading in self._readings.values():
            self._batch.add_reading(reading)

    def _begin(self, key: Key, fields: Fields, *, file: str, line: int) -> StatedReading:
        row_id = fields.get(ID_COLUMN)
        if row_id is not None:
            first = self._readings.get(self._key_of_id.setdefault(row_id, key))
            if first is not None:
                raise RefusalError(
                    f"id: {str(row_id)!r} is another reading at {first.source}; an id names one reading",
                    field=ID_COLUMN,
                )
        whole = {name: value for name, value in fields.items() if name not in OF_THE_PLACE}
        reading = StatedReading(TABLES["readings"], whole, file=file, line=line)
        self._readings[key], self._wholes[key] = reading, whole
        return reading

    def _compare(self, key: Key, fields: Fields, reading: StatedReading) -> None:
        whole = self._wholes[key]
        for name in OF_THE_WHOLE:
            if name in fields and fields[name] != whole.get(name):
                if name not in whole and name != ID_COLUMN:
                    whole[name] = fields[name]
                    reading.complete(whole)
                    continue
                here, there = (_shown(value) for value in (fields[name], whole.get(name)))
                raise RefusalError(
                    f"{name}: {here} here, {there} at {reading.source}; all rows of one reading have the same",
                    field=name,
                )

    def _grade(self, reading: StatedReading, fields: Fields, row: int) -> None:
        method, location, item = str(fields["method"]), str(fields["location"]), fields.get("item")
        place = self._place(method, location, None if item is None else str(item))
        grade = fields.get("grade")
        if grade not in place.allowed:
            checked_grade(method_of(method), location, None if item is None else str(item), int(str(grade)))
        rows = reading.rows[place.slot.item]
        if rows[place.slot.place]:
            first = unpacked(rows[place.slot.place], self._files)
            raise RefusalError(
                f"location: {location}{f' {item}' if item else ''} is graded at {first} already; keep one row",
                field="location",
            )
        rows[place.slot.place] = row
        reading.grades[place.slot.item][place.slot.place] = grade if isinstance(grade, int) else None

    def _place(self, method: str, location: str, item: str | None) -> Gradable:
        asked = (method, location, item)
        found = self._places.get(asked)
        if found is None:
            try:
                found = _gradable(method, location, item)
            except RefusalError as refusal:
                found = refusal
            self._places[asked] = found
        if isinstance(found, RefusalError):
            raise found
        return found

    def _row(self, file: str, line: int) -> int:
        return packed(self._files.setdefault(file, len(self._files)), line)


def _gradable(code: str, location: str, item: str | None) -> Gradable:
    method = method_of(code)
    place = slot(method, location, item)
    graded = next(known for known in method.items if (known.name or "") == (item or "").lower())
    return Gradable(place, frozenset((*graded.grades, None)))


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(str(value))
