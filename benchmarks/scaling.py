"""Whether ten times the events cost ten times as much: rebuilding columns, and a whole export, of two registries."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn
from benchmarks.reading import remade
from benchmarks.records import WHOLE, Benchmark, Compared, Found, Runs, Scale, Target
from benchmarks.running import main
from projections.export import export
from registry import Registry


def measure(scale: Scale) -> Found:
    """Measure the larger registry and one of a tenth of it."""
    small, large = (_at(scale, events) for events in (scale.largest // 10, scale.largest))
    targets = []
    for less, more in zip(small, large):
        growth = (more.median / more.items) / (less.median / less.items)
        targets.append(Target(f"{more.what}: an event's cost, against a tenth of the events", 1.15, growth, "×"))
        targets.append(Target(f"{more.what}: memory", 2048, (more.peak or 0) / 2**20, "MiB"))
    return Found(tuple(map(Compared, (*small, *large))), tuple(targets) if scale.largest > WHOLE else ())


def _at(scale: Scale, events: int) -> list[Runs]:
    place = str(registry_of(scale, events))
    with Registry.open(place) as registry:
        number = registry.head.position
    runs = scale.few if events <= WHOLE // 10 else 1
    [rebuilt] = in_turn(
        runs, Contender(f"columns rebuilt, {number:,} events", partial(scale.apart, remade, place), number, "events")
    )
    with TemporaryDirectory(dir=scale.folder) as folder:
        out = str(Path(folder) / "export")
        exporting = partial(scale.apart, exported, place, out)
        [whole] = in_turn(runs, Contender(f"whole export, {number:,} events", exporting, number, "events"))
    return [rebuilt, whole]


def exported(place: str, out: str) -> tuple[float, int]:
    """Export every table of a registry over what stands there; the answer is the number of rows."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        manifest = export(registry, out, overwrite=True)
    return time.perf_counter() - started, sum(table.rows for table in manifest.tables.values())


BENCHMARK: Final = Benchmark(
    name="scaling",
    title="Ten times the events",
    method="Blocks are made anew from the whole log and columns read from them, and every table is exported from "
    "blocks, each in a process of its own, for a registry and for one with a tenth of its patients. With `--full` "
    "the larger one has ten million events; the targets are about that.",
    packages=("pyarrow", "numpy", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
