"""Every table of the contract over a whole log, each in a process of its own: from SQL, and from blocks.

A table is made as an export makes it: a range of patients after the other, none held when the next is made.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Runs, Scale, Target
from benchmarks.running import main
from projections.log.layouts import LAYOUTS
from projections.tables import TABLES
from registry import Registry

PATIENTS: Final = 1_000  # in one range


def measure(scale: Scale) -> Found:
    """Measure each table, from SQL once, from blocks some times."""
    place = str(registry_of(scale))
    with Registry.open(place) as registry:
        number = registry.head.position
    scale.apart(projected, place, "patients", False)  # makes blocks where there are none
    sql = [_made(scale, 1, place, name, number, decoding=True) for name in TABLES]
    sealed = [_made(scale, scale.few, place, name, number, decoding=False) for name in TABLES]
    [spans] = in_turn(
        scale.runs, Contender("observed spans of all patients", partial(scale.apart, observed, place), number, "events")
    )
    slowest = max(sql, key=lambda runs: runs.median)
    largest = max(sql, key=lambda runs: runs.peak or 0)
    return Found(
        tuple(map(Compared, (*sql, *sealed, spans))),
        (
            Target(f"the slowest, {slowest.what}", 5, slowest.median, "s"),
            Target(f"the largest, {largest.what}", 1024, (largest.peak or 0) / 2**20, "MiB"),
            Target(spans.what, 0.3, spans.median, "s"),
        ),
    )


def _made(scale: Scale, runs: int, place: str, name: str, number: int, *, decoding: bool) -> Runs:
    what = f"{name}, from {'SQL' if decoding else 'blocks'}"
    [made] = in_turn(runs, Contender(what, partial(scale.apart, projected, place, name, decoding), number, "events"))
    return made


def projected(place: str, table: str, decoding: bool) -> tuple[float, int]:
    """Project a table of a whole registry, from its opening on; the answer is the number of rows."""
    import pandas  # noqa: F401 – Arrow loads it at its first array: imports come before the clock

    from projections import LogColumns, facts_at, project
    from projections.log.block_files import Patients
    from projections.stated.events import EVENTS, stretches

    started = time.perf_counter()
    with Registry.open(place) as registry:
        facts = facts_at(LogColumns.decoded(registry.log) if decoding else registry)
        if table == EVENTS.name:
            pieces = stretches(facts, after=0, until=facts.at.position)
        else:
            everybody = sorted(facts.of("patients")["patient"].to_pylist())
            cuts = [everybody[start : start + PATIENTS] for start in range(0, len(everybody), PATIENTS)]
            pieces = (project(table, facts.among(Patients(cut[0], cut[-1]))) for cut in cuts)
        rows = sum(piece.num_rows for piece in pieces)
    return time.perf_counter() - started, rows


def observed(place: str) -> tuple[float, int]:
    """Return when all patients were observed, once their facts are in columns; the answer is the number of spans."""
    from projections import facts_at
    from projections.observation.observed_spans import observed_spans

    with Registry.open(place) as registry:
        facts = facts_at(registry)
        for name in LAYOUTS:
            facts.of(name)
        started = time.perf_counter()
        spans = observed_spans(facts)
        return time.perf_counter() - started, len(spans.patient.codes)


BENCHMARK: Final = Benchmark(
    name="projecting",
    title="Every table of a whole registry",
    method="A simulated registry on SQLite is opened, read and projected into one table, in a new process each time: "
    "its log decoded from SQL as if there were no blocks, and from blocks with the end of the log. The rows of a "
    f"table come {PATIENTS:,} patients after the other. Nothing else is beside it; the seconds are without the start "
    "of Python and its imports. Observed spans are computed of facts that are in columns already.",
    packages=("pyarrow", "numpy", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
