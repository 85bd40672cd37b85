"""A process that stops before a line of some modules, until the one who watches it lets it go on.

So a neighbour can come at every step of its work, and it can be killed there. What it runs is what everybody runs: the
lines are counted by the interpreter's own tracing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tests.faults.killing import SECONDS_TO_END, processes

Tell = Callable[[object], None]
NEVER: Final = -1


class Stepped:
    """A process that does some work, watched: `told` waits for what it tells next."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._watching, working = processes.Pipe()
        self.process: BaseProcess = processes.Process(target=work, args=(working, *arguments))
        self.process.start()
        working.close()

    def told(self, within: float = SECONDS_TO_END) -> Any:
        """Return what it tells within some seconds, None where it tells nothing."""
        return self._watching.recv() if self._watching.poll(within) else None

    def go_on(self) -> None:
        """Let it go on that waits, or is going to."""
        self._watching.send("go on")

    def ended(self) -> None:
        """Wait for its end."""
        self.process.join(SECONDS_TO_END)
        assert self.process.exitcode is not None, "it has not ended"
        self._watching.close()


class Steps:
    """Counts the lines that are run in some modules, and stops before one of them: to wait, or to be killed."""

    def __init__(self, working: Connection, modules: Sequence[str], *, stop: int = NEVER, die: int = NEVER) -> None:
        self._working, self._modules, self._stop, self._die = working, tuple(modules), stop, die
        self.lines: list[str] = []

    def __enter__(self) -> Steps:
        sys.settrace(self._trace)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.endswith(self._modules):
            return None
        if event == "line":
            self._step(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} in {frame.f_code.co_name}")
        return self._trace

    def _step(self, line: str) -> None:
        self.lines.append(line)
        if len(self.lines) == self._die:
            os.kill(os.getpid(), signal.SIGKILL)
        if len(self.lines) == self._stop:
            self._working.send(line)
            self._working.recv()
