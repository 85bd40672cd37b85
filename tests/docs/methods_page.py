"""The table of docs/methods.md, made from the declarations: `python -m tests.docs.methods_page` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Item
from registry.catalogue.imaging.scores import Score
from registry.catalogue.methods import methods

PAGE: Final = Path(__file__).parents[2] / "docs" / "methods.md"
HEADER: Final = (
    "method",
    "locations",
    "items and grades",
    "scores and their bounds",
    "what is missing",
    "source",
    "not verified",
)


def table() -> str:
    """Return the table of all methods."""
    lines = [HEADER, ("---",) * len(HEADER), *map(row, methods().values())]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def row(method: Method) -> tuple[str, ...]:
    """Return the cells of a method."""
    return (
        f"`{method.code}`<br>{method.title}",
        _locations(method),
        "<br>".join(_items(method)),
        "<br>".join(f"`{score.name}` {'–'.join(map(str, method.bounds(score)))}" for score in method.scores),
        "<br>".join(f"{_listed(scores)}: {policy}" for policy, scores in _policies(method).items()),
        method.source,
        "<br>".join(method.unverified) or "–",
    )


def written(page: str) -> str:
    """Return the page with its table made anew."""
    return re.sub(r"^\| method \|.*?\n(?!\|)", lambda found: table(), page, flags=re.DOTALL | re.MULTILINE)


def _locations(method: Method) -> str:
    segments = ", ".join(
        f"{segment} {sum(each.segment == segment for each in method.locations)}" for segment in method.segments
    )
    groups = f", in {len(method.groups)} groups" if len(method.groups) < len(method.locations) else ""
    selected = f", of which the reader selects {method.selects}" if method.selects is not None else ""
    return f"{len(method.locations)}: {segments}{groups}{selected}"


def _items(method: Method) -> list[str]:
    allowed: dict[str, list[str]] = {}
    for item in method.items:
        for told in _told(method, item):
            allowed.setdefault(told, []).append(f"`{item.name or 'grade'}`")
    said = [f"{', '.join(names)}: {told}" for told, names in allowed.items()]
    return [*said, *(rule.told for rule in method.rules)]


def _told(method: Method, item: Item) -> list[str]:
    of_parts = {part: item.grades_in(part) for part in method.parts if item.grades_in(part)}
    if len(method.parts) == 1:
        return [_grades(item.grades)]
    return [f"{_grades(grades)} at each {part}" for part, grades in of_parts.items()]


def _grades(grades: tuple[int, ...]) -> str:
    in_one_run = len(grades) > 2 and list(grades) == list(range(grades[0], grades[-1] + 1))
    return f"{grades[0]}–{grades[-1]}" if in_one_run else ", ".join(map(str, grades))


def _policies(method: Method) -> dict[str, list[Score]]:
    by_policy: dict[str, list[Score]] = {}
    for score in method.scores:
        change = f"; of a change {score.change.name}" if score.change is not None else ""
        by_policy.setdefault(score.policy.name + change, []).append(score)
    return by_policy


def _listed(scores: list[Score]) -> str:
    return ", ".join(f"`{score.name}`" for score in scores)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
