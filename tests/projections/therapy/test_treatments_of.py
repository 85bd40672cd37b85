"""Courses by class, agent, or ATC code, of today or of former years."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.therapy.treatments_of import agents_of, treatments_of
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import UnknownCodeError


@pytest.mark.parametrize(
    ("which", "courses"),
    [("TNFi", 22), ("L04AB02", 13), ("L04AA12", 13), ("infliximab", 13), ("IL-1i", 9), ("L04AA14", 9), ("JAKi", 0)],
)
def test_former_codes_find_the_same_courses(published: Registry, which: str, courses: int) -> None:
    assert len(treatments_of(facts_at(published), which)) == courses


def test_words_that_no_row_has_any_more_are_gone(published: Registry) -> None:
    assert list(treatments_of(facts_at(published), "TNFi")["agent"].cat.categories) == ["etanercept", "infliximab"]


def test_a_class_is_its_agents() -> None:
    assert agents_of("jaki", BUILT_IN) == (
        "tofacitinib",
        "baricitinib",
        "upadacitinib",
        "filgotinib",
        "deucravacitinib",
    )


def test_an_unknown_drug_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UnknownCodeError, match="agent: 'infliximap' is not a known class, agent or ATC code; did you"):
        agents_of("infliximap", BUILT_IN)
