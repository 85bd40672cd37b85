"""A cohort on a terminal: tables as wide as it is, what does not fit beneath, footnotes under each table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from cli.fitting_columns import fitting
from cli.output import NO_TERMINAL, counted, give_table, put, terminal_width
from cli.plain_text import for_terminal
from views.manuscript.document import FLOW
from views.manuscript.panels import LETTERS

if TYPE_CHECKING:
    from views.manuscript.document import Document
    from views.manuscript.panels import Cell, Lines, Sheet

UNDER: Final = "  "
RAISED: Final = str.maketrans(LETTERS, "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")


def give(document: Document) -> None:
    """Print a cohort."""
    for line in (document.title, document.subtitle):
        give_lines(line)
    put()
    _flow(document.flow)
    _listed("Groups:", document.groups)
    for sheet in document.sheets:
        _sheet(sheet)
    _listed("Left open, so by default:", document.open)
    _listed("Figures were made by:", document.made)
    if document.not_shown:
        put()
        put(f"{counted(document.not_shown, 'more figure')}: --csv or --json gives all")


def _flow(steps: Iterable[tuple[str, int, int]]) -> None:
    """Print the steps, the numbers first, for the conditions may be long."""
    step, left, excluded = FLOW
    put(f"{left:>7}   {excluded:>8}   {step}")
    for name, n_left, n_excluded in steps:
        give_lines(name, first=f"{n_left:>7,}   {n_excluded:>8,}   ")


def _sheet(sheet: Sheet) -> None:
    put()
    put(sheet.name.upper())
    for panel in sheet.panels:
        put()
        if panel.title:
            give_lines(panel.title)
        give_panel(panel)
    if sheet.footnotes:
        put()
    for letter, note in sheet.footnotes:
        give_lines(note, first=f" {_raised((letter,))} ")


def give_panel(panel: Lines) -> None:
    """Print a panel, in as many pieces as the terminal needs; where names leave no room for figures, line by line."""
    panel = _indented(panel)
    widths = [max(len(_worded(cell)) for cell in column) for column in zip(panel.headings, *panel.rows, strict=True)]
    if fitting([*widths[: panel.stubs], max(widths[panel.stubs :])], terminal_width() or NO_TERMINAL) <= panel.stubs:
        _give_line_by_line(panel)
        return
    give_table(
        [_worded(heading) for heading in panel.headings],
        [[_worded(cell) for cell in row] for row in panel.rows],
        n_stubs=panel.stubs,
    )


def _indented(panel: Lines) -> Lines:
    """Return a panel whose lines stand a little to the right of the headings above them."""
    if not panel.above:
        return panel
    rows = [
        row if place in panel.above else [row[0]._replace(text=f"{UNDER}{row[0].text}"), *row[1:]]
        for place, row in enumerate(panel.rows)
    ]
    return panel._replace(rows=rows)


def _give_line_by_line(panel: Lines) -> None:
    for row in panel.rows:
        give_lines(" / ".join(_worded(cell) for cell in row[: panel.stubs] if cell.text), first=" ")
        named = zip(panel.headings[panel.stubs :], row[panel.stubs :], strict=True)
        cells = [f"{_worded(heading)} {_worded(cell)}" for heading, cell in named if cell.text]
        if cells:
            give_lines("; ".join(cells), first="    ")


def _listed(title: str, entries: Iterable[tuple[str, str]]) -> None:
    entries = list(entries)
    if entries:
        put()
        put(title)
    for name, value in entries:
        give_lines(f"{name}: {value}", first=" ")


def give_lines(line: str, first: str = "") -> None:
    """Print a line after `first`, in as many as the terminal needs."""
    width, rest = terminal_width() or NO_TERMINAL, " " * (len(first) + (first == " "))
    for piece in wrap(for_terminal(line), width, initial_indent=first, subsequent_indent=rest):
        put(piece)


def _worded(cell: Cell) -> str:
    return f"{for_terminal(cell.text)}{_raised(cell.marks)}"


def _raised(marks: Sequence[str]) -> str:
    """Return the letters of footnotes as small raised ones, as papers set them."""
    return " ".join(marks).translate(RAISED)
