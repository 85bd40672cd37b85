"""A page that says what happened and what to do, in place of the one that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from starlette.responses import HTMLResponse

from views.pages.environment import environment

TEMPLATES: Final = Path(__file__).parent / "templates"
SECONDS: Final = 2  # after which a page that waits asks again


class Told(NamedTuple):
    """What happened: the status, a title, what is said, what to do, and where to go on."""

    status: int
    title: str
    says: str = ""
    do: str = ""
    links: Sequence[tuple[str, str]] = ()
    lines: Sequence[str] = ()
    again: bool = False


def told_page(told: Told, *, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return the page that says what happened."""
    after = {"refresh": str(SECONDS)} if told.again else {}
    page = environment(TEMPLATES).get_template("told.html").render(told=told)
    return HTMLResponse(page, told.status, headers={**after, **(headers or {})})
