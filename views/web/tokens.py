"""Who may look: a token that is printed once opens one session, which a cookie keeps.

Of both only SHA-256 is kept, and compared in constant time. A token opens one session and no other; after so many
wrong ones in a minute nothing is opened for a while, so that none is found by trying.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from hmac import compare_digest
from secrets import token_urlsafe
from threading import Lock
from typing import Final

from views.served.tries import Tries, hashed

COOKIE: Final = "spondyl_session"
BYTES: Final = 32  # of chance in a token and in a session


class Sessions:
    """The sessions of one server: `token` is printed, and opens the first request that brings it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.token = token_urlsafe(BYTES)
        self._unused: bytes | None = hashed(self.token)
        self._session: bytes | None = None
        self._tries = Tries(clock=clock)
        self._lock = Lock()

    def opened_by(self, token: str) -> str | None:
        """Return the session that a token opens, None for one that is wrong or was used.

        Raises `TooManyTriesError` where too many were wrong, whatever this one is.
        """
        with self._lock:
            self._tries.check()
            if self._unused is None or not compare_digest(hashed(token), self._unused):
                self._tries.add()
                return None
            session = token_urlsafe(BYTES)
            self._unused, self._session = None, hashed(session)
            return session

    def knows(self, session: str) -> bool:
        """Return whether a cookie names the session that was opened."""
        return self._session is not None and compare_digest(hashed(session), self._session)
