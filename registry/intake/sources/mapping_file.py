"""Reading a mapping from its TOML file: all that is wrong with it is told at once, by key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, get_args

from registry.catalogue.catalogue import Catalogue
from registry.intake.sources.days_written import SERIALS
from registry.intake.sources.mapping import (
    FIRST_EMPTY_ROW,
    FORM_STATUSES,
    KINDS,
    READ_AS,
    Cell,
    Kind,
    Mapping,
    Other,
    PatientRule,
    Pivot,
    SourceRule,
    TableRule,
    Unmapped,
    When,
)
from registry.schema.rows import RowReader
from registry.schema.tables import ID_COLUMN, tables_of
from registry.toml_keys import DefinitionError, Keys, top_of
from registry.wording import listed, shown

FORMAT: Final = 1
TABLES_AT_MOST: Final = 500
WORDS_AT_MOST: Final = 5_000  # codes of a field; a list of drugs may be long
REPEATS_AT_MOST: Final = 1_000
PATIENT: Final = "patient"
NOT_EMPTY: Final = "not-empty"
ABOUT_ROWS: Final = ("to", "each", "when", "repeat", "pivot", "key")  # of a table, what is no column
IN_TEXT: Final[tuple[Kind, ...]] = ("csv", "redcap")
OF_KINDS: Final[dict[str, tuple[Kind, ...]]] = {  # keys of a source that say something of some kinds alone
    "dictionary": ("redcap",),
    "events": ("redcap",),
    "arms": ("redcap",),
    "project": ("redcap",),
    "forms": ("redcap",),
    "shifted_dates": ("redcap",),
    "delimiter": IN_TEXT,
    "encoding": (*IN_TEXT, "sav", "dta", "xpt"),
    "decimal": (*IN_TEXT, "xlsx", "parquet", "sql"),
    "header_row": ("csv", "xlsx"),
    "until": ("csv", "xlsx"),
    "comment": ("csv",),
    "sheet": ("xlsx",),
}
HEADER_ROW_AT_MOST: Final = 1_000_000
SIGNS: Final = "dmYybBHMS"  # of strptime; the time of day is read and is no part of a day
ENCODING: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)


def mapping_of(text: bytes, file: str, catalogue: Catalogue) -> Mapping:
    """Return what a TOML text says, which is named as a file in messages. Raises `DefinitionError`."""
    keys = top_of(text, file, catalogue)
    keys.number("format", low=FORMAT, high=FORMAT)
    source, patient = keys.table("source"), keys.table("patient")
    for name, there in (("source", source), ("patient", patient)):
        if there is None:
            keys.wrong(name, f"is missing; write [{name}]")
    tables = [_table(table) for table in keys.tables("table", at_most=TABLES_AT_MOST)]
    if not tables and "table" not in keys.names():
        keys.wrong("table", "is missing; write [[table]] for each table that comes of the source")
    ignored = keys.labels("ignore", at_most=WORDS_AT_MOST)
    keys.end()
    of_source = None if source is None else _source(source)
    of_patient = None if patient is None else _patient(patient)
    if keys.problems or of_source is None or of_patient is None:
        raise DefinitionError(file, keys.problems)
    return Mapping(source=of_source, patient=of_patient, tables=tuple(tables), ignore=ignored)


def _source(keys: Keys) -> SourceRule:
    kind = keys.word("kind", KINDS)
    encoding = keys.perhaps("encoding") or None
    if encoding is not None and not ENCODING.fullmatch(encoding):
        keys.wrong("encoding", f"{shown(encoding)} is not the name of an encoding, as cp1252")
    decimal = keys.word("decimal", (".", ",")) if keys.there("decimal") else None
    header_row, above = _header_rows(keys)
    said = SourceRule(
        kind=kind,
        files=keys.texts("files") if kind != "sql" else (),
        dictionary=keys.perhaps("dictionary") or None,
        events=keys.perhaps("events") or None,
        arms=keys.perhaps("arms") or None,
        project=keys.perhaps("project") or None,
        delimiter=_delimiter(keys),
        encoding=encoding,
        decimal=decimal,
        header_row=header_row,
        header_rows_above=above,
        comment=keys.perhaps("comment") or None,
        sheet=keys.perhaps("sheet") or None,
        until=keys.word("until", (FIRST_EMPTY_ROW,)) if keys.there("until") else None,
        url_env=keys.line("url_env") if kind == "sql" else None,
        query=keys.text("query") if kind == "sql" else None,
        dates=_formats(keys, "dates"),
        partial_dates=_formats(keys, "partial_dates"),
        missing=_missing(keys),
        forms=keys.words("forms", FORM_STATUSES, ("complete", "unverified")),  # type: ignore[arg-type]
        unmapped=keys.word("unmapped", get_args(Unmapped), "refuse"),
        shifted_dates=keys.yes_no("shifted_dates", False),
    )
    for name, kinds in OF_KINDS.items():
        if keys.there(name) and kind not in kinds:
            keys.wrong(name, f"says nothing of {kind}; it is of {listed(kinds, 'and')}")
    keys.end()
    return said


def _header_rows(keys: Keys) -> tuple[int | None, int]:
    """Return the last row of the header, None where none is said, and how many rows above it are of it too."""
    if not keys.there("header_row"):
        return None, 0
    value = keys.value_of("header_row")
    if not isinstance(value, list):
        return keys.number("header_row", low=1, high=HEADER_ROW_AT_MOST), 0
    rows = keys.numbers("header_row", (1,), low=1, high=HEADER_ROW_AT_MOST)
    if not rows or rows[-1] - rows[0] != len(rows) - 1:
        keys.wrong("header_row", "names rows that do not follow one another; write one, or all, as [3, 4]")
    return (rows[-1], len(rows) - 1) if rows else (None, 0)


def _delimiter(keys: Keys) -> str | None:
    if not keys.there("delimiter"):
        return None
    said = keys.text("delimiter", "\t")
    if len(said) != 1 or said in '"\r\n':
        keys.wrong("delimiter", f'{shown(said)} is not one sign, as ";" or "\\t"')
        return None
    return said


def _missing(keys: Keys) -> dict[str, str]:
    """Return what stands for nothing, and the reason, empty where there is none."""
    words = keys.table("missing")
    return {} if words is None else {word: words.perhaps(word) for word in words.names()[:WORDS_AT_MOST]}


def _formats(keys: Keys, name: str) -> tuple[str, ...]:
    """Return how days are written, each in the signs of strptime, or as serial numbers of a spreadsheet."""
    said = keys.words(name)
    for each in said:
        signs = re.findall(r"%(.)", each)
        is_serial = each in SERIALS and name == "dates"
        if not is_serial and (not signs or len(set(signs)) < len(signs) or not set(signs) <= set(SIGNS)):
            use = "%d, %m, %b, %B, %Y and %y, with a time of day %H, %M and %S, each once"
            keys.wrong(name, f"{shown(each)} is no way to write a day; use {use}")
    return said


def _patient(keys: Keys) -> PatientRule:
    centre = keys.table("centre")
    said = PatientRule(
        field=keys.line("field"),
        mapped=keys.perhaps("mapped") or None,
        renamed=_renamed(keys),
        new=keys.words("new"),
        centre=None if centre is None else _cell(centre, "centre"),
    )
    keys.end()
    return said


def _renamed(keys: Keys) -> dict[str, str]:
    """Return what the source called patients before, by what it calls them now."""
    renamed = keys.labels("renamed", at_most=WORDS_AT_MOST)
    twice = [name for name, times in Counter(renamed.values()).items() if times > 1]
    if twice:
        keys.wrong("renamed", f"gives {shown(twice[0])} to several; of one patient the source has one name now")
    if renamed and keys.there("mapped"):
        file = keys.perhaps("mapped")
        keys.wrong("renamed", f"says nothing beside mapped; give the new name the old pseudonym in {file}")
    return renamed


def _table(keys: Keys) -> TableRule:
    known = tables_of(keys.catalogue)
    to = keys.word("to", tuple(known))
    each, instrument = keys.table("each"), None
    events: tuple[str, ...] | None = None
    if each is not None:
        events = each.words("events") if each.there("events") else None
        instrument = each.perhaps("instrument") or None
        each.end()
    repeat, pivot = _repeat(keys), _pivot(keys)
    when = tuple(_when(keys))
    key = keys.words("key")
    cells = _cells(keys)
    keys.end()
    if repeat is not None and pivot is not None:
        keys.wrong("", "has both repeat and pivot; write two tables")
    columns = [name for name in (*cells, *([pivot.to, "grade"] if pivot else [])) if "{" not in name]
    whose = [PATIENT] if PATIENT in known[to].columns else []  # a reading is of a study
    is_known = keys.value_of("to") == to  # else nobody knows of which table the columns are
    for problem in RowReader(known[to], [*whose, *columns], partial=True).problems if is_known else ():
        keys.wrong("", str(problem))
    return TableRule(
        to=to, cells=cells, events=events, instrument=instrument, when=when, repeat=repeat, pivot=pivot, key=key
    )


def _cells(keys: Keys) -> dict[str, Cell]:
    cells = {}
    for name in keys.names():
        if name not in ABOUT_ROWS:
            table = keys.table(name)
            assert table is not None, "it is named there"
            if name in (PATIENT, ID_COLUMN):
                table.wrong("", "is said by [patient] and by the source, and not here")
            cells[name] = _cell(table, name)
    return cells


def _cell(keys: Keys, name: str) -> Cell:
    coded = keys.there("codes")
    cell = Cell(
        field=keys.perhaps("field") or None,
        first=keys.words("first"),
        constant=keys.perhaps("constant") or None,
        checkbox=keys.perhaps("checkbox") or None,
        none=keys.perhaps("none") or None,
        codes=keys.labels("codes", at_most=WORDS_AT_MOST) if coded else None,
        other=keys.word("other", get_args(Other), "refuse"),
        read_as=keys.word("as", READ_AS) if keys.there("as") else None,
        unit=keys.perhaps("unit") or None,
        year=keys.perhaps("year") or None,
        month=keys.perhaps("month") or None,
        day=keys.perhaps("day") or None,
        event=keys.labels("event", at_most=WORDS_AT_MOST) if keys.there("event") else None,
        instance=keys.yes_no("instance", False),
    )
    keys.end()
    origins = (cell.field, cell.first, cell.constant, cell.checkbox, cell.year, cell.event, cell.instance)
    if sum(map(bool, origins)) != 1:
        keys.wrong("", "comes from nowhere or from several places; write one of field, first, constant, checkbox, "
                   "year, event and instance")  # fmt: skip
    if ((cell.month or cell.day) and not cell.year) or (cell.day and not cell.month):
        keys.wrong("", "a month needs a year, and a day a month")
    if (cell.codes or cell.other != "refuse") and not (cell.field or cell.first or cell.checkbox):
        keys.wrong("codes", "are of field, first and checkbox only")
    if cell.other != "refuse" and cell.codes is None:
        keys.wrong("other", "says what becomes of values without a code; write codes, or leave it out")
    if cell.none and not cell.checkbox:
        keys.wrong("none", "is of a checkbox only")
    if cell.checkbox and not cell.codes:
        keys.wrong("codes", "is missing; write a word for each box")
    return cell


def _when(keys: Keys) -> Iterator[When]:
    """Yield the conditions of a table: one, or a list of them that all hold."""
    value = keys.tables("when", at_most=50) if _is_list(keys, "when") else [keys.table("when")]
    for when in value:
        if when is None:
            continue
        field = when.line("field")
        values = tuple(when.texts("is")) if when.there("is") else None
        excluded: tuple[str, ...] | None = None
        not_empty = values is None
        if when.there("not"):
            said = when.perhaps("not") if not _is_list(when, "not") else when.texts("not")
            excluded = tuple(said) if isinstance(said, tuple) else ((said,) if said else None)
            not_empty = not_empty and excluded is None
        if when.there(NOT_EMPTY) and not when.yes_no(NOT_EMPTY, True):
            when.wrong(NOT_EMPTY, 'is true or left out; rows where the field is empty are is = [""]')
        if values is not None and excluded is not None:
            when.wrong("", "has both is and not; write one of them")
        when.end()
        yield When(field=field, values=values, excluded=excluded, not_empty=not_empty)


def _is_list(keys: Keys, name: str) -> bool:
    return isinstance(keys.value_of(name), list)


def _repeat(keys: Keys) -> tuple[str, tuple[str, ...]] | None:
    repeat = keys.table("repeat")
    if repeat is None:
        return None
    names = repeat.names()
    if len(names) != 1 or not names[0].isidentifier():
        repeat.wrong("", "has one name and its values, as { n = [1, 2, 3] }")
        return None
    values = repeat.value_of(names[0])
    if not isinstance(values, list) or not values or not all(isinstance(each, int | str) for each in values):
        repeat.wrong(names[0], "is not a list of numbers or words, as [1, 2, 3]")
        return None
    if len(values) > REPEATS_AT_MOST:
        repeat.wrong(names[0], f"has {len(values):,} values; {REPEATS_AT_MOST:,} at most")
    return names[0], tuple(map(str, values))


def _pivot(keys: Keys) -> Pivot | None:
    pivot = keys.table("pivot")
    if pivot is None:
        return None
    field, names = pivot.line("field"), pivot.labels("names", at_most=WORDS_AT_MOST)
    columns = [name for name in pivot.names() if name not in ("field", "names")]
    if len(columns) != 1:
        pivot.wrong("", 'has one column that tells the fields apart, as location = "{location}"')
        return None
    template = pivot.line(columns[0])
    variables = re.findall(r"\{(\w+)\}", field)
    pivot.end()
    if len(variables) != 1 or f"{{{variables[0]}}}" not in template:
        pivot.wrong("field", f"{shown(field)} does not have the part in braces that {columns[0]} has")
        return None
    return Pivot(variable=variables[0], to=columns[0], template=template, field=field, names=names)
