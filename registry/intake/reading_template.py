"""Templates of readings by one method: a row a place that the method grades, ready for the reader's grades."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from registry.catalogue.imaging.method import Method
from registry.errors import RefusalError, UnknownCodeError


def reading_template(method: Method, groups: Sequence[str] = ()) -> str:
    """Return a file of readings with a row a location and item that exists there, in the method's order.

    Study, reader and grade are empty; comments above the header say which grades are allowed. Of a method whose reader
    selects levels it has the rows of as many: of `groups`, else of the first ones, to be replaced. Raises
    `UnknownCodeError` for a group that the method does not have, `RefusalError` where they are not as many as it wants.
    """
    chosen = _chosen(method, groups)
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    named = any(item.name is not None for item in method.items)
    rows.writerow(["study", "reader", "method", "location", *(["item"] if named else []), "grade"])
    for location in method.locations:
        if location.group in chosen:
            for item in method.items:
                if item.grades_in(location.part):
                    rows.writerow(["", "", method.code, location.name, *([item.name] if named else []), ""])
    return "".join(f"# {line}\n" for line in _comments(method, groups)) + text.getvalue()


def _chosen(method: Method, groups: Sequence[str]) -> tuple[str, ...]:
    known = {group.lower(): group for group in method.groups}
    for group in groups:
        if group.lower() not in known:
            raise UnknownCodeError("group", group, method.groups, what=f"group of {method.code}")
    if method.selects is None:
        if groups:
            raise RefusalError(f"group: {method.code} is of all its places; name none", field="group")
        return method.groups
    chosen = tuple(dict.fromkeys(known[group.lower()] for group in groups)) or method.groups[: method.selects]
    if len(chosen) != method.selects:
        raise RefusalError(
            f"group: {method.code} is of exactly {method.selects} levels, and {len(chosen)} are named", field="group"
        )
    return chosen


def _comments(method: Method, groups: Sequence[str]) -> Iterator[str]:
    yield f"readings by {method.code}, edition {method.version}: {method.title}; {method.source}"
    yield "One reading of one study: give study, reader and grades; for another reading repeat the rows."
    yield "An empty grade means that it could not be assessed, which is never 0."
    yield "Columns session, read_on and seconds may be added, the same on all rows of a reading."
    for allowed, places in _allowed(method).items():
        yield f"{', '.join(places)}: {allowed}"
    for rule in method.rules:
        yield f"{rule.told}."
    if method.selects is not None and not groups:
        yield f"Of {len(method.groups)} levels {method.selects} are read, those that the reader selects."
        yield "Here stand the first ones: write yours in their place, and grade 0 where one is not affected."


def _allowed(method: Method) -> dict[str, list[str]]:
    """Return which items have which grades; of an item with other grades at some places, where."""
    allowed: dict[str, list[str]] = {}
    for item in method.items:
        of_parts = {part: item.grades_in(part) for part in method.parts if item.grades_in(part)}
        for part, grades in of_parts.items():
            where = f" at each {part}" if part and len(set(of_parts.values())) > 1 else ""
            places = allowed.setdefault(_told(grades), [])
            if f"{item.name or 'grade'}{where}" not in places:
                places.append(f"{item.name or 'grade'}{where}")
    return allowed


def _told(grades: tuple[int, ...]) -> str:
    ordered = sorted(set(grades))
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]} to {ordered[-1]}"
    return ", ".join(map(str, ordered))
