"""The figures of a cohort as the lines and columns of a paper's tables, with their footnotes.

A footnote says of whom a figure is, or why there is none. One that holds for most of a column stands at its heading,
one that holds for a line at the line's name; a cell has its own where it is another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.cohort.figures.address import ARROW
from projections.cohort.figures.layout import (
    ALONE,
    AT,
    BETWEEN,
    ONCE,
    Anything,
    Column,
    Crossed,
    Layout,
    Over,
    Panel,
    Part,
    Sectioned,
    printed,
)
from projections.cohort.figures.points import is_point
from projections.statistics.rounding import from_to, half_up
from views.manuscript.labels import UNITLESS, Labels
from views.pages.tables import Cell as Cell  # noqa: PLC0414 - what prints lines takes it from here

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure

Cells = dict[tuple[str, str, str], "Figure"]
Within = tuple[str, str]
NOTHING: Final = "·"
SECTION: Final = ": "
VALUE: Final = "value"  # the heading of figures that stand at no time point
LETTERS: Final = "abcdefghijklmnoprstuvwxyz"  # there is no raised q


class Lines(NamedTuple):
    """One panel, ready to be printed: `stubs` of its columns name the line, the others have figures.

    `above` are the places of rows that are no line but a heading of those that follow.
    """

    title: str
    headings: list[Cell]
    rows: list[list[Cell]]
    stubs: int = 1
    above: frozenset[int] = frozenset()


class Sheet(NamedTuple):
    """One table of a paper: its panels, its footnotes by letter, and how many figures have no place in it."""

    name: str
    panels: list[Lines]
    footnotes: list[tuple[str, str]]
    not_shown: int


class Footnotes:
    """The footnotes of one table, each with a letter in the order in which they are met."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def mark(self, note: str) -> str:
        """Return the letter of a footnote, a new one for a new note."""
        return self._letters.setdefault(note, _letter(len(self._letters)))

    def all(self) -> list[tuple[str, str]]:
        """Return the footnotes with their letters."""
        return [(letter, note) for note, letter in self._letters.items()]


class Grid(NamedTuple):
    """One panel before its footnotes: headings and the figures under them, None where there is none.

    `above` is what stands above each line and those that follow it, empty for nothing; `within` are the two statistics
    that each column has in brackets, None where it has what its figures have there.
    """

    title: str
    stub: list[str]
    headings: list[str]
    names: list[list[str]]
    figures: list[list[Figure | None]]
    worded: list[Callable[[Figure], str | None]]
    above: list[str] | None = None
    within: Sequence[Within | None] | None = None


def sheet(table: str, layout: Layout, figures: Iterable[Figure], labels: Labels | None = None) -> Sheet:
    """Return the figures of a table laid out as it declares, in the words of labels, by default those of papers."""
    labels = labels or Labels()
    given = list(figures)
    cells = {(each.row, each.timepoint, each.statistic): each for each in given if not is_point(each)}
    laid_out = [grid for part in layout for grid in grids(part, cells, labels) if any(map(any, grid.figures))]
    shown = {id(figure) for grid in laid_out for line in grid.figures for figure in line if figure}
    shown &= {id(figure) for figure in cells.values()}  # some are worded anew
    footnotes = Footnotes()
    panels = [noted(grid, footnotes) for grid in laid_out]
    return Sheet(table, panels, footnotes.all(), len(given) - len(shown))


def grids(part: Part, cells: Cells, labels: Labels) -> Iterator[Grid]:
    """Yield the panels that a part of a layout makes of the figures of one column."""
    if isinstance(part, Panel):
        yield _panel(part, cells, labels)
    elif isinstance(part, Crossed):
        yield from _crossed(part, cells, labels)
    elif isinstance(part, Sectioned):
        yield from _sections(part, cells, labels)
    else:
        yield _anything(part, cells, labels)


