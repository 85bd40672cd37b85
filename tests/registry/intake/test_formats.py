"""CSV, TSV, Parquet and Excel: one batch in any of them records the same events."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from inspect import cleandoc
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry import Registry
from registry.intake import import_batch
from tests.registry.intake.batches import COHORT, PATIENTS, content, events, folder_of, problems, statement

Rows = dict[str, list[list[str]]]


def rows_of(tables: dict[str, str]) -> Rows:
    return {name: list(csv.reader(cleandoc(text).splitlines())) for name, text in tables.items()}


def as_tsv(folder: Path, tables: Rows) -> None:
    for name, rows in tables.items():
        (folder / f"{name}.tsv").write_text("".join("\t".join(row) + "\r\n" for row in rows))


def as_parquet(folder: Path, tables: Rows) -> None:
    for name, (header, *rows) in tables.items():
        columns = {column: [row[n] or None for row in rows] for n, column in enumerate(header)}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def as_workbook(folder: Path, tables: Rows) -> None:
    book = openpyxl.Workbook()
    for name, (header, *rows) in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(header)
        for row in rows:
            sheet.append([_typed(cell) for cell in row])
    book.save(folder / "cohort.xlsx")


def _typed(cell: str) -> object:
    if cell.isdigit():
        return float(cell)
    try:
        return dt.datetime.fromisoformat(cell)
    except ValueError:
        return cell or None


@pytest.mark.parametrize("write", [as_tsv, as_parquet, as_workbook])
def test_a_batch_says_the_same_in_every_format(
    registry: Registry, tmp_path: Path, write: Callable[[Path, Rows], None]
) -> None:
    import_batch(registry, folder_of(tmp_path, **COHORT))
    recorded = content(registry)
    folder = tmp_path / "written"
    folder.mkdir()
    write(folder, rows_of(COHORT))

    with Registry.create(str(tmp_path / "other.db"), actor="tester") as other:
        assert import_batch(other, folder).events == 9
        assert content(other) == recorded
    assert import_batch(registry, folder).events == 0


def parquet(tmp_path: Path, **columns: Sequence[object] | pa.Array) -> Path:
    pq.write_table(pa.table(columns), tmp_path / "visits.parquet")
    return tmp_path / "visits.parquet"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([5], pa.int16()), "5"),
        (pa.array([24.7]), "24.7"),
        (pa.array([5.0]), "5"),
        (pa.array([24.7], pa.float32()), "24.7"),
        (pa.array([0.00001]), "0.00001"),
        (pa.array([Decimal("2.50")]), "2.50"),
        (pa.array(["2.50"]), "2.50"),
        (pa.array(["2.50"]).dictionary_encode(), "2.50"),
    ],
)
def test_numbers_in_parquet_are_kept_as_they_were_written(
    registry: Registry, tmp_path: Path, values: pa.Array, text: str
) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    import_batch(registry, parquet(tmp_path, patient=["P-1"], visited_on=["2020-01-15"], crp=values))

    assert statement(registry, "visit/P-1/2020-01-15")["measures"] == [
        {"measure": "crp", "value": text, "unit": "mg/l"}
    ]


@pytest.mark.parametrize(
    "days",
    [
        pa.array([dt.date(2020, 1, 15)]),
        pa.array([dt.datetime(2020, 1, 15)], pa.timestamp("ns")),  # noqa: DTZ001 - as pandas writes a day
    ],
)
def test_days_in_parquet_are_days(registry: Registry, tmp_path: Path, days: pa.Array) -> None:
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    assert import_batch(registry, parquet(tmp_path, patient=["P-1"], visited_on=days)).events == 1


def test_a_time_of_day_in_parquet_is_no_day(registry: Registry, tmp_path: Path) -> None:
    file = parquet(tmp_path, patient=["P-1"], visited_on=[dt.datetime(2020, 1, 15, 8, 30)])  # noqa: DTZ001

    assert problems(registry, file)[0] == (
        "visits.parquet:2:visited_on: '2020-01-15 08:30:00' is not a day of the calendar; write YYYY-MM-DD"
    )


def test_lists_in_parquet_are_lists(registry: Registry, tmp_path: Path) -> None:
    table = pa.table({"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "criteria": [["mNY", "ASAS-imaging"]]})
    pq.write_table(table, tmp_path / "patients.parquet")

    import_batch(registry, tmp_path / "patients.parquet")

    assert statement(registry, "patient/P-1")["criteria"] == ["mNY", "ASAS-imaging"]


def test_a_null_in_a_list_in_parquet_says_nothing(registry: Registry, tmp_path: Path) -> None:
    lists = [["mNY", None, "ASAS-imaging"], None, []]
    table = pa.table({"patient": ["P-1", "P-2", "P-3"], "enrolled_on": ["2020-01-01"] * 3, "criteria": lists})
    pq.write_table(table, tmp_path / "patients.parquet")

    import_batch(registry, tmp_path / "patients.parquet")

    stated = [statement(registry, f"patient/P-{n}")["criteria"] for n in (1, 2, 3)]
    assert stated == [["mNY", "ASAS-imaging"], [], []]


@pytest.mark.parametrize("year", ["1980.0", 1980.0, Decimal("1980.00"), 1980, "1980"])
def test_a_year_is_a_year_in_every_format(registry: Registry, tmp_path: Path, year: object) -> None:
    (tmp_path / "patients.csv").write_text(f"patient,enrolled_on,birth_year\nP-1,2020-01-01,{year}\n")
    pq.write_table(
        pa.table({"patient": ["P-2"], "enrolled_on": ["2020-01-01"], "birth_year": [year]}),
        tmp_path / "patients.parquet",
    )
    sheet = ("patient", "enrolled_on", "birth_year"), ("P-3", "2020-01-01", year)

    import_batch(
        registry, [tmp_path / "patients.csv", tmp_path / "patients.parquet", workbook(tmp_path, "patients", *sheet)]
    )

    assert [statement(registry, f"patient/P-{n}")["birth_year"] for n in (1, 2, 3)] == [1980, 1980, 1980]


@pytest.mark.parametrize(("grade", "problem"), [("2.50", "'2.50' is not a whole number"), ("2..", "'2..' is not a")])
def test_a_grade_with_more_than_zeros_after_its_point_is_refused(
    registry: Registry, tmp_path: Path, grade: str, problem: str
) -> None:
    folder = folder_of(
        tmp_path, **{**COHORT, "readings": f"study,reader,method,location,grade\nMR-1,R1,berlin,C2/3,{grade}"}
    )

    assert problem in problems(registry, folder)[0]


def test_a_column_of_another_type_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = parquet(tmp_path, patient=["P-1"], visited_on=["2020-01-15"], crp=[{"value": 5}])

    assert problems(registry, file) == [
        "visits.parquet:1: column crp holds struct<value: int64>; write text, numbers, days or lists of text"
    ]


@pytest.mark.parametrize("name", ["patients.parquet", "patients.xlsx"])
def test_a_file_that_is_not_what_its_ending_says_is_refused(registry: Registry, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("patient,enrolled_on\n")

    assert problems(registry, tmp_path / name)[0].startswith(f"{name}:1: not readable as ")


def workbook(tmp_path: Path, sheet: str, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(tmp_path / "cohort.xlsx")
    return tmp_path / "cohort.xlsx"


def test_an_unknown_sheet_is_refused_and_an_empty_one_left_alone(registry: Registry, tmp_path: Path) -> None:
    file = workbook(tmp_path, "patients", ("patient", "enrolled_on"), ("P-1", dt.date(2020, 1, 1)))
    book = openpyxl.load_workbook(file)
    book.create_sheet("Sheet2")
    book.save(file)

    assert import_batch(registry, file).ignored == ["cohort.xlsx!Sheet2"]
    book.create_sheet("visit").append(["patient"])
    book.save(file)
    assert problems(registry, file) == [
        "cohort.xlsx!visit:1: sheet: 'visit' is not a known table; did you mean 'visits'?"
    ]


def test_a_row_of_a_workbook_is_placed_by_its_number_in_the_sheet(registry: Registry, tmp_path: Path) -> None:
    rows = (("# from the clinic",), (), ("patient", "enrolled_on"), (), ("P-1", "15.01.2020"))

    assert problems(registry, workbook(tmp_path, "patients", *rows)) == [
        "cohort.xlsx!patients:5:enrolled_on: '15.01.2020' is not a day of the calendar; write YYYY-MM-DD"
    ]


def test_a_workbook_is_named_in_the_events(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, workbook(tmp_path, "patients", ("patient", "enrolled_on"), ("P-1", "2020-01-01")))

    assert events(registry)[0]["source"] == "cohort.xlsx!patients:2"


def test_the_blank_margin_of_a_sheet_is_no_column(registry: Registry, tmp_path: Path) -> None:
    rows = (("patient", "enrolled_on", None, " "), ("P-1", "2020-01-01", None, None))

    assert import_batch(registry, workbook(tmp_path, "patients", *rows)).events == 1


def test_a_cell_beside_the_table_is_refused(registry: Registry, tmp_path: Path) -> None:
    rows = (("patient", "enrolled_on"), ("P-1", "2020-01-01", None, "call back"))

    assert problems(registry, workbook(tmp_path, "patients", *rows))[0].startswith(
        "cohort.xlsx!patients:2: 4 cells under 2 columns"
    )


def test_an_error_in_a_cell_is_refused_and_not_taken_for_an_empty_cell(registry: Registry, tmp_path: Path) -> None:
    rows = (("patient", "visited_on", "esr", "crp"), ("P-1", "2020-01-15", 12, "#N/A"))
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    assert problems(registry, workbook(tmp_path, "visits", *rows)) == [
        "cohort.xlsx!visits:2:crp: '#N/A' is not a number but a word; leave the cell empty where there is none"
    ]


def test_a_formula_that_was_never_calculated_is_refused(registry: Registry, tmp_path: Path) -> None:
    rows = (("patient", "visited_on", "crp"), ("P-1", "2020-01-15", "=2*3"))
    import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    assert problems(registry, workbook(tmp_path, "visits", *rows))[0].startswith(
        "cohort.xlsx!visits:2:crp: '=2*3' is not a number"
    )


def test_a_table_in_a_format_that_is_not_read_is_refused_and_not_missed(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients=PATIENTS)
    (folder / "visits.xls").write_bytes(b"")

    assert problems(registry, folder) == [
        "visits.xls:1: .xls is not read; write .csv, .tsv, .parquet or .xlsx",
    ]
