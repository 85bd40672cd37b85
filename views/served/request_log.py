"""The line in the log of each request, and of a defect where it is.

A line has the method, the name of the page, the status and the time that it took: no address, no name and no filter,
which can be personal data.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("spondyl.serve")
NAMED: Final = ("GET", "HEAD", "POST")


def tell_where(error: Exception) -> None:
    """Log where a defect is, and not what it says: that may quote a person."""
    where = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    LOG.error("%s\n%s", type(error).__name__, where)


class Logged:
    """Writes a line for each request to an application, and knows how long nobody has asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._last = time.monotonic()

    def quiet_for(self) -> float:
        """Return for how many seconds nobody has asked."""
        return time.monotonic() - self._last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), [0]
        self._last = time.monotonic()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        await self._app(scope, receive, sent)
        took = (time.perf_counter() - began) * 1000
        method = scope["method"] if scope["method"] in NAMED else "other"
        LOG.info("%s %s %d %.0f ms", method, scope.get("page", "-"), status[0], took)


def log_to_stderr() -> None:
    """Write the lines of requests to the standard error, each with the instant, UTC."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    LOG.handlers[:], LOG.propagate = [handler], False
    LOG.setLevel(logging.INFO)
