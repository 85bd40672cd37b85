"""The gate before the pages of readers: a request must be one that a page of ours sends, by the way that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from views.served.doors import WITH_REQUESTS, Doors, is_http, shut_out, with_headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

BODY_AT_MOST: Final = 1_000_000  # bytes of a form
OPENING: Final = "/open"


class Gate:
    """Lets requests through to an application; who asks, is asked there."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app, self._doors = app, doors._replace(body_at_most=BODY_AT_MOST, linked=(OPENING,))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if await is_http(self._app, scope, receive, send):
            answer = shut_out(scope, self._doors) or self._app
            await answer(scope, receive, with_headers(send, policy=WITH_REQUESTS))
