"""How long a harness runs, and where its figures go: `make faults` sets both, `make test` neither.

A planted bug is looked for a few times as long as `make test` tries, as an instant of a killing may not fall into it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

LENGTH: Final = os.environ.get("SPONDYL_FAULTS", "short")
IS_LONG: Final = LENGTH == "long"
IS_PLANTED: Final = LENGTH == "planted"
FIGURES: Final = "SPONDYL_FAULTS_FIGURES"  # names the file to which figures are added
DONE: Final = "SPONDYL_FAULTS_DONE"  # and that of the harnesses that held, which are not run again
PLANTED: Final = 4  # times the short form


def times(short: int, long: int) -> int:
    """Return how often a harness tries."""
    return {"long": long, "planted": min(long, PLANTED * short)}.get(LENGTH, short)


def figure(what: str, where: str, tried: int, found: str) -> None:
    """Note what a harness tried how often and found, as a row of the table in docs/trust.md."""
    _note(FIGURES, what=what, where=where, tried=tried, found=found)


def done(name: str, seconds: float) -> None:
    """Note that a harness held, and how long it took."""
    _note(DONE, name=name, seconds=seconds)


def done_before() -> set[str]:
    """Return the harnesses that held in this run already."""
    place = Path(os.environ.get(DONE, ""))
    return {json.loads(line)["name"] for line in place.read_text().splitlines()} if place.is_file() else set()


def _note(variable: str, **words: str | float) -> None:
    if variable in os.environ:
        with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(words) + "\n")
