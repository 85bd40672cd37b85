"""Killed at any instant, work is whole or was never begun, the log is whole, and the next run goes on."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projections import feed_init, feed_run
from projections.export import export
from projections.feed.batch_files import read_head
from registry import Registry
from registry.intake import import_batch
from tests import postgres
from tests.faults import undertakings
from tests.faults.killing import Work, delays, run, wait_for_the_server
from tests.faults.lengths import figure, times
from tests.faults.stepping import Stepped

KILLED = times(short=4, long=200)
FEEDS_KILLED = times(short=1, long=200)
PUBLISHING = ("in _publish", "in put_file")
WHERE = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Killed:
    """Kills some work at so many instants, and counts what it finds after each."""

    def __init__(self, url: str, folder: Path, work: Work, name: str, *, n: int = KILLED) -> None:
        self.url, self.folder, self.work, self.name, self.n = url, folder, work, name, n
        self.store = url.partition(":")[0]
        self.counts: Counter[str] = Counter()
        self.longest = 0.0

    def measure(self) -> None:
        """Let the work run to its end once, to know how long it takes; it has the number 0."""
        self.longest = self.undisturbed(0)

    def undisturbed(self, number: int) -> float:
        ended = run(self.work, self.url, self.folder, number)
        wait_for_the_server(self.url)
        return ended.seconds

    def each(self) -> Iterator[tuple[int, list[object]]]:
        """Yield the number of each time that the work was killed, with what it had told; two numbers each are free."""
        for time, delay in enumerate(delays(f"{self.name} {self.store}", self.n, self.longest), 1):
            ended = run(self.work, self.url, self.folder, 2 * time, kill_after=delay)
            wait_for_the_server(self.url)
            self.counts["killed" if ended.was_killed else "ended before"] += 1
            yield 2 * time, ended.told

    def found(self, is_there: bool) -> None:
        self.counts["whole" if is_there else "absent"] += 1

    def done(self) -> None:
        assert self.counts["killed"], "no instant fell into the work"
        found = (
            f"{self.counts['killed']} killed in the work; {self.counts['whole']} whole, {self.counts['absent']} absent"
        )
        figure(f"SIGKILL during {self.name}", WHERE[self.store], self.n, found)


@pytest.fixture
def killed(url: str, tmp_path: Path) -> Callable[[Work, str], Killed]:
    return lambda work, name: Killed(url, tmp_path, work, name)


def with_a_batch(url: str, folder: Path) -> None:
    with Registry.open(url, actor="ines") as registry:
        import_batch(registry, undertakings.batch(folder, -1))


def test_a_batch_is_stored_whole_or_not_at_all(killed: Callable[[Work, str], Killed], url: str, tmp_path: Path) -> None:
    trial = killed(undertakings.importing, "import")
    for number in range(2 * KILLED + 1):
        undertakings.batch(tmp_path, number)
    trial.measure()
    before = undertakings.EVENTS_OF_A_BATCH

    for number, _ in trial.each():
        trial.found(undertakings.is_whole_import(url, before))
        trial.undisturbed(number)
        assert undertakings.head(url) == before + undertakings.EVENTS_OF_A_BATCH, "the next run stores what is missing"
        before += undertakings.EVENTS_OF_A_BATCH

    trial.done()


def test_every_event_that_was_acknowledged_is_there(killed: Callable[[Work, str], Killed], url: str) -> None:
    trial = killed(undertakings.appending, "append")
    trial.measure()

    for number, told in trial.each():
        recorded = undertakings.visits_recorded(url, number)
        assert recorded - len(told) in (0, 1), "acknowledged and not there, or there and never asked for"
        trial.found(recorded == 28)
        trial.undisturbed(number)
        assert undertakings.visits_recorded(url, number) == 28

    trial.done()


def test_an_export_is_whole_or_absent_and_leaves_nothing_behind(
    killed: Callable[[Work, str], Killed], url: str, tmp_path: Path
) -> None:
    with_a_batch(url, tmp_path)
    trial = killed(undertakings.exporting, "export")
    trial.measure()

    for number, _ in trial.each():
        out = undertakings.exported(tmp_path, number)
        trial.found(undertakings.is_whole_export(url, out))
        trial.undisturbed(number + 1)
        assert undertakings.is_whole_export(url, out)
        assert [path.name for path in tmp_path.glob(".spondyl.*")] == []

    trial.done()


def test_an_export_over_another_leaves_one_of_the_two(
    killed: Callable[[Work, str], Killed], url: str, tmp_path: Path
) -> None:
    with_a_batch(url, tmp_path)
    trial = killed(undertakings.replacing, "export over another")
    trial.undisturbed(1)  # what is replaced: to put an export where nothing stands takes less time
    trial.measure()

    for number, _ in trial.each():
        assert undertakings.is_whole_export(url, undertakings.replaced(tmp_path))
        trial.found(True)
        trial.undisturbed(number)
        assert [path.name for path in tmp_path.glob(".spondyl.*")] == []

    trial.done()


def test_a_batch_of_a_feed_is_whole_or_absent_and_the_next_run_goes_on(url: str, tmp_path: Path) -> None:
    """Killed at any instant, and before every line by which a batch is published and others are removed."""
    undertakings.something_happens(url, tmp_path, 0)
    with Registry.open(url, actor="ines") as registry:
        feed_init(registry, undertakings.fed(tmp_path))
    trial = Killed(url, tmp_path, undertakings.feeding, "feed run", n=FEEDS_KILLED)
    trial.measure()
    undertakings.something_happens(url, tmp_path, 1)
    for place, line in enumerate(lines_run(url, copied(tmp_path, "undisturbed")), 1):
        if line.endswith(PUBLISHING):
            folder = copied(tmp_path, f"killed-{place}")
            Stepped(undertakings.feeding_in_steps, url, folder, place).ended()
            assert undertakings.is_whole_feed(folder), line
            with Registry.open(url, actor="ines") as registry:
                feed_run(registry, undertakings.fed(folder))
            assert undertakings.is_whole_feed(folder, undertakings.visits_after(1)), line
            assert left_over(undertakings.fed(folder)) == set(), line

    for happened, (number, told) in enumerate(trial.each(), 1):
        assert undertakings.is_whole_feed(tmp_path)
        trial.found(told == [1])
        trial.undisturbed(number + 1)
        assert undertakings.is_whole_feed(tmp_path, undertakings.visits_after(happened))
        assert left_over(undertakings.fed(tmp_path)) == set()
        undertakings.something_happens(url, tmp_path, happened + 1)

    trial.done()


def lines_run(url: str, folder: Path) -> list[str]:
    """Return the lines of a run of a feed that is not killed."""
    running = Stepped(undertakings.feeding_in_steps, url, folder)
    lines: list[str] = running.told()
    running.ended()
    assert {line.rpartition(" in ")[2] for line in lines} >= {each.removeprefix("in ") for each in PUBLISHING}
    return lines


def copied(folder: Path, name: str) -> Path:
    """Return a folder with the feed of another."""
    shutil.copytree(undertakings.fed(folder), undertakings.fed(folder / name))
    return folder / name


def left_over(feed: Path) -> set[str]:
    """Return what is in the folder of a feed and no part of it."""
    listed = {batch.folder for batch in read_head(feed).batches}
    there = {path.name for path in (feed / "batches").iterdir()} | {path.name for path in feed.iterdir()}
    return there - listed - {"feed.json", "head.json", "dictionary.json", "batches", ".lock"}


def test_a_rebuilt_export_leaves_no_rows_in_temporary_files(
    killed: Callable[[Work, str], Killed], url: str, tmp_path: Path
) -> None:
    with_a_batch(url, tmp_path)
    with Registry.open(url, actor="ines") as registry:
        export(registry, tmp_path / "out")
    temporary = undertakings.put_aside(tmp_path)
    temporary.mkdir()
    trial = killed(undertakings.reproducing, "reproduce")
    trial.measure()

    for number, told in trial.each():
        assert [path.name for path in temporary.rglob("*") if path.stat().st_size] == []
        trial.found(told == [True])
        trial.undisturbed(number)
        assert list(temporary.iterdir()) == []

    trial.done()


def test_a_freeze_is_there_or_not(killed: Callable[[Work, str], Killed], url: str, tmp_path: Path) -> None:
    with_a_batch(url, tmp_path)
    trial = killed(undertakings.freezing, "freeze")
    trial.measure()
    before = undertakings.head(url)

    for number, told in trial.each():
        with Registry.open(url, actor="ines") as registry:
            position = registry.freeze_position(f"freeze-{number}")
            assert (position, registry.head.position) in ((before, before + 1), (None, before)), "both, or neither"
            assert position is not None or not told
            assert registry.verify().is_whole
        trial.found(position is not None)
        trial.undisturbed(number)
        before += 1
        assert undertakings.head(url) == before

    trial.done()


def test_an_erasure_that_was_killed_is_finished_by_the_next_command(
    killed: Callable[[Work, str], Killed], url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with_a_batch(url, tmp_path)
    trial = killed(undertakings.erasing, "erasure")
    for number in range(0, 2 * KILLED + 1, 2):
        run(undertakings.person, url, number)
    trial.measure()

    for number, _ in trial.each():
        trial.found(is_erased := undertakings.is_erased(url, number))
        assert not (is_erased and kept(url, tmp_path, number)), "the next command left what was erased"
        trial.undisturbed(number)
        assert not kept(url, tmp_path, number)

    trial.done()


def test_an_erasure_that_was_killed_just_after_its_transaction_is_finished_by_the_next_command(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run(undertakings.person, url, 1)
    assert run(undertakings.erasing_half, url, tmp_path, 1).was_killed
    wait_for_the_server(url)
    assert kept(url, tmp_path, 1)

    assert undertakings.is_erased(url, 1)

    assert not kept(url, tmp_path, 1)


def kept(url: str, folder: Path, number: int) -> list[str]:
    """Return the files of a registry, beside it and on the server, that say anything of a patient."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    if url.startswith("postgresql"):
        files += postgres.files(url)
    words = [word.encode() for word in undertakings.told_of(number)]
    return [path.name for path in files if any(word in path.read_bytes() for word in words)]


