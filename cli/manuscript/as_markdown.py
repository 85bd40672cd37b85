"""A cohort in Markdown: tables with pipes, footnotes under each, everything that could be read as markup escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cli.manuscript.document import FLOW

if TYPE_CHECKING:
    from cli.manuscript.document import Document
    from cli.manuscript.panels import Cell, Sheet

MARKUP: Final = re.compile(r"([\\`*_\[\]<>#|~&])")


def markdown(document: Document) -> str:
    """Return a cohort as a Markdown document."""
    return "\n".join(_document(document)) + "\n"


def _document(document: Document) -> Iterator[str]:
    yield from (f"# {escaped(document.title)}", "", escaped(document.subtitle), "")
    yield from _table(FLOW, [list(map(str, step)) for step in document.flow], 1)
    for sheet in document.sheets:
        yield from _sheet(sheet)
    for title, entries in (("Left open, so by default", document.open), ("How the figures were made", document.made)):
        if entries:
            yield from ("", f"## {title}", "")
            yield from (f"- {escaped(name)}: {escaped(value)}" for name, value in entries)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield from ("", f"## {escaped(sheet.name.capitalize())}")
    for panel in sheet.panels:
        yield from ("", f"**{escaped(panel.title)}**", "") if panel.title else ("",)
        yield from _table(
            [_worded(cell) for cell in panel.headings], [[*map(_worded, row)] for row in panel.rows], panel.stubs
        )
    if sheet.footnotes:
        yield ""
    yield from (f"<sup>{letter}</sup> {escaped(note)}  " for letter, note in sheet.footnotes)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], stubs: int) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * stubs}{' ---: |' * (len(headings) - stubs)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _worded(cell: Cell) -> str:
    return escaped(cell.text) + (f"<sup>{' '.join(cell.marks)}</sup>" if cell.marks else "")


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, in one line.

    >>> escaped("a | b_c <i>")
    'a \\\\| b\\\\_c \\\\<i\\\\>'
    """
    return MARKUP.sub(r"\\\1", " ".join(text.split()))
