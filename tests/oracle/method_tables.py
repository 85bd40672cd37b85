"""What readings by a declared method say, worked out slowly: grade by grade, in plain Python over rows.

Of a declaration it takes what a person wrote: places, items, rules as words, what one location adds, what a state is
called. Everything that follows is worded here a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Location
from registry.catalogue.imaging.policies import Assessed, CompleteOnly, Impute, Prorate, Selected
from registry.catalogue.imaging.rules import NotWith
from registry.catalogue.imaging.scores import Score
from tests.oracle.courses import course

Grades = tuple[int | None, ...]
Graded = dict[str, Grades]  # of one reading, by location; an item that does not exist there has None
Row = tuple[object, ...]


class Value(NamedTuple):
    """A score of one reading."""

    value: Fraction | None
    n_expected: int
    n_assessed: int
    n_imputed: int


def forbidden(method: Method, part: str, grades: Grades) -> bool:
    """Return whether the items of a location of some part cannot have some grades together."""
    by_item = {item.name: grade for item, grade in zip(method.items, grades)}
    for item in method.items:
        if by_item[item.name] is not None and by_item[item.name] not in item.by_part.get(part, item.grades):
            return True
    for rule in method.rules:
        if isinstance(rule, NotWith):
            if (by_item[rule.other] or 0) > 0 and any(by_item[name] is not None for name in rule.items):
                return True
        elif max(by_item[name] or 0 for name in rule.of) == 0 < max(by_item[name] or 0 for name in rule.items):
            return True
    return False


def leaves_open(method: Method, part: str, grades: Grades) -> bool:
    """Return whether a grade is lacking of an item that exists at locations of a part beside the other grades."""
    by_item = {item.name: grade for item, grade in zip(method.items, grades)}
    for item in method.items:
        if by_item[item.name] is None and item.by_part.get(part, item.grades):
            excluding = (rule for rule in method.rules if isinstance(rule, NotWith) and item.name in rule.items)
            if not any((by_item[rule.other] or 0) > 0 for rule in excluding):
                return True
    return False


@cache
def adds(method: Method, score: Score, part: str, grades: Grades) -> int | None:
    """Return what a location adds to a score whatever its missing grades are, None where that depends on them."""
    choices: list[Grades] = [
        (grade,) if grade is not None else (*item.by_part.get(part, item.grades), None)
        for item, grade in zip(method.items, grades)
    ]
    added = {
        score.of(each)
        for each in product(*choices)
        if not forbidden(method, part, each) and not leaves_open(method, part, each)
    }
    return added.pop() if len(added) == 1 else None


def levels_of(method: Method, read: Graded) -> set[str]:
    """Return the groups that belong to a reading: all, or those of which a reader who selects graded anything."""
    every = {location.group for location in method.locations}
    if method.selects is None:
        return every
    return {each.group for each in method.locations if any(grade is not None for grade in read[each.name])}


def locations_of(method: Method, read: Graded) -> list[Location]:
    """Return the locations that belong to a reading."""
    levels = levels_of(method, read)
    return [location for location in method.locations if location.group in levels]


def findings(method: Method, read: Graded) -> Iterator[Row]:
    """Yield a row for each grade: location number, location, segment, item, its number, grade."""
    for location in locations_of(method, read):
        graded = list(zip(range(1, len(method.items) + 1), method.items, read[location.name]))
        for number, item, grade in sorted(graded, key=lambda each: each[1].name or ""):
            if item.by_part.get(location.part, item.grades):
                yield location.number, location.name, location.segment, item.name, number, grade


def states(method: Method, read: Graded) -> Iterator[Row]:
    """Yield a row for each location: its number, state, activity."""
    for location in locations_of(method, read):
        yield location.number, *method.state_of(read[location.name])


def courses(method: Method, before: Graded, after: Graded) -> Iterator[Row]:
    """Yield a row for each location of the later reading: its number, the states before and after, the course."""
    for location in locations_of(method, after):
        was, now = (method.state_of(read[location.name]) for read in (before, after))
        yield location.number, was.name, now.name, course(was.activity, now.activity)


def completeness(method: Method, read: Graded) -> Row:
    """Return how many locations a reading has, how many are graded without a gap, and whether all are."""
    belonging = locations_of(method, read)
    graded = sum(not leaves_open(method, each.part, read[each.name]) for each in belonging)
    return len(belonging), graded, graded == len(belonging)


def scores(method: Method, read: Graded) -> dict[str, Value]:
    """Return every score of a reading by its name: of the whole, of segments and of groups."""
    found: dict[str, Value] = {}
    for score in method.scores:
        over = [each for each in method.locations if score.parts is None or each.part in score.parts]
        belonging = [each for each in over if each.group in levels_of(method, read)]
        found[score.name] = scored(method, score, belonging, read)
        for named, of in ((score.by_segment, "segment"), (score.by_group, "group")):
            for name in dict.fromkeys(getattr(each, of) for each in over) if named is not None else ():
                within = [each for each in over if getattr(each, of) == name]
                assert named is not None
                found[named(name)] = scored(method, score, within, read)
    return found


def scored(method: Method, score: Score, over: list[Location], read: Graded) -> Value:
    """Return a score over some locations by its policy."""
    levels = levels_of(method, read)
    added = [
        (each.segment, adds(method, score, each.part, read[each.name]) if each.group in levels else None)
        for each in over
    ]
    counted = [value for _, value in added if value is not None]
    value, imputed = POLICIES[type(score.policy)](score.policy, added, counted)
    return Value(value, len(over), len(counted), 0 if value is None else imputed)


Added = list[tuple[str, int | None]]  # by the segment of each location


def _all(policy: object, added: Added, counted: list[int]) -> tuple[Fraction | None, int]:
    return (Fraction(sum(counted)) if len(counted) == len(added) else None), 0


def _some(policy: object, added: Added, counted: list[int]) -> tuple[Fraction | None, int]:
    return (Fraction(sum(counted)) if counted else None), 0


def _in_proportion(policy: Prorate, added: Added, counted: list[int]) -> tuple[Fraction | None, int]:
    if len(counted) < policy.at_least:
        return None, 0
    return Fraction(sum(counted) * len(added), len(counted)), len(added) - len(counted)


def _by_mean(policy: Impute, added: Added, counted: list[int]) -> tuple[Fraction | None, int]:
    total, imputed = Fraction(0), 0
    for segment in dict.fromkeys(segment for segment, _ in added):
        of_segment = [value for one, value in added if one == segment]
        there = [value for value in of_segment if value is not None]
        missing = len(of_segment) - len(there)
        if not there or missing > policy.at_most:
            return None, 0
        total += sum(there) + missing * Fraction(sum(there), len(there))
        imputed += missing
    return total, imputed


POLICIES: Final[dict[type, Callable[..., tuple[Fraction | None, int]]]] = {
    CompleteOnly: _all,
    Selected: _all,
    Assessed: _some,
    Prorate: _in_proportion,
    Impute: _by_mean,
}
