"""Scores, states and courses of readings from byte matrices, beside DuckDB, Polars and pandas from a long table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.cohorts import registry_of
from benchmarks.frames import as_arrow
from benchmarks.imaging_beside import in_duckdb, in_pandas, in_polars
from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from projections import LogColumns, facts_at, project
from projections.lesions.derived_courses import DERIVED
from registry import Registry

PART: Final = 5  # one reading in so many of the scale's events
LONG: Final = ("patient", "performed_on", "study", "method", "reader", "session", "location_number", "segment", "item")
SUMMED: Final = {  # what an answer has of each table: the groups, and what is counted and summed in them
    "scores": ("score", ("value", "n_assessed")),
    "lesion_states": ("state", ("activity",)),
    "lesion_courses": ("course", ("from_activity", "to_activity")),
}


def measure(scale: Scale) -> Found:
    """Measure each table of a fifth as many readings as the scale has events."""
    with Registry.open(str(registry_of(scale))) as registry:
        columns = LogColumns.read(registry.log)
        read_at = np.sort(columns.facts["readings"]["position"].to_numpy())
        known_at = int(read_at[: scale.events // PART][-1])
        facts = facts_at(columns, known_at=known_at)
        number = facts.count("readings")
        graded = project("findings", facts)
        reading = graded["reading_id"].combine_chunks().indices  # a number is easier to join by than a text
        findings = graded.select([*LONG, "grade"]).append_column("reading", reading)
        beside = {"DuckDB": in_duckdb(findings), "Polars": in_polars(findings), "pandas": in_pandas(findings)}
        compared = [_compared(scale, columns, known_at, number, table, beside) for table in SUMMED]
    seconds = sum(each.ours.median for each in compared)
    target = Target("scores, states and courses of 200,000 readings", 1, seconds, "s")
    return Found(tuple(compared), (target,))


def _compared(
    scale: Scale,
    columns: LogColumns,
    known_at: int,
    number: int,
    table: str,
    beside: dict[str, dict[str, Callable[[], Any]]],
) -> Compared:
    def ours() -> Run:
        facts = facts_at(columns, known_at=known_at)
        return timed(lambda: project(table, facts), partial(_answer, table))

    own_runs, *others = in_turn(
        scale.few,
        Contender(f"{table}: spondyl", ours, number, "readings"),
        *(
            Contender(f"{table}: {engine}", partial(timed, made[table], partial(_answer, table)), number, "readings")
            for engine, made in beside.items()
        ),
    )
    return Compared(own_runs, tuple(others))


def _answer(table: str, made: Any) -> list[list[Any]]:
    """Return counts and sums by method and group, of any kind of frame."""
    group, summed = SUMMED[table]
    rows = as_arrow(made)
    if "basis" in rows.column_names:  # verdicts are in our table of courses too, and in nobody else's
        rows = rows.filter(pc.equal(rows["basis"], DERIVED))
    plain = pa.table(
        {
            **{name: rows[name].cast(pa.string()) for name in ("method", group)},
            **{name: rows[name].cast(pa.float64()) for name in summed},
        }
    )
    asked = [(name, how) for name in summed for how in ("count", "sum")] + [([], "count_all")]
    by_group = plain.group_by(["method", group]).aggregate(asked)
    return sorted(([*row.values()] for row in by_group.to_pylist()), key=str)


BENCHMARK: Final = Benchmark(
    name="imaging",
    title="Scores, states and courses",
    method="The readings of a simulated registry lie in memory: as columns of the log for spondyl, for the others as a "
    "long table of findings in each one's own form. Each makes three tables of them, spondyl all columns of its "
    "contract in order of the key, the others the figures in any order; counts and sums by method must be the same.",
    packages=("pyarrow", "numpy", "duckdb", "polars", "pandas"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
