"""Killed, cut off, done twice at a time, without room: a target has whole batches, each once, and goes on."""

from __future__ import annotations

import shutil
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from projections.errors import TargetError
from projections.feed.batch_files import read_head
from projections.feed.running import feed_run
from projections.feed.targets.applying import feed_apply
from projections.feed.targets.opening import open_target
from projections.feed.targets.verifying import target_verify
from registry import Registry
from tests import postgres
from tests.faults.applying import PERSON, SAID, applying, erased, followed, is_whole, target_of
from tests.faults.conftest import shown
from tests.faults.killing import delays, run, wait_for_the_server
from tests.faults.lengths import figure, times
from tests.faults.test_disks import url_on_a_small_disk  # noqa: F401 – a fixture
from tests.projections.feed.targets.read_back import decoded

KILLED = times(short=5, long=200)
KINDS = ("duckdb", "postgresql", "delta")
WHERE = {"duckdb": "DuckDB", "postgresql": "PostgreSQL", "delta": "Delta"}

TOO_LATE = ("somebody else applied meanwhile", "Could not set lock on file", "somebody else is applying")


@pytest.fixture
def feed(sqlite_url: str, tmp_path: Path) -> Path:
    return followed(sqlite_url, tmp_path)


@pytest.fixture(params=KINDS)
def to(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where the targets are, each by its number."""
    if request.param != "postgresql":
        yield f"{request.param}:{tmp_path / 'warehouse'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = postgres.new_database(server)
    yield postgres.url_of(server, name)
    postgres.drop_database(server, name)


def ends(feed: Path) -> list[int]:
    return [0, *(each.until for each in read_head(feed).batches)]


def kind(to: str) -> str:
    return WHERE[to.partition(":")[0]]


def test_an_applier_that_is_killed_leaves_whole_batches_and_the_next_goes_on(
    feed: Path, to: str, tmp_path: Path
) -> None:
    counts: Counter[str] = Counter()
    longest = run(applying, to, tmp_path, 0).seconds

    for number, delay in enumerate(delays(f"apply {kind(to)}", KILLED, longest), 1):
        ended = run(applying, to, tmp_path, number, kill_after=delay)
        wait_for_the_server(to)
        counts["killed"] += ended.was_killed
        position = is_whole(to, tmp_path, number)
        assert position in ends(feed)
        counts[f"at batch {ends(feed).index(position)}"] += 1
        assert run(applying, to, tmp_path, number).told == [ends(feed)[-1]]
        assert is_whole(to, tmp_path, number) == ends(feed)[-1]

    assert counts["killed"], "no instant fell into the work"
    found = ", ".join(f"{counts[f'at batch {n}']} with {n} batches" for n in range(len(ends(feed))))
    figure(
        "SIGKILL during feed apply", kind(to), KILLED, f"{counts['killed']} killed in the work; {found}; none doubled"
    )


def test_an_erasure_that_was_killed_is_finished_by_the_next_applier(
    feed: Path, sqlite_url: str, to: str, tmp_path: Path
) -> None:
    for number in range(KILLED + 1):
        with closing(open_target(target_of(to, number))) as target:
            feed_apply(feed, target, history=True)
    assert kept(to, tmp_path, 0)
    erased(sqlite_url, tmp_path)
    longest = run(applying, to, tmp_path, 0).seconds
    killed = 0

    for number, delay in enumerate(delays(f"erase {kind(to)}", KILLED, longest), 1):
        killed += run(applying, to, tmp_path, number, kill_after=delay).was_killed
        wait_for_the_server(to)
        assert run(applying, to, tmp_path, number).told == [ends(feed)[-1]]
        assert is_whole(to, tmp_path, number) == ends(feed)[-1]
        if not to.startswith("postgresql:"):
            assert not kept(to, tmp_path, number)

    assert killed, "no instant fell into the work"
    assert not kept(to, tmp_path, KILLED)
    figure(
        "SIGKILL during the erasure of feed apply", kind(to), KILLED, f"{killed} killed in the work; none left a byte"
    )


def kept(to: str, folder: Path, number: int) -> list[str]:
    """Return the files of a target, of a server those of all targets, that say anything of the person."""
    if to.startswith("delta:"):
        files = [path for path in (folder / f"warehouse-{number}").rglob("*") if path.is_file()]
        said = {file: " ".join(decoded(file)) for file in files if file.suffix == ".parquet"}
        return [file.name for file, texts in said.items() if PERSON in texts or SAID in texts] + [
            file.name for file in files if any(word.encode() in file.read_bytes() for word in (PERSON, SAID))
        ]
    if to.startswith("duckdb:"):
        files = [path for path in folder.glob(f"warehouse-{number}.duckdb*") if path.is_file()]
    else:
        files = postgres.files(to)
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in (PERSON, SAID))]


def test_of_two_appliers_each_batch_comes_once(feed: Path, to: str, tmp_path: Path) -> None:
    tried, answers = times(short=3, long=50), Counter[str]()

    for number in range(tried):
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(run, applying, to, tmp_path, number) for _ in range(2)]
        told = [answer for each in both for answer in each.result().told]
        refused = [answer for answer in told if answer != ends(feed)[-1]]
        assert len(refused) < 2
        for answer in refused:
            assert isinstance(answer, str)
            assert any(why in answer for why in TOO_LATE)
        assert is_whole(to, tmp_path, number) == ends(feed)[-1]
        answers["refused"] += len(refused)

    figure("two appliers at once", kind(to), tried, f"{answers['refused']} refused, each batch once")


# a server whose answers are lost


@contextmanager
def losing_the_answer(url: str, *, after: bytes) -> Iterator[str]:
    """Stand between a server and its clients, who never hear the answer of the first commit after they said so much."""
    listening = socket.create_server(("127.0.0.1", 0))
    place = Path(shown(url, "unix_socket_directories").split(",")[0]) / f".s.PGSQL.{shown(url, 'port')}"
    to_say = [after, b"COMMIT"]  # what is still to be said before the answer is lost
    threads = threading.Thread(target=_serve, args=(listening, place, to_say), daemon=True)
    threads.start()
    with psycopg.connect(url) as connection:
        user, database = connection.info.user, connection.info.dbname
    yield f"postgresql://{user}@127.0.0.1:{listening.getsockname()[1]}/{database}?sslmode=disable&gssencmode=disable"
    listening.close()


def _serve(listening: socket.socket, place: Path, to_say: list[bytes]) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(place))
        is_lost = threading.Event()
        for source, sink, watch in ((client, server, to_say), (server, client, None)):
            threading.Thread(target=_carry, args=(source, sink, watch, is_lost), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket, to_say: list[bytes] | None, is_lost: threading.Event) -> None:
    """Carry bytes one way; whoever carries questions marks the commit whose answer the other one does not carry."""
    with source, sink:
        while True:
            try:
                content = source.recv(1 << 16)
                if to_say and to_say[0] in content:
                    del to_say[0]
                    if not to_say:
                        is_lost.set()
                if not content or (to_say is None and is_lost.is_set()):
                    source.shutdown(socket.SHUT_RDWR)
                    sink.shutdown(socket.SHUT_RDWR)
                    return
                sink.sendall(content)
            except OSError:
                return


def test_a_commit_whose_answer_is_lost_is_not_made_again(feed: Path, postgres_server: str) -> None:
    url = postgres.url_of(postgres_server, postgres.new_database(postgres_server))
    with (
        losing_the_answer(url, after=b'INSERT INTO "spondyl"._spondyl_feed') as cut,
        closing(open_target(cut)) as target,
    ):
        with pytest.raises(TargetError, match="the connection is lost: apply again, which does nothing twice"):
            feed_apply(feed, target, history=True)
        with closing(open_target(url)) as seen:
            state = seen.state()

        done = feed_apply(feed, target)

    assert state is not None
    assert state.position == ends(feed)[1], "it was committed, and nobody heard of it"
    assert [each.until for each in done.batches] == ends(feed)[2:]
    with closing(open_target(url)) as target:
        assert target_verify(feed, target).problems == ()


CUT = """
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
"""


def test_a_connection_that_is_lost_before_the_commit_leaves_nothing_of_the_batch(
    feed: Path, sqlite_url: str, postgres_server: str
) -> None:
    url = postgres.url_of(postgres_server, postgres.new_database(postgres_server))
    with closing(open_target(url)) as target:
        before = feed_apply(feed, target).state
        with Registry.open(sqlite_url, actor="ines") as registry:
            registry.record_visit(PERSON, visited_on="2021-01-01", measures={"crp": 5})
            feed_run(registry, feed)
        trigger = "CREATE TRIGGER cut AFTER INSERT ON spondyl.visits FOR EACH STATEMENT EXECUTE FUNCTION cut()"
        postgres.execute(url, CUT, trigger)
        with pytest.raises(TargetError, match="cannot be used: terminating connection"):
            feed_apply(feed, target)
        assert target.state() == before

        postgres.execute(url, "DROP TRIGGER cut ON spondyl.visits")
        assert len(feed_apply(feed, target).batches) == 1


# a disk without room


def test_a_file_that_does_not_fit_is_refused_and_goes_on(
    feed: Path, small_disk: Callable[[str], Path], tmp_path: Path
) -> None:
    answers = []
    for number, size in enumerate(("300k", "1m", "2m", "4m", "8m", "40m")):
        disk = small_disk(size)
        [told] = run(applying, f"duckdb:{disk / 'warehouse'}", tmp_path, 0).told
        assert told == ends(feed)[-1] or "cannot be used: " in str(told)
        answers.append(told)
        shutil.copytree(disk, tmp_path / f"copy-{number}")  # where there is room
        assert is_whole(f"duckdb:{tmp_path / f'copy-{number}' / 'warehouse'}", tmp_path, 0) in ends(feed)

    assert answers[0] != ends(feed)[-1] == answers[-1]
    refused = sum(answer != ends(feed)[-1] for answer in answers)
    figure("disk full during feed apply", "DuckDB", len(answers), f"{refused} refused in one line, none half applied")


def test_a_folder_that_does_not_fit_is_refused_and_goes_on(
    feed: Path, small_disk: Callable[[str], Path], tmp_path: Path
) -> None:
    to = f"delta:{small_disk('100k') / 'warehouse'}"
    answers = []
    for size in ("100k", "300k", "500k", "800k", "20m"):
        small_disk(size)
        [told] = run(applying, to, tmp_path, 0).told
        assert told == ends(feed)[-1] or "cannot be used: " in str(told)
        answers.append(told)
        small_disk("40m")
        assert is_whole(to, tmp_path, 0) in ends(feed)

    assert answers[0] != ends(feed)[-1] == answers[-1]
    assert is_whole(to, tmp_path, 0) == ends(feed)[-1]
    refused = sum(answer != ends(feed)[-1] for answer in answers)
    figure("disk full during feed apply", "Delta", len(answers), f"{refused} refused in one line, none half applied")


def test_a_server_without_room_refuses_and_goes_on(
    feed: Path,
    url_on_a_small_disk: str,  # noqa: F811
    small_disk: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    [refused] = run(applying, url_on_a_small_disk, tmp_path, 0).told
    assert "No space left on device" in str(refused) or "could not" in str(refused)
    small_disk("40m")
    assert is_whole(url_on_a_small_disk, tmp_path, 0) in ends(feed)

    assert run(applying, url_on_a_small_disk, tmp_path, 0).told == [ends(feed)[-1]]

    assert is_whole(url_on_a_small_disk, tmp_path, 0) == ends(feed)[-1]
    figure("disk full during feed apply", "PostgreSQL", 1, "refused in one line, none half applied")
