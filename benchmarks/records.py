"""What a benchmark found, as it is kept: everything that is printed or written about it is computed from this."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

FORMAT: Final = 1
WHOLE: Final = 1_000_000  # events: what the targets are about


class Run(NamedTuple):
    """One run: its seconds, what it came to, and the peak memory of its process in bytes where it had its own."""

    seconds: float
    answer: Any = None
    peak: int | None = None


class Scale(NamedTuple):
    """How large a run is: events of the registry, runs of what takes seconds (`few`) and of all else.

    `largest` is the larger registry of the comparison by size. What is made stays in `folder`. `apart` runs a function
    that returns its seconds and its answer, with arguments that JSON has; in a process of its own, unless for a test.
    """

    events: int
    runs: int
    few: int
    largest: int
    folder: Path
    apart: Callable[..., Run]


class Runs(msgspec.Struct, frozen=True):
    """Wall seconds of several runs of one thing over `items` of a kind; `peak` is the process's memory in bytes."""

    what: str
    seconds: tuple[float, ...]
    items: int
    of: str
    peak: int | None = None

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return statistics.median(self.seconds)

    @property
    def rate(self) -> float:
        """Items a second, in the median run."""
        return self.items / self.median


class Compared(msgspec.Struct, frozen=True):
    """Something that spondyl does, and others doing it in the same run, in turn with it."""

    ours: Runs
    others: tuple[Runs, ...] = ()

    def ratio(self, other: Runs) -> tuple[float, float, float]:
        """Return by how much spondyl is faster, an item: the median of the runs side by side, the least, the most."""
        pairs = sorted(
            (theirs / other.items) / (ours / self.ours.items)
            for ours, theirs in zip(self.ours.seconds, other.seconds, strict=True)
        )
        return statistics.median(pairs), pairs[0], pairs[-1]


class Target(msgspec.Struct, frozen=True):
    """A limit and what was measured; `at_least` says on which side it must lie."""

    what: str
    limit: float
    measured: float
    unit: str
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether what was measured is as good as the limit."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


class Found(NamedTuple):
    """What a benchmark returns."""

    compared: tuple[Compared, ...]
    targets: tuple[Target, ...] = ()


class Benchmark(NamedTuple):
    """A claim: what is measured, how, and which packages take part."""

    name: str
    title: str
    method: str
    packages: tuple[str, ...]
    measure: Callable[[Scale], Found]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What a benchmark found, when, and on what."""

    format: int
    name: str
    title: str
    method: str
    measured_on: str
    events: int
    machine: str
    versions: dict[str, str]
    compared: tuple[Compared, ...]
    targets: tuple[Target, ...]


def kept(folder: Path, name: str) -> Path:
    """Return where the record of a benchmark stands."""
    return folder / "records" / f"{name}.json"


def write_record(folder: Path, record: Record) -> None:
    """Keep a record."""
    path = kept(folder, record.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2))


def read_record(folder: Path, name: str) -> Record | None:
    """Return the record of a benchmark, None where there is none of this format."""
    path = kept(folder, name)
    if not path.exists():
        return None
    record = msgspec.json.decode(path.read_bytes(), type=Record)
    return record if record.format == FORMAT else None
