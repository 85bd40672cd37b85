"""How often a wrong token may be tried, so that none is found by trying; and what is kept of one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from typing import Final

TRIES_AT_MOST: Final = 10  # wrong tokens in so many seconds
SECONDS: Final = 60.0
LONGEST: Final = 128  # characters of what is taken for a token at all


class TooManyTriesError(Exception):
    """Too many wrong tokens were tried in the last minute."""


class Tries:
    """The wrong tokens of the last minute."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._wrong: deque[float] = deque()
        self._clock = clock

    def add(self) -> None:
        """Count a wrong one."""
        self._wrong.append(self._clock())

    def check(self) -> None:
        """Raise `TooManyTriesError` where too many were wrong."""
        since = self._clock() - SECONDS
        while self._wrong and self._wrong[0] < since:
            self._wrong.popleft()
        if len(self._wrong) >= TRIES_AT_MOST:
            raise TooManyTriesError


def hashed(text: str) -> bytes:
    """Return the SHA-256 of a token, as far as it can be one."""
    return sha256(text[:LONGEST].encode("utf-8", "surrogateescape")).digest()
