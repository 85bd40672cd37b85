"""Scores, states and courses of the method with most places, and what a grade costs where there are many of them."""

from __future__ import annotations

from functools import partial
from math import lcm
from typing import Any, Final

from benchmarks.graded import columns_of, facts_of
from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from projections import LogColumns, project
from registry.catalogue.methods import methods

PART: Final = 5  # one reading in so many of the scale's events
LARGEST: Final = "ctss"  # 184 locations, the most of all
DERIVED: Final = ("scores", "lesion_states", "lesion_courses")
MANY: Final = "sparcc-spine-23"  # 414 grades a reading
FEW: Final = "vu-lesions"  # 92
FINDINGS: Final = "findings"


def measure(scale: Scale) -> Found:
    """Measure the derived tables of a fifth as many readings as the scale has events, and findings by two methods."""
    n_readings = scale.events // PART
    columns = columns_of(LARGEST, n_readings)
    derived = [run for table in DERIVED for run in in_turn(scale.few, _making(columns, LARGEST, table, n_readings))]
    findings = in_turn(scale.few, *_findings(n_readings))
    many, few = (runs.median / runs.items for runs in findings)
    targets = (
        Target(f"scores, states and courses of {n_readings:,} readings", 5, sum(each.median for each in derived), "s"),
        Target(f"a grade of {MANY} as a finding, against one of {FEW}", 1.2, many / few, "×"),
    )
    return Found(tuple(map(Compared, (*derived, *findings))), targets)


def _findings(n_readings: int) -> list[Contender]:
    """Return the making of findings by the two methods, of as many grades: what so many readings have by the one."""
    sizes = {code: len(methods()[code].addresses) for code in (MANY, FEW)}
    together = lcm(*sizes.values())
    n_grades = max(n_readings * sizes[FEW] // together, 1) * together
    made = {code: columns_of(code, n_grades // size) for code, size in sizes.items()}
    return [
        Contender(f"{FINDINGS}, {code}", partial(_projected, columns, FINDINGS), n_grades, "grades")
        for code, columns in made.items()
    ]


def _making(columns: LogColumns, code: str, table: str, n_readings: int) -> Contender:
    return Contender(f"{table}, {code}", partial(_projected, columns, table), n_readings, "readings")


def _projected(columns: LogColumns, table: str) -> Run:
    facts = facts_of(columns)
    return timed(lambda: project(table, facts), rows)


def rows(made: Any) -> int:
    """Return how many rows a table has."""
    return int(made.num_rows)


BENCHMARK: Final = Benchmark(
    name="methods",
    title="Imaging methods with many places",
    method="Columns of readings lie in memory as a log's would: by the CT syndesmophyte score, 184 locations each, and "
    "as many grades as findings by SPARCC's score of the spine (414 a reading) as by the binary lesions of 46 places "
    "(92 a reading). What is measured is the making of each table with all columns of its contract.",
    packages=("pyarrow", "numpy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
