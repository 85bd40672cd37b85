"""The gate before every page: what is asked must be plain, and whoever asks must have the cookie of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse, Response

from views.served.doors import TRIED, TRY_LATER, Doors, cookie_of, is_http, shut_out, with_headers
from views.served.told import Told, told_page
from views.served.tries import TooManyTriesError
from views.web.tokens import COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from views.web.tokens import Sessions

OPENING: Final = "/open"
OPEN_TO_ALL: Final = ("/static/spondyl.css", "/static/spondyl.js")  # the same for every registry
CLOSED: Final = Told(
    401,
    "Closed",
    "this browser has not opened the registry",
    "open the address that `spondyl serve` printed when it was started; it can be used once, and starting the server "
    "anew prints another one",
)
SPENT: Final = Told(
    403,
    "Not opened",
    "this address opens nothing: it was used already, or is not whole",
    "start `spondyl serve` anew, and open the address that it prints",
)


class Gate:
    """Lets requests through to an application."""

    def __init__(self, app: ASGIApp, sessions: Sessions, doors: Doors) -> None:
        self._app, self._sessions, self._doors = app, sessions, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if await is_http(self._app, scope, receive, send):
            await (self._refusal(scope) or self._app)(scope, receive, with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to who is not let through, None for who is."""
        shut = shut_out(scope, self._doors)
        if shut is not None:
            return shut
        if scope["path"] == OPENING:
            return self._opened(scope)
        return None if self._is_open(scope) or scope["path"] in OPEN_TO_ALL else told_page(CLOSED)

    def _opened(self, scope: Scope) -> Response:
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        try:
            session = self._sessions.opened_by(tokens[0]) if len(tokens) == 1 else None
        except TooManyTriesError:
            return told_page(TRIED, headers=TRY_LATER)
        if session is None:
            return RedirectResponse("/", 303) if self._is_open(scope) else told_page(SPENT)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="strict", secure=self._doors.is_secure, path="/")
        return response

    def _is_open(self, scope: Scope) -> bool:
        cookie = cookie_of(scope, COOKIE)
        return cookie is not None and self._sessions.knows(cookie)
