"""A figure: a drawing with its title, one sentence that says what it shows, and its numbers as a table.

It goes out as one element of a page (`html`), which the page's own sheet of styles dresses by the rules of
`views.drawing.palette`, or as a file of its own (`document`), which brings them along. Neither has a script, and
the element no style of its own. Ids begin with the figure's, so that many figures stand on one page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from views.drawing import palette
from views.drawing.alignment import pads
from views.drawing.axes import Area, nothing_to_draw
from views.drawing.patterns import definitions
from views.drawing.svg import Element, element, number_text

SVG: Final = "http://www.w3.org/2000/svg"
UNKNOWN: Final = "–"  # what a table shows where there is no number


class Numbers(NamedTuple):
    """The numbers of a figure: the names of the columns, and the rows, each with a cell for every column."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


class Figure(NamedTuple):
    """A drawing of some width and height; `id` has small letters, digits and hyphens, `caption` what must be added."""

    id: str
    title: str
    sentence: str
    size: tuple[float, float]
    marks: tuple[Element, ...]
    numbers: Numbers
    caption: str = ""

    def saying(self, why: str) -> Figure:
        """Return the figure of nothing, with why there is nothing to draw."""
        width = self.size[0]
        return self._replace(size=(width, 80.0), marks=tuple(nothing_to_draw(Area(8, 8, width - 8, 72), why)))

    @property
    def svg(self) -> Element:
        """The drawing as an element."""
        return self._drawn()

    @property
    def html(self) -> str:
        """The figure as an element of HTML, its numbers folded away below it."""
        told = (element("b", self.title), f" {self.sentence} {self.caption}".rstrip())
        scrolled = element(
            "div", self.svg, class_="chart-frame", tabindex="0", role="group", aria_label=f"Chart: {self.title}"
        )
        caption = element("figcaption", *told)
        folded = element("details", element("summary", f"Numbers: {self.title}"), self._table())
        return str(element("figure", scrolled, caption, folded, class_="chart-figure", id=self.id))

    def document(self, *, on_light_paper: bool = False) -> str:
        """Return the drawing as a file: in the colours that the reader prefers, or on light paper for print."""
        colours = "" if on_light_paper else palette.properties()
        sheet = Element("style", {}, (f"\n{colours}{palette.rules(on_light_paper=on_light_paper)}",))
        width, height = self.size
        paper = element("rect", width=width, height=height, class_="paper")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self._drawn(sheet, paper)}\n'

    def of_class(self, name: str) -> list[Element]:
        """Return the elements of a class, as they are drawn."""
        return [each for mark in self.marks for each in mark.walk() if name in each.classes]

    @property
    def texts(self) -> list[str]:
        """The texts that stand in the drawing, as they are drawn."""
        elements = [each for mark in self.marks for each in mark.walk() if each.tag == "text"]
        return ["".join(map(str, each.children)) for each in elements]

    def _drawn(self, *before: Element) -> Element:
        width, height = self.size
        title, sentence = f"{self.id}-title", f"{self.id}-sentence"
        return Element(
            "svg",
            {
                "xmlns": SVG,
                "class": "chart",
                "role": "img",
                "aria-labelledby": f"{title} {sentence}",
                "viewBox": f"0 0 {number_text(width)} {number_text(height)}",
                "width": width,
                "height": height,
            },
            (
                element("title", self.title, id=title),
                element("desc", f"{self.sentence} {self.caption}".strip(), id=sentence),
                *definitions(self.id, self.marks),
                *before,
                *self.marks,
            ),
        )

    def _table(self) -> Element:
        head = element("tr", *(element("th", name, scope="col") for name in self.numbers.columns))
        columns = [
            _column([row[place] for row in self.numbers.rows], place) for place in range(len(self.numbers.columns))
        ]
        rows = [element("tr", *cells) for cells in zip(*columns, strict=True)]
        caption = element("caption", self.title)
        return element("table", caption, element("thead", head), element("tbody", *rows))


def _column(values: Sequence[object], place: int) -> list[Element]:
    """Return the cells of a column: names of the rows in the first, numbers under each other at the decimal point."""
    texts = [cell(each) for each in values]
    if place == 0:
        return [element("th", text, scope="row") if text else element("td") for text in texts]
    if not any(isinstance(each, int | float) and not isinstance(each, bool) for each in values):
        return [element("td", text) for text in texts]
    return [element("td", text, class_="number", data_p=pad or None) for text, pad in zip(texts, pads(texts))]


def cell(value: object) -> str:
    """Return what a cell of a table of numbers says.

    >>> cell(None), cell(0.5), cell(True), cell("2020-02")
    ('–', '0.5', 'yes', '2020-02')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number_text(value) if isinstance(value, int | float) else str(value)


def slug(name: str) -> str:
    """Return a name as a part of an id: letters and digits of ASCII, other letters by their number, a hyphen between.

    >>> slug("asdas_crp"), slug("berlin, baseline → year 1"), slug("Ä 5")
    ('asdas-crp', 'berlin-baseline-year-1', 'xe4-5')
    """
    said = "".join(sign if sign.isascii() else f"x{ord(sign):x}" if sign.isalnum() else " " for sign in name.lower())
    return "-".join(re.findall(r"[a-z0-9]+", said))
