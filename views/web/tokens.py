"""Who may look: a token that is printed once opens one session, which a cookie keeps.

Of both only SHA-256 is kept, and compared in constant time. A token opens one session and no other; after so many
wrong ones in a minute nothing is opened for a while, so that none is found by trying.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from threading import Lock
from typing import Final

COOKIE: Final = "spondyl_session"
BYTES: Final = 32  # of chance in a token and in a session
TRIES_AT_MOST: Final = 10  # wrong tokens in so many seconds
SECONDS: Final = 60.0
LONGEST: Final = 128  # characters of what is taken for a token at all


class TooManyTriesError(Exception):
    """Too many wrong tokens were tried in the last minute."""


class Sessions:
    """The sessions of one server: `token` is printed, and opens the first request that brings it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.token = token_urlsafe(BYTES)
        self._unused: bytes | None = _hashed(self.token)
        self._session: bytes | None = None
        self._wrong: deque[float] = deque()
        self._clock = clock
        self._lock = Lock()

    def opened_by(self, token: str) -> str | None:
        """Return the session that a token opens, None for one that is wrong or was used.

        Raises `TooManyTriesError` where too many were wrong, whatever this one is.
        """
        with self._lock:
            self._check_tries()
            if self._unused is None or not compare_digest(_hashed(token), self._unused):
                self._wrong.append(self._clock())
                return None
            session = token_urlsafe(BYTES)
            self._unused, self._session = None, _hashed(session)
            return session

    def knows(self, session: str) -> bool:
        """Return whether a cookie names the session that was opened."""
        return self._session is not None and compare_digest(_hashed(session), self._session)

    def _check_tries(self) -> None:
        since = self._clock() - SECONDS
        while self._wrong and self._wrong[0] < since:
            self._wrong.popleft()
        if len(self._wrong) >= TRIES_AT_MOST:
            raise TooManyTriesError


def _hashed(text: str) -> bytes:
    return sha256(text[:LONGEST].encode("utf-8", "surrogateescape")).digest()
