"""Killing a process at an instant of its work: SIGKILL, as an operating system short of memory does it.

The work runs in a process of its own, forked from one that has everything imported, so that the instants fall into the
work and not into the start of Python.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from typing import Final, NamedTuple

import psycopg

SECONDS_TO_END: Final = 60
Work = Callable[..., None]  # called with its arguments and a function that tells the watching process how far it came

processes = get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.undertakings"])


class End(NamedTuple):
    """How a process ended: after so many seconds of work, killed or by itself, and what it had told until then."""

    seconds: float
    was_killed: bool
    told: list[object]


def run(work: Work, *arguments: object, kill_after: float | None = None, within: float = SECONDS_TO_END) -> End:
    """Run work in a process of its own, `within` some seconds; or kill it after some seconds of work."""
    watching, working = processes.Pipe(duplex=False)
    process = processes.Process(target=_work, args=(work, arguments, working))
    process.start()
    working.close()
    assert watching.recv() == "begun"
    begun = time.perf_counter()
    until = begun + (within if kill_after is None else kill_after)
    told = list(_told(watching, until))
    if time.perf_counter() < until:  # it has closed its end, and is about to be gone
        process.join(SECONDS_TO_END)
    seconds, was_alive = time.perf_counter() - begun, process.is_alive()
    if was_alive:
        process.kill()
        process.join()
        told += _told(watching, 0)
    assert not was_alive or kill_after is not None, f"the work has not ended; it told {told[-1:]} last"
    watching.close()
    was_killed = process.exitcode == -9
    assert was_killed or process.exitcode == 0, f"exit code {process.exitcode}; it told {told[-1:]} last"
    process.close()
    return End(seconds, was_killed, told)


def _told(watching: Connection, until: float) -> Iterator[object]:
    """Yield what a process tells until an instant of `perf_counter`, or until it ends."""
    while watching.poll(max(0, until - time.perf_counter())):
        try:
            yield watching.recv()
        except (EOFError, OSError):
            return


def delays(seed: str, number: int, longest: float) -> list[float]:
    """Return instants of work that takes `longest` seconds: its beginning, and others up to just after its end.

    The beginning always falls into the work, however busy the machine is.
    """
    random = Random(seed)
    return [0.0, *(random.uniform(0, 1.1 * longest) for _ in range(number - 1))]


def wait_for_the_server(url: str) -> None:
    """Wait until a server has noticed that the others of a database are gone, and has undone what they began."""
    if not url.startswith("postgresql"):
        return
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        until = time.monotonic() + SECONDS_TO_END
        while connection.execute(others).fetchone() != (0,):
            assert time.monotonic() < until, "somebody is still connected"
            time.sleep(0.005)


def _work(work: Work, arguments: tuple[object, ...], working: Connection) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    working.send("begun")
    work(*arguments, working.send)
