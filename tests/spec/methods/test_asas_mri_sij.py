"""The ASAS verdict on MRI of the sacroiliac joints: positive, negative, or the reader cannot say."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import GradeError
from tests.spec.methods.scored import Scored, record, scored, state_of

PLACE = "both joints positive"
LESIONS = "both joints active lesions"


def test_it_is_one_verdict_on_both_joints_and_a_number_of_lesions_beside_it() -> None:
    method = methods()["asas-mri-sij"]

    assert list(method.addresses) == [PLACE, LESIONS]
    assert [item.grades for item in method.items] == [(0, 1), tuple(range(100))]


@pytest.mark.parametrize(
    ("verdict", "state", "score"),
    [
        (0, "negative", Scored(0.0, 1, 1)),
        (1, "positive", Scored(1.0, 1, 1)),
        (None, None, Scored(None, 0, 1)),
    ],
)
def test_the_verdict_is_the_readers_and_open_where_the_reader_cannot_say(
    enrolled: Registry, verdict: int | None, state: str | None, score: Scored
) -> None:
    grades = {PLACE: verdict, LESIONS: 2}

    assert state_of(enrolled, "asas-mri-sij", grades, "both joints") == state
    assert scored(enrolled, "asas-mri-sij", grades) == {"positive": score}


@pytest.mark.parametrize("lesions", [None, 0, 99])
def test_the_number_of_lesions_never_replaces_the_verdict(enrolled: Registry, lesions: int | None) -> None:
    assert scored(enrolled, "asas-mri-sij", {PLACE: 1, LESIONS: lesions})["positive"] == Scored(1.0, 1, 1)


def test_a_hundred_lesions_are_refused(enrolled: Registry) -> None:
    with pytest.raises(GradeError, match="both joints active lesions"):
        record(enrolled, "asas-mri-sij", {PLACE: 1, LESIONS: 100})
