"""What is printed of a defect: Python's traceback, in which nothing that it quotes does anything to a terminal."""

from __future__ import annotations

import sys
from traceback import format_exception
from types import TracebackType
from typing import Final

from cli.output import say

CALL: Final = "  File "  # begins an entry of a traceback that has several lines, all of them of our own code


def tell_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback as Python does, the message of each exception on one line; what ends Python is Python's."""
    if not isinstance(error, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    for entry in format_exception(error):
        for line in entry.splitlines() if entry.startswith(CALL) else [entry.strip("\n")]:
            say(line)
