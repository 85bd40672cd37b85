"""What is told of records: ratios run by run, targets, and everything in which spondyl is not the faster one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.records import FORMAT, Compared, Record, Runs, Target, read_record, write_record
from benchmarks.rendering import losses, page, section

OURS = Runs("ours", (1.0, 2.0, 4.0), 100, "rows", peak=50 * 2**20)
SLOWER = Runs("slower", (4.0, 4.0, 4.0), 200, "rows")
FASTER = Runs("faster", (0.5, 0.5, 0.5), 100, "rows")


def record(**changes: object) -> Record:
    given = {
        "format": FORMAT,
        "name": "some",
        "title": "Something",
        "method": "It is done. So it is.",
        "measured_on": "2024-05-01",
        "events": 1_000_000,
        "machine": "a machine",
        "versions": {"Python": "3.11"},
        "compared": (Compared(OURS, (SLOWER, FASTER)),),
        "targets": (Target("fast", 60, 50, "rows/s", at_least=True), Target("small", 1024, 50, "MiB")),
    }
    return Record(**{**given, **changes})


def test_a_ratio_is_that_of_runs_side_by_side_for_one_item() -> None:
    assert Compared(OURS).ratio(SLOWER) == (1.0, 0.5, 2.0)


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target("", 10, 10, "", at_least=True), True),
        (Target("", 10, 9.9, "", at_least=True), False),
        (Target("", 10, 10, ""), True),
        (Target("", 10, 10.1, ""), False),
    ],
)
def test_a_target_is_met_at_its_limit(target: Target, met: bool) -> None:
    assert target.is_met is met


def test_a_section_has_every_run_and_every_target() -> None:
    told = " ".join(section(record()).replace("|", "").split())

    assert "ours 2 s 1 s to 4 s 50 rows 50 MiB" in told
    assert "slower 4 s 4 s to 4 s 50 rows **1** (0.5 to 2)" in told
    assert "fast ≥ 60 rows/s 50 rows/s **missed** small ≤ 1,024 MiB 50 MiB met" in told
    assert "Measured on 2024-05-01, at the scale of 1,000,000 events: a machine; Python 3.11." in told


def test_a_table_has_no_empty_columns() -> None:
    told = section(record(compared=(Compared(Runs("ours", (1.0, 2.0), 1, "")),), targets=()))

    assert re.findall(r"^\| what .*", told, re.MULTILINE) == ["| what | median | least to most |"]


def test_where_we_lose_is_what_was_faster_and_what_was_missed() -> None:
    assert losses([record()]) == [
        "- Something: ours against faster: 0.25 × as fast.",
        "- Something: fast: 50 rows/s, wanted ≥ 60 rows/s.",
    ]


def test_a_page_says_so_where_nothing_is_lost() -> None:
    assert "## Where we lose\n\nNowhere.\n" in page([record(compared=(Compared(OURS),), targets=())])


def test_a_record_is_kept_and_one_of_another_format_is_none(tmp_path: Path) -> None:
    write_record(tmp_path, record())
    write_record(tmp_path, record(name="older", format=FORMAT - 1))

    assert read_record(tmp_path, "some") == record()
    assert read_record(tmp_path, "older") is None
    assert read_record(tmp_path, "never") is None
