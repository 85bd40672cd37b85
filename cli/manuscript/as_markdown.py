"""A cohort in Markdown: tables with pipes, footnotes under each, everything that could be read as markup escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.plain_text import for_markdown
from views.manuscript.document import FLOW

if TYPE_CHECKING:
    from views.manuscript.document import Document
    from views.manuscript.panels import Cell, Sheet


def markdown(document: Document) -> str:
    """Return a cohort as a Markdown document."""
    return "\n".join(_document(document)) + "\n"


def _document(document: Document) -> Iterator[str]:
    yield from (f"# {for_markdown(document.title)}", "", for_markdown(document.subtitle), "")
    yield from _table(FLOW, [[for_markdown(str(each)) for each in step] for step in document.flow], 1)
    yield from _listed("Groups", document.groups)
    for sheet in document.sheets:
        yield from _sheet(sheet)
    yield from _listed("Left open, so by default", document.open)
    yield from _listed("How the figures were made", document.made)


def _listed(title: str, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    if entries:
        yield from ("", f"## {title}", "")
        yield from (f"- {for_markdown(name)}: {for_markdown(value)}" for name, value in entries)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield from ("", f"## {for_markdown(sheet.name.capitalize())}")
    for panel in sheet.panels:
        yield from ("", f"**{for_markdown(panel.title)}**", "") if panel.title else ("",)
        yield from _table(
            [_worded(cell) for cell in panel.headings],
            [_row(row, is_heading=place in panel.above) for place, row in enumerate(panel.rows)],
            panel.stubs,
        )
    if sheet.footnotes:
        yield ""
    yield from (f"<sup>{letter}</sup> {for_markdown(note)}  " for letter, note in sheet.footnotes)


def _row(row: Sequence[Cell], *, is_heading: bool) -> list[str]:
    first, *others = map(_worded, row)
    return [f"**{first}**" if is_heading else first, *others]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], stubs: int) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * stubs}{' ---: |' * (len(headings) - stubs)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _worded(cell: Cell) -> str:
    return for_markdown(cell.text) + (f"<sup>{' '.join(cell.marks)}</sup>" if cell.marks else "")
