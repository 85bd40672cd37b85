"""Whatever a command writes is for its owner alone, from the first byte on, whatever the umask."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests.faults.lengths import IS_LONG, figure, times
from tests.faults.stepping import Stepped
from tests.faults.watched import commands, open_to_others, watched

EXAMPLES = Path(__file__).parents[2] / "examples"
COHORT = EXAMPLES / "baraliakos2013.toml"
MAPPED = Path(__file__).parent / "mapped"
UMASKS = times(short=1, long=3)
READING = "reading/MR1-6347/R1/vu-lesions"
WRITING = (
    "--db new.db init",
    "template templates/empty",
    "simulate simulated/csv --patients 30",
    "simulate simulated/parquet --patients 3 --format parquet",
    "simulate --into-log --db simulated.db --patients 3",
    "--db new.db import simulated/csv",
    f"map show {MAPPED / 'mapping.toml'} --to shown",
    f"map show {MAPPED / 'mapping.toml'} --to shown --overwrite",
    f"--db new.db import --map {MAPPED / 'mapping.toml'}",
    "--db new.db record patient patient=P-1 enrolled_on=2020-01-01",
    "--db new.db record patient patient=P-2 enrolled_on=2020-01-01",
    "--db new.db record visit patient=P-1 visited_on=2020-02-01 crp=5",
    "--db new.db amend visit/P-1/2020-02-01 crp=6 --reason misread",
    "--db new.db freeze report",
    "--db new.db prove visit/P-1/2020-02-01 --out proof.json",
    "--db new.db merge P-2 --into P-1 --reason twins",
    "--db new.db unmerge P-2 --reason untwined",
    "--db new.db retract visit/P-1/2020-02-01 --reason wrong",
    "--db new.db erase P-1 --reason asked --yes",
    "--db new.db status",
    "--db new.db export exported --tables visits,events",
    "--db new.db export exported --overwrite --tables visits,events",
    "--db new.db export with-versions --history --tables visits,events",
    "--db new.db reproduce exported/manifest.json",
    "--db new.db feed init feed --tables visits,events",
    "--db new.db feed run feed",
    "feed apply feed --to duckdb:warehouse.duckdb --history",
    "feed apply feed --to delta:lake --history",
    "--db new.db feed status feed --to duckdb:warehouse.duckdb",
    "feed verify feed --to duckdb:warehouse.duckdb",
    "feed verify feed --to delta:lake",
    "dbt-sources feed sources.yml --history",
    "--db new.db backup copy.db",
    "--db new.db backup copy.db --overwrite",
    "--db restored.db restore copy.db",
    "--db restored.db restore copy.db --overwrite",
)
IN_THE_DEMO = (
    "--db demo/spondyl.db report p.html --patient BAR1-01",
    "--db demo/spondyl.db report p.html --patient BAR1-01 --overwrite",
    f"--db demo/spondyl.db report c.html --cohort {COHORT}",
    f"--db demo/spondyl.db dataset {COHORT} analysed --format csv",
    "--db demo/spondyl.db status",
    f"--db demo/spondyl.db export exported-demo --cohort {COHORT}",
    "--db demo/spondyl.db reproduce exported-demo/manifest.json",
    f"--db demo/spondyl.db campaign start {EXAMPLES / 'campaign' / 'campaign.toml'}",
    "--db demo/spondyl.db campaign token bar13-berlin R1",
)
READING = (
    f"map draft {MAPPED / 'project.csv'} --kind redcap --dictionary {MAPPED / 'dictionary.csv'}",
    f"map check {MAPPED / 'mapping.toml'}",
    "roles",
    "check-proof proof.json",
    "--db demo/spondyl.db status",
    "--db demo/spondyl.db show BAR1-01",
    "--db demo/spondyl.db history reading/MR1-6347/R1/vu-lesions",
    "--db demo/spondyl.db diff --known-at @300",
    "--db demo/spondyl.db courses",
    "--db demo/spondyl.db scores",
    "--db demo/spondyl.db table visits",
    "--db demo/spondyl.db summary",
    "--db demo/spondyl.db responses",
    "--db demo/spondyl.db treatments",
    "--db demo/spondyl.db follow-up --retention",
    "--db demo/spondyl.db completeness",
    "--db demo/spondyl.db protocol show",
    "--db demo/spondyl.db flares",
    f"--db demo/spondyl.db cohort {COHORT}",
    "--db demo/spondyl.db lesions",
    "--db demo/spondyl.db campaign status",
    "--db demo/spondyl.db check",
    f"--db demo/spondyl.db reconcile {COHORT} {COHORT.with_suffix('.published.toml')}",
    "--db demo/spondyl.db serve --port 0 --until-idle 0",
    "--db demo/spondyl.db campaign drafts bar13-berlin",
    "--db demo/spondyl.db serve-readings bar13-berlin --port 0 --until-idle 0",
    "--db demo/spondyl.db verify",
    "--db copy.db verify",
)


def run(folder: Path, lines: tuple[str, ...], umask: int = 0) -> tuple[set[str], list[str]]:
    """Run command lines under a umask; return what was seen to be open to others, and what was until it was moved."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with watched(folder) as seen:
        process = Stepped(commands, folder, umask, [line.split() for line in lines])
        for line in lines:
            told, code = process.told(120)
            assert code == 0, f"{' '.join(told)}: {code}"
            assert told == line.split()
        until_moved = process.told()
        process.ended()
    return seen, until_moved


