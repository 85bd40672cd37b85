"""Timing contenders in turn, so that whatever else the machine does hits all, after holding their answers together."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.records import Run, Runs

ROOT: Final = Path(__file__).parents[1]
GIVEN_UP_AFTER: Final = 3600  # seconds
GOES_FOR: Final = 0.2  # seconds: a few milliseconds alone say little


class DifferentAnswersError(AssertionError):
    """Two contenders answered differently: nothing that was measured counts."""


class Contender(NamedTuple):
    """Something to be measured: its name, how to run it once, and how many items of which kind it gets through."""

    what: str
    run: Callable[[], Run]
    items: int = 1
    of: str = ""


def timed(work: Callable[[], Any], answer: Callable[[Any], object] = lambda result: None) -> Run:
    """Return the seconds that a piece of work took here, and the answer drawn from its result afterwards."""
    gc.collect()
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    return Run(seconds, answer(result))


def repeated(work: Callable[[], object]) -> Run:
    """Return the average seconds of a short piece of work, over as many goes as fit in `GOES_FOR`."""
    gc.collect()
    goes, started = 0, time.perf_counter()
    while (seconds := time.perf_counter() - started) < GOES_FOR:
        work()
        goes += 1
    return Run(seconds / goes)


def apart(function: Callable[..., object], *arguments: object, python: str | Path = sys.executable) -> Run:
    """Run a function of a module in a new process, by default of this Python; it returns its seconds and its answer."""
    return answered([str(python), "-m", "benchmarks.apart", function.__module__, function.__name__], *arguments)


def answered(command: Sequence[str], *arguments: object, folder: Path = ROOT) -> Run:
    """Run a program in a folder, with arguments as JSON on its standard input; it prints its run as JSON."""
    given = json.dumps(arguments)
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=folder, check=False, timeout=GIVEN_UP_AFTER
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def here(function: Callable[..., object], *arguments: object) -> Run:
    """Run a function as `apart` does, but in this process; its memory is nobody's then."""
    seconds, answer = json.loads(json.dumps(function(*json.loads(json.dumps(arguments)))))
    return Run(seconds, answer)


def process(*command: str | Path) -> Run:
    """Return the seconds from the start of a program to its end; its answer is what it printed."""
    return timed(lambda: subprocess.run(command, capture_output=True, text=True, check=True), lambda done: done.stdout)


def in_turn(runs: int, *contenders: Contender) -> list[Runs]:
    """Return the runs of contenders that come one after the other, several times over.

    Raises `DifferentAnswersError` where answers differ, between contenders or from run to run.
    """
    taken: dict[str, list[Run]] = {contender.what: [] for contender in contenders}
    for _ in range(runs):
        for contender in contenders:
            taken[contender.what].append(contender.run())
        _check_answers(taken)
    return [
        Runs(
            contender.what,
            tuple(run.seconds for run in taken[contender.what]),
            contender.items,
            contender.of,
            max((run.peak for run in taken[contender.what] if run.peak is not None), default=None),
        )
        for contender in contenders
    ]


def _check_answers(taken: dict[str, list[Run]]) -> None:
    answers: Sequence[tuple[str, object]] = [(what, run.answer) for what, each in taken.items() for run in each]
    (first, expected), *others = answers
    for what, answer in others:
        if answer != expected:
            raise DifferentAnswersError(f"{first}: {str(expected)[:500]}\n{what}: {str(answer)[:500]}")
