"""Exporting the two longest tables, beside pyarrow writing the same rows from memory with the same settings."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow.parquet as pq

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from projections import facts_at, project
from projections.export import content_hash, export
from projections.tables import TABLES
from registry import Registry

LONG: Final = ("findings", "lesion_courses")
PART_ROWS: Final = 1_000_000
Exporting = Callable[[str, str, str], tuple[float, int]]


def measure(scale: Scale) -> Found:
    """Measure both tables."""
    place = str(registry_of(scale))
    scale.apart(rows_of, place, LONG[0])  # makes blocks where there are none
    compared = []
    for table in LONG:
        _, number, _ = scale.apart(rows_of, place, table)
        compared.append(_compared(scale, place, table, number))
    targets = [
        Target(f"{table}, against pyarrow's writing", 0.5, each.ratio(each.others[0])[0], "× as fast", at_least=True)
        for table, each in zip(LONG, compared)
    ]
    return Found(tuple(compared), tuple(targets))


def _compared(scale: Scale, place: str, table: str, number: int) -> Compared:
    with TemporaryDirectory(dir=scale.folder) as folder:
        numbers = count()

        def run(exporting: Exporting) -> Run:
            out = Path(folder) / str(next(numbers))
            done = scale.apart(exporting, place, str(out), table)
            answer = scale.apart(read_back, str(out / table)).answer
            shutil.rmtree(out)
            return done._replace(answer=answer)

        ours, theirs = in_turn(
            scale.few,
            Contender(f"{table}: exported, from the registry on", lambda: run(exported), number, "rows"),
            Contender(f"{table}: written by pyarrow, from memory", lambda: run(written), number, "rows"),
        )
    return Compared(ours, (theirs,))


def exported(place: str, out: str, table: str) -> tuple[float, int]:
    """Export one table of a registry: read, projected, hashed, written, synced, renamed."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        manifest = export(registry, out, tables=[table])
    return time.perf_counter() - started, manifest.tables[table].rows


def written(place: str, out: str, table: str) -> tuple[float, int]:
    """Write one table that lies in memory, in parts as an export has them."""
    with Registry.open(place) as registry:
        rows = project(table, facts_at(registry))
    folder = Path(out) / table
    folder.mkdir(parents=True)
    coded = [column.name for column in TABLES[table].columns if column.few]
    started = time.perf_counter()
    for number, start in enumerate(range(0, rows.num_rows, PART_ROWS)):
        pq.write_table(
            rows.slice(start, PART_ROWS),
            folder / f"part-{number:05}.parquet",
            compression="zstd",
            use_dictionary=coded,
            store_schema=False,
        )
    return time.perf_counter() - started, rows.num_rows


def rows_of(place: str, table: str) -> tuple[float, int]:
    """Count the rows of a table."""
    with Registry.open(place) as registry:
        return 0.0, project(table, facts_at(registry)).num_rows


def read_back(folder: str) -> tuple[float, str]:
    """Read a table back; the answer is its content hash."""
    return 0.0, content_hash(pq.read_table(folder))


BENCHMARK: Final = Benchmark(
    name="exporting",
    title="Exporting long tables",
    method="A simulated registry is opened, read from its blocks, projected and exported as one table, with content "
    "hash, checksums and everything synced to the disk; beside it pyarrow writes the same table, which lies in memory "
    "already, with the same compression and encodings. Both are read back and have the same content hash.",
    packages=("pyarrow", "numpy", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
