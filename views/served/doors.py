"""The doors of a server: who may come in at all, and what every answer says of itself, whatever it is.

It is kept nowhere, is shown in no frame, tells nobody where it was, and runs no script but the server's own file.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.responses import Response

from views.served.requests import fault_of, only
from views.served.told import Told, told_page

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
WITH_REQUESTS: Final = f"{POLICY}; connect-src 'self'"  # of pages whose script asks the server
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
STRANGER: Final = Told(403, "Not answered", "this server is reached through its proxy")
TRIED: Final = Told(429, "Not opened", "too many addresses were tried that open nothing", "wait a minute")
TRY_LATER: Final = {"retry-after": "60"}


class Doors(NamedTuple):
    """Who may come in: to which `hosts`, names with ports, and from which `proxy` alone, if from one.

    `is_secure` is whether browsers come by TLS, so that they keep the cookie for it; forms that are sent here have at
    most `body_at_most` bytes, 0 where none is taken, and to `linked` paths links from elsewhere may lead.
    """

    hosts: frozenset[str]
    proxy: str | None
    is_secure: bool
    body_at_most: int = 0
    linked: tuple[str, ...] = ()


async def is_http(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> bool:
    """Return whether a request is one of HTTP; what is not is answered."""
    if scope["type"] == "lifespan":
        await app(scope, receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1008})
    return bool(scope["type"] == "http")


def shut_out(scope: Scope, doors: Doors) -> Response | None:
    """Return the answer to a request that no page of ours sends, or that comes by another way; None for others."""
    if doors.proxy is not None and (scope.get("client") or ("",))[0] != doors.proxy:
        return told_page(STRANGER, headers={"connection": "close"})
    fault = fault_of(scope, doors.hosts, body_at_most=doors.body_at_most, linked=doors.linked)
    if fault is None:
        return None
    allowed = "GET, HEAD, POST" if doors.body_at_most else "GET, HEAD"
    headers = {"allow": allowed} if fault.status == 405 else {}
    return told_page(Told(fault.status, "Not answered", fault.says), headers={**headers, "connection": "close"})


def cookie_of(scope: Scope, name: str) -> str | None:
    """Return the value of a cookie, None where a request has none of the name, or none that can be read."""
    try:
        cookie = SimpleCookie("; ".join(only(scope["headers"], b"cookie"))).get(name)
    except CookieError:
        return None
    return None if cookie is None else cookie.value


def with_headers(send: Send, *, policy: str = POLICY) -> Send:
    """Return what sends an answer with the headers of all answers, and a policy of what its page may do."""
    headers = {**HEADERS, "content-security-policy": policy}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept: list[Any] = [each for each in message["headers"] if each[0].decode("latin-1").lower() not in headers]
            message["headers"] = [*kept, *((name.encode(), value.encode()) for name, value in headers.items())]
        await send(message)

    return sent
