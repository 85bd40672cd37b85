"""What scheduled visits are called: no two of them alike, also once `{n}` has counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from registry.catalogue.protocol import ScheduledVisit
from registry.protocol.problems import Problem
from registry.spelling import label_key
from registry.wording import shown

NUMBER: Final = "{n}"  # stands in a name for how many times `every` has passed
BRACES: Final = re.compile(r"[{}]")


def why_no_name(visit: ScheduledVisit) -> str | None:
    """Return why a visit cannot be called so, None where it can."""
    if visit.day is not None and NUMBER in visit.name:
        return f"{shown(visit.name)} counts with {NUMBER}, and a visit of one day has nothing to count"
    if BRACES.search(visit.name.replace(NUMBER, "")):
        return f"{shown(visit.name)} has braces that do not count; write {NUMBER}, as in year {NUMBER}, or none"
    return None


def alike_problems(visits: Mapping[str, ScheduledVisit], most: Mapping[str, int]) -> Iterator[Problem]:
    """Yield each visit that is called as an earlier one, by the places of both.

    `most` has by place how many times a visit that recurs can at the most. Names are compared as labels are.
    """
    called: dict[str, tuple[str, str]] = {}
    for place, visit in visits.items():
        names = _names(visit, most[place])
        if found := next((key for key in names if key in called), None):
            where, name = called[found]
            alike = f"{shown(visit.name)} is called as {shown(name)} in {where}"
            yield Problem(f"{place}.name", f"{alike}: both can be {shown(names[found])}; write another name")
        called = {**dict.fromkeys(names, (place, visit.name)), **called}


def _names(visit: ScheduledVisit, most: int) -> dict[str, str]:
    """Return all that a visit can be called, by what names are compared by."""
    key, name = label_key(visit.name), visit.name
    if NUMBER not in key:
        return {key: name}
    numbers = map(str, range(1, most + 1))
    return {key.replace(NUMBER, number): name.replace(NUMBER, number) for number in numbers}