def test_every_command_is_among_those_that_are_watched() -> None:
    words = {word for line in ("demo", *WRITING, *IN_THE_DEMO, *READING) for word in line.split()}

    assert set(COMMANDS) - words == set()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077][:UMASKS])
def test_nothing_that_a_command_writes_is_ever_open_to_others(tmp_path: Path, umask: int) -> None:
    lines = ("demo --into demo", *WRITING, *IN_THE_DEMO) if IS_LONG else WRITING
    seen, until_moved = run(tmp_path / "place", lines, umask)

    assert sorted(seen) == []
    assert until_moved == []
    assert sorted(open_to_others(tmp_path / "place")) == []
    written = listing(tmp_path / "place")
    assert len(written) > 30
    assert any(".blocks/" in path for path, _ in written)
    figure(f"files of {len(lines)} commands, umask {umask:03o}", "SQLite", len(written), "none ever open to others")


@pytest.mark.skipif(not IS_LONG, reason="the demo takes ten seconds")
def test_all_other_commands_write_nothing(tmp_path: Path) -> None:
    run(tmp_path / "place", ("demo --into demo", *WRITING, *IN_THE_DEMO))
    before = listing(tmp_path / "place")

    run(tmp_path / "place", READING)

    assert listing(tmp_path / "place") == before


def listing(place: Path) -> list[tuple[str, int]]:
    """Return the files in a folder with the last instant at which each was written."""
    files = (path for path in place.rglob("*") if path.is_file())
    return sorted((path.relative_to(place).as_posix(), path.stat().st_mtime_ns) for path in files)


def modes(folder: Path) -> set[tuple[str, int]]:
    """Return the kinds of what is in a folder, itself among it, with their modes."""
    all_there = (folder, *folder.rglob("*"))
    return {("folder" if path.is_dir() else "file", path.stat().st_mode & 0o777) for path in all_there}


def another_group(folder: Path) -> str:
    """Return a group that this user may give files to, not that of a folder where there is another."""
    grp = pytest.importorskip("grp")
    mine = {each.gr_gid for each in grp.getgrall()} if os.geteuid() == 0 else {os.getegid(), *os.getgroups()}
    return str(grp.getgrgid(max(mine, key=lambda number: (number != folder.stat().st_gid, -number))).gr_name)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_an_export_is_open_to_a_group_only_when_it_is_whole_and_one_in_its_place_as_well(
    tmp_path: Path, umask: int
) -> None:
    group, out = another_group(tmp_path), tmp_path / "place" / "out"

    seen, _ = run(tmp_path / "place", ("--db new.db init", f"--db new.db export out --group {group}"), umask)
    once = modes(out)
    run(tmp_path / "place", ("--db new.db export out --overwrite",), umask)

    assert once == modes(out) == {("folder", 0o750), ("file", 0o640)}
    assert {path.group() for path in (out, *out.rglob("*"))} == {group}
    assert not [line for line in seen if line.startswith(".spondyl") and "/" not in line and "drwx------" in line]


def test_a_registry_that_a_group_shares_has_side_files_and_blocks_for_the_group(tmp_path: Path) -> None:
    place = tmp_path / "place"
    run(place, ("simulate --into-log --db new.db --patients 30",))
    group, registry = another_group(place), place / "new.db"
    shutil.chown(registry, group=group)
    registry.chmod(0o660)

    recording = [f"--db new.db record patient patient=P-{number} enrolled_on=2020-01-01" for number in range(9)]
    seen, _ = run(place, ("--db new.db status", *recording))

    assert modes(place / "new.db.blocks") == {("folder", 0o770), ("file", 0o660)}
    assert {path.group() for path in (place / "new.db.blocks").rglob("*")} == {group}
    assert {line for line in seen if line.startswith("new.db-wal")} == {"new.db-wal -rw-rw----"}
    assert "rw-rw-r" not in " ".join(seen)


def test_a_registry_that_all_can_read_gives_its_blocks_to_its_group_only(tmp_path: Path) -> None:
    place = tmp_path / "place"
    run(place, ("simulate --into-log --db new.db --patients 30",))
    (place / "new.db").chmod(0o644)

    run(place, ("--db new.db status",))

    assert modes(place / "new.db.blocks") == {("folder", 0o750), ("file", 0o640)}
