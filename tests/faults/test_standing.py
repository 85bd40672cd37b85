"""A copy is put over a registry: who comes at whatever step finds the one whole or the other, and loses nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry.errors import UnreachableError
from registry.store.backup import restore
from registry.store.log import EventLog
from registry.store.opening import database_at, open_database
from registry.store.verify import verify
from tests.faults import neighbours
from tests.faults.lengths import IS_LONG, figure, times
from tests.faults.stepping import Stepped
from tests.registry.store.recording import record, visit

OLD, IN_ITS_LOG, NEW = (
    300,
    320,
    200,
)  # what stands there, its end in a write-ahead log only, and the copy
KILLS = times(short=4, long=200)
PATIENCE = 0.02  # seconds in which a neighbour tells something
BLOCKED = 5  # times that it tells nothing and the file is locked: then it waits for the lock
Work = Callable[..., None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry whose process was killed, and another one that is to be put over it."""
    folder = tmp_path_factory.mktemp("made")
    neighbours.filled(folder / "standing.db", first=1, last=OLD)
    Stepped(neighbours.left_open, folder / "standing.db", OLD + 1, IN_ITS_LOG).ended()
    assert (folder / "standing.db-wal").stat().st_size
    neighbours.filled(folder / "copy.db", first=1, last=NEW)
    in_journal_mode(folder / "copy.db", "delete")  # as copies are
    return folder


def in_journal_mode(place: Path, mode: str) -> None:
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute(f"PRAGMA journal_mode = {mode}").fetchone() == (mode,)


class Scene:
    """A folder with both, made anew for each trial."""

    def __init__(self, made: Path, folder: Path) -> None:
        self._made, self._folder = made, folder
        self.counts: Counter[str] = Counter()

    def set(self) -> tuple[Path, Path]:
        """Return where the registry stands, and the copy."""
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._made, self._folder)
        return self._folder / "standing.db", self._folder / "copy.db"

    def held(self, target: Path) -> tuple[int, int]:
        """Return how many visits stand there, and how many events of the neighbour; see that all is whole."""
        with closing(open_database(target)) as database:
            assert verify(EventLog(database)).is_whole
            with database.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
                theirs = connection.exec_driver_sql(
                    "SELECT count(*) FROM events WHERE stream = ?", (neighbours.NEIGHBOUR.bytes,)
                ).scalar_one()
                total = connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one()
        left = {path.name for path in self._folder.iterdir()} - {path.name for path in self._made.iterdir()}
        assert left == set()
        return total - theirs, theirs


@pytest.fixture
def scene(made: Path, tmp_path: Path) -> Scene:
    return Scene(made, tmp_path / "scene")


def lines_of(work: Work, scene: Scene) -> list[str]:
    """Return the lines that run when nobody comes."""
    undisturbed = Stepped(work, *scene.set())
    how, replaced, lines = undisturbed.told()
    undisturbed.ended()
    assert (how, replaced) == ("done", IN_ITS_LOG)
    return list(lines)


def steps(lines: Sequence[str], *, apart: int) -> Sequence[int]:
    """Return the steps of the replacement itself, some apart; in the long form all, and many before it."""
    first = next(number for number, line in enumerate(lines, start=1) if line.endswith(" in replace"))
    return (
        [*range(first % 5 + 1, first, 5), *range(first, len(lines) + 1)] if IS_LONG else range(first, len(lines), apart)
    )


@pytest.mark.parametrize("work", [neighbours.restoring, neighbours.copying])
def test_who_opens_the_registry_at_any_step_finds_it_whole_and_loses_nothing(work: Work, scene: Scene) -> None:
    visitors = (neighbours.writes, neighbours.comes_late, neighbours.stays, neighbours.reads)
    lines = lines_of(work, scene)

    for number, step in enumerate(steps(lines, apart=2)):
        for visitor in visitors if IS_LONG else [visitors[number % len(visitors)]]:
            _visit(work, visitor, scene, step)

    assert scene.counts["replaced"], "no neighbour let it be replaced"
    assert scene.counts["refused"], "no neighbour was noticed"
    counts = scene.counts
    found = f"{counts['replaced']} replaced, {counts['refused']} refused; all whole, nothing lost that was not told"
    figure(f"a neighbour at each step of {work.__name__} over a registry", "SQLite", counts.total(), found)


def _visit(work: Work, visitor: Work, scene: Scene, step: int) -> None:
    """Let a neighbour come at a step, and see what each of the two has told against what stands there."""
    target, other = scene.set()
    replacing = Stepped(work, target, other, step)
    line = replacing.told()
    assert isinstance(line, str), f"it stopped nowhere: {line}"
    neighbour = Stepped(visitor, target)
    told = [*_told_at_first(neighbour, target)]
    replacing.go_on()
    how, outcome, _ = replacing.told()
    replacing.ended()
    neighbour.go_on()
    told += _told_until_the_end(neighbour)
    neighbour.ended()
    assert neighbour.process.exitcode == 0, f"the neighbour failed at {line}"

    visits, theirs = scene.held(target)
    acknowledged = [position for what, position in told if what == "recorded"]
    afterwards = [position for what, position in told if what == "recorded afterwards"]
    assert all(whole for what, whole in told if what == "whole"), line
    gone = [position for position in acknowledged if how == "done" and IN_ITS_LOG < position <= outcome]
    assert visits == (NEW if how == "done" else IN_ITS_LOG), line
    assert theirs == len(acknowledged) + len(afterwards) - len(gone), f"{line}: acknowledged, not there, and not told"
    scene.counts["replaced" if how == "done" else "refused"] += 1


