"""The verbs of a mapping, each compiled into what reads one cell of ours from one row of a source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from registry.intake.sources.days_written import Read, Unread, day_reader, year_reader
from registry.intake.sources.findings import Findings
from registry.intake.sources.foreign_source import BOX, SourceField, SourceRow
from registry.intake.sources.mapping import Cell, Other, SourceRule
from registry.intake.sources.numbers_written import (
    finite,
    is_within,
    number_with_comma,
    number_with_point,
)
from registry.schema.tables import Column

CellOf = Callable[[SourceRow], str]  # the text of a cell, empty where nothing was recorded
DAYS: Final = ("day", "partial day", "partial-day")
NUMBERS: Final = ("number", "integer", "count")
CELLS_REMEMBERED: Final = 4096  # a field; most say what another row has said before
REMEMBERED_LENGTH: Final = 100  # characters of a value; longer ones are texts, and seldom twice the same
COMPLETE: Final = "complete"
LISTED: Final = ";"
UNNAMED: Final = (
    "is declared missing at the source ({0!r}), which is no reason of the protocol; declare it under missing there, or "
    "say which it is, as missing = {{ {1!r} = '' }}"
)


class Reading(NamedTuple):
    """What every cell of a source is read by: its rule, its fields, the reasons of the protocol, what is found."""

    rule: SourceRule
    fields: Mapping[str, SourceField]
    reasons: Mapping[str, str]
    findings: Findings
    has_typed_days: bool


def cell_of(cell: Cell, column: Column | None, reading: Reading) -> CellOf:
    """Return what reads the cell of a column; None is one that says whose a row is."""
    if cell.constant is not None:
        return FieldCell("", Meanings(None, empty=cell.constant), reading.findings)
    if cell.event is not None:
        return _of_event(cell.event, reading)
    if cell.instance:
        return lambda row: "" if row.instance is None else str(row.instance)
    if cell.checkbox is not None:
        return _of_boxes(cell, column, reading)
    if cell.year is not None:
        return _of_parts(cell, column, reading)
    several = [_of_field(name, cell, column, reading) for name in (cell.field, *cell.first) if name is not None]
    return several[0] if len(several) == 1 else _of_first(several, reading)


def is_missing(field: SourceField | None, reading: Reading) -> Callable[[str], bool]:
    """Return what says whether a value of a field stands for nothing, be there a reason or not."""
    words = {*(field.reasons if field else ()), *reading.rule.missing}
    ranges = field.missing_ranges if field else ()
    return lambda value: value in words or is_within(value, ranges)


def _of_first(several: Sequence[FieldCell], reading: Reading) -> CellOf:
    """Return what reads the first cell that says something; why a value is missing says less than any value."""
    reasons = reading.reasons

    def of(row: SourceRow) -> str:
        why = ""
        for one in several:
            said = one(row)
            if said and said not in reasons:
                return said
            why = why or said
        return why

    return of


class Meanings(dict[str, str]):
    """What a cell holds by the value of its field: each is found out once, as long as it means something.

    A value that cannot be read is no key of it, and neither is one that is `counted` each time that it is met.
    """

    def __init__(self, read: Read | None, *, empty: str = "", counted: Collection[str] = ()) -> None:
        super().__init__({"": empty})
        self._read, self._counted = read, counted

    def read(self, value: str) -> str | Unread:
        """Return what a value means, or why it cannot be read."""
        return value if self._read is None else self._read(value)

    def __missing__(self, value: str) -> str:
        text = self.read(value)
        if isinstance(text, Unread):
            raise KeyError(value)
        if len(value) <= REMEMBERED_LENGTH and len(self) < CELLS_REMEMBERED and value not in self._counted:
            self[value] = text
        return text


class FieldCell:
    """What reads a cell from one field, or a constant from none: the field's name, and what its values mean."""

    def __init__(self, name: str, meanings: Meanings, findings: Findings) -> None:
        self.name, self.meanings, self.findings = name, meanings, findings

    def __call__(self, row: SourceRow) -> str:
        """Return the text of the cell; what cannot be read is found, and empty."""
        value = row.values.get(self.name, "")
        try:
            return self.meanings[value]
        except KeyError:
            unread = self.meanings.read(value)
            assert isinstance(unread, Unread), "it would be known"
            self.findings.add(row, self.name, value, unread.why, kind=unread.kind)
            return ""


