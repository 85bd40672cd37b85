"""`spondyl dataset`: the data behind a cohort, written from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Spondyl
from tests.projections.cohort.defined import SMALL


def test_the_folder_is_printed_and_what_was_written_is_told(spondyl: Spondyl) -> None:
    spondyl("init")
    Path("small.toml").write_text(SMALL, encoding="utf-8")

    given = spondyl("dataset", "small.toml", "data", "--format", "csv")

    assert given.out == "data\n"
    assert given.err.endswith("wrote 3 tables with 0 rows, known at @0\n")
    assert sorted(path.name for path in Path("data").iterdir()) == [
        "README.md",
        "cohort_members.csv",
        "cohort_spans.csv",
        "cohort_values.csv",
        "definition.toml",
        "dictionary.json",
    ]


def test_a_file_that_cannot_be_used_leaves_nothing_behind(spondyl: Spondyl) -> None:
    spondyl("init")
    Path("wrong.toml").write_text(SMALL.replace("day = 900", "day = -1"), encoding="utf-8")

    refused = spondyl("dataset", "wrong.toml", "data")

    assert refused.code == 3
    assert "time_points[2].window: goes from day 700 to day 1100 and leaves out day -1" in refused.err
    assert not Path("data").exists()
