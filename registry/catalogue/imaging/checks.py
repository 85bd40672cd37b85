"""What a declaration of a method must be, so that what is stored by it can be read back, addressed and scored.

A declaration that passes can be templated, imported, stored, decoded, scored, shown, compared and exported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Final

from registry.catalogue.imaging.places import Item, Location, address_of
from registry.catalogue.imaging.policies import Impute, Prorate, Selected
from registry.catalogue.imaging.scores import Score, only_grade
from registry.errors import DeclarationError

if TYPE_CHECKING:
    from registry.catalogue.imaging.method import Method

CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # as commands and files have it
WORDS: Final = re.compile(r"[^\W_](?:[^\W_]|[-/.,()+])*(?: [^\W_](?:[^\W_]|[-/.,()+])*)*")
APART: Final = (" / ", "→", ": ")  # in addresses of figures
VERDICTS: Final = "paired-lesions"  # what a course says that was not read by a method
RESERVED: Final = frozenset(  # what a reading is given beside its grades, in cells of a command
    ("study", "reader", "method", "session", "read_on", "seconds", "location", "item", "grade", "id", "reason")
)
HIGHEST_GRADE: Final = 99
CELLS_AT_MOST: Final = 20_000  # grades of a location together; more items than that are locations of their own
LOCATIONS_AT_MOST: Final = 2_000
MOST_ACTIVE: Final = 10_000  # a location
HIGHEST_ADDED: Final = 8_000  # by one location to a score: of the most locations exact in 24 bits
FINEST: Final = 1_000_000  # parts of one, in which means of segments are added up exactly


def check(method: Method) -> None:
    """Refuse a declaration that is not what it must be. Raises `DeclarationError`, with the item and the grade."""
    if not CODE.fullmatch(method.code) or method.code == VERDICTS:
        raise DeclarationError(
            method.code, None, "the code is not lower-case letters and digits with hyphens, as sij-oedema"
        )
    if not method.items:
        raise DeclarationError(method.code, None, "it has no items; declare what is graded")
    names = [item.name for item in method.items]
    for item in method.items:
        _check_name(method.code, item.name, names)
        _check_grades(method, item)
    _check_locations(method)
    _check_rules(method)
    _check_cells(method)
    _check_total(method.code, method.scores, names)
    _check_scores(method)


def _check_name(method: str, name: str | None, names: list[str | None]) -> None:
    """Refuse a name under which an item's grades could not be told from others, or not be typed."""
    if name is None and len(names) > 1:
        raise DeclarationError(method, name, f"one of {len(names)} items has no name; name each of them")
    if name is not None and not WORDS.fullmatch(name):
        raise DeclarationError(
            method, name, "the name is not words of letters, digits and hyphens with one blank between them"
        )
    if [each and each.lower() for each in names].count(name and name.lower()) > 1:
        raise DeclarationError(method, name, "stands twice; give each item a name of its own")


def _check_grades(method: Method, item: Item) -> None:
    """Refuse a grade that is no whole number of the range, and parts that no location is of."""
    if not item.grades:
        raise DeclarationError(
            method.code, item.name, f"there are no grades; give whole numbers from 0 to {HIGHEST_GRADE}"
        )
    for grade in (*item.grades, *(grade for grades in item.by_part.values() for grade in grades)):
        if type(grade) is not int or not 0 <= grade <= HIGHEST_GRADE:  # a yes or no is no number in a file
            raise DeclarationError(
                method.code,
                item.name,
                f"grade {grade!r} is outside the whole numbers 0 to {HIGHEST_GRADE}",
                grade=grade,
            )
    for part, grades in item.by_part.items():
        if part not in method.parts:
            raise DeclarationError(method.code, item.name, f"no location is of the part {part!r}")
        if stray := sorted(set(grades) - set(item.grades)):
            raise DeclarationError(
                method.code, item.name, f"grade {stray[0]} of {part} is none of its grades", grade=stray[0]
            )


def _check_locations(method: Method) -> None:
    """Refuse places that could not be told apart, not be typed, or at which nothing is graded."""
    if not 0 < len(method.locations) <= LOCATIONS_AT_MOST:
        raise DeclarationError(
            method.code, None, f"it has {len(method.locations)} locations; declare 1 to {LOCATIONS_AT_MOST}"
        )
    for number, location in enumerate(method.locations, 1):
        if location.number != number:
            raise DeclarationError(method.code, None, f"{location.name} is number {location.number}, not {number}")
        if not WORDS.fullmatch(location.name):
            raise DeclarationError(
                method.code, None, f"the location {location.name!r} is not words with one blank between them"
            )
        if not any(item.grades_in(location.part) for item in method.items):
            raise DeclarationError(method.code, None, f"nothing is graded at {location.name}")
    for what, named in (
        ("location", [each.name.lower() for each in method.locations]),
        ("place", [address_of(each.name, item.name).lower() for each, item in _places(method)]),
    ):
        if repeated := [name for name, n in Counter(named).items() if n > 1]:
            raise DeclarationError(method.code, None, f"the {what} {repeated[0]!r} stands twice")
        if reserved := sorted(RESERVED.intersection(named)):
            raise DeclarationError(method.code, None, f"the {what} {reserved[0]!r} is a column of readings")


def _places(method: Method) -> Iterator[tuple[Location, Item]]:
    return ((location, item) for location in method.locations for item in method.items if item.grades_in(location.part))


