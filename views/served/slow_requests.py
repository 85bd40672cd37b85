"""HTTP that waits for nobody: a request whose head is not there in time is answered with 408, and the door closed."""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS: Final = 10.0  # from the first byte, or the connection, to the end of the head


class UnhurriedProtocol(H11Protocol):
    """Uvicorn's HTTP, with an end to its patience for the head of a request."""

    seconds = SECONDS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Begin to wait for the rest of a head, or end it where it is there."""
        if self.conn.their_state is not h11.IDLE:
            self._forget()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.seconds, self._give_up)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.transport.is_closing() or self.conn.our_state is not h11.IDLE:
            return
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        for each in (h11.Response(status_code=408, headers=headers, reason=b"Request Timeout"), h11.EndOfMessage()):
            self.transport.write(self.conn.send(each) or b"")
        self.transport.close()
