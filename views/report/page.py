"""The page that every report is: its head, its sections, its foot, the styles of all, in one file of bounded size."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from registry.wording import listed
from views.pages.environment import NO_SCRIPT, environment, style, typed
from views.pages.sections import Block, Drawn, Section

if TYPE_CHECKING:
    from views.pages.origin import Origin

TEMPLATES: Final = Path(__file__).parent / "templates"
AT_MOST: Final = 490_000  # bytes: what a mail takes, and a page that is printed

FIGURES: Final = ("figures", "beside")
MARKED: Final = re.compile(r"<!--(\d+(?:,\d+)*)-->")
Place = tuple[int, ...]  # of a figure: its section, the block there, its number there


def page(
    title: str,
    sections: Sequence[Section],
    origin: Origin,
    *,
    subtitle: str = "",
    personal: str = "",
    elsewhere: str = "",
    at_most: int = AT_MOST,
) -> str:
    """Return a report as one page of HTML; `personal` says of whom it holds personal data, where it does.

    Tables stand in it whatever their size. Of the figures so many are drawn as there is room for, the first of each
    section before the second of any; the others are named, and `elsewhere` says what draws them. The same sections are
    the same bytes.
    """

    places = _places(sections)
    marked = _marked(sections)
    whole = _rendered(title, marked, origin, subtitle=subtitle, personal=personal)
    room = at_most - len(whole.encode()) - sum(len(drawn.title.encode()) for drawn in places.values())
    kept = dict[Place, Drawn]()
    for place in _in_turn(places):
        size = len(places[place].html.encode())
        if size <= room:
            kept[place] = places[place]
            room -= size
    return MARKED.sub(lambda found: _in_place(found, kept, places, elsewhere), whole)


def _rendered(title: str, sections: Sequence[Section], origin: Origin, **told: Any) -> str:
    template = environment(TEMPLATES).get_template("report.html")
    return template.render(title=title, sections=sections, origin=origin, style=style(), csp=NO_SCRIPT, **told)


def _places(sections: Sequence[Section]) -> dict[Place, Drawn]:
    return {
        (place, number, at): drawn
        for place, section in enumerate(sections)
        for number, block in enumerate(section.blocks)
        if block.kind in FIGURES
        for at, drawn in enumerate(block.content)
    }


def _in_turn(places: dict[Place, Drawn]) -> list[Place]:
    """Return the places of figures: the first of every section, then the second of every one, and so on."""
    by_section: dict[int, list[Place]] = {}
    for place in places:
        by_section.setdefault(place[0], []).append(place)
    return [place for turn in zip_longest(*by_section.values()) for place in turn if place is not None]


def _marked(sections: Sequence[Section]) -> list[Section]:
    """Return sections with a mark in the place of each figure, and one at the end of those that have figures."""
    found = []
    for place, section in enumerate(sections):
        blocks = [
            block
            if block.kind not in FIGURES
            else block._replace(content=[_mark(place, number, at) for at in range(len(block.content))])
            for number, block in enumerate(section.blocks)
        ]
        drawn = any(block.kind in FIGURES for block in blocks)
        found.append(section._replace(blocks=[*blocks, *[Block("figures", [_mark(place)])] * drawn]))
    return found


def _mark(*place: int) -> Drawn:
    return Drawn("", Markup(f"<!--{','.join(map(str, place))}-->"))  # noqa: S704 - numbers


def _in_place(found: re.Match[str], kept: Mapping[Place, Drawn], places: Mapping[Place, Drawn], elsewhere: str) -> str:
    """Return what stands in the place of a mark: a figure that is kept, or which others the section would have."""
    place = tuple(map(int, found[1].split(",")))
    if len(place) > 1:
        return str(kept[place].html) if place in kept else ""
    missing = [drawn.title for at, drawn in places.items() if at[0] == place[0] and at not in kept]
    if not missing:
        return ""
    told = f"Not drawn, for the file would be too large to send: {listed(missing, 'and')}. {elsewhere}"
    return f"<p>{typed(told.rstrip())}</p>"
