"""The page that every report is: its head, its sections, its foot, the styles of all, in one file of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.wording import listed
from views.pages.environment import NO_SCRIPT, environment, style
from views.pages.sections import Block, Drawn, Section, text

if TYPE_CHECKING:
    from views.pages.origin import Origin

TEMPLATES: Final = Path(__file__).parent / "templates"
AT_MOST: Final = 490_000  # bytes: what a mail takes, and a page that is printed

FIGURES: Final = ("figures", "beside")
Place = tuple[int, int, int]  # of a figure: its section, the block there, its number there


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

    def rendered(shown: Sequence[Section]) -> str:
        return _rendered(title, shown, origin, subtitle=subtitle, personal=personal)

    places = _places(sections)
    room = at_most - len(rendered(_only(sections, frozenset(), elsewhere)).encode())
    kept = set[Place]()
    for place in _in_turn(places):
        size = len(places[place].html.encode())
        if size <= room:
            kept.add(place)
            room -= size
    return rendered(_only(sections, frozenset(kept), elsewhere))


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


def _only(sections: Sequence[Section], kept: frozenset[Place], elsewhere: str) -> list[Section]:
    """Return sections with the figures at some places, and what else there would be by name."""
    return [_section(section, place, kept, elsewhere) for place, section in enumerate(sections)]


def _section(section: Section, place: int, kept: frozenset[Place], elsewhere: str) -> Section:
    blocks, missing = list[Block](), list[str]()
    for number, block in enumerate(section.blocks):
        if block.kind not in FIGURES:
            blocks.append(block)
            continue
        shown = [drawn for at, drawn in enumerate(block.content) if (place, number, at) in kept]
        missing += [drawn.title for at, drawn in enumerate(block.content) if (place, number, at) not in kept]
        if shown:
            blocks.append(block._replace(content=shown))
    if missing:
        named = listed(missing, "and")
        blocks.append(text(f"Not drawn, for the file would be too large to send: {named}. {elsewhere}".rstrip()))
    return section._replace(blocks=blocks)
