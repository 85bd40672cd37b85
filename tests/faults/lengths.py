"""How long a harness runs, and where its figures go: `make faults` sets both, `make test` neither."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

IS_LONG: Final = os.environ.get("SPONDYL_FAULTS") == "long"
FIGURES: Final = os.environ.get("SPONDYL_FAULTS_FIGURES")


def times(short: int, long: int) -> int:
    """Return how often a harness tries."""
    return long if IS_LONG else short


def figure(what: str, where: str, tried: int, found: str) -> None:
    """Note what a harness tried how often and found, as a row of the table in docs/trust.md."""
    if FIGURES:
        with Path(FIGURES).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, "where": where, "tried": tried, "found": found}) + "\n")
