"""The gate before every page: what is asked must be plain, and whoever asks must have the cookie of the session.

Every answer, whatever it says, is kept nowhere, is shown in no frame, tells nobody where it was, and runs no script
but the server's own file.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse, Response

from views.web.error_pages import Told, told_page
from views.web.requests import fault_of, only
from views.web.tokens import COOKIE, TooManyTriesError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from views.web.tokens import Sessions

OPENING: Final = "/open"
OPEN_TO_ALL: Final = ("/static/spondyl.css", "/static/spondyl.js")  # the same for every registry
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
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
STRANGER: Final = Told(403, "Not answered", "this server is reached through its proxy")
TRIED: Final = Told(429, "Not opened", "too many addresses were tried that open nothing", "wait a minute")


class Doors(NamedTuple):
    """Who may come in: to which `hosts`, names with ports, and from which `proxy` alone, if from one.

    `is_secure` is whether browsers come by TLS, so that they keep the cookie for it.
    """

    hosts: frozenset[str]
    proxy: str | None
    is_secure: bool


class Gate:
    """Lets requests through to an application."""

    def __init__(self, app: ASGIApp, sessions: Sessions, doors: Doors) -> None:
        self._app, self._sessions, self._doors = app, sessions, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await (self._refusal(scope) or self._app)(scope, receive, _with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to who is not let through, None for who is."""
        if self._doors.proxy is not None and (scope.get("client") or ("",))[0] != self._doors.proxy:
            return told_page(STRANGER, headers={"connection": "close"})
        fault = fault_of(scope, self._doors.hosts)
        if fault is not None:
            headers = {"allow": "GET, HEAD"} if fault.status == 405 else {}
            return told_page(Told(fault.status, "Not answered", fault.says), headers={**headers, "connection": "close"})
        if scope["path"] == OPENING:
            return self._opened(scope)
        return None if self._is_open(scope) or scope["path"] in OPEN_TO_ALL else told_page(CLOSED)

    def _opened(self, scope: Scope) -> Response:
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        try:
            session = self._sessions.opened_by(tokens[0]) if len(tokens) == 1 else None
        except TooManyTriesError:
            return told_page(TRIED, headers={"retry-after": "60"})
        if session is None:
            return RedirectResponse("/", 303) if self._is_open(scope) else told_page(SPENT)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="strict", secure=self._doors.is_secure, path="/")
        return response

    def _is_open(self, scope: Scope) -> bool:
        cookies = only(scope["headers"], b"cookie")
        try:
            cookie = SimpleCookie("; ".join(cookies)).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and self._sessions.knows(cookie.value)


def _with_headers(send: Send) -> Send:
    """Return what sends an answer with the headers of all answers."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept: list[Any] = [each for each in message["headers"] if each[0].decode("latin-1").lower() not in HEADERS]
            message["headers"] = [*kept, *((name.encode(), value.encode()) for name, value in HEADERS.items())]
        await send(message)

    return sent
