"""The start of the command line: whole processes, from their start to their end."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn, process
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.running import main
from registry.simulation.event_builder import pseudonym

SPONDYL: Final = Path(sys.executable).with_name("spondyl")


def measure(scale: Scale) -> Found:
    """Measure help and the course of one patient."""
    registry, patient = registry_of(scale), pseudonym(0)
    commands = {
        "Python that does nothing": (sys.executable, "-c", "pass"),
        "`spondyl --help`": (SPONDYL, "--help"),
        "`spondyl show PATIENT`": (SPONDYL, "--db", registry, "show", patient),
    }
    for command in commands.values():
        process(*command)
    nothing, helped, shown = (
        in_turn(scale.runs, Contender(what, partial(process, *command)))[0] for what, command in commands.items()
    )
    return Found(
        tuple(map(Compared, (nothing, helped, shown))),
        (
            Target("`spondyl --help`", 0.15, helped.median, "s"),
            Target("`spondyl show PATIENT`", 0.5, shown.median, "s"),
        ),
    )


BENCHMARK: Final = Benchmark(
    name="commands",
    title="Commands",
    method="Commands are started as a shell does, and wait until they have ended; a run that warms the disk's cache "
    "comes before. `show` asks a simulated registry for the course of one patient.",
    packages=("click", "rich", "SQLAlchemy", "pyarrow"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
