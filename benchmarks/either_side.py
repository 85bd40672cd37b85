"""The work of `without_protocol`, done with the packages of whichever checkout a process was started in.

    python -c "import runpy; runpy.run_path('…/either_side.py', run_name='__main__')" FUNCTION

Only public names are used, which the code before protocols has as well. A function takes what stands on standard input
as JSON, and gives the seconds that it measured and its answer.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas  # noqa: F401 – Arrow loads it at its first array: imports come before the clock

from benchmarks.apart import peak_memory
from spondyl import (
    Cohort,
    CohortSize,
    Registry,
    cohort_statistics,
    export,
    facts_at,
    import_batch,
    project,
    read_definition,
    record_simulated,
    simulated,
    write_simulated,
)

Answer = tuple[float, object]
TABLES: Final = (  # that there were before
    *("patients", "follow_ups", "visits", "measures", "treatments", "flares", "adverse_events", "imaging", "readings"),
    *("findings", "lesion_states", "lesion_courses", "lesion_episodes", "scores", "responses"),
)


def given(place: str, folder: str, patients: int, delivered: int) -> Answer:
    """Simulate a registry of ten years, and the files of a smaller one; the answer is the number of events."""
    write_simulated(simulated(CohortSize(delivered, 10, 1)), Path(folder))
    return 0.0, record_simulated(simulated(CohortSize(patients, 10, 1)), place)


def imported(place: str, *files: str) -> Answer:
    """Import files into a new registry; the answer is the number of its events."""
    with Registry.create(place, actor="benchmark") as registry:
        started = time.perf_counter()
        report = import_batch(registry, files)
        return time.perf_counter() - started, report.events


def projected(place: str) -> Answer:
    """Make every table of a whole registry, from its opening on; the answer is the number of rows of each."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        facts = facts_at(registry)
        rows = {name: project(name, facts).num_rows for name in TABLES}
    return time.perf_counter() - started, rows


def tabled(place: str, definition: str) -> Answer:
    """Make the tables of a cohort, from the opening of the registry on; the answer is the number of figures."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        figures = cohort_statistics(Cohort.of(read_definition(definition), facts_at(registry)))
    return time.perf_counter() - started, figures.num_rows


def exported(place: str, out: str) -> Answer:
    """Export these tables over what stands there; the answer is the number of rows of each."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        manifest = export(registry, Path(out), tables=TABLES, overwrite=True)
    return time.perf_counter() - started, {name: table.rows for name, table in manifest.tables.items()}


WORKS: Final[dict[str, Callable[..., Answer]]] = {
    work.__name__: work for work in (given, imported, projected, tabled, exported)
}

if __name__ == "__main__":
    seconds, answer = WORKS[sys.argv[1]](*json.load(sys.stdin))
    print(json.dumps({"seconds": seconds, "answer": answer, "peak": peak_memory()}))
