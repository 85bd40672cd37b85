"""Elements of SVG, and the one text that each has: the same elements are the same bytes.

What people recorded comes in as text and as attributes alone, and is escaped there; a sign that XML does not know
becomes the replacement character. Numbers have two decimals at most, and no exponent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PLAIN: Final = re.compile(r"[\w .,:;()/#%=+-]*", re.ASCII)  # as it stands, it is also as it is written
QUOTE: Final = {'"': "&quot;"}

Value = str | float | None


class Element(NamedTuple):
    """An element with its attributes, in the order in which they are written, and what stands in it."""

    tag: str
    attributes: Mapping[str, Value]
    children: tuple[Element | str, ...] = ()

    def __str__(self) -> str:
        attributes = "".join(
            f' {name}="{_said(value)}"' for name, value in self.attributes.items() if value is not None
        )
        if not self.children:
            return f"<{self.tag}{attributes}/>"
        return f"<{self.tag}{attributes}>{''.join(map(_written, self.children))}</{self.tag}>"

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the element."""
        return tuple(str(self.attributes.get("class") or "").split())

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it, as they are written."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()


def element(tag: str, *children: Element | str, **attributes: Value) -> Element:
    """Return an element; an attribute's underscores are hyphens, but for one at the end, which is not written.

    >>> str(element("text", "a < b", x=1 / 3, class_="label", data_on=None))
    '<text x="0.33" class="label">a &lt; b</text>'
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return Element(tag, named, children)


def group(*children: Element | str, told: str | None = None, **attributes: Value) -> Element:
    """Return elements as one, with what a pointer is told over it."""
    title = () if told is None else (element("title", told),)
    return element("g", *title, *children, **attributes)


def escaped(text: str) -> str:
    """Return a text as XML and HTML have it, between tags and between double quotes.

    >>> escaped('<script>"&\\x00')
    '&lt;script&gt;&quot;&amp;\ufffd'
    """
    return text if PLAIN.fullmatch(text) else escape(NOT_XML.sub("\ufffd", text), QUOTE)


def number_text(value: float) -> str:
    """Return a number with two decimals at most, rounded half to even, and without an exponent.

    >>> number_text(12.0), number_text(-0.001), number_text(1e21), number_text(2.375)
    ('12', '0', '1000000000000000000000', '2.38')

    Raises `ValueError` for what is no finite number.
    """
    if not isfinite(value):
        raise ValueError(f"{value} is no place in a drawing")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _said(value: Value) -> str:
    return escaped(value) if isinstance(value, str) else number_text(float(value or 0))


def _written(child: Element | str) -> str:
    return str(child) if isinstance(child, Element) else escaped(child)