def _of_field(name: str, cell: Cell, column: Column | None, reading: Reading) -> FieldCell:
    field = reading.fields[name]
    unsaid = _unsaid(field, column, reading)
    count = _counting(field, column, reading, unsaid=unsaid)
    meanings = Meanings(_meaning(field, cell, column, reading, count=count), counted=unsaid)
    return FieldCell(name, meanings, reading.findings)


def _meaning(
    field: SourceField, cell: Cell, column: Column | None, reading: Reading, *, count: Callable[[str], None]
) -> Read | None:
    """Return what reads a value of a field, None where each stands as it is; what codes cover is not missing."""
    covered, ranges = cell.codes or {}, field.missing_ranges
    missing = {value: word for value, word in _missing(field, column, reading).items() if value not in covered}
    read = _reader(field, cell, column, reading) if cell.codes is None else _coded(cell.codes, cell.other)
    if read is None and not missing and not ranges:
        return None

    def meaning(value: str) -> str | Unread:
        if value in missing:
            word = missing[value]
            if word is None:
                return Unread(f"{value} unnamed", UNNAMED.format(field.reasons[value], value))
            count(value)
            return word
        if ranges and value not in covered and is_within(value, ranges):
            return ""
        return value if read is None else read(value)

    return meaning


def _coded(codes: Mapping[str, str], other: Other) -> Read:
    def word(value: str) -> str | Unread:
        found = codes.get(value)
        if found is None and other == "refuse":
            return Unread(f"{value} uncovered", "is covered by none of the codes")
        return found or ""

    return word


def _reader(field: SourceField, cell: Cell, column: Column | None, reading: Reading) -> Read | None:
    """Return what reads a value as its column holds it, or as the cell says; None where it stands as it is."""
    holds = cell.read_as or _held(column)
    of_days = partial(day_reader, reading.rule.dates, typed=reading.has_typed_days, of_days=field.holds == "day")
    if holds in DAYS:
        return of_days(partial=reading.rule.partial_dates if holds != "day" else None)
    if holds == "year":
        return year_reader(of_days())
    if holds not in NUMBERS:
        return finite if field.holds == "number" else None
    return number_with_comma if field.decimal == "," else number_with_point


def _held(column: Column | None) -> str:
    """Return what a column holds, or the measure that is taken under it."""
    if column is None:
        return "text"
    return column.holds if column.measure is None else column.measure.holds


def _missing(field: SourceField, column: Column | None, reading: Reading) -> dict[str, str | None]:
    """Return what a cell holds for each value that stands for nothing: the reason's word where it may hold one.

    It is None where the source declares a reason that the protocol has not, and the mapping does not say which it is.
    """
    words = {label.casefold(): word for word, label in reading.reasons.items()}
    words |= {word.casefold(): word for word in reading.reasons}
    takes_reasons = column is not None and column.measure is not None
    if not takes_reasons:
        return dict.fromkeys((*field.reasons, *reading.rule.missing), "")
    declared = {value: words.get(why.casefold()) if why else "" for value, why in field.reasons.items()}
    return declared | {value: words.get(why.casefold(), "") for value, why in reading.rule.missing.items()}


def _unsaid(field: SourceField, column: Column | None, reading: Reading) -> dict[str, str]:
    """Return the reasons, by value, that stand in a field and that its column cannot hold."""
    if column is not None and column.measure is not None:
        return {}
    return {value: why for value, why in {**field.reasons, **reading.rule.missing}.items() if why}


