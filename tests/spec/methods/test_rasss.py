"""RASSS: the corners of the mSASSS and four thoracic ones; no squaring in the neck, no erosion anywhere."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import GradeError
from tests.spec.methods.scored import Scored, everywhere, record, scored

THORACIC = ["T10 lower", "T11 upper", "T11 lower", "T12 upper"]


def test_four_thoracic_corners_stand_between_the_neck_and_the_back() -> None:
    method = methods()["rasss"]
    names = [location.name for location in method.locations]

    assert len(names) == 28
    assert names[11:17] == ["T1 upper", *THORACIC, "T12 lower"]
    assert {location.name: location.segment for location in method.locations}["T11 upper"] == "thoracic"


def test_a_cervical_corner_is_0_2_or_3_and_any_other_0_to_3() -> None:
    method = methods()["rasss"]
    [item] = method.items

    assert {location.segment: item.grades_in(location.part) for location in method.locations} == {
        "cervical": (0, 2, 3),
        "thoracic": (0, 1, 2, 3),
        "lumbar": (0, 1, 2, 3),
    }


@pytest.mark.parametrize("corner", ["C2 lower", "C5 upper", "T1 upper"])
def test_grade_1_of_a_cervical_corner_is_refused(enrolled: Registry, corner: str) -> None:
    with pytest.raises(GradeError, match=f"^grade: '1' at {corner} is not a grade of rasss; write 0, 2 or 3, "):
        record(enrolled, "rasss", {**everywhere("rasss", 0), corner: 1})


def test_everything_bridged_is_84(enrolled: Registry) -> None:
    found = scored(enrolled, "rasss", everywhere("rasss", 3))

    assert [found[name].value for name in ("total", "cervical", "thoracic", "lumbar")] == [84, 36, 12, 36]


@pytest.mark.parametrize(("n_seen", "thoracic"), [(2, Scored(6.0, 2, 4, 2)), (1, Scored(4.0, 1, 4, 3))])
def test_one_or_two_thoracic_corners_stand_for_four(enrolled: Registry, n_seen: int, thoracic: Scored) -> None:
    seen = dict(zip(THORACIC, (1, 2)))
    corners = {corner: seen[corner] if place < n_seen else None for place, corner in enumerate(THORACIC)}

    found = scored(enrolled, "rasss", {**everywhere("rasss", 0), **corners})

    assert found["thoracic"] == thoracic
    assert found["total"] == Scored(thoracic.value, 24 + n_seen, 28, 4 - n_seen)


def test_without_a_thoracic_corner_there_is_no_total(enrolled: Registry) -> None:
    found = scored(enrolled, "rasss", {**everywhere("rasss", 0), **dict.fromkeys(THORACIC)})

    assert (found["total"].value, found["thoracic"].value, found["cervical"].value) == (None, None, 0)
