"""The templates of pages, and the one sheet of styles that each page brings along.

Everything that a template puts out is escaped, and what is not printed is seen, as `registry.wording.visible` has it;
a name that a template does not know is a defect and raises. No page has a script.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from registry.wording import visible
from views.drawing.alignment import alignment_rule
from views.drawing.palette import page_rules
from views.pages.tables import said

HERE: Final = Path(__file__).parent
NO_SCRIPT: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@cache
def environment(folder: Path | None = None) -> Environment:
    """Return the templates of a folder, by default none, and the parts of all pages: `base.html` and `parts.html`."""
    folders = [HERE / "templates"] if folder is None else [folder, HERE / "templates"]
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(each) for each in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_seen,
    )
    made.filters["said"] = said
    made.filters["typed"] = typed
    return made


def typed(text: str) -> Markup:
    """Return a text of which what stands between two backticks is what somebody types.

    >>> typed("write `spondyl init` < 1")
    Markup('write <code>spondyl init</code> &lt; 1')
    """
    parts = visible(text).split("`")
    marked = (f"<code>{escape(part)}</code>" if place % 2 else escape(part) for place, part in enumerate(parts))
    return Markup("").join(map(Markup, marked))


@cache
def style() -> Markup:
    """Return the sheet of styles of all pages: the page's own, those of its tables, and those of charts."""
    own = (HERE / "page.css").read_text(encoding="utf-8")
    return Markup(page_rules() + alignment_rule(".n") + own)  # noqa: S704 - written by us alone


def _seen(value: object) -> object:
    """Return a text of which every sign is seen; what is markup already stays as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value)
