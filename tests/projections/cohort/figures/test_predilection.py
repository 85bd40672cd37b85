"""Whether lesions prefer a segment or a part of a unit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from projections.cohort.figures.location_counts import LocationCounts
from projections.cohort.figures.predilection import spread
from registry import Registry
from registry.catalogue.methods import methods
from tests.projections.cohort.defined import by_address, of_paper

LOCATIONS = methods()["vu-lesions"].locations


def matrix(*, lesions: dict[str, int], unknown: str = "") -> LocationCounts:
    """One patient with so many lesions in the first locations of each segment, and a segment that nobody could see."""
    added = np.zeros((1, 1, len(LOCATIONS)), dtype=np.int16)
    for segment, n in lesions.items():
        places = [place for place, location in enumerate(LOCATIONS) if location.segment == segment]
        added[0, 0, places[:n]] = 1
    if unknown:
        added[0, 0, [location.segment == unknown for location in LOCATIONS]] = -1
    return LocationCounts(np.array([0]), added)


def test_the_segments_are_weighed_by_the_locations_that_could_be_assessed(published: Registry) -> None:
    figures = by_address(of_paper("baraliakos2013", published, "lesions"))
    at = "lesions / {} / baseline / n"
    rows = [figures[at.format(f"inactive-erosions:{segment}")] for segment in ("cervical", "thoracic", "lumbar")]
    counts, assessed = ([getattr(row, field) for row in rows] for field in ("numerator", "denominator"))
    expected = chisquare(counts, np.array(assessed) * sum(counts) / sum(assessed))

    found = figures["lesions / inactive-erosions / baseline / segments p"]

    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.value == pytest.approx(expected.statistic, rel=1e-12)


def test_a_spread_as_even_as_it_can_be_has_a_p_of_1() -> None:
    segments, _ = spread(LOCATIONS, ("row", "t"), matrix(lesions={"cervical": 6, "thoracic": 11, "lumbar": 6}))

    assert segments.p_value == 1


def test_a_segment_that_nobody_could_assess_leaves_the_test_undefined_with_a_reason() -> None:
    segments, _ = spread(LOCATIONS, ("row", "t"), matrix(lesions={"cervical": 2}, unknown="lumbar"))

    assert (segments.p_value, segments.reason) == (None, "category-expected-never")


def test_few_lesions_are_said_to_make_the_test_a_rough_one() -> None:
    segments, _ = spread(LOCATIONS, ("row", "t"), matrix(lesions={"cervical": 4}))

    assert segments.denominator_note is not None
    assert segments.denominator_note.endswith("fewer than 5 expected of one")


def test_a_count_over_one_segment_has_no_spread() -> None:
    whole = matrix(lesions={"cervical": 2})

    assert not list(spread(LOCATIONS, ("row", "t"), whole.over(np.arange(12))))


def test_without_lesions_the_test_says_that_nothing_was_given() -> None:
    segments, parts = spread(LOCATIONS, ("row", "t"), matrix(lesions={}))

    assert (segments.reason, parts.reason) == ("nothing-given", "nothing-given")
