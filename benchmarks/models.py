"""Cox's model with 20 covariates on 20,000 episodes, beside R's `survival` where R has it.

`python -m benchmarks.models_by_hand` lays lifelines and statsmodels beside them, in an environment of their own.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.measuring import ROOT, Contender, answered, in_turn
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main

EPISODES: Final = 50  # one for so many of the scale's events
COVARIATES: Final = 20
DIGITS: Final = 5  # of the coefficients, after the point, that must be the same
WANTED: Final = 2  # seconds
R_SCRIPT: Final = ROOT / "benchmarks" / "models.R"


def measure(scale: Scale) -> Found:
    """Measure the fit of one model to invented episodes."""
    ours, *others = in_turn(scale.few, *contenders(scale, episodes_of(scale)))
    return Found((Compared(ours, tuple(others)),), (Target(ours.what, WANTED, ours.median, "s"),))


def contenders(scale: Scale, file: Path) -> list[Contender]:
    """Return spondyl and, where it is installed, R; each fits in a process of its own."""
    n = scale.events // EPISODES
    found = [Contender("spondyl", partial(scale.apart, fitted, str(file)), n, "episodes")]
    if version := r_survival():
        found.append(Contender(f"R survival {version}", partial(fitted_by_r, file), n, "episodes"))
    return found


def episodes_of(scale: Scale) -> Path:
    """Return the file of invented episodes, made where it is not there: a row each, `time`, `event`, `x1`, `x2`, …"""
    n = scale.events // EPISODES
    file = scale.folder / f"episodes-{n}.csv"
    if not file.exists():
        random = np.random.default_rng(20_130_801)
        covariates = random.normal(size=(n, COVARIATES)).round(3)
        hazards = np.exp(covariates @ np.linspace(-0.4, 0.4, COVARIATES)) / 2000  # a day
        ends = np.ceil(random.exponential(1 / hazards)).clip(1)
        cut = random.integers(30, 3650, n)
        scale.folder.mkdir(parents=True, exist_ok=True)
        with file.open("w", newline="", encoding="utf-8") as out:
            written = csv.writer(out)
            written.writerow(["time", "event", *(f"x{number}" for number in range(1, COVARIATES + 1))])
            days = zip(np.minimum(ends, cut).astype(int), (ends <= cut).astype(int), strict=True)
            written.writerows([*of, *row] for of, row in zip(days, covariates.tolist(), strict=True))
    return file


def fitted(file: str) -> tuple[float, list[float]]:
    """Fit by spondyl; the seconds are of the fit alone, the answer is its coefficients."""
    from projections.statistics.cox import Episodes, cox

    rows = np.loadtxt(file, delimiter=",", skiprows=1)
    begun = time.perf_counter()
    found = cox(Episodes(rows[:, 0], rows[:, 1] > 0, rows[:, 2:]))
    seconds = time.perf_counter() - begun
    return seconds, rounded([each.value for each in found.coefficients])


def rounded(coefficients: list[float]) -> list[float]:
    """Return coefficients to as many digits as all must agree in; 0 has no sign."""
    return [round(each, DIGITS) + 0.0 for each in coefficients]


def r_survival() -> str | None:
    """Return the version of R's package `survival`, None where there is no R, or R has none."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    ask = "cat(as.character(packageVersion('survival')))"
    asked = subprocess.run([program, "-e", ask], capture_output=True, text=True, check=False)
    return None if asked.returncode else asked.stdout


def fitted_by_r(file: Path) -> Run:
    """Fit by R; the seconds are of the fit alone."""
    run = answered(["Rscript", str(R_SCRIPT), str(file)])
    return run._replace(answer=rounded(run.answer))


BENCHMARK: Final = Benchmark(
    name="models",
    title="Fitting a model",
    method=f"Cox's model with {COVARIATES} covariates, ties by Efron, is fitted to invented episodes, which lie in "
    "memory: the seconds are of the fit alone, in a new process each time. Beside it R's `survival` where it is "
    f"installed; the coefficients must agree to {DIGITS} digits. lifelines and statsmodels are laid beside them by "
    "hand, by `python -m benchmarks.models_by_hand`, in an environment that this makes.",
    packages=("numpy", "scipy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
