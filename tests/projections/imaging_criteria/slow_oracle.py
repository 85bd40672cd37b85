"""What a criterion says of readings, found by trying out everything that a missing grade may be.

A reading is a dictionary from the places of a method to grades, None where it was not assessed; a place that is no part
of a reading is not in it. Nothing here is of the code under test but the declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Final

Place = tuple[str, str]
Reading = dict[Place, int | None]
Whole = Mapping[Place, int]
SIDES: Final = ("right", "left")
QUADRANTS: Final = ("upper iliac", "upper sacral", "lower iliac", "lower sacral")
LOWER: Final = QUADRANTS[2:]
Answer = bool | None


def unanimous(answers: Iterator[bool]) -> Answer:
    """What all ways of completing a reading say, None where they differ."""
    found = set(answers)
    return found.pop() if len(found) == 1 else None


def completed(reading: Reading, grades: Callable[[Place], tuple[int, ...]]) -> Iterator[Whole]:
    """Every way in which the missing grades may turn out."""
    missing = [place for place, grade in reading.items() if grade is None]
    known = {place: grade for place, grade in reading.items() if grade is not None}
    for guessed in product(*(grades(place) for place in missing)):
        yield known | dict(zip(missing, guessed))


def in_a_row(whole: Whole, sites: list[list[Place]], n: int) -> bool:
    """Whether a site has a lesion on n neighbouring slices."""
    return any(
        all(whole.get(place, 0) for place in site[first : first + n]) and len(site[first : first + n]) == n
        for site in sites
        for first in range(len(site))
    )


def oedema_sites() -> list[list[Place]]:
    return [[(f"{side} slice {n}", q) for n in range(1, 7)] for side in SIDES for q in QUADRANTS]


def lesion_sites(lesion: str) -> list[list[Place]]:
    return [[(f"{side} slice {n} {q}", lesion) for n in range(1, 6)] for side in SIDES for q in QUADRANTS]


def quantity_2009(whole: Whole) -> bool:
    on_a_slice = [sum(whole.get((f"{side} slice {n}", q), 0) for side in SIDES for q in QUADRANTS) for n in range(1, 7)]
    return in_a_row(whole, oedema_sites(), 2) or max(on_a_slice) >= 2


def oedema_2021(whole: Whole) -> bool:
    return (
        in_a_row(whole, oedema_sites(), 3) or sum(whole.get(place, 0) for site in oedema_sites() for place in site) >= 4
    )


def lesion_2021(whole: Whole, lesion: str, n: int, slices: int) -> bool:
    sites = lesion_sites(lesion)
    return in_a_row(whole, sites, slices) or sum(whole.get(place, 0) for site in sites for place in site) >= n


def sparcc_total(whole: Whole) -> int:
    return sum(grade for (_, item), grade in whole.items() if item != "upper-only")


def possible_joint(whole: Whole) -> bool:
    """Whether a bonus has a quadrant of its slice."""
    for side in SIDES:
        for n in range(1, 7):
            at = f"{side} slice {n}"
            bonus = whole.get((at, "intensity"), 0) or whole.get((at, "depth"), 0)
            if bonus and not any(whole.get((at, q), 0) for q in QUADRANTS):
                return False
    return True


def imputed(film: Mapping[str, int | None], segments: list[list[str]]) -> Fraction | None:
    """The total of a film, missing corners by the mean of their segment; None with more than three missing."""
    total = Fraction(0)
    for segment in segments:
        seen = [grade for corner in segment if (grade := film[corner]) is not None]
        if len(seen) < len(segment) - 3:
            return None
        total += Fraction(sum(seen) * len(segment), len(seen))
    return total


def carried(
    before: Mapping[str, int | None], after: Mapping[str, int | None]
) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """Both films with what one lacks taken from the other."""
    one = {corner: after[corner] if grade is None else grade for corner, grade in before.items()}
    other = {corner: before[corner] if grade is None else grade for corner, grade in after.items()}
    return one, other


def rise_at_least_2(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> Answer:
    """Whether grades rise by 2 whatever the missing ones are: each is 0 to 3."""
    low = sum((0 if a is None else a) - (3 if b is None else b) for b, a in zip(before.values(), after.values()))
    high = sum((3 if a is None else a) - (0 if b is None else b) for b, a in zip(before.values(), after.values()))
    return True if low >= 2 else False if high < 2 else None


def went(before: int | None, after: int | None, first: tuple[int, ...], then: tuple[int, ...]) -> Answer:
    """Whether one corner went from some grades to others, tried out."""
    tried = product(*([grade] if grade is not None else [0, 1, 2, 3] for grade in (before, after)))
    return unanimous(b in first and a in then for b, a in tried)
