"""Every method: how many places in which segments and joints, and from where to where its scores go."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Cell
from registry.catalogue.imaging.scores import Score
from registry.catalogue.methods import methods
from tests.spec.methods.scored import score_called

SPARCC_SPINE = {"cervical": 18, "thoracic": 36, "lumbar": 15}


@pytest.mark.parametrize(
    ("code", "segments", "groups", "grades"),
    [
        ("asas-mri-sij", {"both joints": 1}, 1, 2),
        ("asspimri", {"cervical": 6, "thoracic": 11, "lumbar": 6}, 23, 23),
        ("berlin", {"cervical": 6, "thoracic": 11, "lumbar": 6}, 23, 23),
        ("berlin-sij", {"right": 4, "left": 4}, 2, 8),
        ("ctss", {"cervical": 48, "thoracic": 96, "lumbar": 40}, 23, 184),
        ("msasss", {"cervical": 12, "lumbar": 12}, 12, 24),
        ("msasss-ap", {"cervical": 12, "lumbar": 12, "lumbar a.p. left": 12, "lumbar a.p. right": 12}, 12, 48),
        ("rasss", {"cervical": 12, "thoracic": 4, "lumbar": 12}, 14, 28),
        ("sparcc-sij", {"right": 6, "left": 6}, 2, 12 * 7),
        ("sparcc-spine-23", SPARCC_SPINE, 23, 414),
        ("sparcc-spine-6", SPARCC_SPINE, 23, 414),
        ("sparcc-sss", {"right": 30, "left": 30}, 10, 120),
        ("vu-lesions", {"cervical": 12, "thoracic": 22, "lumbar": 12}, 23, 92),
    ],
)
def test_a_method_has_so_many_places_in_each_segment(
    code: str, segments: dict[str, int], groups: int, grades: int
) -> None:
    method = methods()[code]

    assert Counter(location.segment for location in method.locations) == segments
    assert len(method.groups) == groups
    assert len(method.addresses) == grades


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        ("asas-mri-sij", {"positive": (0, 1)}),
        ("asspimri", {"total": (0, 138)}),
        ("berlin", {"total": (0, 69)}),
        ("berlin-sij", {"total": (0, 24)}),
        ("ctss", {"total": (0, 552)}),
        ("msasss", {"total": (0, 72), "total-complete": (0, 72), "total-carried": (0, 72)}),
        ("msasss-ap", {"total": (0, 144), "total-complete": (0, 144), "total-carried": (0, 144)}),
        ("rasss", {"total": (0, 84), "total-complete": (0, 84), "total-carried": (0, 84)}),
        ("sparcc-sij", {"total": (0, 72), "scorable quadrants": (24, 48)}),
        ("sparcc-spine-23", {"total": (0, 414), "total-prorated": (0, 414)}),
        ("sparcc-spine-6", {"total": (0, 108)}),
        (
            "sparcc-sss",
            {
                "fat": (0, 40),
                "erosion": (0, 40),
                "backfill": (0, 20),
                "ankylosis": (0, 20),
                "csds-equal": (0, 60),
                "csds-stepwise": (0, 240),
            },
        ),
        (
            "vu-lesions",
            dict.fromkeys(
                ("erosions", "inflammation", "inflammation-only", "active-erosions", "inactive-erosions"), (0, 46)
            ),
        ),
    ],
)
def test_its_scores_go_from_the_least_to_the_greatest_that_grades_can_add(
    code: str, bounds: dict[str, tuple[int, int]]
) -> None:
    method = methods()[code]

    assert {score.name for score in method.scores} == set(bounds)
    assert {name: enumerated(method, score_called(method, name)) for name in bounds} == bounds
    assert {score.name: method.bounds(score) for score in method.scores} == bounds


@pytest.mark.parametrize("code", sorted(methods()))
def test_it_names_its_title_its_source_and_what_it_reads(code: str) -> None:
    method = methods()[code]

    assert method.title
    assert method.source
    assert method.code == code
    assert all(score.headline for score in method.sums)
    assert method.sums or method.counts


def enumerated(method: Method, score: Score) -> tuple[float, float]:
    """The bounds of a score, by every combination of grades of each location that no rule forbids."""
    n_locations = Counter(location.part for location in method.locations)
    least = greatest = 0
    for part, n in n_locations.items():
        added = [score.of(grades) for grades in combined(method, part)] if score.is_over(part) else [0]
        least, greatest = least + n * min(added), greatest + n * max(added)
    share = (method.selects or len(method.groups)), len(method.groups)
    least, greatest = least * share[0] // share[1], greatest * share[0] // share[1]
    return least / score.parts_of_one, greatest / score.parts_of_one


def combined(method: Method, part: str) -> list[tuple[int | None, ...]]:
    """The grades that a location can have together where nothing is left open."""
    choices = [(*item.grades_in(part), None) for item in method.items]
    found = []
    for grades in product(*choices):
        by_name = dict(zip((item.name for item in method.items), grades))
        expected = {item.name for item in method.items if item.grades_in(part)}
        expected -= {name for rule in method.rules for name in rule.excluded(by_name)}
        graded = {name for name, grade in by_name.items() if grade is not None}
        if graded == expected and method.cells.broken(Cell(part, grades)) is None:
            found.append(grades)
    return found
