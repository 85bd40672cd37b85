"""What several tables ask for alike: pairs of time points to compare, criteria, methods with a total or with counts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from registry.catalogue.catalogue import Catalogue
from registry.spelling import nearest
from registry.toml_keys import Keys
from registry.wording import shown

PAIRS_AT_MOST: Final = 200  # every row of a table has its tests of each

Pairs = tuple[tuple[str, str], ...]


def compared_pairs(keys: Keys, time_points: Sequence[str]) -> Pairs:
    """Return the pairs of time points of the key `compare`: by default the first with each later one."""
    otherwise = "the first time point with each later one"
    pairs = keys.pairs("compare", time_points, at_most=PAIRS_AT_MOST, otherwise=otherwise)
    return pairs or tuple((time_points[0], later) for later in time_points[1:])


def consecutive_pairs(keys: Keys, time_points: Sequence[str]) -> Pairs:
    """Return the intervals of the key `compare`: by default between each time point and the next.

    Tells of intervals that overlap, of which a patient's changes would count twice.
    """
    otherwise = "each time point with the next"
    pairs = keys.pairs("compare", time_points, at_most=PAIRS_AT_MOST, otherwise=otherwise)
    place = {name: place for place, name in enumerate(time_points)}
    ordered = sorted(pairs, key=lambda pair: [place[name] for name in pair])
    for one, two in pairwise(ordered):
        if place[two[0]] < place[one[1]]:
            keys.wrong("compare", f"{' to '.join(two)} overlaps {' to '.join(one)}; intervals are each of its own time")
    for earlier, later in ordered:
        if place[later] < place[earlier]:
            keys.wrong("compare", f"{earlier} to {later} goes backwards; write the earlier time point first")
    return pairs or tuple(pairwise(time_points))


def named_treatments(keys: Keys, name: str) -> tuple[str, ...]:
    """Return the words of a key for agents, classes and products; those that are none are told, each by itself."""
    catalogue = keys.catalogue
    words = keys.words(name)
    known = (*catalogue.agents, *catalogue.drug_classes, *catalogue.products)
    for word in words:
        if word not in known:
            near = nearest(word, known)
            mend = f"did you mean {near!r}?" if near else "docs/adding-a-drug.md says how one is added"
            keys.wrong(name, f"{shown(word)} is no agent, class or product; {mend}")
    return words


def scored_methods(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the methods that have sums for a headline, as a total."""
    return tuple(code for code, method in catalogue.methods.items() if method.sums)


def counted_methods(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the methods that count locations."""
    return tuple(code for code, method in catalogue.methods.items() if method.counts)


def criteria_of_readings(catalogue: Catalogue, *, of_two: bool) -> tuple[str, ...]:
    """Return the criteria over readings of images: of one reading, or of two."""
    return tuple(name for name, each in catalogue.imaging_criteria.items() if each.of_two is of_two)


def criterion_names(keys: Keys) -> tuple[str, ...]:
    """Return the criteria that compare a visit with a baseline, or look at it alone, then those of the file's own."""
    return (*keys.catalogue.response_criteria, *keys.of_file.criteria)
