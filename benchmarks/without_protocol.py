"""What a registry that has no protocol pays for what protocols are: this code beside the code before there were any.

Each side is a checkout; its processes start there, and do with its packages what `either_side` says. `SPONDYL_BEFORE`
names another checkout to lie beside this one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.cohorts import PATIENTS
from benchmarks.measuring import ROOT, Contender, answered, in_turn
from benchmarks.records import WHOLE, Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main

BEFORE: Final = "2cca6a6e3b6ec7e7793b0cdcb2399190566bfa78"  # the last commit before protocols, of 0.5.0
OTHER: Final = "SPONDYL_BEFORE"
LEAST: Final = 0.95  # of the rate before
PART: Final = 25  # one in so many of the scale's events is imported from files
RUN: Final = "import runpy, sys; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
WORK: Final = Path(__file__).with_name("either_side.py")
COHORT: Final = """
cohort = "tnf"
title = "A first TNF inhibitor"

[day0]
event = "course"
of = ["TNFi"]

[[time_points]]
name = "baseline"
day = 0
window = [-90, 14]

[[time_points]]
name = "1 year"
day = 365
window = [275, 455]

[tables.characteristics]
measures = ["basdai", "basfi", "crp"]

[tables.clinical]
measures = ["basdai", "basfi", "asdas_crp", "crp"]

[tables.lesions]

[tables.scores]

[imaging]
reader = "R1"
"""


class Side(NamedTuple):
    """A checkout, and a folder of its own with its copy of the registry, beside which its blocks are."""

    name: str
    checkout: Path
    folder: Path

    @property
    def place(self) -> str:
        """Its copy of the registry."""
        return str(self.folder / "registry.db")

    @property
    def out(self) -> str:
        """Where its export goes."""
        return str(self.folder / "export")

    def run(self, work: str, *arguments: object) -> Run:
        """Do a work of `either_side` with the checkout's packages, in a process of its own."""
        return answered([sys.executable, "-c", RUN, str(WORK), work], *arguments, folder=self.checkout)


class Work(NamedTuple):
    """Something that both sides do, and how many items of which kind it gets through."""

    what: str
    run: Callable[[Side], Run]
    items: int
    of: str


def measure(scale: Scale) -> Found:
    """Measure this checkout beside the one before protocols."""
    return measured(scale, Path(os.environ[OTHER]) if OTHER in os.environ else _before(scale.folder))


def measured(scale: Scale, before: Path) -> Found:
    """Measure this checkout beside another, on what the other one has simulated."""
    with TemporaryDirectory(dir=scale.folder) as folder:
        now, former = Side("now", ROOT, Path(folder) / "now"), Side("before", before, Path(folder) / "before")
        files, number = _given(former, now, scale.events)
        rows = sum(Path(file).read_bytes().count(b"\n") - 1 for file in files)
        definition = Path(folder) / "tnf.toml"
        definition.write_text(COHORT, encoding="utf-8")
        works = (
            Work("every table imported", _importing(files), rows, "rows"),
            Work("every table projected", lambda side: side.run("projected", side.place), number, "events"),
            Work("a cohort's tables", lambda side: side.run("tabled", side.place, str(definition)), number, "events"),
            Work("every table exported", lambda side: side.run("exported", side.place, side.out), number, "events"),
        )
        compared = [_compared(scale, (now, former), work) for work in works]
    targets = (
        Target(f"{each.ours.what}, against before", LEAST, each.ratio(each.others[0])[0], "× as fast", at_least=True)
        for each in compared
    )
    return Found(tuple(compared), tuple(targets))


def _compared(scale: Scale, sides: Sequence[Side], work: Work) -> Compared:
    ours, theirs = in_turn(
        scale.few,
        *(Contender(f"{work.what}, {side.name}", partial(work.run, side), work.items, work.of) for side in sides),
    )
    return Compared(ours, (theirs,))


def _before(folder: Path) -> Path:
    """Return the checkout of the last commit before protocols, taken from this repository's history."""
    checkout = folder / f"spondyl-{BEFORE[:7]}"
    if not checkout.exists():
        archive = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as packed:
            packed.extractall(checkout, filter="data")
    return checkout


def _given(former: Side, now: Side, events: int) -> tuple[list[str], int]:
    """Give each side a registry of about so many events, and its blocks; return files, and how many events there are.

    Both are what the code before simulates: it knows no more tables.
    """
    for side in (former, now):
        side.folder.mkdir()
    delivery, patients = former.folder / "delivery", max(1, events * PATIENTS // WHOLE)
    number = former.run("given", former.place, str(delivery), patients, max(1, patients // PART)).answer
    shutil.copy(former.place, now.place)
    for side in (former, now):
        side.run("projected", side.place)
    return sorted(map(str, delivery.glob("*.csv"))), number


def _importing(files: list[str]) -> Callable[[Side], Run]:
    """Return what imports files, each time into another registry."""
    numbers = count()
    return lambda side: side.run("imported", str(side.folder / f"imported-{next(numbers)}.db"), *files)


BENCHMARK: Final = Benchmark(
    name="without_protocol",
    title="What protocols cost a registry that has none",
    method="The code of this version and that of the last commit before protocols, each from its own checkout and in "
    "processes of its own, in turn: both import the files of a simulated cohort into a new SQLite log, and make of "
    "their copy of a simulated registry without a protocol every table that there was before, the tables of a cohort, "
    "and an export of these tables. The files and the registry are those of the code before; rows must be as many.",
    packages=("pyarrow", "numpy", "SQLAlchemy", "msgspec"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
