"""mSASSS: corners of the cervical and lumbar spine, of which at most three of a segment are imputed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from registry import Registry
from registry.catalogue.imaging.policies import Carry
from registry.catalogue.methods import methods
from registry.errors import GradeError
from tests.spec.methods.scored import Scored, everywhere, record, score_called, scored

CERVICAL = "C2 lower,C3 upper,C3 lower,C4 upper,C4 lower,C5 upper,C5 lower,C6 upper,C6 lower,C7 upper,C7 lower,T1 upper"
LUMBAR = "T12 lower,L1 upper,L1 lower,L2 upper,L2 lower,L3 upper,L3 lower,L4 upper,L4 lower,L5 upper,L5 lower,S1 upper"
NECK = dict(zip(CERVICAL.split(","), (0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 0, 0)))
BACK: dict[str, int | None] = dict(zip(LUMBAR.split(","), (0, 1, 1, 0, 2, 3, 3, 3, 3, 0, 0, None)))
IMPUTE = "impute(segment-mean, at most 3 missing a segment)"


def test_it_reads_24_anterior_corners_from_c2_lower_to_s1_upper() -> None:
    method = methods()["msasss"]

    assert [location.name for location in method.locations] == [*CERVICAL.split(","), *LUMBAR.split(",")]
    assert [location.group for location in method.locations[10:14]] == ["C7/T1", "C7/T1", "T12/L1", "T12/L1"]
    assert [item.grades for item in method.items] == [(0, 1, 2, 3)]
    assert method.modalities == ("XR",)


def test_the_cervical_corners_of_the_vector_are_12(enrolled: Registry) -> None:
    assert scored(enrolled, "msasss", {**NECK, **BACK})["cervical"] == Scored(12.0, 12, 12)


def test_a_missing_corner_is_the_mean_of_the_others_of_its_segment(enrolled: Registry) -> None:
    found = scored(enrolled, "msasss", {**NECK, **BACK})

    assert found["lumbar"] == Scored(float(Fraction(192, 11)), 11, 12, 1)  # 16 over 11, 17.4545 over 12
    assert found["total"] == Scored(float(Fraction(324, 11)), 23, 24, 1)
    assert (f"{found['lumbar'].value:.4f}", f"{found['total'].value:.4f}") == ("17.4545", "29.4545")


def test_whoever_wants_no_corner_made_up_has_no_total(enrolled: Registry) -> None:
    assert scored(enrolled, "msasss", {**NECK, **BACK})["total-complete"] == Scored(None, 23, 24)


def test_everything_bridged_is_72(enrolled: Registry) -> None:
    found = scored(enrolled, "msasss", everywhere("msasss", 3))

    assert {name: found[name].value for name in ("total", "total-complete", "cervical", "lumbar")} == {
        "total": 72,
        "total-complete": 72,
        "cervical": 36,
        "lumbar": 36,
    }


@pytest.mark.parametrize(("n_missing", "value", "n_imputed"), [(3, 12 * 3, 3), (4, None, 0)])
def test_three_corners_of_a_segment_are_imputed_and_four_leave_no_total(
    enrolled: Registry, n_missing: int, value: int | None, n_imputed: int
) -> None:
    missing = dict.fromkeys(LUMBAR.split(",")[:n_missing])

    found = scored(enrolled, "msasss", {**everywhere("msasss", 3), **missing})

    assert found["lumbar"] == Scored(value, 12 - n_missing, 12, n_imputed)
    assert found["total"] == Scored(value and 72.0, 24 - n_missing, 24, n_imputed)
    assert found["cervical"] == Scored(36.0, 12, 12)


def test_three_missing_corners_of_each_segment_are_imputed(enrolled: Registry) -> None:
    missing = dict.fromkeys([*CERVICAL.split(",")[:3], *LUMBAR.split(",")[:3]])

    assert scored(enrolled, "msasss", {**everywhere("msasss", 2), **missing})["total"] == Scored(48.0, 18, 24, 6)


def test_each_score_says_what_it_does_about_missing_corners_and_one_carries_those_of_a_pair() -> None:
    method = methods()["msasss"]

    assert {score.name: (score.policy.name, score.change) for score in method.scores} == {
        "total": (IMPUTE, None),
        "total-complete": ("complete-only", None),
        "total-carried": (IMPUTE, Carry()),
    }
    assert Carry().name == "carry(paired)"
    assert [score.name for score in method.sums] == ["total"]
    assert score_called(method, "total").headline


def test_the_film_from_the_front_adds_the_lumbar_corners_on_the_left_and_on_the_right(enrolled: Registry) -> None:
    method = methods()["msasss-ap"]

    assert [location.name for location in method.locations[:24]] == [*CERVICAL.split(","), *LUMBAR.split(",")]
    assert [location.name for location in method.locations[24:]] == [
        f"{corner} a.p. {side}" for side in ("left", "right") for corner in LUMBAR.split(",")
    ]
    found = scored(enrolled, "msasss-ap", everywhere("msasss-ap", 3))
    assert (found["total"].value, found["lumbar"].value, found["lumbar a.p. left"].value) == (144, 36, 36)


def test_four_missing_corners_of_one_side_leave_no_total_of_the_extended_score(enrolled: Registry) -> None:
    missing = {f"{corner} a.p. left": None for corner in LUMBAR.split(",")[:4]}

    found = scored(enrolled, "msasss-ap", {**everywhere("msasss-ap", 1), **missing})

    assert (found["total"].value, found["lumbar a.p. right"].value) == (None, 12)


def test_a_grade_above_bridging_is_refused(enrolled: Registry) -> None:
    with pytest.raises(GradeError, match=r"^grade: '4' at C2 lower is not a grade of msasss; write 0, 1, 2 or 3, "):
        record(enrolled, "msasss", {**NECK, "C2 lower": 4})
