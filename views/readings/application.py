"""The application of readers: its addresses, who is let to them, and what becomes of what goes wrong.

| address | asked for | sent |
|---|---|---|
| `/open` | a token becomes a session | |
| `/` | the reader's own cases, and how far the reading has come | |
| `/cases/CODE` | the case as it is typed so far | saves, submits or discards it |
| `/cases/CODE/draft` | | the same in the background: the answer is JSON |
| `/leave` | | ends the session in this browser |
"""

from __future__ import annotations

from asyncio import wait_for
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from views.readings.answers import Answering
from views.readings.asked import Asked, NotAFormError, form_in
from views.readings.error_pages import (
    CLOSED,
    DEFECT,
    FOREIGN_FORM,
    LEFT,
    NOT_READ,
    NOWHERE,
    OPENED,
    SPENT,
    TOO_SLOW,
    told_of,
)
from views.readings.gate import OPENING, Gate
from views.readings.sessions import COOKIE, ReaderSessions
from views.readings.sittings import Sittings
from views.served.doors import TRIED, TRY_LATER, cookie_of
from views.served.files import served_file
from views.served.request_log import Logged, tell_where
from views.served.requests import is_link_from_elsewhere
from views.served.slow_requests import SECONDS
from views.served.told import Told, told_page
from views.served.tries import TooManyTriesError

if TYPE_CHECKING:
    from starlette.requests import Request

    from views.readings.desk import Desk
    from views.served.doors import Doors

    Endpoint = Callable[[Request], Awaitable[Response]]
    Answer = Callable[[Asked, str], Response]

STATIC: Final = Path(__file__).parent / "static"


def application(desk: Desk, sessions: ReaderSessions, doors: Doors, *, sittings: Sittings | None = None) -> Logged:
    """Return the application over a campaign, for requests through some doors; `sittings` say how long cases took."""
    answering = Answering(desk, sessions, Sittings() if sittings is None else sittings)
    readers = _Readers(desk, sessions, doors)
    routes = [
        served_file("spondyl.css", STATIC / "readings.css"),
        served_file("readings.js", STATIC / "readings.js"),
        Route(OPENING, readers.opening, methods=["GET"]),
        Route("/leave", readers.asking("leave", readers.left), methods=["POST"]),
        Route("/", readers.asking("cases", answering.cases), methods=["GET"]),
        Route("/cases/{code}", readers.asking("case", answering.case), methods=["GET"]),
        Route("/cases/{code}", readers.asking("case", answering.done), methods=["POST"]),
        Route("/cases/{code}/draft", readers.asking("draft", answering.saved, as_json=True), methods=["POST"]),
    ]
    return Logged(Gate(Starlette(routes=routes, exception_handlers={404: _nowhere, 405: _nowhere}), doors))


class _Readers:
    """Lets readers in who have a token or a session, and answers whatever goes wrong."""

    def __init__(self, desk: Desk, sessions: ReaderSessions, doors: Doors) -> None:
        self._desk, self._sessions, self._doors = desk, sessions, doors

    async def opening(self, request: Request) -> Response:
        """Answer who opens a link: with a session, and the reader's cases."""
        request.scope["page"] = "open"
        return await run_in_threadpool(_guarded, lambda: self._opened(request), as_json=False)

    def left(self, asked: Asked, code: str) -> Response:
        """Answer who leaves: this browser is not known any more."""
        response = told_page(LEFT)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=self._doors.is_secure)
        return response

    def asking(self, name: str, answer: Answer, *, as_json: bool = False) -> Endpoint:
        """Return what answers requests of readers to a page; the work is done in a thread."""

        async def endpoint(request: Request) -> Response:
            request.scope["page"] = name
            try:
                body = await wait_for(request.body(), SECONDS) if request.method == "POST" else None
            except TimeoutError:
                return told_page(TOO_SLOW, headers={"connection": "close"})
            return await run_in_threadpool(
                _guarded, lambda: self._answered(request, body, answer, as_json=as_json), as_json=as_json
            )

        return endpoint

    def _opened(self, request: Request) -> Response:
        self._desk.look()
        self._desk.check_running()
        tokens = request.query_params.getlist("token")
        address = request.client.host if request.client else ""
        try:
            session = self._sessions.opened_by(tokens[0], address) if len(tokens) == 1 else None
        except TooManyTriesError:
            return told_page(TRIED, headers=TRY_LATER)
        if session is None:
            return told_page(SPENT)
        response = told_page(OPENED) if is_link_from_elsewhere(request.scope) else RedirectResponse("/", 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="strict", secure=self._doors.is_secure, path="/")
        return response

    def _answered(self, request: Request, body: bytes | None, answer: Answer, *, as_json: bool) -> Response:
        self._desk.look()
        self._desk.check_running()
        session = cookie_of(request.scope, COOKIE)
        reader = None if session is None else self._sessions.reader_of(session)
        if session is None or reader is None:
            return _told(CLOSED, as_json=as_json)
        form = None if body is None else form_in(body)
        if form is not None and not self._sessions.is_form_of(reader, form.token):
            return _told(FOREIGN_FORM, as_json=as_json)
        asked = Asked(reader, dict(request.query_params), form)
        return answer(asked, request.path_params.get("code", ""))


def _guarded(answer: Callable[[], Response], *, as_json: bool) -> Response:
    try:
        return answer()
    except NotAFormError:
        return _told(NOT_READ, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - every request is answered, by a page that says what went wrong
        told = told_of(error)
        if told is DEFECT:
            tell_where(error)
        return _told(told, as_json=as_json)


def _told(told: Told, *, as_json: bool) -> Response:
    if as_json:
        return JSONResponse({"title": told.title, "says": told.says, "do": told.do}, told.status)
    return told_page(told)


async def _nowhere(request: Request, error: Exception) -> Response:
    return told_page(NOWHERE)