def _told_at_first(neighbour: Stepped, target: Path) -> Iterator[tuple[str, Any]]:
    """Yield what a neighbour tells until it is at rest, has ended, or waits because the file is locked."""
    locked = 0
    with suppress(EOFError, ConnectionError):  # it has ended
        while locked < BLOCKED and (told := neighbour.told(PATIENCE)) != "at rest":
            if told is None:
                locked = locked + 1 if _is_locked(target) else 0
            else:
                yield told


def _is_locked(target: Path) -> bool:
    with closing(sqlite3.connect(target, timeout=0)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def _told_until_the_end(neighbour: Stepped) -> Iterator[tuple[str, Any]]:
    with suppress(EOFError, ConnectionError):  # it has ended
        while told := neighbour.told():
            if told != "at rest":
                yield told


@pytest.mark.parametrize("work", [neighbours.restoring, neighbours.copying])
def test_killed_at_any_step_the_one_or_the_other_stands_there_whole(work: Work, scene: Scene) -> None:
    for step in steps(lines_of(work, scene), apart=9):
        target, other = scene.set()
        killed = Stepped(work, target, other, -1, step)
        killed.ended()
        assert killed.process.exitcode == -9

        _next_run(scene, work, target, other)

    assert scene.counts["former"], "no instant was before the replacement"
    _figure_of_kills(f"SIGKILL at each step of {work.__name__} over a registry", scene)


def test_killed_while_pages_are_written_the_one_or_the_other_stands_there_whole(scene: Scene) -> None:
    random = Random("pages")
    for _ in range(KILLS):
        target, other = scene.set()
        Stepped(neighbours.killed_while_writing, target, other, random.uniform(0, 0.01)).ended()

        _next_run(scene, neighbours.restoring, target, other)

    assert scene.counts["former"], "no instant was before the last page"
    _figure_of_kills("SIGKILL while pages of a registry are replaced", scene)


def _next_run(scene: Scene, work: Work, target: Path, other: Path) -> None:
    """See what stands there after a kill, and that the next run goes on and leaves nothing behind."""
    with closing(open_database(target)) as database:
        last = EventLog(database).head().position
        assert last in (IN_ITS_LOG, NEW)
        assert verify(EventLog(database)).is_whole
    scene.counts["former" if last == IN_ITS_LOG else "new"] += 1
    again = Stepped(work, target, other)
    assert again.told()[:2] == ("done", last)
    again.ended()
    assert scene.held(target) == (NEW, 0)


def _figure_of_kills(what: str, scene: Scene) -> None:
    counts = scene.counts
    found = f"{counts['former']} the former one, {counts['new']} the new one; whole each time, the next run went on"
    figure(what, "SQLite", counts.total(), found)


@pytest.mark.parametrize("room", [300, 700, 1_000, 1_400, 1_700, 2_000, 2_600])
def test_a_full_disk_leaves_the_one_or_the_other(made: Path, small_disk: Callable[[str], Path], room: int) -> None:
    disk = small_disk("10m")
    shutil.copytree(made, disk, dirs_exist_ok=True)
    taken = sum(path.stat().st_size for path in disk.iterdir())
    small_disk(f"{taken // 1024 + room}k")

    attempt = Stepped(neighbours.restoring, disk / "standing.db", disk / "copy.db")
    how, outcome, _ = attempt.told()
    attempt.ended()

    assert how == "done" or "disk is full" in outcome
    small_disk("20m")
    assert last_of(disk / "standing.db") == (NEW if how == "done" else IN_ITS_LOG)
    assert {path.name for path in disk.iterdir()} <= {path.name for path in made.iterdir()}


def last_of(place: Path) -> int:
    """Return the last position of a registry, and see that it is whole."""
    with closing(open_database(place)) as database:
        assert verify(EventLog(database)).is_whole
        return EventLog(database).head().position


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
def test_a_copy_on_media_that_only_read_is_read_and_restored(
    made: Path, tmp_path: Path, small_disk: Callable[[str], Path], journal_mode: str
) -> None:
    disk = small_disk("10m")
    shutil.copy(made / "copy.db", disk / "copy.db")
    in_journal_mode(disk / "copy.db", journal_mode)
    small_disk("10m,ro")

    assert last_of(disk / "copy.db") == NEW
    with closing(open_database(disk / "copy.db")) as copy, pytest.raises(UnreachableError, match="readonly database"):
        record(copy, visit(version=NEW + 1))
    assert restore(disk / "copy.db", database_at(tmp_path / "new.db")).events == NEW
    assert [path.name for path in disk.iterdir()] == ["copy.db"]


def test_a_registry_in_a_folder_where_the_user_may_not_write_is_left_as_it_is(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(made, place)
    nobody = 65_534
    for path in (place, *place.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.chown(path, nobody if os.geteuid() == 0 else -1, -1)
    place.chmod(0o555)

    attempt = Stepped(neighbours.restoring_as, nobody, place / "standing.db", place / "copy.db")
    how, outcome, _ = attempt.told()
    attempt.ended()

    place.chmod(0o755)
    assert how == "refused"
    assert outcome.startswith(f"cannot copy a registry to {place}/standing.db: ")
    assert last_of(place / "standing.db") == IN_ITS_LOG
