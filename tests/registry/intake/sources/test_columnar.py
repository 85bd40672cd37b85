"""Parquet files as sources: days and numbers are typed, text is as the mapping says."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry import Registry
from tests.registry.intake.sources.opened import imported, opened, problems, values, why

COLUMNS = {
    "pat": ["P1", "P2"],
    "day": [date(2020, 1, 2), None],
    "instant": pa.array([1577923200, 1577953800], pa.timestamp("s")),
    "crp": [5.0, 0.1],
    "text": ["5,1", "k.A."],
}


def parquet(folder: Path, name: str = "a.parquet") -> Path:
    pq.write_table(pa.table(COLUMNS), folder / name)
    return folder


def test_values_are_text_days_iso_and_numbers_as_short_as_they_are(tmp_path: Path) -> None:
    source = opened(parquet(tmp_path), "parquet", "a.parquet")

    assert values(source) == [
        {"pat": "P1", "day": "2020-01-02", "instant": "2020-01-02", "crp": "5", "text": "5,1"},
        {"pat": "P2", "instant": "2020-01-02 08:30:00", "crp": "0.1", "text": "k.A."},
    ]
    assert [field.holds for field in source.fields.values()] == ["text", "day", "day", "number", "text"]


def test_a_decimal_comma_is_of_text_and_no_number_is_touched(registry: Registry, tmp_path: Path) -> None:
    mapping = """
    [source]
    kind = "parquet"
    files = ["a.parquet"]
    decimal = ","
    dates = ["%Y-%m-%d %H:%M:%S"]
    missing = { "k.A." = "" }
    [ignore]
    day = "the instant is kept"
    [patient]
    field = "pat"
    [[table]]
    to = "patients"
    enrolled_on = { constant = "2019-01-01" }
    [[table]]
    to = "visits"
    visited_on = { field = "instant" }
    crp = { field = "crp" }
    esr = { field = "text" }
    """

    assert imported(registry, parquet(tmp_path), mapping).tables["visits"].recorded == 2
    stated = " ".join(str(payload) for chunk in registry.log.columns(0) for payload in chunk.payload)
    assert '"measure":"crp","value":"0.1"' in stated
    assert '"measure":"esr","value":"5.1"' in stated


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"a table, it says")

    assert "not readable as Parquet" in why(tmp_path, "parquet", "a.parquet")[1]


OF_DAYS = """
[source]
kind = "parquet"
files = ["a.parquet"]
dates = ["%Y-%d-%m"]
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = { constant = "2019-01-01" }
[[table]]
to = "visits"
visited_on = { field = "day" }
crp = { field = "crp" }
"""


def test_a_text_that_the_mapping_reads_as_another_day_than_ours_is_refused(registry: Registry, tmp_path: Path) -> None:
    pq.write_table(pa.table({"pat": ["P1"], "day": ["2020-05-03"], "crp": [5.0]}), tmp_path / "a.parquet")

    assert problems(registry, tmp_path, OF_DAYS) == [
        "a.parquet:2:day: '2020-05-03' may be 2020-03-05 or 2020-05-03; list one way to write days (1 row)"
    ]


def test_a_day_that_the_file_types_is_that_day_however_texts_are_written(registry: Registry, tmp_path: Path) -> None:
    pq.write_table(pa.table({"pat": ["P1"], "day": [date(2020, 5, 3)], "crp": [5.0]}), tmp_path / "a.parquet")

    assert [change.reference for change in imported(registry, tmp_path, OF_DAYS).changes] == [
        "patient/P1",
        "visit/P1/2020-05-03",
    ]


OF_NUMBERS = """
[source]
kind = "parquet"
files = ["a.parquet"]
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = { constant = "2019-01-01" }
[[table]]
to = "visits"
visited_on = { constant = "2020-01-02" }
visit = { field = "nr" }
crp = { constant = "5" }
"""


@pytest.mark.parametrize(
    ("pat", "nr", "told"),
    [
        ([1.0, math.nan], [1.0, 2.0], "a.parquet:3:pat: 'nan' stands for nothing, so nobody knows whose the row is"),
        ([1.0, 2.0], [1.0, math.nan], "a.parquet:3:nr: 'nan' is not a number that is finite; say what it stands for"),
    ],
)
def test_a_number_that_is_none_is_neither_a_patient_nor_a_word(
    registry: Registry, tmp_path: Path, pat: list[float], nr: list[float], told: str
) -> None:
    pq.write_table(pa.table({"pat": pat, "nr": nr}), tmp_path / "a.parquet")

    (problem,) = problems(registry, tmp_path, OF_NUMBERS)

    assert problem.startswith(told)


def test_a_list_that_would_be_another_one_as_a_text_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"pat": ["P1", "P2"], "c": [["mNY"], ["mNY;ASAS", "a"]]}), tmp_path / "a.parquet")

    line, said = why(tmp_path, "parquet", "a.parquet")

    assert (line, said) == (3, "column c: a list with 'mNY;ASAS'; the values of a list are parted by ;")
