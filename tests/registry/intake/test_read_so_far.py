"""How far the reading of a batch has come moves with what is read, in every format, and ends at the whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.found_tables import find_sources
from registry.intake.read_so_far import ROWS_A_STEP, ReadSoFar
from registry.schema.tables import tables_of

STEPS = 4
ROWS = [(f"P-{number}", "2020-01-15", "baseline") for number in range(1, STEPS * ROWS_A_STEP + 1)]
COLUMNS = ("patient", "visited_on", "visit")


def write_csv(folder: Path) -> Path:
    text = "\n".join(",".join(row) for row in (COLUMNS, *ROWS))
    (folder / "visits.csv").write_text(f"{text}\n", encoding="utf-8")
    return folder / "visits.csv"


def write_parquet(folder: Path) -> Path:
    pq.write_table(pa.table(dict(zip(COLUMNS, zip(*ROWS)))), folder / "visits.parquet")
    return folder / "visits.parquet"


def write_workbook(folder: Path) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("visits")
    for row in (COLUMNS, *ROWS):
        sheet.append(row)
    book.save(folder / "visits.xlsx")
    return folder / "visits.xlsx"


def shares(file: Path) -> list[float]:
    """Return how much of a file is told as read, from word to word, as shares of the whole."""
    told: list[tuple[int, int]] = []
    (source,) = find_sources([file], tables_of(BUILT_IN)).tables
    so_far = ReadSoFar([file], lambda stage, done, total: told.append((done, total)))
    for _ in so_far.lines(file, source.lines()):
        pass
    return [done / total for done, total in told]


@pytest.mark.parametrize("written", [write_csv, write_parquet])
def test_the_reading_of_one_large_file_is_told_in_even_steps(written: Callable[[Path], Path], tmp_path: Path) -> None:
    assert shares(written(tmp_path)) == pytest.approx([0.25, 0.5, 0.75, 1, 1], abs=0.02)


def test_the_reading_of_one_large_sheet_is_told_on_the_way(tmp_path: Path) -> None:
    told = shares(write_workbook(tmp_path))

    assert len(set(told)) == STEPS + 1
    assert told == sorted(told)
    assert told[-1] == 1


def test_files_count_by_their_bytes_and_sheets_of_a_workbook_alike(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("patients", "visits"):
        book.create_sheet(name).append(("patient", "enrolled_on"))
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "small.csv").write_text("patient\n", encoding="utf-8")
    (tmp_path / "large.csv").write_text(f"patient\n{'P' * 991}\n", encoding="utf-8")
    sheet = (tmp_path / "book.xlsx").stat().st_size // 2
    told: list[tuple[int, int]] = []
    files = [tmp_path / name for name in ("small.csv", "large.csv", "book.xlsx", "book.xlsx")]
    so_far = ReadSoFar(files, lambda stage, done, total: told.append((done, total)))

    for file in files:
        assert [*so_far.lines(file, iter(()))] == []

    total = 8 + 1000 + 2 * sheet
    assert told == [(8, total), (1008, total), (1008 + sheet, total), (total, total)]


def test_a_file_that_cannot_be_read_is_left_to_its_reader(tmp_path: Path) -> None:
    told: list[int] = []
    files = [tmp_path / "gone.csv", tmp_path / "gone.parquet", tmp_path / "gone.xlsx"]
    so_far = ReadSoFar(files, lambda stage, done, total: told.append(done))

    for file in files:
        assert [*so_far.lines(file, iter(()))] == []

    assert told == [0, 0, 0]
