"""`spondyl export --history`: every version of every fact beside the tables, and what was measured in each."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from tests.cli.conftest import Spondyl


def test_an_export_with_history_has_what_was_measured_in_each_version(cohort: Spondyl, tmp_path: Path) -> None:
    cohort("record", "visit", "patient=P-1", "visited_on=2021-01-02", "crp=3")
    amended = cohort("amend", "visit/P-1/2021-01-02", "crp=5", "--reason", "typing error")

    written = cohort("export", "out", "--history")

    assert (amended.code, written.code) == (0, 0)
    visit = pq.read_table(tmp_path / "out" / "measures_versions").to_pylist()[-2:]
    assert [(row["measure"], row["value"], row["_known_to"] is None) for row in visit] == [
        ("crp", 3.0, False),
        ("crp", 5.0, True),
    ]
    assert cohort("reproduce", "out").code == 0
