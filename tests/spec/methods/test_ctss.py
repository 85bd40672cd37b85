"""CTSS: eight sites around each of 23 disc spaces on low-dose CT, 0 to 3 each."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import GradeError
from tests.spec.methods.scored import Scored, everywhere, record, scored


def test_each_disc_space_has_eight_sites() -> None:
    method = methods()["ctss"]

    assert len(method.locations) == 184
    assert [location.name for location in method.locations if location.group == "L5/S1"] == [
        f"{corner} {side}" for corner in ("L5 lower", "S1 upper") for side in ("anterior", "posterior", "left", "right")
    ]
    assert method.modalities == ("CT",)
    assert [item.grades for item in method.items] == [(0, 1, 2, 3)]


def test_everything_bridged_is_24_a_disc_space_and_552(enrolled: Registry) -> None:
    found = scored(enrolled, "ctss", everywhere("ctss", 3))

    assert found["total"] == Scored(552.0, 184, 184)
    assert [found[name].value for name in ("cervical", "thoracic", "lumbar")] == [144, 288, 120]
    assert found["total:T12/L1"] == Scored(24.0, 8, 8)


def test_a_site_that_could_not_be_assessed_leaves_no_total_of_its_segment_and_its_disc_space(
    enrolled: Registry,
) -> None:
    found = scored(enrolled, "ctss", {**everywhere("ctss", 1), "T3 upper left": None})

    assert [found[name].value for name in ("total", "thoracic", "total:T2/3", "total:T3/4", "lumbar")] == [
        None,
        None,
        None,
        8,
        40,
    ]


def test_a_grade_of_4_is_refused(enrolled: Registry) -> None:
    with pytest.raises(GradeError, match="L5 lower anterior"):
        record(enrolled, "ctss", {"L5 lower anterior": 4})
