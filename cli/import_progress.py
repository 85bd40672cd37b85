"""A bar on standard error for each stage of reading files, deciding and storing, where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID


class ImportProgress:
    """One bar after the other, as an import tells how far it has come; all are gone at the end of the block."""

    def __enter__(self) -> ImportProgress:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._bars = Progress(console=console, transient=True, disable=not sys.stderr.isatty())
        self._bars.start()
        self._tasks: dict[str, TaskID] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    @contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        """Take the bar off the terminal while something is asked there."""
        self._bars.stop()
        yield
        self._bars.start()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total if total > 1 or done else None)
