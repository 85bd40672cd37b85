"""Map of the readings of one patient by one method: levels or quadrants × studies, the readers beside each other.

A grade is a shade and a text. What could not be assessed is hatched; what a reading did not look at has no cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.catalogue.imaging.places import address_of
from registry.wording import counted
from views.drawing.figure import Figure, Numbers
from views.drawing.map_grid import Block, Grid
from views.drawing.map_layout import map_layout
from views.drawing.marks import box
from views.drawing.palette import shade
from views.drawing.patterns import hatched
from views.drawing.svg import Element, element, group, number_text

if TYPE_CHECKING:
    from registry.catalogue.imaging.method import Method

Finding = Mapping[str, object]
NOT_ASSESSED: Final = "not assessable"
BY: Final = ("performed_on", "study", "reader", "session")


class MapReading(NamedTuple):
    """One reading with the grade of each place, by location and item."""

    performed_on: str
    study: str
    reader: str
    session: str
    grades: Mapping[tuple[str, str | None], int | None]

    @property
    def block(self) -> Block:
        """Its block of columns."""
        return Block(self.performed_on, self.study, reader_of(self.reader, self.session))


def spine_map(findings: Sequence[Finding], method: Method) -> Figure:
    """Return the map of the findings of one patient by one method, rows of the table `findings`."""
    readings = list(_readings(findings))
    figure_id, layout = f"map-{method.code}", map_layout(method)
    patient = str(findings[0]["patient"]) if findings else ""
    title = f"{method.title}: {patient}" if patient else method.title
    studies = counted(len({each.study for each in readings}), "study", "studies")
    readers = counted(len({each.reader for each in readings}), "reader")
    n_open = sum(grade is None for each in readings for grade in each.grades.values())
    sentence = (
        f"Grades of {studies} by {readers}, {counted(len(layout.rows), 'row')}; "
        f"{counted(n_open, 'place')} could not be assessed and {'is' if n_open == 1 else 'are'} hatched."
    )
    blank = Figure(figure_id, title, sentence, (480, 0), (), _numbers(readings, method))
    if not readings:
        return blank.saying("nothing was read by this method")
    grid = Grid.of(layout, [each.block for each in readings])
    cells = [_block(figure_id, grid, place, each, method) for place, each in enumerate(readings)]
    return blank._replace(size=grid.size, marks=(*grid.heads, *cells))


def reader_of(reader: str, session: str) -> str:
    """Return what a reader is called in a map, with the session where there was one."""
    return f"{reader} ({session})" if session else reader


def _readings(findings: Sequence[Finding]) -> Iterator[MapReading]:
    """Yield the readings by day and study, of each study the readers side by side."""

    def key(row: Finding) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in BY)

    for (on, study, reader, session), rows in groupby(sorted(findings, key=key), key=key):
        grades = {(str(row["location"]), _word(row["item"])): _grade(row["grade"]) for row in rows}
        yield MapReading(on, study, reader, session, grades)


def _block(of: str, grid: Grid, place: int, reading: MapReading, method: Method) -> Element:
    highest = {item.name: max(item.grades) for item in method.items}
    cells, zeros = list[Element](), defaultdict[int, list[int]](list)
    for where, (row, column) in grid.layout.places.items():
        grade = reading.grades.get(where, 0)
        if where in reading.grades and grade != 0:
            cells += _cell(of, grid, (place, row, column), grade, highest[where[1]])
        elif where in reading.grades:
            zeros[row].append(column)
    for row, columns in zeros.items():
        cells += _zeros(grid, (place, row), columns)
    return group(*cells, class_="reading", data_study=reading.study, data_reader=reading.reader)


def _zeros(grid: Grid, at: tuple[int, int], columns: Sequence[int]) -> Iterator[Element]:
    """Yield the grades 0 of a row of a reading: one text with a sign and a place each, for there are many."""
    block, row = at
    wide, high = grid.cell
    lefts = [grid.at(block, row, column)[0] for column in columns]
    y = grid.at(block, row, 0)[1]
    for run in _runs(sorted(lefts), wide):
        yield box((run[0], y), (run[-1] - run[0] + wide - 1, high - 1), "shade-0")
    middles = " ".join(number_text(left + wide / 2 - 0.5) for left in lefts)
    yield element("text", "0" * len(columns), x=middles, y=y + high - 4, class_="grade muted")


def _runs(lefts: Sequence[float], wide: float) -> list[list[float]]:
    """Return the places that lie side by side, together."""
    runs = [[lefts[0]]]
    for before, left in pairwise(lefts):
        if left - before > wide + 0.01:
            runs.append([])
        runs[-1].append(left)
    return runs


def _cell(of: str, grid: Grid, at: tuple[int, int, int], grade: int | None, highest: int) -> Iterator[Element]:
    (x, y), (wide, high) = grid.at(*at), grid.cell
    if grade is None:
        yield from hatched(of, (x, y, wide - 1, high - 1))
        return
    look = shade(grade, highest)
    yield box((x, y), (wide - 1, high - 1), look)
    yield element("text", str(grade), x=x + wide / 2 - 0.5, y=y + high - 4, class_=f"grade on-{look}")


def _numbers(readings: Sequence[MapReading], method: Method) -> Numbers:
    """Return a row a place and a column a reading, so that readers stand beside each other there too."""
    columns = ("place", *(f"{each.performed_on} {each.study} {each.block.name}" for each in readings))
    rows = []
    for location, item in map_layout(method).places:
        given = [each.grades.get((location, item), "") for each in readings]
        said = [NOT_ASSESSED if grade is None else grade for grade in given]
        if any(grade != "" for grade in said):
            rows.append((address_of(location, item), *said))
    return Numbers(columns, rows)


def _grade(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _word(value: object) -> str | None:
    return None if value is None else str(value)
