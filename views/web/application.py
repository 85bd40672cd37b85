"""The application: its routes, and what becomes of what goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from views.served.doors import Doors
from views.served.files import served_file
from views.served.request_log import Logged, tell_where
from views.served.told import told_page
from views.web.all_pages import PAGES
from views.web.answers import answer
from views.web.asked import LedOn, asked_by
from views.web.error_pages import DEFECT, NOWHERE, told_of
from views.web.gate import Gate

if TYPE_CHECKING:
    from starlette.requests import Request

    from views.web.live import Live
    from views.web.pages import Page
    from views.web.tokens import Sessions

    Endpoint = Callable[[Request], Awaitable[Response]]

HERE: Final = Path(__file__).parent


def application(
    live: Live, sessions: Sessions, hosts: Collection[str], *, is_secure: bool = False, proxy: str | None = None
) -> Logged:
    """Return the application over a registry, for requests to some hosts.

    `is_secure` is whether browsers reach it by TLS, `proxy` the address of the only machine that may ask.
    """
    routes = [Route(page.path, _endpoint(page, live), methods=["GET"], name=page.name) for page in PAGES]
    files = [served_file("spondyl.css"), served_file("spondyl.js", HERE / "static" / "spondyl.js")]
    pages = Starlette(routes=[*files, *routes], exception_handlers={404: _nowhere, 405: _nowhere})
    return Logged(Gate(pages, sessions, Doors(frozenset(hosts), proxy, is_secure=is_secure)))


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
            tell_where(error)
        return told_page(told)


async def _nowhere(request: Request, error: Exception) -> Response:
    return told_page(NOWHERE)
