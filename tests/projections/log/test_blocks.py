"""Blocks: what is read from them is what the log says, whatever happened to them and to the log in between."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.fs import LocalFileSystem, SubTreeFileSystem

from projections import LogColumns, facts_at, facts_of, project
from projections.log.block_files import Patients
from projections.log.blocks import BLOCK, FORMAT, sealed_blocks
from projections.log.layouts import LAYOUTS
from projections.log.log_columns import CURRENT
from projections.tables import TABLES
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import FormatError
from registry.store.blocks_folder import BlocksFolder, blocks_folder, purge_blocks
from tests.oracle.histories import History, begin, empty_registry, go_on, histories, numbers, registry_with
from tests.oracle.laws import laws
from tests.projections.log.poisoned import path_of

Answers = dict[str, list[dict[str, Any]]]


@pytest.fixture(autouse=True, scope="module")
def short_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.log.blocks.EVENTS_AT_MOST", 20)
        patch.setattr("projections.log.blocks.TAIL_EVENTS", 8)
        yield


@pytest.fixture
def visited(registry: Registry) -> Registry:
    """A registry with P-1 and P-2, thirty visits each, and blocks."""
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for number in range(30):
        for patient in ("P-1", "P-2"):
            day = f"2003-{number % 12 + 1:02}-{number // 12 + 1:02}"
            registry.record_visit(patient, visited_on=day, measures={"crp": number} if number % 3 else None)
    assert [each.block.last for each in sealed_blocks(registry.log)] == [60]
    return registry


def every_table(columns: LogColumns, known_at: int | None = None) -> Answers:
    facts = facts_at(columns, known_at=known_at)
    return {name: project(name, facts).to_pylist() for name in TABLES}


def from_log(registry: Registry) -> Answers:
    return every_table(LogColumns.decoded(registry.log))


def folder_of(registry: Registry) -> Path:
    return Path(blocks_folder(registry.log.database).path)


def folders(registry: Registry) -> list[Path]:
    return sorted(folder_of(registry).iterdir())


def test_a_short_log_gets_no_blocks(registry: Registry) -> None:
    facts_at(registry).count("patients")

    assert not folder_of(registry).exists()


def test_blocks_are_extended_and_those_that_are_there_are_left_alone(visited: Registry) -> None:
    (before,) = sealed_blocks(visited.log)
    for month in range(1, 11):
        visited.record_visit("P-1", visited_on=f"2005-{month:02}-01")

    answers = every_table(LogColumns.read(visited.log))

    assert [each.block.last for each in sealed_blocks(visited.log)] == [60, 72]
    assert sealed_blocks(visited.log)[0] == before
    assert answers == from_log(visited)


def test_blocks_that_are_together_as_long_as_the_one_before_are_merged_with_it(visited: Registry) -> None:
    ends = []
    for number in range(90):
        visited.record_visit("P-1", visited_on=date(2005, 1, 1) + timedelta(days=number))
        ends.append([each.block.last for each in sealed_blocks(visited.log)])

    assert ends[6 - 1] == [60, 68]
    assert ends[14 - 1] == [60, 76]  # 68 and 8 more
    assert all(lasts[0] > lasts[-1] - lasts[0] for lasts in ends)
    assert every_table(LogColumns.read(visited.log)) == from_log(visited)


def test_what_was_merged_is_there_until_more_is_sealed(visited: Registry) -> None:
    merged = path_of(sealed_blocks(visited.log)[0])
    assert len(folders(visited)) == 1 + 3

    shutil.rmtree(merged)
    assert [each.block.last for each in sealed_blocks(visited.log)] == [60]
    for number in range(8):
        visited.record_visit("P-1", visited_on=date(2005, 1, 1) + timedelta(days=number))
    sealed_blocks(visited.log)

    assert len(folders(visited)) == 2


@laws(histories=12)
@given(histories, st.lists(numbers, min_size=6, max_size=6))
def test_blocks_agree_with_the_log_at_every_point_while_it_grows_and_they_are_damaged(
    sqlite_template: Path, history: History, asked: list[int]
) -> None:
    chance, steps = history
    with empty_registry(sqlite_template) as registry:
        facts = begin(registry)
        for number in asked:
            random = Random(number)
            go_on(registry, (chance, [steps.pop() for _ in range(min(12, len(steps)))]), facts)
            _damage(registry, random)
            known_at = random.randint(0, registry.head.position)

            answers = every_table(LogColumns.read(registry.log), known_at)

            assert answers == every_table(LogColumns.decoded(registry.log), known_at)


def _damage(registry: Registry, random: Random) -> None:
    """Do to the blocks what a crash, a full disk or a stranger may do."""
    folder = folder_of(registry)
    found = sorted(folder.iterdir()) if folder.exists() else []
    if not found:
        return
    path = random.choice(found)
    files = sorted(path.iterdir())
    match random.randrange(5):
        case 0:  # killed while writing: what it is was to come last
            shutil.copytree(path, folder / f"{path.name[:-8]}0123abcd", dirs_exist_ok=True)
            (folder / f"{path.name[:-8]}0123abcd" / BLOCK).unlink()
        case 1:  # a file that never reached the disk
            random.choice(files).unlink()
        case 2:
            chosen = random.choice(files)
            content = bytearray(chosen.read_bytes())
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
            chosen.write_bytes(content)
        case 3:
            purge_blocks(registry.log.database)
        case _:
            pass


def test_blocks_of_another_log_are_not_used(visited: Registry, sqlite_template: Path) -> None:
    with empty_registry(sqlite_template) as other:
        other.enrol_patient("P-9", enrolled_on="2002-01-14")
        for number in range(25):
            other.record_visit("P-9", visited_on=f"2003-01-{number + 1:02}")
        shutil.copytree(folder_of(visited), folder_of(other))

        assert every_table(LogColumns.read(other.log)) == from_log(other)
        assert [each.block.last for each in sealed_blocks(other.log)] == [20]


def test_blocks_of_another_format_are_made_anew(visited: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    before = folders(visited)
    monkeypatch.setattr("projections.log.blocks.FORMAT", FORMAT + 1)

    (made,) = sealed_blocks(visited.log)

    assert made.block.last == 60
    assert not any(folder.exists() for folder in before)


def test_any_bit_that_flips_in_what_a_block_says_of_itself_is_noticed(visited: Registry) -> None:
    (sealed,) = sealed_blocks(visited.log)
    for folder in set(folders(visited)) - {path_of(sealed)}:
        shutil.rmtree(folder)
    file = path_of(sealed) / BLOCK
    content = file.read_bytes()
    for place in range(len(content)):
        for bit in (place % 8, 7):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            file.write_bytes(flipped)
            assert sealed_blocks(visited.log, extend=False) == []

    file.write_bytes(content)
    assert sealed_blocks(visited.log, extend=False) == [sealed]


@pytest.mark.parametrize("part", ["visits.parquet", "visits.measures.parquet"])
def test_any_bit_that_flips_is_noticed_and_the_log_read_in_its_place(visited: Registry, part: str) -> None:
    (sealed,) = sealed_blocks(visited.log)
    whole, file = sealed.read("visits"), path_of(sealed) / part
    content = file.read_bytes()
    noticed = 0
    for place in range(0, len(content), 7):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        file.write_bytes(flipped)
        try:
            assert sealed.read("visits").equals(whole)
        except (OSError, pa.ArrowException):
            noticed += 1

    assert noticed > len(content) // 7 // 2
    assert every_table(LogColumns.read(visited.log)) == from_log(visited)


def test_a_damaged_block_is_made_anew(visited: Registry) -> None:
    (sealed,) = sealed_blocks(visited.log)
    for folder in folders(visited):
        (folder / "visits.parquet").unlink()

    assert every_table(LogColumns.read(visited.log)) == from_log(visited)
    assert not path_of(sealed).exists()
    for _ in range(3):
        LogColumns.read(visited.log).facts["visits"]  # finds and leaves out one after the other
    assert sealed_blocks(visited.log)[0].read("visits").num_rows == 58


def test_blocks_that_are_purged_while_they_are_read_are_not_missed(visited: Registry) -> None:
    columns = LogColumns.read(visited.log)
    purge_blocks(visited.log.database)

    assert every_table(columns) == from_log(visited)


def test_what_a_killed_purge_has_left_of_a_block_goes_when_the_others_are_used_again(visited: Registry) -> None:
    there = blocks_folder(visited.log.database).names()
    kept = folder_of(visited).rename(folder_of(visited).with_name("kept"))
    assert len(there) > 1  # what was merged is there still

    for removed, half_removed in enumerate(there):
        shutil.copytree(kept, folder_of(visited), dirs_exist_ok=True)
        for name in there[:removed]:
            shutil.rmtree(folder_of(visited) / name)
        (folder_of(visited) / half_removed / BLOCK).unlink()

        assert sealed_blocks(visited.log)[-1].end == 60
        assert [path for path in folders(visited) if not (path / BLOCK).exists()] == []
        shutil.rmtree(folder_of(visited))


def test_a_folder_that_cannot_be_written_is_no_hindrance(registry: Registry) -> None:
    folder_of(registry).write_text("in the way")
    for number in range(12):
        registry.record_visit("P-1", visited_on=f"2003-01-{number + 1:02}")

    assert every_table(LogColumns.read(registry.log)) == from_log(registry)


def test_an_erasure_removes_all_blocks(visited: Registry) -> None:
    visited.erase_patient("P-2", reason="asked to be forgotten")

    assert not folder_of(visited).exists()
    assert every_table(LogColumns.read(visited.log)) == from_log(visited)


def test_what_stands_under_the_former_name_goes_when_the_log_is_sealed(registry: Registry) -> None:
    former = folder_of(registry).with_suffix(".segments")
    (former / "000000000001-000000000020-0123abcd").mkdir(parents=True)

    (sealed,) = sealed_blocks(registry.log, whole=True)

    assert path_of(sealed).exists()
    assert not former.exists()


def test_blocks_at_the_place_of_the_former_name_are_left_alone(
    visited: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPONDYL_BLOCKS", str(folder_of(visited).with_suffix(".segments")))
    before = sealed_blocks(visited.log)
    for number in range(8):
        visited.record_visit("P-1", visited_on=date(2005, 1, 1) + timedelta(days=number))

    sealed_blocks(visited.log)

    assert path_of(before[0]).exists()


def test_blocks_that_are_older_than_an_erasure_are_not_used_even_where_they_come_back(
    visited: Registry, tmp_path: Path
) -> None:
    folder = folder_of(visited)
    shutil.copytree(folder, tmp_path / "written late")
    visited.erase_patient("P-2", reason="asked to be forgotten")
    shutil.copytree(tmp_path / "written late", folder)

    shown = every_table(LogColumns.read(visited.log))

    assert {row["patient"] for row in shown["visits"]} == {"P-1"}
    assert shown == from_log(visited)


def test_a_range_of_patients_is_their_rows_of_the_whole(visited: Registry) -> None:
    whole = LogColumns.read(visited.log).facts["visits"]
    ranged = LogColumns.read(visited.log, patients=Patients("P-2", "P-2")).facts["visits"]

    assert ranged.to_pylist() == [row for row in whole.to_pylist() if row["patient"] == "P-2"]


@laws(histories=30)
@given(histories, st.booleans())
def test_versions_of_several_blocks_and_the_log_after_them_know_the_next_event_about_their_fact(
    sqlite_template: Path, history: History, in_one_piece: bool
) -> None:
    with registry_with(sqlite_template, history) as registry:
        read = LogColumns.decoded if in_one_piece else LogColumns.read
        facts = read(registry.log).facts

        found = {
            version["position"]: (version["superseded_by"], version["patient"], version["fact"])
            for kind in LAYOUTS
            for version in facts[kind].select(["position", "superseded_by", "patient", "fact"]).to_pylist()
        }

        assert found == versions_one_after_the_other(registry)


def versions_one_after_the_other(registry: Registry) -> dict[int, tuple[int, str, str]]:
    """Return, by position, the next event about the fact of each event that states one, its patient and its fact."""
    found: dict[int, tuple[int, str, str]] = {}
    last: dict[tuple[str, str], int] = {}
    for chunk in registry.log.columns():
        for position, payload in zip(chunk.position, chunk.payload):
            event = json.loads(payload or "")
            about = event["patient"], event["fact"]
            if (before := last.get(about)) in found:
                found[before] = (position, *about)
            if "statement" in event:
                found[position] = (CURRENT, *about)
            last[about] = position
    return found


@laws(histories=8)
@given(histories)
def test_one_patients_facts_are_that_patients_rows_of_the_whole(sqlite_template: Path, history: History) -> None:
    with registry_with(sqlite_template, history) as registry:
        whole = facts_at(registry)
        for name in TABLES:
            if name == "events":
                continue
            rows = project(name, whole).to_pylist()
            for patient in ("P-1", "P-10"):
                assert project(name, facts_of(registry, patient)).to_pylist() == [
                    row for row in rows if row["patient"] == patient
                ]


def test_the_whole_log_is_sealed_where_it_is_wanted_and_read_without_a_database(visited: Registry) -> None:
    blocks = pickle.loads(pickle.dumps(sealed_blocks(visited.log, whole=True)))

    everybody = LogColumns.of_blocks(
        blocks, visited.log.head(), patients=Patients("", "\U0010ffff"), catalogue=BUILT_IN, schedule=(), campaigns={}
    )

    assert blocks[-1].end == 62
    for kind in LAYOUTS:
        assert everybody.facts[kind].equals(LogColumns.decoded(visited.log).facts[kind])


@pytest.mark.parametrize("as_uri", [False, True])
def test_blocks_are_kept_in_the_folder_that_the_environment_names(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_uri: bool
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "somebody else's.txt").write_text("kept")
    monkeypatch.setenv("SPONDYL_BLOCKS", folder.as_uri() if as_uri else str(folder))

    (sealed,) = sealed_blocks(registry.log, whole=True)
    assert (folder / sealed.name / BLOCK).exists()
    purge_blocks(registry.log.database)

    assert [path.name for path in folder.iterdir()] == ["somebody else's.txt"]


def test_blocks_on_another_filesystem_are_the_same(
    visited: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "far").mkdir()
    far = BlocksFolder(SubTreeFileSystem(str(tmp_path / "far"), LocalFileSystem()), "registry.blocks")
    monkeypatch.setattr("projections.log.blocks.blocks_folder", lambda database: far)

    assert [each.block.last for each in sealed_blocks(visited.log)] == [60]
    assert every_table(LogColumns.read(visited.log)) == from_log(visited)
    assert str(far) == "subtree:registry.blocks"


def test_a_folder_that_arrow_cannot_reach_is_named(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPONDYL_BLOCKS", "nowhere://bucket/folder")

    with pytest.raises(FormatError, match=r"SPONDYL_BLOCKS: 'nowhere://…' is not the URI of a folder"):
        sealed_blocks(registry.log)
