"""Who is expected when, over a whole registry with a schedule: yearly visits, and week 12 of every TNF inhibitor."""

from __future__ import annotations

import shutil
import time
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cohorts import registry_of
from benchmarks.commands import SPONDYL
from benchmarks.measuring import Contender, in_turn, process
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.running import main
from registry import Registry
from registry.catalogue.protocol import Protocol, ScheduledImaging, ScheduledVisit

LONG_AGO: Final = date(1990, 1, 1)
TAKEN: Final = ("basdai", "crp", "patient_global")
MRI: Final = ScheduledImaging(modality="MRI", regions=("spine", "sij"), every="2 years")
SCHEDULE: Final = (
    ScheduledVisit(name="baseline", anchor="enrolment", day=0, window=(-30, 14), since=LONG_AGO, requires=TAKEN),
    ScheduledVisit(
        name="year {n}",
        anchor="enrolment",
        every="1 year",
        window=(-90, 90),
        since=LONG_AGO,
        requires=TAKEN,
        imaging=(MRI,),
    ),
    ScheduledVisit(name="week 12", anchor="course", of=("TNFi",), day=84, window=(-14, 14), since=LONG_AGO),
)
TABLES: Final = ("expected_visits", "recalls", "completeness")
COMMAND: Final = "`spondyl follow-up --csv`"


def measure(scale: Scale) -> Found:
    """Measure each table of a copy of the registry that adopted a schedule."""
    with TemporaryDirectory(dir=scale.folder) as folder:
        place = str(shutil.copy(registry_of(scale), Path(folder) / "registry.db"))
        with Registry.open(place) as registry:
            registry.adopt_protocol(Protocol(protocol="north", title="North", schedule=SCHEDULE))
            number = registry.head.position
        scale.apart(followed, place, TABLES[0])  # makes blocks
        expected, *others = (
            in_turn(scale.runs, Contender(name, partial(scale.apart, followed, place, name), number, "events"))[0]
            for name in TABLES
        )
        command = Contender(COMMAND, partial(process, SPONDYL, "--db", place, "follow-up", "--csv"))
        command.run()  # warms the disk's cache
        [whole] = in_turn(scale.runs, command)
    return Found(
        tuple(map(Compared, (expected, *others, whole))),
        (Target("expected_visits in process", 2, expected.median, "s"), Target(COMMAND, 1.5, whole.median, "s")),
    )


def followed(place: str, table: str) -> tuple[float, int]:
    """Make a table of a whole registry, from its opening on; the answer is the number of rows."""
    from importlib import import_module

    import pandas  # noqa: F401 – Arrow loads it at its first array: imports come before the clock

    from projections import facts_at

    module = import_module(f"projections.followed.{table}")
    started = time.perf_counter()
    with Registry.open(place) as registry:
        rows = module.table(facts_at(registry)).num_rows
    return time.perf_counter() - started, rows


BENCHMARK: Final = Benchmark(
    name="following",
    title="Who is expected when",
    method="A simulated registry on SQLite adopts a schedule: a baseline, yearly visits with three measures and an MRI "
    "every two years, and week 12 of each TNF inhibitor. It is opened and read from blocks in a new process each time; "
    "the seconds are without the start of Python and its imports. The command is a whole process, as from a shell. "
    "Nothing else is beside them.",
    packages=("pyarrow", "numpy", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
