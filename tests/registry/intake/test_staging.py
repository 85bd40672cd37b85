"""What a batch states goes to a disk of its own: it comes back as it was, nobody else sees it, and nothing is left."""

from __future__ import annotations

import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import NoRoomError
from registry.intake import import_batch, reading_assembly, record_linkage, staging
from registry.intake.staged_fact import StagedFact, StagedReading
from registry.intake.staging import CACHE, Staging
from registry.schema.rows import RowReader
from registry.schema.tables import tables_of
from tests.oracle.histories import History, histories, numbers
from tests.registry.intake.batches import only
from tests.registry.intake.random_batches import batch_after, outcome

TABLES = tables_of(BUILT_IN)


@settings(max_examples=25, deadline=None)
@given(
    history=histories,
    chance=numbers,
    tables=st.lists(st.sampled_from(list(TABLES)), min_size=1, max_size=6, unique=True),
    retract=st.booleans(),
)
def test_how_much_is_held_at_once_makes_no_difference(
    sqlite_template: Path, history: History, chance: int, tables: list[str], retract: bool
) -> None:
    with batch_after(sqlite_template, history, chance, tables) as (registry, batch):
        usual = outcome(registry, batch, retract=retract)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading_assembly, "OPEN_AT_MOST", 2)
            patch.setattr(record_linkage, "PATIENTS_AT_ONCE", 1)
            patch.setattr(record_linkage, "STUDIES_AT_ONCE", 2)
            assert outcome(registry, batch, retract=retract) == usual


def test_an_import_for_which_the_disk_has_no_room_is_refused_in_one_line_and_nothing_is_stored(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = registry.head
    rows = "\n".join(f"P-{n},2020-01-01" for n in range(10_000))
    monkeypatch.setattr(staging, "SCHEMA", f"{staging.SCHEMA}; PRAGMA max_page_count = 20")

    with pytest.raises(NoRoomError, match=r"^nothing was stored: no room .*: database or disk is full; name another"):
        import_batch(registry, only(tmp_path, patients=f"patient,enrolled_on\n{rows}"))

    assert registry.head == head


def test_readings_whose_rows_are_scattered_are_put_together_however_few_are_held(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *places = ["study,reader,method,location,grade", "C2/3,1", "C3/4,2", "C4/5,3"]
    rows = [f"MR-1,R{reader},berlin,{place}" for place in places for reader in range(9)]
    monkeypatch.setattr(reading_assembly, "OPEN_AT_MOST", 2)

    import_batch(registry, only(tmp_path, readings="\n".join([header, *rows])))

    for reader in range(9):
        statement = registry.history(f"reading/MR-1/R{reader}/berlin")[-1].statement
        assert statement is not None
        assert statement["grades"]["grade"][:4] == [1, 2, 3, None]


@pytest.mark.parametrize("name", [name for name in TABLES if name != "readings"])
def test_a_fact_comes_back_as_it_was_stated(name: str) -> None:
    table = TABLES[name]
    for cells in (
        table.example,
        {column.name: table.example[column.name] for column in table.columns.values() if column.required},
    ):
        fields = RowReader(table, list(cells)).row(list(cells.values())).fields
        staged = StagedFact(table, fields, file=f"{name}.csv", line=7)
        with Staging() as staging:
            staging.keep(staged)
            found = staging.find(staged.identity)

        assert found is not None
        assert (found.table, found.fields, found.source) == (table, fields, f"{name}.csv:7")
        assert found.statement(None) == staged.statement(None)


def test_a_reading_comes_back_with_its_grades_and_where_they_stand() -> None:
    fields = {"study": "MR-1", "reader": "R1", "method": "berlin", "grade": 2, "read_on": None}
    reading = StagedReading(TABLES["readings"], fields, file="readings.csv", line=2)
    reading.grades["grade"][1], reading.rows["grade"][1] = 2, 3
    with Staging() as staging:
        staging.keep(reading)
        found = staging.find(reading.identity)

    assert isinstance(found, StagedReading)
    assert (found.fields, found.grades, found.rows) == (fields, reading.grades, reading.rows)


def test_the_first_who_claims_an_id_has_it() -> None:
    with Staging() as staging:
        first, second = staging.row("a.csv", 2), staging.row("b.csv", 3)

        assert staging.claimed("visit/id=1") is None
        assert [staging.claim("visit/id=1", row) for row in (first, second, first)] == [None, "a.csv:2", "a.csv:2"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what a process has opened")
def test_what_does_not_fit_into_memory_goes_to_a_file_that_nobody_else_can_open_and_goes_with_it() -> None:
    before = nameless_files()
    with Staging() as staging:
        for line in range(2, 2 * CACHE):
            fields = {"patient": f"P-{line}", "started_on": None, "note": "n" * 1000}
            staging.keep(StagedFact(TABLES["flares"], fields, file="flares.csv", line=line))

        (file,) = nameless_files() - before
        assert stat.S_IMODE(file.mode) == 0o600
        assert file.size > CACHE * 1024
    assert nameless_files() == before


class File(NamedTuple):
    """An open file: its number in the system, its mode, its size in bytes."""

    inode: int
    mode: int
    size: int


def nameless_files() -> set[File]:
    """Return the files that this process has opened and that no folder names."""
    found = []
    for descriptor in list(Path("/proc/self/fd").iterdir()):
        with suppress(FileNotFoundError):
            found.append(descriptor.stat())
    return {
        File(file.st_ino, file.st_mode, file.st_size)
        for file in found
        if stat.S_ISREG(file.st_mode) and not file.st_nlink
    }
