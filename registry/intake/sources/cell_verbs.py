"""The verbs of a mapping, each compiled into what reads one cell of ours from one row of a source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from registry.intake.sources.days_written import Read, UnreadDayError, day_reader
from registry.intake.sources.findings import Findings
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.mapping import Cell, SourceRule
from registry.schema.tables import Column, Table

CellOf = Callable[[SourceRow], str]  # the text of a cell, empty where nothing was recorded
COMMA: Final = re.compile(r"([<>]?\s*[-+]?\d+),(\d+)", re.ASCII)
COMPLETE: Final = "complete"
BOX: Final = "___"
LISTED: Final = ";"
NO_NUMBER_HERE: Final = "has a point, and decimals have a comma here"


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
        constant = cell.constant
        return lambda row: constant
    if cell.event is not None:
        return _of_event(cell.event, reading)
    if cell.instance:
        return lambda row: "" if row.instance is None else str(row.instance)
    if cell.checkbox is not None:
        return _of_boxes(cell, column, reading)
    if cell.year is not None:
        return _of_parts(cell, reading)
    several = [_of_field(name, cell, column, reading) for name in (cell.field, *cell.first) if name is not None]
    if len(several) == 1:
        return several[0]
    return lambda row: next(filter(None, (one(row) for one in several)), "")


def _of_field(name: str, cell: Cell, column: Column | None, reading: Reading) -> CellOf:
    """Return what reads a field: its missing values, its codes, and days and numbers as ours are written."""
    field = reading.fields[name]
    missing = _missing(field, column, reading)
    codes, read = cell.codes, _reader(field, cell, column, reading)
    add, to_missing = reading.findings.add, cell.other == "missing"

    def of(row: SourceRow) -> str:
        value = row.values.get(name, "")
        if not value:
            return ""
        if value in missing:
            return missing[value]
        if codes is not None:
            word = codes.get(value)
            if word is None and not to_missing:
                add(row, name, value, "is covered by none of the codes")
            return word or ""
        if read is None:
            return value
        try:
            return read(value)
        except UnreadDayError as why:
            add(row, name, value, str(why))
            return ""

    return of


def _reader(field: SourceField, cell: Cell, column: Column | None, reading: Reading) -> Read | None:
    """Return what reads a value as its column holds it, or as the cell says; None where it stands as it is."""
    holds = cell.read_as or (column.holds if column else "text")
    if cell.codes is not None:
        return None
    if holds in ("day", "partial day", "partial-day"):
        partial = reading.rule.partial_dates if holds != "day" else ()
        return day_reader(reading.rule.dates, partial=partial, typed=reading.has_typed_days)
    is_number = holds in ("number", "integer") or (column is not None and column.measure is not None)
    decimal = reading.rule.decimal or field.decimal
    return _with_point if is_number and decimal == "," else None


def _with_point(value: str) -> str:
    if "." in value and value.replace(".", "", 1).lstrip("<>+- ").isdigit():
        raise UnreadDayError(NO_NUMBER_HERE)
    matched = COMMA.fullmatch(value)
    return f"{matched[1]}.{matched[2]}" if matched else value


def _missing(field: SourceField, column: Column | None, reading: Reading) -> dict[str, str]:
    """Return what a cell holds for each value that stands for nothing: the reason's word where it may hold one."""
    said = {**field.reasons, **reading.rule.missing}
    takes_reasons = column is not None and column.measure is not None
    words = {**{label.casefold(): word for word, label in reading.reasons.items()}}
    words |= {word.casefold(): word for word in reading.reasons}
    return {value: words.get(reason.casefold(), "") if takes_reasons else "" for value, reason in said.items()}


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

    def of(row: SourceRow) -> str:
        for name, reasons in missing.items():
            value = row.values.get(name)
            if value is not None and value in reasons:
                return reasons[value]
        ticked = [name for name, _ in boxes if row.values.get(name) == "1"]
        for name in ticked:
            if words[name] is None:
                reading.findings.add(row, name, "1", f"is ticked, and codes have no word for {name.split(BOX)[-1]}")
        if ticked:
            return LISTED.join(word for name in ticked if (word := words[name]))
        is_complete = row.forms.get(form) == COMPLETE if row.forms else bool(row.values)
        return cell.none or "" if is_complete else ""

    return of


def _code(field: SourceField) -> str:
    return next(iter(field.codes), "")


def _of_parts(cell: Cell, reading: Reading) -> CellOf:
    """Return what reads a partial day from its parts: as fine as they are there one after another."""
    parts = [(name, width) for name, width in ((cell.year, 4), (cell.month, 2), (cell.day, 2)) if name is not None]

    def of(row: SourceRow) -> str:
        read: list[str] = []
        for name, width in parts:
            value = row.values.get(name, "")
            if not value or value in reading.rule.missing:
                break
            if not value.isascii() or not value.isdigit() or len(value) > width:
                reading.findings.add(row, name, value, "is no part of a day")
                return ""
            read.append(value.zfill(width))
        later = [name for name, _ in parts[len(read) :] if row.values.get(name, "") not in ("", *reading.rule.missing)]
        if later:
            reading.findings.add(row, later[0], row.values[later[0]], f"stands without {parts[len(read)][0]}")
        return "-".join(read)

    return of


def column_of(table: Table, name: str) -> Column | None:
    """Return the column of a table by name."""
    return table.columns.get(name)