def _panel(part: Panel, cells: Cells, labels: Labels) -> Grid:
    mine = {at: figure for at, figure in cells.items() if re.fullmatch(part.rows, at[0])}
    mine |= {(row, ONCE, statistic): figure for (row, _, statistic), figure in reversed(mine.items())}
    there = dict.fromkeys((timepoint, statistic) for _, timepoint, statistic in mine)
    timepoints = {timepoint: _over(timepoint) for timepoint, _ in there}
    columns = [
        (column, timepoint)
        for over in (ONCE, AT, BETWEEN, ALONE)
        for timepoint in timepoints
        if timepoints[timepoint] == over
        for column in part.columns
        if column.over == over and (timepoint, column.statistic) in there
    ]
    rows = [
        row
        for row in dict.fromkeys(row for row, _, _ in mine)
        if any((row, timepoint, column.statistic) in mine for column, timepoint in columns)
    ]
    rows = rows if part.as_recorded else labels.sorted(rows)
    return Grid(
        part.title,
        [""],
        [_heading(column, timepoint, columns) for column, timepoint in columns],
        [[_name(row, part, mine, labels)] for row in rows],
        [
            [taken(mine, (row, timepoint, column.statistic), column.within) for column, timepoint in columns]
            for row in rows
        ],
        [column.worded for column, _ in columns],
        None if part.as_recorded else labels.headings(rows),
        [column.within for column, _ in columns],
    )


def taken(cells: Cells, at: tuple[str, str, str], within: Within | None) -> Figure | None:
    """Return the figure of a cell, with what its column has in brackets in place of what the figure has there."""
    figure = cells.get(at)
    if figure is None or figure.text is None or within is None:
        return figure
    low, high = (cells.get((*at[:2], statistic)) for statistic in within)
    if low is None or high is None:
        return None
    ends = from_to(low.text or NOTHING, high.text or NOTHING)
    return figure._replace(text=f"{figure.text.partition(' (')[0]} ({ends})")


def _name(row: str, part: Panel, cells: Cells, labels: Labels) -> str:
    """Return what a row is called, with the unit of its values where the panel has units."""
    if part.as_recorded:
        return labels.of_recorded(row)
    return labels.of(row, _unit(row, cells) if part.units else "")


def _unit(row: str, cells: Cells) -> str:
    """Return the unit of a row's values, empty where they have none or several."""
    units = {figure.unit for at, figure in cells.items() if at[0] == row} - UNITLESS
    return units.pop() if len(units) == 1 else ""


def _days(row: str, statistic: str, cells: Cells) -> str:
    """Return the unit of a statistic that is a time, as a median of days; empty for any other."""
    units = {figure.unit for at, figure in cells.items() if (at[0], at[2]) == (row, statistic)}
    return "d" if units == {"d"} else ""


def _crossed(part: Crossed, cells: Cells, labels: Labels) -> Iterator[Grid]:
    mine = {at: figure for at, figure in cells.items() if at[2] == part.statistic and re.fullmatch(part.rows, at[0])}
    lines, columns = (list(dict.fromkeys(row.split(ARROW)[side] for row, _, _ in mine)) for side in (0, 1))
    for timepoint in dict.fromkeys(timepoint for _, timepoint, _ in mine):
        yield Grid(
            f"{part.title}, {timepoint}",
            [timepoint.split(ARROW)[0]],
            [f"{ARROW.strip()} {labels.word(lines[0], column)}" for column in columns],
            [[labels.of(line)] for line in lines],
            [
                [mine.get((ARROW.join((line, column)), timepoint, part.statistic)) for column in columns]
                for line in lines
            ],
            [part.worded] * len(columns),
        )


def _sections(part: Sectioned, cells: Cells, labels: Labels) -> Iterator[Grid]:
    for section in dict.fromkeys(row.split(SECTION)[0] for row, _, _ in cells if SECTION in row):
        mine: Cells = {}
        said: dict[str, str] = {}
        for (row, timepoint, statistic), figure in cells.items():
            if row.startswith(f"{section}{SECTION}"):
                name = f"{row}, {timepoint}" if timepoint else row
                mine[name, "", statistic] = figure
                said[name] = labels.of(row.removeprefix(f"{section}{SECTION}")) + name.removeprefix(row)
        grid = _panel(Panel(section, part.columns, as_recorded=True), mine, labels)
        yield grid._replace(names=[[said[row]] for (row,) in grid.names])


