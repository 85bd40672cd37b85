"""Templates: an empty, commented file for every table, which imports as it is and records nothing."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.errors import RefusalError
from registry.new_files import made_folder, new_file
from registry.schema.tables import Column, Table, tables_of

HOLDS: Final = {
    "pseudonym": "1 to 64 of A-Z a-z 0-9 . _ -",
    "day": "YYYY-MM-DD",
    "partial day": "YYYY-MM-DD, YYYY-MM or YYYY",
    "year": "YYYY",
    "integer": "a whole number",
    "number": "a number with a decimal point",
    "agent": "international name, synonym, product or ATC code, e.g. infliximab",
    "product": "name of a product, e.g. Remsima; one that stands as agent is said already",
}
WORDS_AT_MOST: Final = 50  # in a comment; the agents are hundreds


def write_templates(folder: str | Path, *, catalogue: Catalogue = BUILT_IN) -> list[Path]:
    """Write `patients.csv`, `visits.csv`, … into a folder, made where it is not there; return their paths.

    They have the columns of a catalogue, of a registry's own by `Registry.catalogue`.
    Above the header, `#` comments say what each column holds and give an example. Raises `RefusalError` where any of
    the files is there already, be it a link; then none is written. Raises `UnwritableError` where the system refuses.
    """
    folder = Path(folder)
    paths = {folder / f"{table.name}.csv": table for table in tables_of(catalogue).values()}
    present = [path.name for path in paths if os.path.lexists(path)]
    if present:
        raise RefusalError(f"{', '.join(present)}: in {folder} already, and never overwritten; choose another folder")
    made_folder(folder)
    for path, table in paths.items():
        with new_file(path) as file:
            file.write(template(table).encode())
    return list(paths)


def template(table: Table) -> str:
    """Return the commented, empty file of a table."""
    return "\n".join((*_comments(table), _as_line(list(table.columns)), ""))


def _comments(table: Table) -> Iterator[str]:
    yield f"# {table.name}; key: {', '.join(table.key)}"
    yield "# An empty cell means not recorded. Columns may be left out, unless required, and stand in any order."
    reasons = table.catalogue.missing_reasons
    if reasons and any(column.measure for column in table.columns.values()):
        said = "; ".join(f"{code}: {meaning}" for code, meaning in reasons.items())
        yield f"# A measure that was not taken may say why: {said}."
    for column in table.columns.values():
        yield f"# {column.name}{' (required)' if column.required else ''}: {'; '.join(_said_of(column))}"
    example = list(table.example)
    yield f"# For example, with {len(example)} of the columns:"
    yield f"# {_as_line(example)}"
    yield f"# {_as_line([table.example[name] for name in example])}"


def _said_of(column: Column) -> Iterator[str]:
    yield column.meaning
    if column.holds in HOLDS:
        yield HOLDS[column.holds]
    if (measure := column.measure) is not None:
        others = " or ".join(f"{column.name} [{unit}]" for unit in measure.units[1:])
        if others:
            yield f"also {others}"
        if measure.laboratory:
            yield "may carry < or >"
        yield from (f"{code}: {label}" for code, label in measure.codes.items() if label != code)
        yield from (f"{code} until {day}" for code, day in measure.ended_codes.items())
        if measure.until:
            yield f"taken until {measure.until}"
    if column.words:
        more = ", …" if len(column.words) > WORDS_AT_MOST else ""
        yield ", ".join(column.words[:WORDS_AT_MOST]) + more
    if column.holds.endswith("words"):
        yield "several separated by ;"


def _as_line(cells: list[str]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
