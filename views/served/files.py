"""Files of a server's own, that are the same for every registry: the sheet of styles, and a script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from views.pages.environment import style

if TYPE_CHECKING:
    from starlette.requests import Request

SHEET: Final = Path(__file__).parent / "static" / "spondyl.css"
MEDIA: Final = {"css": "text/css", "js": "text/javascript"}


def served_file(name: str, *more: Path) -> Route:
    """Return the route to a file, of what stands in some files; a sheet of styles begins with those of all pages."""
    kind = name.rpartition(".")[2]
    files: Sequence[Path] = (SHEET, *more) if kind == "css" else more
    content = "\n".join(file.read_text(encoding="utf-8") for file in files)
    whole = f"{style()}\n{content}" if kind == "css" else content

    async def endpoint(request: Request) -> Response:
        request.scope["page"] = name
        return Response(whole, media_type=MEDIA[kind])

    return Route(f"/static/{name}", endpoint, methods=["GET"])
