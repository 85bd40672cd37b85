"""What an imaging method is: locations in order, items with their grades, states, and scores.

Everything is a table, so that the same few functions serve every method and whole columns at once. A finding
is a grade of one item at one location; the grades of a location's items together are its `State`.
`None` stands for "could not be assessed" throughout, and is never 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final, Literal, NamedTuple

from registry.errors import DeclarationError

ITEM_NAME: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")  # a digit between those of grades would be taken for one of them
APART: Final = (" / ", "→", ": ")  # in addresses of figures
HIGHEST_GRADE: Final = 9  # a grade is one digit of what is stored

Grades = tuple[int | None, ...]


class Location(NamedTuple):
    """Where: a place that the method grades, by its number in the method's order, from 1."""

    number: int
    name: str
    segment: str


class Item(NamedTuple):
    """What is graded at every location; `name` is None where the method grades one thing only."""

    name: str | None
    grades: tuple[int, ...]


class State(NamedTuple):
    """What the items of a location say together.

    `activity` is the rank by which courses are judged. Either is None where it cannot be said.
    """

    name: str | None
    activity: int | None


class Score(NamedTuple):
    """A figure over the locations of one reading.

    `of` gives what one location contributes, by its complete grades: a number for a sum, 0 or 1 for a
    count. `policy` says what becomes of locations that could not be assessed: `complete-only` forbids the
    value, as of a sum, `assessed` leaves them out, as of a count. `by_segment` is the name of a segment's score, given
    the segment.
    """

    name: str
    of: Callable[[Grades], int]
    policy: Literal["complete-only", "assessed"]
    by_segment: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A published scoring system: what it grades where, and what follows from the grades.

    `version` is the edition; a new edition stands beside the old one. A study must have one of the `modalities` and
    show one of the `regions`. `state_of` gives the state of one location by its grades, None included.

    Raises `DeclarationError` for what could be stored and not be read back: an item's name that is not one word of
    lower-case letters and hyphens, the same name twice, none where there are several items; a grade outside 0 to 9. For
    `total()` where there are several items, for it would have to choose. And for a score that is called like another or
    like the score of a segment, by which no figure could be addressed.
    """

    code: str
    version: int
    title: str
    source: str
    modalities: tuple[str, ...]
    regions: tuple[str, ...]
    locations: tuple[Location, ...]
    items: tuple[Item, ...]
    state_of: Callable[[Grades], State]
    scores: tuple[Score, ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise DeclarationError(self.code, None, "it has no items; declare what is graded")
        names = [item.name for item in self.items]
        for item in self.items:
            _check_name(self.code, item.name, names)
            _check_grades(self.code, item)
        _check_total(self.code, self.scores, names)
        of_segments = [score.by_segment(segment) for score in self.scores for segment in self.segments]
        _check_scores(self.code, [*(score.name for score in self.scores), *of_segments])

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The segments in the order of the locations."""
        return tuple(dict.fromkeys(location.segment for location in self.locations))

    @cached_property
    def location_numbers(self) -> dict[str, int]:
        """The number of each location by its name in lower case."""
        return {location.name.lower(): location.number for location in self.locations}

    @cached_property
    def states(self) -> dict[Grades, State]:
        """The state for every combination of the items' grades, in the items' order, None included."""
        return {grades: self.state_of(grades) for grades in product(*((*item.grades, None) for item in self.items))}

    @cached_property
    def counts(self) -> tuple[Score, ...]:
        """The scores that are numbers of assessed locations, each of which adds 0 or 1; the others are sums."""
        assessed = (score for score in self.scores if score.policy == "assessed")
        return tuple(score for score in assessed if {0, 1, None}.issuperset(self.contributions(score).values()))

    def contributions(self, score: Score) -> dict[Grades, int | None]:
        """Return what each combination of grades adds to a score.

        A combination with grades missing counts where every completion of it counts the same: an erosion
        that could not be assessed beside inflammation 1 is, whatever it is, no inactive erosion.
        """
        contributed: dict[Grades, int | None] = {}
        for grades in self.states:
            choices = ((grade,) if grade is not None else item.grades for item, grade in zip(self.items, grades))
            values = {score.of(completion) for completion in product(*choices)}
            contributed[grades] = values.pop() if len(values) == 1 else None
        return contributed


def _check_name(method: str, name: str | None, names: list[str | None]) -> None:
    """Refuse a name under which an item's grades could not be told from others, or not be typed."""
    if name is None and len(names) > 1:
        raise DeclarationError(method, name, f"one of {len(names)} items has no name; name each of them")
    if name is not None and not ITEM_NAME.fullmatch(name):
        raise DeclarationError(
            method, name, "the name is not one word of lower-case letters; write it as fat-lesion, without digits"
        )
    if names.count(name) > 1:
        raise DeclarationError(method, name, "stands twice; give each item a name of its own")


def _check_grades(method: str, item: Item) -> None:
    """Refuse a grade that is not one digit of what is stored."""
    if not item.grades:
        raise DeclarationError(method, item.name, f"there are no grades; give whole numbers from 0 to {HIGHEST_GRADE}")
    for grade in item.grades:
        if type(grade) is not int or not 0 <= grade <= HIGHEST_GRADE:  # a yes or no is no number in a file
            raise DeclarationError(
                method, item.name, f"grade {grade!r} is outside the whole numbers 0 to {HIGHEST_GRADE}", grade=grade
            )


def _check_total(method: str, scores: tuple[Score, ...], items: list[str | None]) -> None:
    """Refuse a sum of the only item's grades where there are several items."""
    if len(items) > 1 and any(score.of is _only_grade for score in scores):
        raise DeclarationError(
            method,
            None,
            f"total() sums the grades of one item, and there are {len(items)}; "
            "write summed(name, added), or count(name, counted)",
        )


def _check_scores(method: str, names: list[str]) -> None:
    """Refuse scores, those of segments among them, that have one name or hold what sets parts of addresses apart."""
    for name in names:
        if names.count(name) > 1:
            raise DeclarationError(
                method, None, f"two scores are called {name!r}, of a segment or of all; give each a name of its own"
            )
        held = next((sign for sign in APART if sign in name), None)
        if held is not None:
            raise DeclarationError(method, None, f"the score {name!r} holds {held!r}, which sets parts of names apart")


def numbered(places: Iterable[tuple[str, str]]) -> tuple[Location, ...]:
    """Return locations in their order, from their names and segments."""
    return tuple(Location(number, name, segment) for number, (name, segment) in enumerate(places, start=1))


def graded(grades: Grades) -> State:
    """Return the state of a method with one graded item: the grade as text, and as activity."""
    (grade,) = grades
    return State(None if grade is None else str(grade), grade)


def total() -> Score:
    """Return the sum of the grades of the only item, which stands only where every location was graded."""
    return Score("total", _only_grade, "complete-only", lambda segment: segment)


def _only_grade(grades: Grades) -> int:
    (grade,) = grades
    assert grade is not None
    return grade


def summed(name: str, added: Callable[..., int]) -> Score:
    """Return the sum of what `added` gives for the items' grades, which stands only where every location gives it."""
    return Score(name, lambda grades: added(*grades), "complete-only", lambda segment: f"{name}:{segment}")


def count(name: str, counted: Callable[..., bool]) -> Score:
    """Return the number of assessed locations whose grades satisfy `counted`."""
    return Score(name, lambda grades: int(counted(*grades)), "assessed", lambda segment: f"{name}:{segment}")
