"""The application: its routes, what becomes of what goes wrong, and the line in the log of each request.

The line has the method, the name of the page, the status and the time that it took: no address, no name and no filter,
which can be personal data.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from views.pages.environment import style
from views.web.all_pages import PAGES
from views.web.answers import answer
from views.web.asked import LedOn, asked_by
from views.web.error_pages import DEFECT, NOWHERE, told_of, told_page
from views.web.gate import Doors, Gate

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from views.web.live import Live
    from views.web.pages import Page
    from views.web.tokens import Sessions

    Endpoint = Callable[[Request], Awaitable[Response]]

HERE: Final = Path(__file__).parent
FILES: Final = {"css": "text/css", "js": "text/javascript"}
LOG: Final = logging.getLogger("spondyl.serve")


def application(
    live: Live, sessions: Sessions, hosts: Collection[str], *, is_secure: bool = False, proxy: str | None = None
) -> Logged:
    """Return the application over a registry, for requests to some hosts.

    `is_secure` is whether browsers reach it by TLS, `proxy` the address of the only machine that may ask.
    """
    routes = [Route(page.path, _endpoint(page, live), methods=["GET"], name=page.name) for page in PAGES]
    files = [Route(f"/static/spondyl.{kind}", _file(kind), methods=["GET"]) for kind in FILES]
    pages = Starlette(routes=[*files, *routes], exception_handlers={404: _nowhere, 405: _nowhere})
    return Logged(Gate(pages, sessions, Doors(frozenset(hosts), proxy, is_secure=is_secure)))


def _file(kind: str):  # type: ignore[no-untyped-def]
    """Return what answers requests to the one sheet of styles, or the one script."""
    content = (HERE / "static" / f"spondyl.{kind}").read_text(encoding="utf-8")

    async def endpoint(request: Request) -> Response:
        request.scope["page"] = f"spondyl.{kind}"
        return Response(f"{style()}\n{content}" if kind == "css" else content, media_type=FILES[kind])

    return endpoint


def _endpoint(page: Page, live: Live):  # type: ignore[no-untyped-def]
    """Return what answers requests to a page; the work is done in a thread."""

    async def endpoint(request: Request) -> Response:
        request.scope["page"] = page.name
        return await run_in_threadpool(_answered, page, request, live)

    return endpoint


def _answered(page: Page, request: Request, live: Live) -> Response:
    try:
        return answer(page, asked_by(request, live, page.filters))
    except LedOn as elsewhere:
        return RedirectResponse(elsewhere.address, 303)
    except Exception as error:  # noqa: BLE001 - every request is answered, by a page that says what went wrong
        told = told_of(error)
        if told is DEFECT:
            _tell(error)
        return told_page(told)


def _tell(error: Exception) -> None:
    """Log where a defect is, and not what it says: that may quote a person."""
    where = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    LOG.error("%s\n%s", type(error).__name__, where)


async def _nowhere(request: Request, error: Exception) -> Response:
    return told_page(NOWHERE)


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
        method = scope["method"] if scope["method"] in ("GET", "HEAD") else "other"
        LOG.info("%s %s %d %.0f ms", method, scope.get("page", "-"), status[0], took)
