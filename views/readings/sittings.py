"""How long somebody sits over a case: what lies between two requests about it, unless that was a break."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

BREAK: Final = 1_800.0  # s without a request about a case, after which nobody sat over it in between


class Sittings:
    """When each case was last looked at, in this server; `clock` gives seconds since whenever."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._lock = Lock()

    def begin(self, case: str) -> None:
        """A case is opened."""
        with self._lock:
            self._last[case] = self._clock()

    def milliseconds(self, case: str) -> int:
        """Return how many ms somebody sat over a case since the last request about it, and begin anew."""
        with self._lock:
            now = self._clock()
            before = self._last.get(case, now)
            self._last[case] = now
        spent = now - before
        return round(spent * 1000) if spent <= BREAK else 0

    def end(self, case: str) -> None:
        """A case is put away."""
        with self._lock:
            self._last.pop(case, None)
