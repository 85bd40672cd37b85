"""What was known at a position of the log: two comparisons of columns, beside DuckDB, Polars and pandas.

They find the last version of each fact by grouping, and then do what spondyl does, given the position at which each
version was superseded: so the ratio says what the idea is worth, and what the engine.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.frames import as_arrow
from benchmarks.known_beside import by_comparison, by_group
from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from projections.columns.arrow import ArrowTable
from projections.log.decoding import no_events
from projections.log.layouts import EVENT_LAYOUTS, RETRACTIONS
from projections.log.log_columns import LogColumns
from projections.point_in_time import Facts, PointInTime, current
from registry.store.head import EMPTY

KIND: Final = "flares"
AGAIN: Final = 0.2  # of all events state or withdraw a fact that was there before
WITHDRAWN: Final = 0.25  # of these


def measure(scale: Scale) -> Found:
    """Measure the state at the middle of the log, of twice the scale's events."""
    number = 2 * scale.events
    events = flares(number, seed=1)
    known_at = number // 2
    columns = LogColumns(None, EMPTY, Drawn(decoded_kinds(events)))
    first = timed(lambda: columns.facts[KIND])
    versions = columns.facts[KIND]

    def ours() -> Run:
        return timed(lambda: Facts(columns, PointInTime(None, known_at, None, b"")).of(KIND), _answer)

    given = {f"{name}, given `superseded_by`": state_at for name, state_at in by_comparison(versions).items()}
    beside = by_group(events) | given
    state, *others = in_turn(
        scale.runs,
        Contender("spondyl, two comparisons", ours, number, "rows"),
        *(
            Contender(name, partial(timed, partial(state_at, known_at), _answer), number, "rows")
            for name, state_at in beside.items()
        ),
    )
    [once] = in_turn(1, Contender("spondyl, `superseded_by` of all, once a log", lambda: first, number, "rows"))
    position, superseded_by = (versions[name].to_numpy() for name in ("position", "superseded_by"))
    which = Contender(
        "spondyl, which versions they are",
        lambda: timed(lambda: current(position, superseded_by, known_at)),
        number,
        "rows",
    )
    [rows] = in_turn(scale.runs, which)
    target = Target("which of 2,000,000 rows were known", 20, rows.median * 1000, "ms")
    return Found((Compared(state, tuple(others)), Compared(rows), Compared(once)), (target,))


class Drawn(NamedTuple):
    """Events of flares in the place of a log's, by the table that they are in."""

    kinds: dict[str, Any]

    def of(self, kind: str, patients: object) -> list[Any]:
        """Return the events of a kind."""
        return [self.kinds[kind]] if kind in self.kinds else []

    def places(self, kind: str) -> list[Any]:
        """Return where the events of a kind stand."""
        return [events.select(["patient", "position"]) for events in self.of(kind, None)]


def decoded_kinds(events: ArrowTable) -> dict[str, ArrowTable]:
    """Return events as the decoder gives them: those that state a flare, and retractions apart."""
    tables = {KIND: events.filter(events["states"]), RETRACTIONS: events.filter(pc.invert(events["states"]))}
    return {kind: table.select(no_events(EVENT_LAYOUTS[kind]).schema.names) for kind, table in tables.items()}


def flares(number: int, *, seed: int) -> ArrowTable:
    """Return events at random; a fifth concern a flare that was there before. `states` is false for a retraction."""
    random = np.random.default_rng(seed)
    again = random.random(number) < AGAIN
    again[:1000] = False
    new = np.cumsum(~again) - 1  # the flares that there are, counted at each event
    flare = np.where(again, (random.random(number) * new).astype(np.int64), new)
    days = random.integers(9_000, 19_000, number).astype(np.int32)
    patients = pa.array([f"P-{n:06}" for n in range(number // 100 + 1)])
    given = {
        "position": pa.array(np.arange(1, number + 1)),
        "again": pa.array(again),
        "patient": patients.take(pa.array(flare % len(patients))),
        "fact": pa.array([f"flare/{n}" for n in range(number)]).take(pa.array(flare)),
        "started_on": pa.array(days).cast(pa.date32()),
        "ended_on": pa.array(days + 30, mask=random.random(number) < 0.3).cast(pa.date32()),
        "basis": pa.array(["clinical", "patient"]).take(pa.array(random.integers(0, 2, number))),
        "severity": pa.array(["mild", "moderate", "severe"]).take(pa.array(random.integers(0, 3, number))),
    }
    schema = no_events(EVENT_LAYOUTS[KIND]).schema
    columns = [given.get(name, pa.nulls(number)).cast(schema.field(name).type) for name in schema.names]
    states = pa.array(~(again & (random.random(number) < WITHDRAWN)))
    return pa.table(columns, schema).append_column("states", states)


def _answer(known: Any) -> list[int]:
    """Return how many facts were known, and the sums of their positions and days, from any kind of frame."""
    known = as_arrow(known)
    days = known["started_on"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    return [known.num_rows, int(known["position"].to_numpy().sum()), int(days.astype(np.int64).sum())]


BENCHMARK: Final = Benchmark(
    name="known_at",
    title="What was known at a position",
    method="Flares at random, a fifth of the events amending or withdrawing an earlier one, lie in the memory of each "
    "engine in its own form; asked is the whole table as it was known in the middle of the log. Others find the last "
    "version of each fact by grouping, or compare positions as spondyl does when they are given its column for it.",
    packages=("pyarrow", "numpy", "duckdb", "polars", "pandas"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