def _counting(
    field: SourceField, column: Column | None, reading: Reading, *, unsaid: Mapping[str, str]
) -> Callable[[str], None]:
    """Return what counts a value for a reason that its column cannot hold: it is left out, and not without a word."""
    name = "" if column is None else column.name

    def count(value: str) -> None:
        if value in unsaid:
            reading.findings.unsaid[field.name, unsaid[value], name] += 1

    return count


def _of_event(words: Mapping[str, str], reading: Reading) -> CellOf:
    def of(row: SourceRow) -> str:
        word = words.get(row.event)
        if word is None:
            reading.findings.add(row, "event", row.event, "is none of the events that have a word")
        return word or ""

    return of


def _of_boxes(cell: Cell, column: Column | None, reading: Reading) -> CellOf:
    """Return what reads the boxes of a checkbox: the words of those that are ticked."""
    group, codes = cell.checkbox or "", cell.codes or {}
    boxes = [(field.name, field) for field in reading.fields.values() if field.checkbox == group]
    form = next((field.form for _, field in boxes), "")
    words = {name: codes.get(name.removeprefix(group + BOX).lower(), codes.get(_code(field))) for name, field in boxes}
    missing = {name: _missing(field, column, reading) for name, field in boxes}
    counting = {
        name: _counting(field, column, reading, unsaid=_unsaid(field, column, reading)) for name, field in boxes
    }

    def of(row: SourceRow) -> str:
        for name, reasons in missing.items():
            value = row.values.get(name)
            if value is not None and value in reasons:
                word = reasons[value]
                if word is None:
                    why = UNNAMED.format(reading.fields[name].reasons[value], value)
                    reading.findings.add(row, name, value, why)
                counting[name](value)
                return word or ""
        ticked = [name for name, _ in boxes if row.values.get(name) == "1"]
        for name in ticked:
            if words[name] is None and cell.other == "refuse":
                why = f"is ticked, and codes have no word for {_code(reading.fields[name]) or name.split(BOX)[-1]}"
                reading.findings.add(row, name, "1", why)
        if ticked:
            return LISTED.join(word for name in ticked if (word := words[name]))
        is_complete = row.forms.get(form) == COMPLETE if row.forms else bool(row.values)
        return cell.none or "" if is_complete else ""

    return of


def _code(field: SourceField) -> str:
    return next(iter(field.codes), "")


def _of_parts(cell: Cell, column: Column | None, reading: Reading) -> CellOf:
    """Return what reads a partial day from its parts: as fine as they are there one after another."""
    named = [(name, width) for name, width in ((cell.year, 4), (cell.month, 2), (cell.day, 2)) if name is not None]
    parts = [(name, width, is_missing(reading.fields[name], reading)) for name, width in named]
    fields = [reading.fields[name] for name, _ in named]
    counting = [_counting(each, column, reading, unsaid=_unsaid(each, column, reading)) for each in fields]

    def of(row: SourceRow) -> str:
        said = [(name, row.values.get(name, ""), width) for name, width, _ in parts]
        for count, (_, value, _) in zip(counting, said):
            count(value)
        there = [bool(value) and not is_none(value) for (_, value, _), (_, _, is_none) in zip(said, parts)]
        n_there = there.index(False) if False in there else len(there)
        for (name, value, width), is_there in zip(said, there):
            if is_there and not _is_part(value, width):
                reading.findings.add(row, name, value, "is no part of a day", kind="no part of a day")
                return ""
        if True in there[n_there:]:
            name, value, _ = said[there.index(True, n_there)]
            reading.findings.add(row, name, value, f"stands without {said[n_there][0]}", kind="stands alone")
        return "-".join(value.zfill(width) for _, value, width in said[:n_there])

    return of


def _is_part(value: str, width: int) -> bool:
    return value.isascii() and value.isdigit() and (len(value) == width or (width == 2 and len(value) == 1))
