"""Eight writers at once, their commits delayed and undone on purpose, and readers who follow the log meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from random import Random
from uuid import UUID

from sqlalchemy import Connection, event

from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.opening import open_database
from registry.store.recorder import SQLApplicationRecorder
from registry.store.verify import verify
from tests.faults.lengths import LENGTH, figure, times
from tests.registry.store.recording import visit

WRITERS = 8
COMMITS = times(short=200, long=10_000)
UNDONE = 0.1  # the share of commits that fail at the last moment
LONGEST_DELAY = 0.002  # s, between the events being written and their commit

Seen = list[tuple[int, UUID, int]]


class LostAtTheLastMomentError(Exception):
    """A commit that fails."""


def delay_commits(database: Database, random: Random) -> None:
    """Hold each commit of a database's connections back for a moment of its own, and let some fail."""

    def delayed(connection: Connection) -> None:
        time.sleep(random.uniform(0, LONGEST_DELAY))
        if random.random() < UNDONE:
            raise LostAtTheLastMomentError

    event.listen(database.engine, "commit", delayed)


def write(url: str, writer: int, commits: int) -> int:
    """Record batches of one to three events until so many commits were tried; return the number of events."""
    random, version = Random(f"writer {writer}"), 0
    with closing(open_database(url)) as database:
        delay_commits(database, random)
        recorder = SQLApplicationRecorder(database)
        for _ in range(commits):
            events = [visit(UUID(int=writer), version + 1 + number) for number in range(random.randint(1, 3))]
            try:
                recorder.insert_events(events)
            except LostAtTheLastMomentError:
                continue
            version += len(events)
            time.sleep(random.uniform(0, LONGEST_DELAY))  # others get the lock
    return version


def by_subscription(url: str, is_over: Callable[[int], bool]) -> Seen:
    """Follow the log by a subscription, in the order in which it hands out events."""
    seen: Seen = []
    with closing(open_database(url)) as database:
        subscription = SQLApplicationRecorder(database).subscribe()
        timer = threading.Thread(target=_stop_when, args=(subscription, is_over, seen))
        timer.start()
        for found in subscription:
            assert isinstance(found.originator_id, UUID)
            seen.append((found.id, found.originator_id, found.originator_version))
        timer.join()
    return seen


def by_columns(url: str, is_over: Callable[[int], bool]) -> Seen:
    """Follow the log by asking again and again for what came after the last event."""
    seen: Seen = []
    with closing(open_database(url)) as database:
        log = EventLog(database)
        while not is_over(len(seen)):
            for found in log.columns(seen[-1][0] if seen else 0, chunk=2):
                seen += zip(found.position, (UUID(bytes=stream) for stream in found.stream), found.version)
    return seen


def _stop_when(subscription: object, is_over: Callable[[int], bool], seen: Seen) -> None:
    try:
        while not is_over(len(seen)):
            time.sleep(0.01)
    finally:  # whatever is wrong, nobody waits for ever
        subscription.stop()


def test_every_follower_sees_every_event_once_in_order_and_without_a_gap(url: str) -> None:
    written = threading.Event()
    total = [0]
    until = time.monotonic() + (1800 if LENGTH == "long" else 60)

    def is_over(number: int) -> bool:
        assert time.monotonic() < until, "an event was passed over"
        return written.is_set() and number >= total[0]

    with ThreadPoolExecutor(WRITERS + 4) as people:
        followers = [people.submit(follow, url, is_over) for follow in (by_subscription, by_columns) * 2]
        try:
            versions = list(people.map(lambda writer: write(url, writer, COMMITS // WRITERS), range(1, WRITERS + 1)))
            total[0] = sum(versions)
        finally:
            written.set()
        seen = [follower.result() for follower in followers]

    with closing(open_database(url)) as database:
        assert verify(EventLog(database)).is_whole
        [*chunks] = EventLog(database).columns()
    log = [row for found in chunks for row in zip(found.position, (UUID(bytes=s) for s in found.stream), found.version)]
    assert [position for position, _, _ in log] == list(range(1, sum(versions) + 1))
    assert all(one == log for one in seen)
    streams = {UUID(int=writer): version for writer, version in enumerate(versions, 1)}
    for stream, last in streams.items():
        assert [version for _, of, version in log if of == stream] == list(range(1, last + 1))
    where = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[url.partition(":")[0]]
    found = f"{len(log):,} events, each seen once, in order, by 4 readers; no gap"
    figure("commits of 8 writers, delayed, one in ten undone", where, COMMITS, found)
