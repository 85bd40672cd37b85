"""A word for who waits at a terminal: after a second, how far it has come; nothing where nobody looks."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import Final, Self

import click

from cli.plain_text import for_terminal

PATIENCE: Final = 1.0  # seconds without a word


class Waiting:
    """One line on the terminal that is written over and gone at the end of the block."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._last = monotonic()
        self._width = 0

    def tell(self, how_far: str) -> None:
        """Tell how far it has come, at most once a second."""
        if self._watched and monotonic() - self._last > PATIENCE:
            line = for_terminal(f"… {how_far}")
            click.echo(f"\r{line.ljust(self._width)}", nl=False, err=True)
            self._last, self._width = monotonic(), len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            click.echo(f"\r{' ' * self._width}\r", nl=False, err=True)
