"""Sections of a page: a title, and below it figures, tables, pairs, texts, or why there is nothing and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from markupsafe import Markup

from registry.wording import visible
from views.pages.tables import Table

if TYPE_CHECKING:
    from views.drawing.figure import Figure

Kind = Literal["figures", "beside", "table", "pairs", "text", "empty", "footnotes", "heading"]


class Block(NamedTuple):
    """One thing of a section, of a kind that `parts.html` knows."""

    kind: Kind
    content: Any


class Section(NamedTuple):
    """A part of a page that has a title and can be linked to."""

    id: str
    title: str
    blocks: Sequence[Block]


def section(id_: str, title: str, *blocks: Block | None) -> Section:
    """Return a section of the blocks that there are."""
    return Section(id_, title, [block for block in blocks if block is not None])


class Drawn(NamedTuple):
    """A figure with its numbers as an element of a page; every sign of its texts is seen."""

    title: str
    html: Markup

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """Return a figure as an element."""
        seen = "\n".join(map(visible, figure.html.split("\n")))
        return cls(figure.title, Markup(seen))  # noqa: S704 - `views.drawing.svg` escapes


def figures(*drawn: Figure) -> Block | None:
    """Return figures, one below the other, None where there are none."""
    return Block("figures", [*map(Drawn.of, drawn)]) if drawn else None


def beside(*drawn: Figure) -> Block:
    """Return figures beside each other, where there is room for it."""
    return Block("beside", [*map(Drawn.of, drawn)])


def table(given: Table) -> Block:
    """Return a table; where it has no rows, what it says instead."""
    return Block("table", given)


def pairs(entries: Iterable[tuple[str, object]]) -> Block:
    """Return names with what stands there, those of which something is known."""
    return Block("pairs", [(name, value) for name, value in entries if value not in (None, "")])


def text(said: str) -> Block:
    """Return a paragraph."""
    return Block("text", said)


def heading(said: str) -> Block:
    """Return a heading within the section."""
    return Block("heading", said)


def empty(what: str, do: str = "") -> Block:
    """Return that there is nothing, and what somebody does about it."""
    return Block("empty", (what, do))


def footnotes(notes: Sequence[tuple[str, str]]) -> Block | None:
    """Return the footnotes of a table by letter, None where there are none."""
    return Block("footnotes", notes) if notes else None
