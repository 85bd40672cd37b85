"""Finding the tables of a batch among files and folders.

A folder is looked through, its subfolders are not. A file with the ending of a format must be a table, or a workbook of
tables; a file that is named like a table but has another ending is refused, because it would be missed silently;
everything else is left alone, and listed. So is a sheet that is no table, in a workbook with others that are, unless it
is named almost like one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count, islice
from os.path import realpath
from pathlib import Path
from typing import Final, NamedTuple

from registry.campaigns.sheets import CAMPAIGN_SHEET, MARK
from registry.domain.texts import TEXT_AT_MOST, has_unseen, is_one_line
from registry.errors import RefusalError, UnknownCodeError, UnreadableError
from registry.intake.lines import Lines
from registry.intake.parquet import parquet_lines
from registry.intake.text_files import csv_lines, tsv_lines
from registry.intake.workbooks import Workbook
from registry.places import Place, Problem
from registry.schema.fact_tables import FACT_TABLES
from registry.schema.tables import Table
from registry.spelling import nearest
from registry.wording import listed, visible

FORMATS: Final = {".csv": csv_lines, ".tsv": tsv_lines, ".parquet": parquet_lines}
WORKBOOK: Final = ".xlsx"
ENDINGS: Final = (
    *FORMATS,
    WORKBOOK,
)
DESCRIPTIONS: Final = frozenset({".md", ".json"})  # may be named like the table that they describe
ROWS_OF_FRONT: Final = 6  # of the first of a reader's sheets, which say what it is
TABLE_ORDER: Final = {name: number for number, name in enumerate(FACT_TABLES)}


class Source(NamedTuple):
    """One table of a batch: its name in places, the function that yields its lines, and the file that holds it."""

    name: str
    table: Table
    lines: Callable[[], Lines]
    file: Path


class Sources(NamedTuple):
    """What was found: tables in a fixed order, whatever the order of the paths; what was left alone; what is wrong.

    `files` are those that hold the tables; `known` are the tables that there can be.
    """

    known: Mapping[str, Table]
    tables: list[Source]
    ignored: list[str]
    problems: list[Problem]
    files: list[Path]


def find_sources(paths: Iterable[str | Path], known: Mapping[str, Table]) -> Sources:
    """Return the tables in files, and in the folders among them; `known` are those that there can be."""
    sources = Sources(known, [], [], [], [])
    files: dict[Path, Path] = {}
    for path in map(Path, paths):
        for file in _readable(path, sources):
            files.setdefault(Path(realpath(file)), file)  # of links in a circle it says what it can
    for file, name in zip(
        files.values(), names_in_places([file.parent.resolve() / file.name for file in files.values()]), strict=True
    ):
        before = len(sources.tables)
        _open(file, name, sources)
        if len(sources.tables) > before:
            sources.files.append(file)
    sources.tables.sort(key=lambda source: (TABLE_ORDER[source.table.name], source.name))
    return sources


def names_in_places(paths: Iterable[Path]) -> list[str]:
    """Return what each file is called in places, from full paths: its name, and as many folders as tell it from others.

    >>> names_in_places(map(Path, ("/in/berlin/2024/visits.csv", "/in/herne/2024/visits.csv", "/in/herne/flares.csv")))
    ['berlin/2024/visits.csv', 'herne/2024/visits.csv', 'flares.csv']
    """
    files = [*paths]
    names = [file.name for file in files]
    for n_folders in count(1):
        times = Counter(names)
        if len(times) == len(files):
            break
        names = [
            name if times[name] == 1 else "/".join(file.parts[-n_folders - 1 :])
            for name, file in zip(names, files, strict=True)
        ]
    return names


def _readable(path: Path, sources: Sources) -> list[Path]:
    """Return the files at a path that are to be read."""
    if path.is_dir():
        entries = sorted(path.iterdir())
        chosen = [entry for entry in entries if _is_meant(entry)]
        sources.ignored.extend(visible(entry.name) + "/" * entry.is_dir() for entry in entries if entry not in chosen)
        if not chosen:
            why = "no tables in this folder; name the files patients.csv, visits.csv, …"
            _refuse(visible(path.name or str(path)), why, sources)
        return chosen
    if not path.exists():
        _refuse(visible(str(path)), "no such file or folder", sources)
        return []
    return [path]


def _is_meant(entry: Path) -> bool:
    ending = entry.suffix.lower()
    if entry.name.startswith((".", "~$")):
        return False
    if ending in ENDINGS:
        return True
    return bool(ending) and ending not in DESCRIPTIONS and entry.name.split(".")[0].lower() in FACT_TABLES


def _open(file: Path, name: str, sources: Sources) -> None:
    ending = file.suffix.lower()
    if (strange := _strange_name(name)) is not None:
        _refuse(visible(name), strange, sources)
    elif file.is_dir():
        _refuse(name, "a folder; write one file", sources)
    elif not file.is_file():
        _refuse(name, "not a file but a pipe or a device; write a file", sources)
    elif ending == WORKBOOK:
        _open_workbook(file, name, sources)
    elif ending not in FORMATS:
        _refuse(name, f"{ending or 'no ending'} is not read; write {listed(ENDINGS)}", sources)
    elif file.stem.lower() not in sources.known:
        _refuse(name, UnknownCodeError("file", file.stem, sources.known, what="table"), sources)
    else:
        sources.tables.append(Source(name, sources.known[file.stem.lower()], partial(FORMATS[ending], file), file))


def _open_workbook(file: Path, name: str, sources: Sources) -> None:
    try:
        book = Workbook(file)
    except (UnreadableError, OSError) as error:
        _refuse(name, error, sources)
        return
    known = sources.known
    if (campaign := _campaign_of(book)) is not None:
        mend = f"read it by spondyl campaign import {campaign or 'NAME'} {name}"
        _refuse(visible(name), f"a reader's sheets of a campaign; {mend}", sources)
        return
    has_tables = any(_table_name(sheet) in known for sheet in book.sheets)
    for sheet in book.sheets:
        place = visible(f"{name}!{sheet}")
        if _table_name(sheet) in known and (strange := _strange_name(sheet)) is not None:
            _refuse(place, strange, sources)
        elif _table_name(sheet) in known:
            sources.tables.append(Source(place, known[_table_name(sheet)], partial(book.lines, sheet), file))
        elif (has_tables and nearest(_table_name(sheet), known) is None) or _is_empty(book, sheet):
            sources.ignored.append(place)
        else:
            _refuse(place, UnknownCodeError("sheet", sheet, known, what="table"), sources)


def _campaign_of(book: Workbook) -> str | None:
    """Return of which reading campaign a workbook has the sheets, empty where it does not say; None where of none."""
    try:
        rows = next((book.rows(sheet) for sheet in book.sheets if _table_name(sheet) == CAMPAIGN_SHEET), iter(()))
        said = [list(row.cells.values()) for row in islice(rows, ROWS_OF_FRONT)]
    except (UnreadableError, OSError):  # whoever reads the sheet says what is wrong with it
        return None
    if not said or said[0][0].strip() != MARK:
        return None
    return next((cells[1] for cells in said if cells[0].strip() == CAMPAIGN_SHEET and len(cells) > 1), "")


def _strange_name(name: str) -> str | None:
    """Return why a name cannot be kept with the facts of a batch, None where it can."""
    if len(name) > TEXT_AT_MOST:
        return f"a name of {len(name):,} characters; at most {TEXT_AT_MOST:,}, rename it"
    is_seen = is_one_line(name) and not has_unseen(name)
    return None if is_seen else "a name with signs that cannot be printed; rename it"


def _table_name(sheet: str) -> str:
    return sheet.strip().lower()


def _is_empty(book: Workbook, sheet: str) -> bool:
    try:
        return book.is_empty(sheet)
    except (UnreadableError, OSError):  # something is there, and it is no table
        return False


def _refuse(name: str, why: str | RefusalError | UnreadableError | OSError, sources: Sources) -> None:
    sources.problems.append(Problem(Place(name, 1), str(why), getattr(why, "value", None)))
