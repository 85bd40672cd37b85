"""Criteria over random readings say what trying out every missing grade says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

import numpy as np
import pytest

from projections.grading.grades import Grading
from projections.imaging_criteria.judged import Judged
from projections.imaging_criteria.of_one_reading import judged
from projections.imaging_criteria.of_two_readings import ReadingPairs, judged_pairs
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging_criteria import imaging_criteria
from registry.catalogue.imaging_criteria.requirements import Became, Changed
from registry.catalogue.methods import methods
from tests.projections.imaging_criteria import slow_oracle as slow
from tests.spec.imaging_criteria.readings import CERVICAL, LUMBAR

N: Final = 120
SEGMENTS: Final = [CERVICAL, LUMBAR]
Film = dict[str, int | None]


def grading(method: Method, readings: list[slow.Reading]) -> Grading:
    """Readings as the matrix that they are kept in."""
    grades = np.full((len(method.items), len(readings), len(method.locations)), -1, dtype=np.int8)
    for row, reading in enumerate(readings):
        for item, declared in enumerate(method.items):
            for column, location in enumerate(method.locations):
                grade = reading.get((location.name, declared.name or ""))
                grades[item, row, column] = -1 if grade is None else grade
    return Grading(method, np.arange(len(readings)), grades)


def of_one(name: str, readings: list[slow.Reading]) -> Judged:
    criterion = imaging_criteria()[name]
    requires = criterion.requires
    assert not isinstance(requires, Changed | Became)
    return judged(requires, grading(methods()[criterion.methods[0]], readings))


def random_joints(random: Random) -> slow.Reading:
    """Both joints with few lesions, a bonus now and then, short slices, and up to four grades missing."""
    often = random.choice([0.01, 0.04, 0.1])
    reading: slow.Reading = {}
    for side in slow.SIDES:
        for number in range(1, 7):
            at, short = f"{side} slice {number}", random.random() < 0.1
            quadrants = slow.QUADRANTS[:2] if short else slow.QUADRANTS
            lesions = {(at, each): int(random.random() < often) for each in quadrants}
            bonus = {
                (at, each): int(any(lesions.values()) and random.random() < 0.3) for each in ("intensity", "depth")
            }
            reading |= {**lesions, **bonus, (at, "upper-only"): int(short)}
    open_ = random.sample([place for place, grade in reading.items() if place[1] in slow.QUADRANTS and not grade], 4)
    return reading | dict.fromkeys(open_[: random.randrange(5)])


def tried_joints(reading: slow.Reading, rule: Callable[[slow.Whole], bool]) -> slow.Answer:
    wholes = slow.completed(reading, lambda place: (0, 1))
    return slow.unanimous(rule(whole) for whole in wholes if slow.possible_joint(whole))


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("asas-mri-2009-quantity", slow.quantity_2009),
        ("asas-mri-2021-oedema", slow.oedema_2021),
        ("sparcc-sij-remission", lambda whole: slow.sparcc_total(whole) < 2),
    ],
)
def test_the_joints_by_sparcc(name: str, rule: Callable[[slow.Whole], bool]) -> None:
    random = Random(name)
    readings = [random_joints(random) for _ in range(N)]

    expected = [tried_joints(reading, rule) for reading in readings]
    assert of_one(name, readings).met.answers() == expected
    assert {True, False, None} == set(expected)


@pytest.mark.parametrize(("lesion", "n", "slices"), [("erosion", 3, 2), ("fat", 5, 3)])
def test_the_structural_score(lesion: str, n: int, slices: int) -> None:
    random = Random(lesion)
    places = [place for site in slow.lesion_sites(lesion) for place in site]
    readings: list[slow.Reading] = []
    for _ in range(N):
        often = random.choice([0.03, 0.1])
        reading: slow.Reading = {place: int(random.random() < often) for place in places}
        readings.append(reading | dict.fromkeys(random.sample(places, random.randrange(6))))

    def tried(reading: slow.Reading) -> slow.Answer:
        wholes = slow.completed(reading, lambda place: (0, 1))
        return slow.unanimous(slow.lesion_2021(whole, lesion, n, slices) for whole in wholes)

    expected = [tried(reading) for reading in readings]
    assert of_one(f"asas-mri-2021-{lesion}", readings).met.answers() == expected
    assert {True, False, None} == set(expected)


def random_film(random: Random, before: Film | None = None) -> Film:
    """A film, later ones mostly as before, with up to nine corners of a segment missing."""
    corners = [*CERVICAL, *LUMBAR]
    often = random.choice([0.02, 0.1])
    film: Film = {}
    for corner in corners:
        grade = None if before is None else before[corner]
        film[corner] = random.choice((0, 1, 2, 3)) if grade is None or random.random() < often else grade
    return film | dict.fromkeys(random.sample(random.choice(SEGMENTS), random.choice([0, 0, 1, 1, 2, 3, 4, 9])))


def random_films(seed: str) -> tuple[list[Film], list[Film]]:
    random = Random(seed)
    before = [random_film(random) for _ in range(4 * N)]
    return before, [random_film(random, each) for each in before]


def of_two(name: str, before: list[Film], after: list[Film]) -> Judged:
    readings: list[slow.Reading] = [{(corner, ""): grade for corner, grade in film.items()} for film in before + after]
    pairs = ReadingPairs(
        np.arange(len(before)), np.arange(len(before), 2 * len(before)), np.full(len(before), 730, dtype=np.int64)
    )
    requires = imaging_criteria()[name].requires
    assert isinstance(requires, Changed | Became)
    return judged_pairs(requires, grading(methods()["msasss"], readings), pairs)


def as_they_are(before: Film, after: Film) -> tuple[Film, Film]:
    return before, after


def complete(before: Film, after: Film) -> tuple[Film, Film]:
    """Films with what is missing as too much to impute."""
    none: Film = dict.fromkeys([*CERVICAL, *LUMBAR])
    return (none if None in before.values() else before), (none if None in after.values() else after)


@pytest.mark.parametrize(
    ("ending", "films"),
    [("", as_they_are), ("-complete", complete), ("-carried", slow.carried)],
    ids=["", "complete", "carried"],
)
def test_progression_of_the_msasss(ending: str, films: Callable[[Film, Film], tuple[Film, Film]]) -> None:
    befores, afters = random_films(f"progression{ending}")

    found = of_two(f"msasss-progression{ending}", befores, afters)

    for row, (before, after) in enumerate(zip(befores, afters)):
        one, other = (slow.imputed(film, SEGMENTS) for film in films(before, after))
        change = None if one is None or other is None else other - one
        expected = slow.rise_at_least_2(before, after) if change is None else change >= 2
        assert found.met.answers()[row] == expected, (before, after)
        assert found.value.fractions()[row] == change
    assert {True, False, None} == set(found.met.answers())


GRADES: Final[Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]] = {
    "new-syndesmophyte": ((0, 1), (2, 3)),
    "new-bridging": ((2,), (3,)),
}


@pytest.mark.parametrize("name", GRADES)
def test_corners_that_became(name: str) -> None:
    befores, afters = random_films(name)

    met = of_two(name, befores, afters)
    shared = of_two(f"{name}-shared", befores, afters)

    for row, (before, after) in enumerate(zip(befores, afters)):
        went = {corner: slow.went(before[corner], after[corner], *GRADES[name]) for corner in before}
        shown = {corner for corner in before if before[corner] is not None and after[corner] is not None}
        n = sum(went[corner] is True for corner in shown)
        assert met.met.answers()[row] is (True if True in went.values() else None if None in went.values() else False)
        assert met.value.fractions()[row] == n
        enough = all(sum(corner not in shown for corner in segment) <= 3 for segment in SEGMENTS)
        assert shared.met.answers()[row] is (n >= 1 if enough else None)
        assert shared.value.fractions()[row] == (n if enough else None)
