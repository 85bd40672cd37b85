"""Simulating a cohort straight into an empty log."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cohorts import cohort, recorded
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.running import main


def measure(scale: Scale) -> Found:
    """Measure one run; there is nothing beside it."""
    number = cohort(scale.events).n_events
    with TemporaryDirectory(dir=scale.folder) as folder:
        path = str(Path(folder) / "registry.db")
        [ours] = in_turn(
            1, Contender("a new registry", lambda: scale.apart(recorded, path, scale.events), number, "events")
        )
    return Found((Compared(ours),), (Target("simulating a million events", 60, ours.median, "s"),))


BENCHMARK: Final = Benchmark(
    name="simulate",
    title="Simulating a registry",
    method="A cohort of ten years is drawn and recorded in an empty SQLite log, as `spondyl simulate --into-log` does: "
    "random numbers, statements, encoding, hash chain, and the disk.",
    packages=("numpy", "SQLAlchemy", "msgspec"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
