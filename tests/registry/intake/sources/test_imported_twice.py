"""One table in a file of every kind: imported once it is recorded, and a second time nothing is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl import Workbook

from registry import Registry
from tests.registry.intake.sources.opened import imported

COLUMNS = {
    "pat": ["P1", "P1", "P2"],
    "nr": ["1", "2", "1"],
    "day": ["2020-01-02", "2020-02-02", "2020-01-03"],
    "crp": ["5.1", "7", ""],
    "sex": ["1", "1", "2"],
}
CORRECTED = {**COLUMNS, "day": ["2020-01-02", "2020-02-03", "2020-01-03"]}
MAPPING = """
[source]
{source}
[patient]
field = "pat"
[[table]]
to = "patients"
when = {{ field = "nr", is = "1" }}
enrolled_on = {{ constant = "2019-01-01" }}
sex = {{ field = "sex", codes = {{ "1" = "female", "2" = "male" }} }}
[[table]]
to = "visits"
key = ["pat", "nr"]
visited_on = {{ field = "day" }}
crp = {{ field = "crp" }}
"""
Columns = dict[str, list[str]]


def as_csv(file: Path, columns: Columns) -> None:
    pd.DataFrame(columns).to_csv(file, index=False)


def as_xlsx(file: Path, columns: Columns) -> None:
    book = Workbook()
    for row in (list(columns), *zip(*columns.values(), strict=True)):
        book.active.append(row)
    book.save(file)


def as_parquet(file: Path, columns: Columns) -> None:
    pq.write_table(pa.table(columns), file)


def as_sav(file: Path, columns: Columns) -> None:
    pyreadstat.write_sav(pd.DataFrame(columns), str(file))


def as_dta(file: Path, columns: Columns) -> None:
    pyreadstat.write_dta(pd.DataFrame(columns), str(file))


def as_xpt(file: Path, columns: Columns) -> None:
    pyreadstat.write_xport(pd.DataFrame(columns), str(file))


def as_sql(file: Path, columns: Columns) -> None:
    file.unlink(missing_ok=True)
    with sqlite3.connect(file) as database:
        database.execute(f"CREATE TABLE v ({', '.join(columns)})")
        database.executemany("INSERT INTO v VALUES (?, ?, ?, ?, ?)", zip(*columns.values(), strict=True))
    database.close()


WRITERS: dict[str, Callable[[Path, Columns], None]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "parquet": as_parquet,
    "sav": as_sav,
    "dta": as_dta,
    "xpt": as_xpt,
    "sql": as_sql,
}


@pytest.fixture(params=WRITERS)
def kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of source."""
    monkeypatch.setenv("SOURCE_URL", f"sqlite:///{tmp_path / 'table.sql'}")
    said: str = request.param
    return said


def mapping(kind: str) -> str:
    of_query = 'url_env = "SOURCE_URL"\nquery = "SELECT * FROM v"'
    return MAPPING.format(source=f'kind = "{kind}"\n' + (of_query if kind == "sql" else f'files = ["table.{kind}"]'))


def test_a_second_time_nothing_is_recorded_and_shuffled_columns_change_nothing(
    registry: Registry, tmp_path: Path, kind: str
) -> None:
    file, shuffled = tmp_path / f"table.{kind}", dict(sorted(COLUMNS.items(), reverse=True))
    WRITERS[kind](file, COLUMNS)

    assert imported(registry, tmp_path, mapping(kind)).events == 5
    assert imported(registry, tmp_path, mapping(kind)).events == 0
    WRITERS[kind](file, shuffled)
    assert imported(registry, tmp_path, mapping(kind)).events == 0


def test_a_corrected_day_is_one_amendment(registry: Registry, tmp_path: Path, kind: str) -> None:
    WRITERS[kind](tmp_path / f"table.{kind}", COLUMNS)
    imported(registry, tmp_path, mapping(kind))

    WRITERS[kind](tmp_path / f"table.{kind}", CORRECTED)

    assert [change.what for change in imported(registry, tmp_path, mapping(kind)).changes] == ["amended"]
