"""The raw CSV of a project: rows by record, event and instance, each read by the forms that it can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import Line
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.redcap.describing_files import refuse_ragged
from registry.intake.sources.redcap.events import EVENTS_AT_MOST
from registry.intake.sources.redcap.fields import (
    EVENT,
    GROUP,
    OWN_LABELS,
    REPEAT_INSTANCE,
    REPEAT_INSTRUMENT,
    STRUCTURE,
    TIMESTAMP,
    Fields,
)
from registry.intake.sources.redcap.form_values import OF_LABELS
from registry.intake.sources.redcap.separators import separator_of
from registry.intake.sources.redcap.source_rows import RowMaker, RowPlace, instance_of
from registry.intake.text_files import delimited_lines
from registry.wording import shown

NAMED_AT_MOST: Final = 20


class Header(NamedTuple):
    """The columns of the data: the fields that are there, and the place of each column by its name."""

    fields: Mapping[str, SourceField]
    places: Mapping[str, int]


class FlatCsv(NamedTuple):
    """The data of a project in CSV; `separator` is what stands between its columns."""

    path: Path
    separator: str
    encoding: str

    @classmethod
    def of(cls, path: Path, fields: Fields, *, separator: str | None, encoding: str) -> FlatCsv:
        """Return the data in a file; what separates its columns is found where nobody says it."""
        return cls(path, separator or separator_of(path, {fields.record_id}, encoding=encoding), encoding)

    def lines(self) -> Iterator[Line]:
        """Yield the lines with something in them, the header first; a project without records has none."""
        lines = delimited_lines(self.path, self.separator, encoding=self.encoding)
        return (line for line in lines if any(map(str.strip, line.cells)))

    def header(self, fields: Fields) -> Header:
        """Return the columns. Raises `UnreadableError` where they are not those of the dictionary."""
        line = next(self.lines(), None)
        if line is None:
            return Header({name: field for name, field in fields.all.items() if not _is_optional(name)}, {})
        columns = [cell.strip() for cell in line.cells]
        _refuse_labels(columns, fields, line.number)
        _refuse_columns(columns, fields, line.number)
        return Header(fields.among(columns), {name: place for place, name in enumerate(columns)})

    def events(self, header: Header) -> dict[str, str]:
        """Return the events that the rows name, where no file of events says them. Raises `UnreadableError`."""
        found: dict[str, str] = {}
        if EVENT in header.places:
            place, lines = header.places[EVENT], self.lines()
            next(lines)
            for number, cells in lines:
                if place < len(cells) and cells[place] not in found:
                    found[cells[place]] = ""
                if len(found) > EVENTS_AT_MOST:
                    raise UnreadableError(number, f"more than {EVENTS_AT_MOST:,} events")
        return found


def csv_rows(data: FlatCsv, fields: Fields, events: Mapping[str, str], maker: RowMaker) -> Iterator[SourceRow]:
    """Yield the rows of the data. Raises `UnreadableError`."""
    header = data.header(fields)
    if header.places:
        reader, lines = _Rows(header, fields, events, maker), data.lines()
        next(lines)
        for line in lines:
            if (row := reader.of(line)) is not None:
                yield row


class _Rows:
    """How the cells of a line become a row: which columns each form has."""

    def __init__(self, header: Header, fields: Fields, events: Mapping[str, str], maker: RowMaker) -> None:
        self._places, self._events, self._maker = header.places, events, maker
        self._columns = tuple(header.places)
        self._record, self._group = header.places[fields.record_id], header.places.get(GROUP)
        self._forms: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._unsaid: dict[str, tuple[str, ...]] = {}  # what says nothing in a column: a box that nobody ticked
        beside = {fields.record_id, GROUP}
        for name, place in header.places.items():
            field = fields.all.get(name) or fields.missing_boxes.get(name)
            if field is not None and name not in beside:
                self._forms[field.form].append((name, place))
                self._unsaid[name] = ("", "0") if field.checkbox or field.holds == "form-status" else ("",)

    def of(self, line: Line) -> SourceRow | None:
        number, cells = line
        refuse_ragged(cells, self._columns, number)
        place = self._place(number, cells)
        forms = self._forms if not place.instrument else {place.instrument: self._forms[place.instrument]}
        said = {
            form: {name: text for name, column in columns if (text := cells[column])} for form, columns in forms.items()
        }
        if place.instrument:
            self._refuse_others(number, cells, place)
        return self._maker.row(place, said, line=number, group=self._cell(cells, GROUP))

    def _place(self, number: int, cells: Sequence[str]) -> RowPlace:
        record, event = cells[self._record].strip(), self._cell(cells, EVENT)
        if not record:
            raise UnreadableError(number, "a row without its record id")
        if event not in self._events and (event or self._events):
            raise UnreadableError(
                number, f"{EVENT}: {shown(event)} is none of the events; the events are another project's, or this is "
                f"{OF_LABELS}"
            )  # fmt: skip
        instrument, instance = self._cell(cells, REPEAT_INSTRUMENT), self._cell(cells, REPEAT_INSTANCE)
        if instrument and instrument not in self._forms:
            raise UnreadableError(
                number, f"{REPEAT_INSTRUMENT}: {shown(instrument)} is no form of the dictionary; is this {OF_LABELS}?"
            )
        if instrument and not instance:
            raise UnreadableError(number, f"{REPEAT_INSTANCE} is empty beside the form {instrument}")
        counted = instance_of(instance, what=REPEAT_INSTANCE, line=number) if instance else None
        return RowPlace(record, event, instrument, counted)

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else cells[place].strip()

    def _refuse_others(self, number: int, cells: Sequence[str], place: RowPlace) -> None:
        """Refuse a value of another form in a row of one instance, where it would be lost."""
        for form, columns in self._forms.items():
            if form != place.instrument:
                for name, column in columns:
                    if cells[column].strip() not in self._unsaid[name]:
                        raise UnreadableError(
                            number, f"{name} is of the form {form}, and the row is of {place.instrument}"
                        )


def _is_optional(name: str) -> bool:
    return name in OWN_LABELS or name.endswith(TIMESTAMP)


def _refuse_labels(columns: Sequence[str], fields: Fields, line: int) -> None:
    """Refuse an export whose header has the labels of fields for their names."""
    labels = {field.label.casefold() for field in fields.all.values() if field.label}
    if fields.record_id in columns:
        return
    if sum(column.casefold() in labels for column in columns) > len(columns) / 2 or columns[0].casefold() in labels:
        raise UnreadableError(line, f"this is {OF_LABELS}")
    raise UnreadableError(
        line, f"no column {fields.record_id}, the first field of the dictionary; the two are of different projects"
    )


def _refuse_columns(columns: Sequence[str], fields: Fields, line: int) -> None:
    """Refuse columns that the dictionary does not explain, and checkboxes of which some boxes are not there."""
    if len({*columns}) < len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        raise UnreadableError(line, f"the column {shown(twice)} stands twice")
    strange = [name for name in columns if name not in {*fields.all, *fields.missing_boxes, *STRUCTURE}]
    if strange:
        named = ", ".join(map(shown, strange[:NAMED_AT_MOST]))
        more = f" and {len(strange) - NAMED_AT_MOST:,} more" if len(strange) > NAMED_AT_MOST else ""
        raise UnreadableError(line, f"{named}{more}: not in the dictionary; the two are of different projects, or days")
    there = {*columns}
    groups = {field.checkbox for name, field in fields.all.items() if name in there and field.checkbox}
    for name, field in fields.all.items():
        if field.checkbox in groups and name not in there:
            raise UnreadableError(
                line, f"no column {name}, a box that the dictionary has; the two are of different days"
            )
