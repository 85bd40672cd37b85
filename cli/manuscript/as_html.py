"""A cohort as one HTML page that needs nothing else: for a manuscript, on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from cli.plain_text import for_html
from views.manuscript.document import FLOW
from views.manuscript.panels import Cell, Lines

if TYPE_CHECKING:
    from views.manuscript.document import Document
    from views.manuscript.panels import Sheet

STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.45 "Source Serif 4", "Noto Serif", Georgia, "Times New Roman", serif;
  color: #1a1a1a; background: #fff; max-width: 62rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 600; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; font-weight: 600; margin: 2.4rem 0 .2rem; }
p.subtitle { color: #555; margin: 0 0 1.4rem; }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .9rem 0 1.2rem; font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; font-style: italic; padding-bottom: .25rem; }
thead th { border-top: 1.5px solid; border-bottom: .75px solid; font-weight: 600; vertical-align: bottom; }
tbody tr:last-child > * { border-bottom: 1.5px solid; }
th, td { padding: .2rem .9rem .2rem 0; text-align: left; }
td, thead th.figure { text-align: right; }
td { white-space: nowrap; }
thead th { text-wrap: balance; }
tbody th { font-weight: normal; }
tbody tr.above th { font-style: italic; padding-top: .5rem; }
th:last-child, td:last-child { padding-right: 0; }
sup { font-size: .7em; line-height: 0; margin-left: .1em; }
ul.footnotes, dl { font-size: .85rem; color: #333; }
ul.footnotes { list-style: none; padding: 0; margin: 0; }
dt { float: left; clear: left; margin-right: .6rem; }
dt::after { content: ":"; }
dd { margin: 0 0 .15rem 1.5rem; }
@page { margin: 18mm; }
@media print {
  body { font-size: 9.5pt; max-width: none; margin: 0; padding: 0; }
  div.wide { overflow: visible; }
  table, ul.footnotes, tr { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
}
"""


def html(document: Document) -> str:
    """Return a cohort as a page; every text in it is escaped."""
    return "\n".join(_page(document)) + "\n"


def _page(document: Document) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{for_html(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield f'<h1>{for_html(document.title)}</h1>\n<p class="subtitle">{for_html(document.subtitle)}</p>'
    yield "<h2>Flow</h2>"
    yield from _table(Lines("", [*map(Cell, FLOW)], [[Cell(str(each)) for each in step] for step in document.flow]))
    yield from _listed("Groups", document.groups)
    for sheet in document.sheets:
        yield from _sheet(sheet)
    for title, entries in (("Left open, so by default", document.open), ("How the figures were made", document.made)):
        yield from _listed(title, entries)
    yield "</body>\n</html>"


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"<h2>{for_html(sheet.name.capitalize())}</h2>"
    for panel in sheet.panels:
        yield from _table(panel)
    if sheet.footnotes:
        yield '<ul class="footnotes">'
        yield from (f"<li><sup>{letter}</sup> {for_html(note)}</li>" for letter, note in sheet.footnotes)
        yield "</ul>"


def _table(panel: Lines) -> Iterator[str]:
    yield '<div class="wide"><table>'
    if panel.title:
        yield f"<caption>{for_html(panel.title)}</caption>"
    kinds = ["", ' class="figure"']
    headings = (
        f'<th scope="col"{kinds[place >= panel.stubs]}>{_worded(cell)}</th>'
        for place, cell in enumerate(panel.headings)
    )
    yield f"<thead><tr>{''.join(headings)}</tr></thead>\n<tbody>"
    for place, row in enumerate(panel.rows):
        if place in panel.above:
            yield f'<tr class="above"><th scope="colgroup" colspan="{len(row)}">{_worded(row[0])}</th></tr>'
            continue
        names = (f'<th scope="row">{_worded(cell)}</th>' for cell in row[: panel.stubs])
        yield f"<tr>{''.join(names)}{''.join(f'<td>{_worded(cell)}</td>' for cell in row[panel.stubs :])}</tr>"
    yield "</tbody></table></div>"


def _listed(title: str, entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    entries = list(entries)
    if entries:
        yield f"<h2>{for_html(title)}</h2>\n<dl>"
        yield from (f"<dt>{for_html(name)}</dt><dd>{for_html(value)}</dd>" for name, value in entries)
        yield "</dl>"


def _worded(cell: Cell) -> str:
    return for_html(cell.text) + (f"<sup>{' '.join(cell.marks)}</sup>" if cell.marks else "")
