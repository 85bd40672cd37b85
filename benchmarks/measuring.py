"""Timing two things in turn, and saying on what they ran."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import NamedTuple


class Rates(NamedTuple):
    """Items per second of several runs of one thing."""

    name: str
    rates: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median rate."""
        return statistics.median(self.rates)

    def __str__(self) -> str:
        return f"{self.name:<44} {self.median:>10,.0f}/s   ({min(self.rates):,.0f} to {max(self.rates):,.0f})"


def rate(items: int, work: Callable[[], object]) -> float:
    """Return how many items a second a piece of work got through."""
    gc.collect()
    started = time.perf_counter()
    work()
    return items / (time.perf_counter() - started)


def in_turn(runs: int, *contenders: tuple[str, Callable[[], float]]) -> list[Rates]:
    """Return the rates of contenders that run one after the other, several times over, so that drift hits all."""
    rates: dict[str, list[float]] = {name: [] for name, _ in contenders}
    for _ in range(runs):
        for name, contender in contenders:
            rates[name].append(contender())
    return [Rates(name, tuple(found)) for name, found in rates.items()]


def ratio(ours: Rates, theirs: Rates) -> str:
    """Return the median of the ratios run by run, with their spread; above 1, ours is faster."""
    pairs = sorted(one / other for one, other in zip(ours.rates, theirs.rates, strict=True))
    return f"{statistics.median(pairs):.2f} (run by run {pairs[0]:.2f} to {pairs[-1]:.2f})"


def machine() -> str:
    """Return what the figures were measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("eventsourcing", "SQLAlchemy", "msgspec", "pyarrow"))
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}; {packages}"