def _check_rules(method: Method) -> None:
    """Refuse a rule about what is no item."""
    names = {item.name for item in method.items}
    for rule in method.rules:
        for name in rule.names:
            if name not in names:
                raise DeclarationError(method.code, name, "a rule speaks of it, and it is no item")


def _check_cells(method: Method) -> None:
    """Refuse more grades of one location together than tables are made for, and what they cannot say."""
    n = 1
    for item in method.items:
        n *= max(item.grades) + 2
    if n * len(method.parts) > CELLS_AT_MOST:
        raise DeclarationError(
            method.code,
            None,
            f"the items of a location can have {n * len(method.parts):,} different grades together, and "
            f"{CELLS_AT_MOST:,} are the limit; make locations of their own of some",
        )
    whole = {cell.part for cell in method.cells.whole}
    for location in method.locations:
        if location.part not in whole:
            raise DeclarationError(
                method.code, None, f"by its rules nothing can be graded at {location.name} without a gap"
            )
    for state in set(method.states.values()):
        if state.activity is not None and not (type(state.activity) is int and 0 <= state.activity <= MOST_ACTIVE):
            raise DeclarationError(
                method.code, None, f"the activity {state.activity!r} is no whole number from 0 to {MOST_ACTIVE:,}"
            )
        if state.name == "":
            raise DeclarationError(method.code, None, "a state has no name; None is what cannot be said")


def _check_total(method: str, scores: tuple[Score, ...], items: list[str | None]) -> None:
    """Refuse a sum of the only item's grades where there are several items."""
    if len(items) > 1 and any(score.of is only_grade for score in scores):
        raise DeclarationError(
            method,
            None,
            f"total() sums the grades of one item, and there are {len(items)}; "
            "write summed(name, added), or count(name, counted)",
        )


def _check_scores(method: Method) -> None:
    """Refuse scores that have one name or hold what sets parts of addresses apart, and what they cannot add."""
    names = [name for score in method.scores for name in _names(method, score)]
    for name, n in Counter(names).items():
        if n > 1:
            raise DeclarationError(
                method.code,
                None,
                f"two scores are called {name!r}, of a segment or all; give each a name of its own",
            )
        held = next((sign for sign in APART if sign in name), None)
        if held is not None:
            raise DeclarationError(
                method.code, None, f"the score {name!r} holds {held!r}, which sets parts of names apart"
            )
    for score in method.scores:
        _check_score(method, score)


def _names(method: Method, score: Score) -> Iterator[str]:
    yield score.name
    over = method.locations_of(score)
    if score.by_segment is not None:
        yield from map(score.by_segment, dict.fromkeys(each.segment for each in over))
    if score.by_group is not None:
        yield from map(score.by_group, dict.fromkeys(each.group for each in over))


def _check_score(method: Method, score: Score) -> None:
    """Refuse a score over nothing, of other numbers, of other bounds, or with a policy that cannot be."""
    if score.parts_of_one < 1:
        raise DeclarationError(method.code, None, f"the score {score.name!r} counts in no part of one")
    if not method.locations_of(score):
        raise DeclarationError(method.code, None, f"the score {score.name!r} is over no location")
    for value in method.added_by_whole(score).values():
        if not isinstance(value, int) or not 0 <= value <= HIGHEST_ADDED:
            raise DeclarationError(
                method.code,
                None,
                f"a location adds {value!r} to {score.name!r}; declare whole numbers from 0 to {HIGHEST_ADDED:,}",
            )
    if score.bounds is not None and (found := method.bounds(score)) != tuple(map(Fraction, score.bounds)):
        raise DeclarationError(
            method.code, None, f"the score {score.name!r} is {found[0]} to {found[1]}, and declared as {score.bounds}"
        )
    if (why := _why_no_policy(method, score)) is not None:
        raise DeclarationError(method.code, None, f"the score {score.name!r}: {score.policy.name} {why}")


def _why_no_policy(method: Method, score: Score) -> str | None:
    if method.selects is not None:
        if score.by_segment is not None:
            return "is of the whole or of a group, where readers select; write .of_the_whole()"
        if score.parts is not None:
            return "is of all parts, where readers select; leave .over_parts(…) out, and let other parts add 0"
        if isinstance(score.policy, Impute):
            return "has no segments to impute by, where readers select"
        if isinstance(score.policy, Selected) and score.policy.groups != method.selects:
            return f"is of another number of groups than {method.selects}"
    match score.policy:
        case Impute(at_most=at_most):
            if score.by_group is not None:
                return "has no scores of groups; it imputes by segment"
            if at_most > 0 and _parts_of_one(method, score, at_most) > FINEST:
                return "makes up so many locations that the means cannot be added up exactly"
            return None if at_most > 0 else "imputes nothing"
        case Prorate(at_least=at_least):
            within = 0 < at_least <= len(method.locations_of(score))
            return None if within and not score.by_segment and not score.by_group else "is of the whole, 1 location up"
        case Selected(groups=groups):
            kinds = {tuple(sorted(each.part for each in method.locations if each.group == g)) for g in method.groups}
            return None if 0 < groups < len(method.groups) and len(kinds) == 1 else "needs more groups, all alike"
        case _:
            return None


def _parts_of_one(method: Method, score: Score, at_most: int) -> int:
    """Return of how many parts of one the means of all segments are whole numbers, by any number of locations."""
    sizes = Counter(each.segment for each in method.locations_of(score)).values()
    return lcm(*(number for size in sizes for number in range(max(size - at_most, 1), size + 1)))
