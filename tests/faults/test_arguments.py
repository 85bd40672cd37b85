"""Whatever is typed into any parameter of any command: it is done, or refused in a message that a person can read."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Final

import pytest

from projections.export import cluster, export
from registry import Registry
from tests.faults.arguments import HOSTILE, NAMES, answer, fault, furnish, parameters
from tests.faults.lengths import figure, times

AIMED, OTHERS = times(short=5, long=len(HOSTILE)), times(short=3, long=len(HOSTILE))  # values a parameter at most
SLOW: Final = {"demo": times(short=1, long=20)}  # one that works takes seconds
ROOM: Final = 3 * 2**29  # bytes of memory that a command may take beside what this process has
EXAMPLES: Final = Path(__file__).parents[2] / "examples"
REGISTRIES: Final = ("none", "empty", "small")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each kind of registry, with what hostile values name; in that of the small one an export too."""
    made = {}
    for kind in REGISTRIES:
        made[kind] = folder = tmp_path_factory.mktemp(kind)
        furnish(folder)
        for name, file in (("cohort.toml", "anakinra2004.toml"), ("published.toml", "anakinra2004.published.toml")):
            shutil.copy(EXAMPLES / file, folder / name)
        (folder / "visits.csv").write_text("patient,visited_on,visit,crp\nP-1,2020-01-05,second,5\n")
        if kind != "none":
            with Registry.create(str(folder / "spondyl.db"), actor="ines") as registry:
                if kind == "small":
                    _fill(registry, folder)
    return made


def _fill(registry: Registry, folder: Path) -> None:
    for patient in ("P-1", "P-2"):
        registry.enrol_patient(patient, enrolled_on="2020-01-01")
    registry.record_visit("P-1", visited_on="2020-01-02", visit="baseline", measures={"crp": 12})
    export(registry, folder / "exported")


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with two above it that may be written to, so much memory and no more, and no patience."""
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    for name in ("SPONDYL_DB", "SPONDYL_ACTOR", "SPONDYL_BLOCKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    with _memory_at_most(ROOM):
        yield tmp_path / "one" / "other" / "room"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_is_typed_is_done_or_refused_in_words(rooms: dict[str, Path], apart: Path, name: str | None) -> None:
    random, faults, codes = Random(f"arguments {name}"), [], Counter[int]()
    for parameter in parameters(name):
        for value in _values(random, parameter.aimed, SLOW.get(name or "")):
            kind = random.choice(REGISTRIES)
            _enter(apart, rooms[kind])
            before = _events()
            said = answer(parameter.typed(value))
            codes[said.code] += 1
            wrong = fault(said)
            if wrong is None and said.code in (2, 3) and _events() != before:
                wrong = "refused, and yet something was stored"
            if wrong:
                faults.append(f"{parameter} {value[:60]!r}, {kind} registry: {wrong}")

    assert not faults, "\n\n".join(faults)
    figure(
        "a hostile value for a parameter", name or "spondyl", codes.total(), f"{codes[0]:,} done, the others refused"
    )


def test_the_values_are_taken_where_they_are_none(rooms: dict[str, Path], apart: Path) -> None:
    for arguments in (["show", "P-1"], ["prove", "visit/P-1/2020-01-02/baseline"], ["status", "--known-at", "@1"]):
        _enter(apart, rooms["small"])

        assert answer(arguments).code == 0


def _values(random: Random, aimed: Sequence[str], at_most: int | None) -> list[str]:
    """Return hostile values in any order, of those that are aimed at a parameter more than of the others."""
    values = [*random.sample(aimed, min(AIMED, len(aimed))), *random.sample(HOSTILE, OTHERS)]
    return [*dict.fromkeys(values)][:at_most]


def _enter(room: Path, template: Path) -> None:
    """Make a room anew as a copy of another, and work in it."""
    os.chdir(room.parents[2])
    shutil.rmtree(room.parents[1], ignore_errors=True)
    room.mkdir(parents=True)
    for path in template.iterdir():
        copy = room / path.name
        if path.is_symlink():
            copy.symlink_to(path.readlink())
        elif path.is_dir():
            shutil.copytree(path, copy)
        elif path.is_file():
            shutil.copy2(path, copy)
        elif path.is_fifo():
            os.mkfifo(copy)
        else:
            os.mknod(copy, path.stat().st_mode, path.stat().st_rdev)
    os.chdir(room)


def _events() -> int:
    """Return how many events the registry of the room has, 0 where there is none."""
    path = Path("spondyl.db")
    if not path.is_file() or not path.stat().st_size:
        return 0
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


@contextmanager
def _memory_at_most(more: int) -> Iterator[None]:
    """Let this process take so much memory and no more; where a system does not say how much it has, all."""
    taken = Path("/proc/self/statm")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if taken.exists():
        resource.setrlimit(
            resource.RLIMIT_AS, (int(taken.read_text().split()[0]) * resource.getpagesize() + more, hard)
        )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
