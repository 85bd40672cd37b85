"""What a file may do to the registry by accident or on purpose: every file is stored, or refused at its place."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections.export import export
from registry import Registry
from registry.intake import import_batch, lines
from tests.registry.intake.batches import IMAGING, PATIENTS, folder_of, only, problems, statement

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "intake.md"


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def workbook(folder: Path, rows: list[list[object]], sheet: str = "patients") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(folder / "batch.xlsx")
    return folder / "batch.xlsx"


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a workbook anew, each of its parts changed."""
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, change(name, content))
    return path


# huge


def test_a_huge_cell_is_refused_at_its_row(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on,centre\nP-1,2020-01-01," + b"x" * 1_000_001)

    (problem,) = problems(registry, path)
    assert problem.startswith("patients.csv:2: a cell of more than 1,000,000 characters")


def test_a_text_of_a_million_characters_is_refused_in_a_short_message(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on,centre\nP-1,2020-01-01," + b"x" * 1_000_000)

    (problem,) = problems(registry, path)
    assert problem.startswith("patients.csv:2:centre: text of 1000000 characters is outside 1 to 1000")


@pytest.mark.parametrize("cell", ["x" * 900_000, "x" + " " * 900_000 + "[", "[" * 900_000])
def test_a_huge_header_is_refused_at_once_in_a_short_message(registry: Registry, tmp_path: Path, cell: str) -> None:
    path = written(tmp_path, "patients.csv", f"patient,enrolled_on,{cell}\nP-1,2020-01-01,".encode())

    (problem,) = problems(registry, path)
    assert problem.startswith("patients.csv:1:")
    assert "is not a known column" in problem
    assert len(problem) < 1000


def test_a_million_columns_are_refused_once(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on" + b",x" * 999_998 + b"\n")

    assert problems(registry, path) == ["patients.csv:1: 1,000,000 columns; a table has at most 2,000"]


def test_a_row_of_a_million_cells_is_refused_at_its_line(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", PATIENTS.strip().encode() + b"\nP-3,2020-01-01" + b",x" * 999_998)

    (problem,) = problems(registry, path)
    assert problem.startswith("patients.csv:4: 1000000 cells under 2 columns")


def test_a_line_without_end_is_refused(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on\n" + b"x" * (lines.LINE_AT_MOST + 1))

    (problem,) = problems(registry, path)
    assert problem == "patients.csv:2: a line of 16,000,000 characters or more; this is no table"


# workbooks


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(
    registry: Registry, tmp_path: Path
) -> None:
    path = workbook(tmp_path, [["patient", "enrolled_on"], ["P-1", "2020-01-01"]])
    with ZipFile(path, "a", ZIP_DEFLATED, compresslevel=1) as parts, parts.open("xl/media/image1.png", "w") as part:
        for _ in range(lines.WORKBOOK_AT_MOST // 2**24 + 1):
            part.write(bytes(2**24))

    (problem,) = problems(registry, path)
    assert problem.startswith("batch.xlsx:1: 285,")
    assert problem.endswith("bytes once unpacked; a workbook has at most 268,435,456, write .csv")


def test_a_part_that_is_longer_than_it_says_is_refused(registry: Registry, tmp_path: Path) -> None:
    path = workbook(tmp_path, [["patient", "enrolled_on"], ["P-1", "2020-01-01"]])
    with ZipFile(path, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet2.xml", bytes(100_000))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 100_000), struct.pack("<I", 100)))

    (problem,) = problems(registry, path)
    assert problem.startswith("batch.xlsx:1: not readable as an XLSX workbook (")


@pytest.mark.parametrize(
    ("far", "what"),
    [
        ("XFD1048576", "a cell in column 16,384; a table has at most 2,000 columns"),
        ("A99999999", "99,999,999 rows; a sheet has at most 1,048,576"),
        ("BZ1048576", "1,048,576 rows of 78 columns; a sheet has at most 20,000,000 cells, empty ones among them"),
    ],
)
def test_a_cell_far_from_all_others_is_refused_before_the_sheet_fills_the_memory(
    registry: Registry, tmp_path: Path, far: str, what: str
) -> None:
    path = workbook(tmp_path, [["patient", "enrolled_on"], ["P-1", "2020-01-01"]])

    (problem,) = problems(registry, repacked(path, lambda _, part: part.replace(b'r="B2"', f'r="{far}"'.encode())))
    assert what in problem


def test_cells_without_references_are_counted(registry: Registry, tmp_path: Path) -> None:
    path = workbook(tmp_path, [["patient", "enrolled_on"], ["P-1", "2020-01-01"]])
    many = b"<row>" + b"<c/>" * 2001 + b"</row></sheetData>"

    (problem,) = problems(registry, repacked(path, lambda _, part: part.replace(b"</sheetData>", many)))
    assert "a cell in column 2,001; a table has at most 2,000 columns" in problem


def test_a_workbook_that_names_entities_of_its_own_is_not_blown_up(registry: Registry, tmp_path: Path) -> None:
    path = workbook(tmp_path, [["patient", "enrolled_on"], ["P-1", "2020-01-01"]])
    laughs = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'

    found = problems(
        registry, repacked(path, lambda _, part: part.replace(b"<worksheet", laughs).replace(b"P-1", b"&b;"))
    )
    assert all(problem.startswith("batch.xlsx") for problem in found)


def test_a_formula_in_a_workbook_is_read_by_the_value_that_it_showed_and_never_calculated(
    registry: Registry, tmp_path: Path
) -> None:
    path = workbook(tmp_path, [["patient", "enrolled_on"], ["P-1", "=DATE(2020;1;1)"]])

    (problem,) = problems(registry, path)
    assert problem.startswith("batch.xlsx!patients:2:enrolled_on: '=DATE(2020;1;1)' is not a day")


# text that is none, or strange


MENDED = 'save it as UTF-8, or read it by a mapping with kind = "csv" and encoding = "{}"'


@pytest.mark.parametrize(
    ("encoding", "mend"),
    [
        ("utf-16", MENDED.format("utf-16")),
        ("utf-16-be", "save it as UTF-8"),
        ("utf-32", MENDED.format("utf-32")),
    ],
)
def test_another_encoding_with_nul_bytes_is_refused(
    registry: Registry, tmp_path: Path, encoding: str, mend: str
) -> None:
    path = written(tmp_path, "patients.csv", "patient,enrolled_on\nP-1,2020-01-01\n".encode(encoding))

    (problem,) = problems(registry, path)
    assert problem.startswith("patients.csv:1: ")
    assert problem.endswith(mend)


def test_a_single_latin_1_byte_is_refused_at_its_line(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", "patient,enrolled_on,centre\nP-1,2020-01-01,Würzburg\n".encode("latin-1"))

    (problem,) = problems(registry, path)
    assert problem.startswith("patients.csv:2: byte 0xfc at place 17 of the line is not UTF-8")


def test_a_nul_byte_is_refused_at_its_line(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on,centre\nP-1,2020-01-01,a\0b\n")

    assert problems(registry, path) == ["patients.csv:2: a NUL byte; this is no text, save it as UTF-8"]


def test_a_nul_in_a_parquet_text_is_refused_at_its_cell(registry: Registry, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "centre": ["a\0b"]}), tmp_path / "patients.parquet"
    )

    (problem,) = problems(registry, tmp_path / "patients.parquet")
    assert problem.startswith(r"patients.parquet:2:centre: 'a\x00b' is not printable text")


def test_mixed_line_ends_are_line_ends(registry: Registry, tmp_path: Path) -> None:
    path = written(
        tmp_path, "patients.csv", b"patient,enrolled_on\r\nP-1,2020-01-01\nP-2,2020-01-02\rP-3,2020-01-03\r\n"
    )

    assert import_batch(registry, path).events == 3


def test_right_to_left_text_is_kept_and_its_direction_marks_are_refused(registry: Registry, tmp_path: Path) -> None:
    flares = "patient,started_on,note\nP-1,2020-02-01,התלקחות קשה"
    import_batch(registry, only(tmp_path, flares=flares))

    assert statement(registry, "flare/P-1/2020-02-01")["note"] == "התלקחות קשה"
    (problem,) = problems(registry, only(tmp_path, flares=flares.replace("ה", "\u202e")))
    assert problem.startswith("flares.csv:2:note: ")
    assert "\u202e" not in problem


def test_a_column_that_stands_twice_is_refused(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on,Patient\nP-1,2020-01-01,P-1\n")

    assert problems(registry, path) == ["patients.csv:1:patient: column patient stands twice; remove one"]


@pytest.mark.parametrize("day", ["2003-02-30", "2003-02-29", "0000-01-01", "2003-13-01", "2003-1-1", "٢٠٠٣-٠١-٠١"])
def test_a_day_that_no_calendar_has_is_refused(registry: Registry, tmp_path: Path, day: str) -> None:
    (problem,) = problems(registry, only(tmp_path, visits=f"patient,visited_on\nP-1,{day}"))

    assert problem == f"visits.csv:2:visited_on: '{day}' is not a day of the calendar; write YYYY-MM-DD"


@pytest.mark.parametrize(
    "number", ["1e400", "NaN", "nan", "inf", "-inf", "1_000", "0x10", "٣", "1e30", "--1", "1" * 400]
)
def test_a_number_that_is_none_is_refused(registry: Registry, tmp_path: Path, number: str) -> None:
    (problem,) = problems(registry, only(tmp_path, visits=f"patient,visited_on,crp\nP-1,2020-01-15,{number}"))

    assert problem.startswith("visits.csv:2:crp: ")
    assert len(problem) < 200


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e308, 5e-324, -1.0])
def test_a_number_in_parquet_that_is_none_is_refused(registry: Registry, tmp_path: Path, number: float) -> None:
    folder = only(tmp_path)
    pq.write_table(
        pa.table({"patient": ["P-1"], "visited_on": ["2020-01-15"], "crp": [number]}), folder / "visits.parquet"
    )

    (problem,) = problems(registry, folder)
    assert problem.startswith("visits.parquet:2:crp: ")


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_an_instant_that_no_calendar_has_is_refused(registry: Registry, tmp_path: Path, unit: str) -> None:
    days = pa.array([2**62], pa.timestamp(unit))
    pq.write_table(pa.table({"patient": ["P-1"], "enrolled_on": days}), tmp_path / "patients.parquet")

    (problem,) = problems(registry, tmp_path / "patients.parquet")
    assert problem.startswith("patients.parquet:")


def test_text_in_parquet_that_is_not_utf_8_is_refused(registry: Registry, tmp_path: Path) -> None:
    raw = pa.array([b"\xff\xfe"], pa.binary())
    centre = pa.Array.from_buffers(pa.string(), 1, raw.buffers())
    pq.write_table(
        pa.table({"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "centre": centre}), tmp_path / "patients.parquet"
    )

    (problem,) = problems(registry, tmp_path / "patients.parquet")
    assert problem.startswith("patients.parquet:")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_that_nobody_writes_to_is_refused_and_not_waited_for(registry: Registry, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "patients.csv")

    (problem,) = problems(registry, tmp_path)
    assert problem == "patients.csv:1: not a file but a pipe or a device; write a file"


# codes that would be something else elsewhere

NASTY = (
    "../../etc/passwd",
    "R1'; DROP TABLE events; --",
    'R"1',
    "=cmd|' /C calc'!A0",
    "%s%n",
    "R1/R2",
    "a\\b",
    "${HOME}",
)


def test_a_code_like_a_path_or_a_statement_is_stored_as_it_is(registry: Registry, tmp_path: Path) -> None:
    rows = [f'MR-1,"{reader.replace(chr(34), chr(34) * 2)}",berlin,C2/3,{n % 4}' for n, reader in enumerate(NASTY)]
    report = import_batch(registry, only(tmp_path, readings="\n".join(["study,reader,method,location,grade", *rows])))

    facts = [change.reference for change in report.changes if change.reference.startswith("reading/")]
    assert {registry.history(fact)[0].statement["reader"] for fact in facts} == set(NASTY)
    assert registry.verify().is_whole


@pytest.mark.parametrize("code", ["../P-1", "P-1'--", "P/1", "C:\\P", "P 1", "=P1"])
def test_a_pseudonym_like_a_path_or_a_formula_is_refused_and_not_repeated(
    registry: Registry, tmp_path: Path, code: str
) -> None:
    (problem,) = problems(registry, folder_of(tmp_path, patients=f"patient,enrolled_on\n{code},2020-01-01"))

    assert problem.startswith("patients.csv:2:patient: patient must be 1 to 64 of A-Z a-z 0-9")
    assert code not in problem


def test_no_file_of_an_export_is_named_by_what_was_imported(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, imaging=IMAGING))
    before = {path.relative_to(tmp_path / "plain") for path in _exported(registry, tmp_path / "plain")}

    rows = [f'MR-1,"{reader.replace(chr(34), chr(34) * 2)}",berlin,C2/3,1' for reader in NASTY]
    import_batch(registry, only(tmp_path, readings="\n".join(["study,reader,method,location,grade", *rows])))

    assert {path.relative_to(tmp_path / "nasty") for path in _exported(registry, tmp_path / "nasty")} == before


def _exported(registry: Registry, out: Path) -> list[Path]:
    export(registry, out)
    return list(out.rglob("*"))


# the header's fault hides no row's


def test_a_fault_in_a_header_does_not_hide_the_faults_of_the_rows(registry: Registry, tmp_path: Path) -> None:
    visits = "patient,visited_on,crq,esr\nP-1,2020-02-30,5,12\nP-1,2020-01-15,x,twelve\nP-1,2020-01-16,x"

    assert [problem.split(": ")[0] for problem in problems(registry, only(tmp_path, visits=visits))] == [
        "visits.csv:1:crq",
        "visits.csv:2:visited_on",
        "visits.csv:3:esr",
        "visits.csv:4",
    ]


def test_a_missing_column_is_reported_once_and_not_for_every_row(registry: Registry, tmp_path: Path) -> None:
    readings = "study,method,location,grade\nMR-1,berlin,C2/3,1\nMR-1,berlin,C3/4,x"

    assert problems(registry, only(tmp_path, readings=readings)) == [
        "readings.csv:1:reader: column reader is missing; readings must have it",
        "readings.csv:3:grade: 'x' is not a whole number",
    ]


def test_the_limits_stand_in_the_documentation() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")

    for name in dir(lines):
        if name.endswith("_AT_MOST"):
            assert f"{getattr(lines, name):,}" in text, name


def test_a_name_of_a_column_or_a_sheet_does_nothing_to_a_terminal(registry: Registry, tmp_path: Path) -> None:
    path = written(tmp_path, "patients.csv", b"patient,enrolled_on,\x1b[2J\nP-1,2020-01-01,")
    pq.write_table(pa.table({"\x1b[2J": [{"a": 1}]}), tmp_path / "visits.parquet")

    found = problems(registry, path, tmp_path / "visits.parquet")

    assert len(found) == 2
    assert all(problem.isprintable() for problem in found)
