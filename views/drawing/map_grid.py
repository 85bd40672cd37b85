"""The grid of a map: rows with their names, a block of columns a reading, studies apart, readers side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from views.drawing.map_layout import MapLayout
from views.drawing.marks import Point, small, straight, text
from views.drawing.palette import LABEL, SMALL
from views.drawing.svg import Element
from views.drawing.text_widths import fitted, width_of

CELL: Final = (18.0, 15.0)
FINE: Final = 12.0  # how wide a cell is where there are many columns
MANY: Final = 8
BETWEEN_READERS: Final = 4.0
BETWEEN_STUDIES: Final = 16.0
LINE: Final = 15.0


class Block(NamedTuple):
    """A block of columns: the heading and what stands below it, which it shares with its neighbours, and its own."""

    heading: str
    below: str
    name: str

    @property
    def shared(self) -> tuple[str, str]:
        """What its neighbours have too."""
        return self.heading, self.below


class Grid(NamedTuple):
    """Where the cells of a map are: the left of each block, the top of the rows, the size of a cell."""

    layout: MapLayout
    blocks: Sequence[Block]
    lefts: Sequence[float]
    top: float
    cell: tuple[float, float]

    @classmethod
    def of(cls, layout: MapLayout, blocks: Sequence[Block]) -> Grid:
        """Return the grid of a layout and some blocks, each as wide as its columns and its name need."""
        names = max((width_of(column, SMALL) for column in layout.columns), default=0)
        deep = names + 8 if any(layout.columns) else 0
        margin = 34 + max(width_of(row, LABEL) for row in layout.rows)
        wide = FINE if len(layout.columns) > MANY else CELL[0]
        lefts, left, before = list[float](), margin, None
        for each in blocks:
            if before is not None:
                left += BETWEEN_READERS if each.shared == before else BETWEEN_STUDIES
            lefts.append(left)
            left += max(wide * len(layout.columns), _room(each, blocks))
            before = each.shared
        return cls(layout, blocks, [*lefts, left], 3 * LINE + deep + 10, (wide, CELL[1]))

    @property
    def size(self) -> tuple[float, float]:
        """How wide and high the grid is."""
        return max(self.lefts[-1] + 8, 240), self.top + len(self.layout.rows) * self.cell[1] + 10

    def at(self, block: int, row: int, column: int) -> Point:
        """Return the upper left corner of a cell."""
        return self.lefts[block] + column * self.cell[0], self.top + row * self.cell[1]

    @property
    def heads(self) -> Iterator[Element]:
        """The headings of blocks, the names of rows and columns, and the segments."""
        for place, each in enumerate(self.blocks):
            left = self.lefts[place]
            if place == 0 or self.blocks[place - 1].shared != each.shared:
                last = max(n for n in range(place, len(self.blocks)) if self.blocks[n].shared == each.shared)
                room = self.lefts[last + 1] - left
                yield text((left, 12), fitted(each.heading, room, LABEL), "heading-of-study")
                yield small((left, 12 + LINE), fitted(each.below, room, SMALL))
                yield straight((left, 17 + LINE), (left + room - 5, 17 + LINE), "rule")
            yield small((left, 16 + 2 * LINE), fitted(each.name, self.lefts[place + 1] - left - 2, SMALL), "reader")
            for column, name in enumerate(self.layout.columns):
                x = left + (column + 0.5) * self.cell[0] + 4
                turned = f"rotate(-90 {x:.0f} {self.top - 5:.0f})"
                if name:
                    yield text((round(x), round(self.top - 5)), name, "small muted", transform=turned)
        yield from self._rows()

    def _rows(self) -> Iterator[Element]:
        right = self.lefts[0] - 8
        for place, name in enumerate(self.layout.rows):
            yield text((right, self.top + (place + 0.5) * self.cell[1] + 4), name, "end row")
        first = 0
        for name, n in self.layout.bands:
            top, bottom = self.top + first * self.cell[1], self.top + (first + n) * self.cell[1]
            x, y = 14, round((top + bottom) / 2)
            if first:
                yield straight((4, top), (self.lefts[-1], top), "axis")
            said = fitted(name, bottom - top, SMALL)
            yield text((x, y), said, "small muted middle segment", transform=f"rotate(-90 {x} {y})")
            first += n


def _room(block: Block, blocks: Sequence[Block]) -> float:
    """Return how wide a block is at least: its name, and its part of the heading."""
    sharing = sum(each.shared == block.shared for each in blocks)
    heading = max(width_of(block.heading, LABEL), width_of(block.below, SMALL)) + 8
    return max(width_of(block.name, SMALL) + 6, heading / sharing)