def test_a_registry_is_created_whole_or_not_at_all(
    request: pytest.FixtureRequest, tmp_path: Path, vacant_url: str
) -> None:
    trial = Killed(vacant_url, tmp_path, undertakings.migrating, "migration")
    undisturbed = run(undertakings.migrating, vacant_url, tmp_path, 0)
    [statements] = undisturbed.told
    assert isinstance(statements, int)
    is_on_a_server = vacant_url.startswith("postgresql")
    server = request.getfixturevalue("postgres_server") if is_on_a_server else ""
    places = [tmp_path / f"vacant-{time}.db" for time in range(KILLED)]

    delayed = delays(f"migration {trial.store}", KILLED, undisturbed.seconds)
    for time, (place, delay) in enumerate(zip(places, delayed, strict=True)):
        name = postgres.new_database(server) if is_on_a_server else ""
        trial.url = postgres.url_of(server, name) if is_on_a_server else f"sqlite:///{place}"
        if time % 2:  # before a statement: most take less time than two instants are apart
            ended = run(trial.work, trial.url, tmp_path, 1 + time * statements // KILLED)
        else:
            ended = run(trial.work, trial.url, tmp_path, 0, kill_after=delay)
        wait_for_the_server(trial.url)
        trial.counts["killed"] += ended.was_killed
        trial.found(undertakings.is_registry(trial.url))
        trial.undisturbed(0)
        assert undertakings.is_registry(trial.url)
        if is_on_a_server:
            postgres.drop_database(server, name)

    trial.done()


def test_blocks_are_whole_or_absent_and_never_say_another_thing_than_the_log(
    killed: Callable[[Work, str], Killed], url: str, tmp_path: Path
) -> None:
    with_a_batch(url, tmp_path)
    trial = killed(undertakings.block_building, "block building")
    trial.measure()

    for number, _ in trial.each():
        trial.found(undertakings.all_blocks(url))
        trial.undisturbed(number + 1)
        assert undertakings.all_blocks(url)
        assert undertakings.left_by_the_killed(url) == []

    trial.done()


def copies(number: int) -> list[str]:
    """Return the names of the copies that there are after so many numbers, the first made undisturbed."""
    return [f"copy-{each}.db" for each in range(number // 2 + 1)]


def test_a_copy_is_whole_or_absent(sqlite_url: str, tmp_path: Path) -> None:
    with_a_batch(sqlite_url, tmp_path)
    trial = Killed(sqlite_url, tmp_path, undertakings.copying, "backup")
    trial.measure()

    for number, _ in trial.each():
        copy = tmp_path / f"copy-{number // 2}.db"
        if copy.exists():
            assert undertakings.is_registry(str(copy))
        trial.found(copy.exists())
        trial.undisturbed(number + 1)
        assert undertakings.is_registry(str(copy))
        assert sorted(path.name for path in tmp_path.glob("*copy*")) == sorted(copies(number))
        assert [path.name for path in tmp_path.glob(".spondyl.*")] == []

    trial.done()
