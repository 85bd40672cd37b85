"""Methods that somebody might declare, and readings by a method that a reader might deliver."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from random import Random
from typing import Final

from hypothesis import reject
from hypothesis import strategies as st

from registry.catalogue.imaging.method import Method, State, graded
from registry.catalogue.imaging.places import Grades, Item, Location
from registry.catalogue.imaging.policies import Assessed, CompleteOnly, Impute, Policy, Prorate, Selected
from registry.catalogue.imaging.rules import NotWith, OnlyWith, Rule
from registry.catalogue.imaging.scores import Score, count, summed, total
from registry.errors import DeclarationError
from tests.oracle.method_tables import Graded, forbidden

PLAIN: Final = "aAbTLzS0123456789éßıİſ漢²"  # letters whose case is no pair are among them
INNER: Final = PLAIN + "-/.,()+"
PARTS: Final = ("", "half", "other corner")
GAPS: Final = (0.0, 0.1, 0.5)  # how many places could not be assessed
TRIES: Final = 200

words = st.builds(lambda first, rest: first + rest, st.sampled_from(PLAIN), st.text(INNER, max_size=3))
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
grade_lists = st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True).map(tuple)
some_grades = st.sampled_from([(0, 1), (0, 1, 2, 3), (0, 2, 3), (0, 9, 10), (12,)]) | grade_lists


@st.composite
def declared_methods(draw: st.DrawFn) -> Method:
    """Return a method that its own check accepts: parts, rules, groups, selected levels, any policy."""
    parts = draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=3, unique=True))
    items = draw(_items(parts))
    selects = draw(st.sampled_from([None, None, 1, 2]))
    locations = draw(_locations(parts, selects))
    used = [part for part in parts if any(each.part == part for each in locations)]
    items = tuple(item._replace(by_part={part: item.grades_in(part) for part in used if part}) for item in items)
    try:
        return Method(
            code="zz-" + draw(st.text("abz019", min_size=1, max_size=3)),
            version=draw(st.integers(1, 3)),
            title="An invented method",
            source="nowhere",
            modalities=("MRI",),
            regions=("spine",),
            locations=locations,
            items=items,
            state_of=graded if len(items) == 1 and draw(st.booleans()) else _summed_state,
            scores=draw(_scores(items, parts, selects, len(locations))),
            rules=draw(_rules([item.name for item in items])),
        )
    except DeclarationError:
        reject()


@st.composite
def _items(draw: st.DrawFn, parts: list[str]) -> tuple[Item, ...]:
    named: list[str] = draw(st.lists(names, min_size=1, max_size=4, unique_by=str.lower))
    called: list[str | None] = [None] if len(named) == 1 and draw(st.booleans()) else [*named]
    items = []
    for name in called:
        grades = draw(some_grades)
        lesser = st.sampled_from([grades, grades, grades[:1], grades[-1:], ()])
        items.append(Item(name, grades, {part: draw(lesser) for part in parts if part}))
    return tuple(items)


@st.composite
def _locations(draw: st.DrawFn, parts: list[str], selects: int | None) -> tuple[Location, ...]:
    named = draw(st.lists(names, min_size=1 if selects is None else selects + 1, max_size=8, unique_by=str.lower))
    segments, size = draw(st.lists(names, min_size=1, max_size=3)), draw(st.integers(1, 3))
    places, alike = [], [draw(st.sampled_from(parts)) for _ in range(size)]
    for name in named:
        segment, grouped = draw(st.sampled_from(segments)), selects is not None or draw(st.booleans())
        for number in range(1, 1 + size if grouped else 2):
            where = f"{name} slice {number}" if grouped else name
            part = alike[number - 1] if selects is not None else draw(st.sampled_from(parts))
            places.append((where, segment, name, part))
    return tuple(Location(number, *place) for number, place in enumerate(places, start=1))


@st.composite
def _rules(draw: st.DrawFn, called: list[str | None]) -> tuple[Rule, ...]:
    if len(called) < 2:
        return ()
    one = st.sampled_from([name for name in called if name is not None])
    some = st.lists(one, min_size=1, max_size=2, unique=True).map(tuple)
    rule: st.SearchStrategy[Rule] = st.builds(OnlyWith, some, some) | st.builds(NotWith, some, one)
    return tuple(draw(st.lists(rule, max_size=2)))


@st.composite
def _scores(
    draw: st.DrawFn, items: tuple[Item, ...], parts: list[str], selects: int | None, n_locations: int
) -> tuple[Score, ...]:
    scores: list[Score] = []
    for name in draw(st.lists(names, min_size=1, max_size=3, unique=True)):
        kinds = [summed(name, _weighted(draw(st.integers(1, 30)))), count(name, _any)]
        score = draw(st.sampled_from([*kinds, total()] if len(items) == 1 and not scores else kinds))
        policy = draw(st.none() | _policies(n_locations))
        score = score if policy is None else score.with_policy(policy)
        if selects is not None or isinstance(score.policy, Prorate) or draw(st.booleans()):
            score = score.of_the_whole()
        if selects is None and draw(st.booleans()):
            score = score.over_parts(*draw(st.lists(st.sampled_from(parts), min_size=1, max_size=2)))
        if not isinstance(score.policy, Impute | Prorate) and draw(st.booleans()):
            score = score.by_groups()
        scores.append(score)
    if selects is not None:
        scores.append(summed("selected", _weighted(1)).of_the_whole().with_policy(Selected(selects)))
    return tuple(scores)


def _policies(n_locations: int) -> st.SearchStrategy[Policy]:
    return st.sampled_from(
        [CompleteOnly(), Assessed(), Impute(1), Impute(3), Impute(7), Prorate(1), Prorate(max(n_locations - 1, 1))]
    )


def _weighted(weight: int) -> Callable[..., int]:
    return lambda *grades: sum(weight**place * (grade or 0) for place, grade in enumerate(grades[:2]))


def _any(*grades: int | None) -> bool:
    return any(grades)


def _summed_state(grades: Grades) -> State:
    if all(grade is None for grade in grades):
        return State(None, None)
    added = sum(grade or 0 for grade in grades)
    return State(f"state {added}", added)


def read_at_random(method: Method, seed: int) -> Graded:
    """Return grades of a reading that the method allows, always the same ones for a seed."""
    random = Random(seed)
    gap = random.choice(GAPS)
    of_group = {
        group: list(places) for group, places in groupby(sorted(method.locations, key=lambda at: at.group), _group)
    }
    chosen = random.sample(sorted(of_group), method.selects or len(of_group))
    read: Graded = {location.name: (None,) * len(method.items) for location in method.locations}
    for group in chosen:
        for _ in range(TRIES):
            read.update({each.name: _graded_at(method, each, random, gap) for each in of_group[group]})
            if method.selects is None or any(any(g is not None for g in read[each.name]) for each in of_group[group]):
                break
        else:
            reject()
    return read


def _graded_at(method: Method, location: Location, random: Random, gap: float) -> Grades:
    for _ in range(TRIES):
        grades = tuple(
            random.choice(allowed) if (allowed := item.grades_in(location.part)) and random.random() >= gap else None
            for item in method.items
        )
        if not forbidden(method, location.part, grades):
            return grades
        gap = min(gap + 0.02, 0.98)
    return (None,) * len(method.items)


def _group(location: Location) -> str:
    return location.group
