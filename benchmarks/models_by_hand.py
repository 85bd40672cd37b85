"""Cox's model of spondyl beside lifelines, statsmodels and R: `python -m benchmarks.models_by_hand`.

lifelines wants pandas below 3, so that it and statsmodels get an environment of their own, made in the cache where
there is none. Ratios come from one run; what cannot be had is said, and the others are measured without it.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import models, models_beside
from benchmarks.environments import python_of
from benchmarks.machine import machine, versions
from benchmarks.measuring import ROOT, Contender, in_turn
from benchmarks.records import FORMAT, Compared, Record, Run, Scale
from benchmarks.rendering import section
from benchmarks.running import scale_of, scale_options

PINS: Final = ROOT / "benchmarks" / "lifelines.txt"
OTHERS: Final = {"lifelines": models_beside.in_lifelines, "statsmodels": models_beside.in_statsmodels}


def main() -> None:
    """Measure all that can be had, and print it as a section of the page of benchmarks."""
    asked = scale_options(ArgumentParser("python -m benchmarks.models_by_hand", description=__doc__)).parse_args()
    scale = scale_of(asked)
    file = models.episodes_of(scale)
    found = [*models.contenders(scale, file), *_others(scale, file)]
    absent = [name for name in ("R", *OTHERS) if not any(each.what.startswith(name) for each in found)]
    ours, *others = in_turn(scale.few, *found)
    record = Record(
        format=FORMAT,
        name=f"{models.BENCHMARK.name}_by_hand",
        title=models.BENCHMARK.title,
        method=models.BENCHMARK.method,
        measured_on=datetime.now(UTC).date().isoformat(),
        events=scale.events,
        machine=machine(),
        versions=versions(models.BENCHMARK.packages),
        compared=(Compared(ours, tuple(others)),),
        targets=(),
    )
    print(section(record))
    print(f"\nabsent: {', '.join(absent) or 'none'}")


def _others(scale: Scale, file: Path) -> list[Contender]:
    """Return lifelines and statsmodels; none of them, and why on standard error, where they cannot be installed."""
    try:
        python = python_of(scale.folder.parent, PINS, "lifelines", "statsmodels")
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"lifelines and statsmodels are left out: {problem}", file=sys.stderr)
        return []
    n = scale.events // models.EPISODES
    return [
        Contender(f"{name} {_version(python, name)}", partial(_fitted, scale, function, file, python), n, "episodes")
        for name, function in OTHERS.items()
    ]


def _fitted(scale: Scale, function: Callable[[str], object], file: Path, python: Path) -> Run:
    run = scale.apart(function, str(file), python=python)
    return run._replace(answer=models.rounded(run.answer))


def _version(python: Path, name: str) -> str:
    ask = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
