"""Importing files: rows a second from file to log, table by table, each import in a process of its own.

The side by side is pandas reading the same file into a frame, which neither checks nor stores anything: the ratio says
what parsing, refusals, decisions and the durable log cost on top.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cohorts import cohort
from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Run, Runs, Scale, Target
from benchmarks.running import main
from registry import Registry
from registry.intake import import_batch
from registry.schema.fact_tables import FACT_TABLES
from registry.simulation import write_simulated

PART: Final = 25  # one in so many of the scale's events
SMALLER: Final = 8


def measure(scale: Scale) -> Found:
    """Measure the import of each table by itself, and of all as one delivery: this also of a smaller cohort."""
    with TemporaryDirectory(dir=scale.folder) as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        for batch, part in ((large, PART), (small, PART * SMALLER)):
            write_simulated(cohort(scale.events // part), batch)
        filled = [name for name in FACT_TABLES if _rows(large / f"{name}.csv")]  # nobody simulated comes back
        tables = [_compared(scale, large / f"{name}.csv", into=name) for name in filled]
        whole, eighth = _delivered(scale, large, "all"), _delivered(scale, small, "all, an eighth of the patients")
    return Found(
        (*tables, Compared(whole), Compared(eighth)),
        (
            Target("all tables in one delivery", 20_000, whole.rate, "rows/s", at_least=True),
            Target("memory, against that of an eighth", 1.2, (whole.peak or 0) / (eighth.peak or 1), "×"),
        ),
    )


def _compared(scale: Scale, file: Path, *, into: str) -> Compared:
    """Return the import of a table, into registries that hold the tables before it already."""
    ours, pandas = in_turn(
        scale.few,
        Contender(f"{into}: imported", _importing(scale, file.parent, file), _rows(file), "rows"),
        Contender(
            f"{into}: `pandas.read_csv`, which only reads", lambda: scale.apart(read, str(file)), _rows(file), "rows"
        ),
    )
    return Compared(ours, (pandas,))


def _delivered(scale: Scale, batch: Path, what: str) -> Runs:
    files = [batch / f"{name}.csv" for name in FACT_TABLES]
    beside = batch / "together"
    beside.mkdir()
    run = _importing(scale, beside, *files)
    return in_turn(scale.few, Contender(f"{what}, as one delivery", run, sum(map(_rows, files)), "rows"))[0]


def _importing(scale: Scale, beside: Path, *files: Path) -> Callable[[], Run]:
    """Return what imports files, each time into another registry."""
    numbers = count()
    return lambda: scale.apart(imported, str(beside / f"registry-{next(numbers)}.db"), *map(str, files))


def _rows(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for _ in lines) - 1


def imported(place: str, *files: str) -> tuple[float, None]:
    """Import files into a registry, which is created where there is none."""
    with Registry.create(place) as registry:
        run = timed(lambda: import_batch(registry, files), lambda report: report.events)
        assert run.answer, "nothing was recorded"
        assert registry.verify().is_whole
    return run.seconds, None


def read(file: str) -> tuple[float, None]:
    """Read a file into a frame."""
    import pandas as pd

    return timed(lambda: pd.read_csv(file)).seconds, None


BENCHMARK: Final = Benchmark(
    name="intake",
    title="Importing files",
    method="The files of a simulated cohort are imported into an SQLite log, table by table and as one delivery: read, "
    "checked, decided and committed, with the log verified afterwards. Beside it pandas only reads the same file.",
    packages=("pyarrow", "pandas", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
