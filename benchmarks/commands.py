"""Commands: the start of the command line as whole processes, and what prints of all patients, with its memory."""

from __future__ import annotations

import sys
import time
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn, process
from benchmarks.records import Benchmark, Compared, Found, Runs, Scale, Target
from benchmarks.running import main
from registry.simulation.event_builder import pseudonym

SPONDYL: Final = Path(sys.executable).with_name("spondyl")
FIFTH: Final = 5  # of the scale: a registry of 200,000 events
WHOLE_TABLES: Final = {
    "`spondyl summary`": ("summary",),
    "`spondyl table measures --csv`": ("table", "measures", "--csv"),
}


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
    tables = _whole_tables(scale)
    fifth, memory = tables[0], (tables[0].peak or 0) / 2**20
    return Found(
        tuple(map(Compared, (nothing, helped, shown, *tables))),
        (
            Target("`spondyl --help`", 0.15, helped.median, "s"),
            Target("`spondyl show PATIENT`", 0.5, shown.median, "s"),
            Target(fifth.what, 2, fifth.median, "s"),
            Target(f"its memory: {fifth.what}", 500, memory, "MiB"),
        ),
    )


def _whole_tables(scale: Scale) -> list[Runs]:
    """Return the runs of commands that print of all patients, at a fifth of the scale and at the whole."""
    found = []
    for events in (scale.events // FIFTH, scale.events):
        place = str(registry_of(scale, events))
        for what, arguments in WHOLE_TABLES.items():
            run = partial(scale.apart, printed, place, *arguments)
            found += in_turn(scale.few, Contender(f"{what}, {events:,} events", run, events, "events"))
    return found


def printed(place: str, *arguments: str) -> tuple[float, int]:
    """Return the seconds of a command that prints into a file, and how many lines it printed."""
    from cli.main import spondyl

    with TemporaryFile("w+", encoding="utf-8") as file, redirect_stdout(file):
        started = time.perf_counter()
        spondyl.main(["--db", place, *arguments], standalone_mode=False)
        seconds = time.perf_counter() - started
        file.seek(0)
        return seconds, sum(1 for _ in file)


BENCHMARK: Final = Benchmark(
    name="commands",
    title="Commands",
    method="Commands are started as a shell does, and wait until they have ended; a run that warms the disk's cache "
    "comes before. `show` asks a simulated registry for the course of one patient. `summary` and `table` print of all "
    "patients into a file, each in a process of its own, whose start is not counted.",
    packages=("click", "rich", "SQLAlchemy", "pyarrow"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
