"""Map of what became of each place between studies of one patient, as the table `lesion_courses` says.

A course is a colour and a sign. What could not be assessed at one of the two studies is hatched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from views.drawing.figure import Figure, Numbers
from views.drawing.map_grid import Block, Grid
from views.drawing.map_layout import map_layout
from views.drawing.marks import Entry, box, legend
from views.drawing.patterns import hatched
from views.drawing.spine_map import reader_of
from views.drawing.svg import Element, element, group

if TYPE_CHECKING:
    from registry.catalogue.imaging.method import Method

Course = Mapping[str, object]
NOT_ASSESSABLE: Final = "not-assessable"
LOOKS: Final = {  # the course of a place: its class, the class of its sign, the sign
    "absent": ("shade-0", "on-shade-0", "·"),
    "new": ("series-2", "on-shade-6", "+"),
    "worse": ("series-2", "on-shade-6", "↑"),
    "unchanged": ("shade-2", "on-shade-2", "="),
    "improved": ("series-3", "on-shade-6", "↓"),
    "resolved": ("series-3", "on-shade-6", "−"),
}
BY: Final = ("to_on", "to_study", "from_on", "from_study", "reader", "session")


def change_map(courses: Sequence[Course], method: Method) -> Figure:
    """Return the map of the courses of one patient by one method, rows of the table `lesion_courses`."""
    figure_id, layout = f"changes-{method.code}", map_layout(method, items=False)
    blocks = list(_blocks(courses))
    patient = f": {courses[0]['patient']}" if courses else ""
    title = f"Changes, {method.title}{patient}"
    counted = {name: sum(course["course"] == name for course in courses) for name in (*LOOKS, NOT_ASSESSABLE)}
    said = ", ".join(f"{n} {name.replace('-', ' ')}" for name, n in counted.items() if n)
    sentence = f"What became of each place between two studies: {said or 'nothing was read twice'}."
    if not blocks:
        blank = Figure(figure_id, title, sentence, (480, 0), (), Numbers(("place",), []))
        return blank.saying("no two studies were read by one reader")
    grid = Grid.of(layout, [block for block, _ in blocks])
    cells = [_block(figure_id, grid, place, found) for place, (_, found) in enumerate(blocks)]
    width, height = grid.size
    key = [Entry(f"{look[2]} {name}", look[0]) for name, look in LOOKS.items()]
    hatch = Entry("not assessable", "band", kind="hatch")
    drawn, deep = legend(figure_id, [*key, hatch], (8, height), max(width, 420) - 16)
    size = max(width, 420), height + deep + 4
    return Figure(figure_id, title, sentence, size, (*grid.heads, *cells, *drawn), _numbers(blocks, method))


def _blocks(courses: Sequence[Course]) -> Iterator[tuple[Block, dict[str, str]]]:
    """Yield the block of each pair of studies and reader, with the course of each location."""

    def key(row: Course) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in BY)

    for (to_on, to_study, from_on, from_study, reader, session), rows in groupby(sorted(courses, key=key), key=key):
        yield (
            Block(f"{from_on} → {to_on}", f"{from_study} → {to_study}", reader_of(reader, session)),
            {str(row["location"]): str(row["course"]) for row in rows},
        )


def _block(of: str, grid: Grid, place: int, found: Mapping[str, str]) -> Element:
    cells = list[Element]()
    for (location, _), (row, column) in grid.layout.places.items():
        if location in found:
            cells += _cell(of, grid, (place, row, column), found[location])
    return group(*cells, class_="changes", data_pair=grid.blocks[place].below, data_reader=grid.blocks[place].name)


def _cell(of: str, grid: Grid, at: tuple[int, int, int], course: str) -> Iterator[Element]:
    (x, y), (wide, high) = grid.at(*at), grid.cell
    if course not in LOOKS:
        yield from hatched(of, (x, y, wide - 1, high - 1))
        return
    look, on, sign = LOOKS[course]
    yield box((x, y), (wide - 1, high - 1), f"bar {look}", data_course=course)
    yield element("text", sign, x=x + wide / 2 - 0.5, y=y + high - 4, class_=f"grade {on}")


def _numbers(blocks: Sequence[tuple[Block, Mapping[str, str]]], method: Method) -> Numbers:
    columns = ("place", *(f"{block.heading} {block.below} {block.name}" for block, _ in blocks))
    rows = [
        (location.name, *(found.get(location.name, "").replace("-", " ") for _, found in blocks))
        for location in method.locations
    ]
    return Numbers(columns, [row for row in rows if any(row[1:])])
