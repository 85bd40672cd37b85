"""Blocks that somebody rewrote, with every digest right again: who reads the log itself is not taken in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from projections import LogColumns, facts_at, project
from projections.export import export, reproduce
from projections.log.block_files import Patients
from projections.log.blocks import sealed_blocks
from projections.log.blocks_check import check_blocks
from registry import Registry
from tests.projections.log import poisoned
from tests.projections.log.poisoned import path_of


@pytest.fixture(autouse=True, scope="module")
def short_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.log.blocks.EVENTS_AT_MOST", 20)
        patch.setattr("projections.log.blocks.TAIL_EVENTS", 8)
        yield


@pytest.fixture
def visited(registry: Registry) -> Registry:
    """A registry with P-1 and P-2, thirty visits each, and one block of the events up to @60."""
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for number in range(30):
        for patient in ("P-1", "P-2"):
            day = f"2003-{number % 12 + 1:02}-{number // 12 + 1:02}"
            registry.record_visit(patient, visited_on=day, measures={"crp": number} if number % 3 else None)
    (sealed,) = sealed_blocks(registry.log)
    for folder in set(path_of(sealed).parent.iterdir()) - {path_of(sealed)}:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    return registry


def block(registry: Registry) -> Path:
    (sealed,) = sealed_blocks(registry.log, extend=False)
    return path_of(sealed)


ON_ANOTHER_DAY = poisoned.with_column("visited_on", [date(1999, 9, 9)])


def first_visit(registry: Registry) -> date:
    visits = project("visits", facts_at(registry)).to_pylist()
    return min(visit["visited_on"] for visit in visits)


def test_what_reads_blocks_is_taken_in_by_one_whose_digests_are_right(visited: Registry) -> None:
    poisoned.with_rows(block(visited), "visits.parquet", ON_ANOTHER_DAY)

    assert first_visit(visited) == date(1999, 9, 9)


def test_an_export_of_a_rewritten_block_is_not_rebuilt_identically(visited: Registry, tmp_path: Path) -> None:
    poisoned.with_rows(block(visited), "visits.parquet", ON_ANOTHER_DAY)
    export(visited, tmp_path / "out", tables=["visits", "patients"])

    found = reproduce(visited, tmp_path / "out")

    assert [difference.table for difference in found.differences] == ["visits"]


def test_a_true_export_is_rebuilt_identically_beside_a_rewritten_block(visited: Registry, tmp_path: Path) -> None:
    export(visited, tmp_path / "out")
    poisoned.with_rows(block(visited), "visits.parquet", ON_ANOTHER_DAY)

    assert reproduce(visited, tmp_path / "out").identical


def deep(registry: Registry) -> list[str]:
    """Return what is found of the one block, without its name and where it is."""
    return [f"@{each.position}: {each.what.partition('.blocks: ')[2]}" for each in check_blocks(registry.log).problems]


def test_blocks_that_say_what_the_log_says_are_counted(visited: Registry) -> None:
    assert check_blocks(visited.log) == (1, ())


@pytest.mark.parametrize(
    ("file", "change", "what"),
    [
        ("visits.parquet", ON_ANOTHER_DAY, "@3: visits: column visited_on has another value than the log"),
        (
            "visits.measures.parquet",
            poisoned.with_column("measurement", ['{"measure":"crp"}']),
            "@5: visits: column measures has another value than the log",
        ),
        (
            "patients.parquet",
            lambda rows: rows.slice(1),
            "@1: patients: a row is in one of the two alone",
        ),
        ("patients.parquet", lambda rows: rows.slice(0, 1), "@2: patients: a row of the log is missing"),
        (
            "patients.parquet",
            lambda rows: pa.concat_tables([rows, rows.slice(1)]),
            "@2: patients: a row that the log does not have",
        ),
    ],
)
def test_a_rewritten_block_is_named_with_the_position_and_the_column(
    visited: Registry, file: str, change: Callable[[Any], Any], what: str
) -> None:
    poisoned.with_rows(block(visited), file, change)

    assert deep(visited) == [f"{what}; delete it, and it is made anew"]


def test_rows_that_are_said_to_be_about_others_are_found(visited: Registry) -> None:
    file = block(visited) / "patients.parquet"
    content = file.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    footer = content[-8 - length :].replace(b"\x03P-2", b"\x03P-3")
    file.write_bytes(content[: -8 - length] + footer)
    poisoned.with_footers(block(visited), "patients.parquet")

    assert LogColumns.read(visited.log, patients=Patients("P-3", "P-9")).facts["patients"].num_rows == 0
    assert deep(visited) == [
        "@1: patients: rows that are said to be about other patients; delete it, and it is made anew"
    ]


def test_a_kind_of_fact_that_is_left_out_is_found(visited: Registry) -> None:
    poisoned.stated(
        block(visited),
        lambda says: {**says, "footers": {k: v for k, v in says["footers"].items() if not k.startswith("visits")}},
    )

    assert deep(visited) == ["@3: visits: a row of the log is missing; delete it, and it is made anew"]


def test_a_block_that_names_other_erasures_is_found(visited: Registry) -> None:
    poisoned.stated(block(visited), lambda says: {**says, "erasures": [7]})

    assert deep(visited) == ["@1: it names other erasures than the log; delete it, and it is made anew"]


HUGE = 2**64


@pytest.mark.parametrize(
    "change",
    [
        {"last": 2**63},
        {"last": HUGE},
        {"last": -1},
        {"last": 2**63 - 1},
        {"after": -1},
        {"known": HUGE},
        {"erasures": [HUGE]},
        {"erasures": [-1]},
        {"erasures": None},
        {"digest": 7},
        {"footers": []},
        {"footers": {"../../x.parquet": "0", "visits.parquet": None}},
        {"format": "3"},
    ],
)
def test_a_block_that_says_what_no_block_can_say_is_left_aside(visited: Registry, change: dict[str, object]) -> None:
    poisoned.stated(block(visited), lambda says: {**says, **change})

    assert project("visits", facts_at(visited)).num_rows == 60


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b'{"last":' + b"9" * 5_000 + b"}", b"[" * 100_000, b'{"format":\xff}', b"\xff" * 40, b"null"],
)
def test_a_block_whose_statement_is_none_is_left_aside(visited: Registry, content: bytes) -> None:
    (block(visited) / "block.json").write_bytes(content + b"\n" + sha256(content).hexdigest().encode())

    assert project("visits", facts_at(visited)).num_rows == 60


def test_a_block_that_is_a_pipe_is_not_waited_for(visited: Registry) -> None:
    file = block(visited) / "block.json"
    file.unlink()
    os.mkfifo(file)

    assert project("visits", facts_at(visited)).num_rows == 60


@pytest.mark.parametrize("column", ["position", "again", "recorded_at", "patient", "fact", "visited_on", "n_measures"])
def test_a_block_without_a_column_is_left_aside_and_the_log_read(visited: Registry, column: str) -> None:
    poisoned.with_rows(block(visited), "visits.parquet", lambda rows: rows.drop_columns(column))

    assert project("visits", facts_at(visited)).num_rows == 60


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("visits.parquet", poisoned.with_column("position", [61])),
        ("visits.parquet", poisoned.with_column("position", [0])),
        ("visits.parquet", poisoned.with_column("position", [None])),
        ("visits.parquet", poisoned.with_column("patient", [None])),
        ("visits.parquet", poisoned.with_column("n_measures", [1000])),
        ("visits.parquet", poisoned.with_column("n_measures", [-1, 1])),
        ("visits.measures.parquet", lambda rows: rows.slice(1)),
        ("visits.measures.parquet", lambda rows: rows.rename_columns(["other"])),
        ("visits.parquet", lambda rows: rows.append_column("more", rows["fact"])),
    ],
)
def test_a_block_that_cannot_be_of_its_stretch_is_left_aside_and_the_log_read(
    visited: Registry, file: str, change: Callable[[Any], Any]
) -> None:
    poisoned.with_rows(block(visited), file, change)

    assert project("visits", facts_at(visited)).num_rows == 60
    assert first_visit(visited) == date(2003, 1, 1)


def test_without_blocks_the_log_is_read_and_what_stands_there_left_alone(
    visited: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned.with_rows(block(visited), "visits.parquet", ON_ANOTHER_DAY)
    there = block(visited)
    monkeypatch.setenv("SPONDYL_BLOCKS", "off")

    assert first_visit(visited) == date(2003, 1, 1)
    assert sealed_blocks(visited.log, whole=True) == []
    assert there.exists()


def test_an_erasure_removes_blocks_from_before_they_were_switched_off(
    visited: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = block(visited)
    monkeypatch.setenv("SPONDYL_BLOCKS", "off")

    visited.erase_patient("P-2", reason="asked to be forgotten")

    assert not there.exists()