def _anything(part: Anything, cells: Cells, labels: Labels) -> Grid:
    mine = {at: figure for at, figure in cells.items() if re.fullmatch(part.rows, at[0])}
    timepoints = list(dict.fromkeys(timepoint for _, timepoint, _ in mine))
    lines = list(dict.fromkeys((row, statistic) for row, _, statistic in mine))
    above = ["", *(row for row, _ in lines)]
    names = [
        ["" if row == former else labels.of(row), labels.of(statistic, _days(row, statistic, mine))]
        for (row, statistic), former in zip(lines, above)
    ]
    return Grid(
        part.title,
        ["", "figure"],
        [timepoint or VALUE for timepoint in timepoints],
        names,
        [[mine.get((row, timepoint, statistic)) for timepoint in timepoints] for row, statistic in lines],
        [printed] * len(timepoints),
    )


def _over(timepoint: str) -> Over:
    return ONCE if timepoint is ONCE else ALONE if not timepoint else BETWEEN if ARROW in timepoint else AT


def _heading(column: Column, timepoint: str, columns: Sequence[tuple[Column, str]]) -> str:
    if "{at}" in column.heading:
        return column.heading.format(at=timepoint)
    several = sum(other is column for other, _ in columns) > 1
    return f"{column.heading}, {timepoint}" if several else column.heading


def noted(grid: Grid, footnotes: Footnotes) -> Lines:
    """Return a panel's texts with the letters of their footnotes, each where it says most."""
    notes = [[figure.denominator_note if figure else None for figure in line] for line in grid.figures]
    of_lines = [_only(line) for line in notes]
    by_line = len(grid.headings) > 1 and all(of_lines) and len(set(of_lines)) > 1
    usual: list[str | None] = [None] * len(grid.headings)
    if not by_line:
        usual = [_commonest(column) for column in zip(*notes, strict=True)]
    headings = [Cell(text, _marks(footnotes, note)) for text, note in zip(grid.headings, usual, strict=True)]
    rows = []
    for names, line, own, of_line in zip(grid.names, grid.figures, notes, of_lines, strict=True):
        stub = [Cell(name) for name in names]
        if by_line:
            stub[-1] = stub[-1]._replace(marks=_marks(footnotes, of_line))
        cells = []
        for figure, worded, note, usually in zip(line, grid.worded, own, usual, strict=True):
            said = None if by_line or note == usually else note
            cells.append(_cell(figure, worded, footnotes, said))
        rows.append([*stub, *cells])
    panel = Lines(grid.title, [*map(Cell, grid.stub), *headings], rows, len(grid.stub))
    return _under_headings(panel, grid.above) if grid.above else panel


def _under_headings(panel: Lines, above: Sequence[str]) -> Lines:
    """Return a panel with a row for each heading, before the first of those that it stands above."""
    rows: list[list[Cell]] = []
    places = set()
    for row, heading, former in zip(panel.rows, above, ["", *above]):
        if heading and heading != former:
            places.add(len(rows))
            rows.append([Cell(heading), *[Cell("")] * (len(row) - 1)])
        rows.append(row)
    return panel._replace(rows=rows, above=frozenset(places))


def _cell(
    figure: Figure | None, worded: Callable[[Figure], str | None], footnotes: Footnotes, note: str | None
) -> Cell:
    if figure is None:
        return Cell("")
    text = worded(figure)
    if text is None:
        text = NOTHING if figure.value is None else half_up(figure.value, 3)
    return Cell(text, _marks(footnotes, note, figure.reason and figure.reason.replace("-", " ")))


def _marks(footnotes: Footnotes, *notes: str | None) -> tuple[str, ...]:
    return tuple(footnotes.mark(note) for note in notes if note)


def _only(notes: Sequence[str | None]) -> str | None:
    """Return the note that all figures of a line have, None where they have several or none."""
    distinct = {note for note in notes if note}
    return distinct.pop() if len(distinct) == 1 and None not in notes else None


def _commonest(notes: Sequence[str | None]) -> str | None:
    """Return the note that most of the figures of a column have, None where none is that of more than half."""
    counts = Counter(note for note in notes if note)
    note, n = counts.most_common(1)[0] if counts else (None, 0)
    return note if 2 * n > counts.total() else None


def _letter(place: int) -> str:
    """Return the letter of a footnote: a to z, then aa, ab, …"""
    more, last = divmod(place, len(LETTERS))
    return (_letter(more - 1) if more else "") + LETTERS[last]
