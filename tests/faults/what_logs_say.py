"""What stands in a log, read from its table of events and by nothing of the registry, in the form of a file's rows."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from tests.faults.what_files_say import OTHER_UNITS, Row

TABLE_OF: Final = {
    "patient": "patients",
    "follow-up": "follow_ups",
    "visit": "visits",
    "treatment": "treatments",
    "flare": "flares",
    "event": "adverse_events",
    "imaging": "imaging",
    "reading": "readings",
    "lesion": "lesions",
}
UNITS: Final = (  # the places of the method `berlin`, in its order
    *(f"C{n}/{n + 1}" for n in range(2, 7)), "C7/T1", *(f"T{n}/{n + 1}" for n in range(1, 12)), "T12/L1",
    *(f"L{n}/{n + 1}" for n in range(1, 5)), "L5/S1",
)  # fmt: skip
NO_COLUMNS: Final = ("grades", "measures", "method_version")

Said = tuple[str, tuple[tuple[str, str], ...]]  # a table, and its columns with what they say, in the order of names


def rows_in(path: Path) -> list[Row]:
    """Return the facts that stand in a registry's file, each as the last event about it states it."""
    with closing(sqlite3.connect(path)) as connection:
        payloads = [json.loads(text) for (text,) in connection.execute("SELECT payload FROM events ORDER BY position")]
    last = {payload["fact"]: payload for payload in payloads if "fact" in payload}
    return [row for payload in last.values() for row in _rows(payload)]


def everything_in(path: Path) -> str:
    """Return all that a registry's file holds, every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def said(rows: Iterable[Row]) -> set[Said]:
    """Return what rows say, without their places: rows that say the same are one, and so are spellings of a value.

    A row of a reading says that the reading is there, and its grade at a location if it has one.
    """
    return {(row.table, _plain_cells(cells)) for row in rows for cells in _statements(row)}


def _statements(row: Row) -> Iterator[dict[str, str]]:
    if row.table != "readings":
        yield row.cells
        return
    yield {name: text for name, text in row.cells.items() if name not in ("location", "item", "grade")}
    if "grade" in row.cells:
        yield row.cells


def _plain_cells(cells: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, text in cells.items() if (value := _plain(text))))


def _rows(payload: dict[str, Any]) -> Iterator[Row]:
    table, statement = TABLE_OF[payload["fact"].partition("/")[0]], payload["statement"]
    stated = {name: value for name, value in statement.items() if name not in NO_COLUMNS}
    cells = {name: _text(value) for name, value in stated.items() if value not in (None, [])}
    if table != "readings":
        cells["patient"] = payload["patient"]
    for taken in statement.get("measures", ()):
        cells[taken["measure"]] = taken.get("comparator", "") + taken["value"]
        if taken["unit"] in OTHER_UNITS:
            cells[f"unit of {taken['measure']}"] = taken["unit"]
    grades = statement.get("grades", {}).get("grade", ())
    for place, grade in zip(UNITS, grades):
        if grade is not None:
            yield Row(table, "", {**cells, "location": place, "grade": str(grade)})
    if not any(grade is not None for grade in grades):
        yield Row(table, payload["source"], cells)


def _text(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(text: str) -> str:
    """Return a value so that spellings of it are alike: of a number, of words in any order, of any case."""
    words = sorted(" ".join(unicodedata.normalize("NFC", word).split()).casefold() for word in text.split(";"))
    return ";".join(_number(word) for word in words if word)


def _number(word: str) -> str:
    mark = word[:1] if word[:1] in "<>" else ""
    try:
        value = Decimal(word.removeprefix(mark).strip())
    except InvalidOperation:
        return word
    return mark + format(value.normalize() + 0, "f") if value.is_finite() else word
