"""Who reads: a personal token opens a session, which a cookie keeps; of both only the token's digest is stored.

A session is proved by the campaign's key and the digest of its reader's token: so it lives on when the server is
started anew, and ends when the token is renewed or taken away, or after a working day. Wrong tokens are counted by the
address that they come from, so that nobody shuts others out.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from hmac import compare_digest
from threading import Lock
from typing import Final

from registry.campaigns.blinding import Blinding
from registry.campaigns.reader_tokens import ReaderTokens, digest_of_token
from views.served.tries import LONGEST, Tries

COOKIE: Final = "spondyl_reader"
WORKING_DAY: Final = 43_200  # s that a session lasts
ADDRESSES_AT_MOST: Final = 1_000  # of which wrong tokens are counted


class ReaderSessions:
    """The sessions of a campaign's readers; `clock` gives seconds since 1970, `stopwatch` seconds since whenever."""

    def __init__(
        self,
        tokens: ReaderTokens,
        blinding: Blinding,
        *,
        clock: Callable[[], float] = time.time,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens, self._blinding, self._clock, self._stopwatch = tokens, blinding, clock, stopwatch
        self._tries: OrderedDict[str, Tries] = OrderedDict()
        self._lock = Lock()

    def opened_by(self, token: str, address: str) -> str | None:
        """Return the session that a token opens, None for one that is wrong, tried from an address.

        Raises `TooManyTriesError` where too many from there were wrong, whatever this one is.
        """
        with self._lock:
            tries = self._tries_from(address)
            tries.check()
            said = digest_of_token(token[:LONGEST])
            for reader, digest in self._tokens.digests().items():
                if compare_digest(said, digest):
                    began = int(self._clock())
                    return f"{began:x}.{self._blinding.proof('session', reader, digest, began)}"
            tries.add()
            return None

    def reader_of(self, session: str) -> str | None:
        """Return whose session a cookie names, None where it names none, or one that is over."""
        began, _, proof = session[:LONGEST].partition(".")
        try:
            since = int(began, 16)
        except ValueError:
            return None
        if not 0 <= self._clock() - since < WORKING_DAY or not proof.isascii():
            return None
        for reader, digest in self._tokens.digests().items():
            if compare_digest(proof, self._blinding.proof("session", reader, digest, since)):
                return reader
        return None

    def form_token(self, reader: str) -> str:
        """Return what every form of a reader brings along, so that no other page can send one.

        It is the same as long as the reader's token: a page that was left open goes on when the link is opened anew.
        """
        return self._blinding.proof("form", reader, self._tokens.digests().get(reader, ""))

    def is_form_of(self, reader: str, token: str) -> bool:
        """Return whether a form brings what those of a reader bring."""
        return token.isascii() and compare_digest(token, self.form_token(reader))

    def _tries_from(self, address: str) -> Tries:
        tries = self._tries.setdefault(address, Tries(clock=self._stopwatch))
        self._tries.move_to_end(address)
        while len(self._tries) > ADDRESSES_AT_MOST:
            self._tries.popitem(last=False)
        return tries
