"""What the dictionary of an export says of imaging methods: each once, with its source and what nobody verified."""

from __future__ import annotations

import json
from typing import Any

import pytest

from projections import facts_at
from projections.export.dictionary import dictionary
from projections.export.manifest import as_json
from projections.tables import TABLES
from registry import Registry
from registry.catalogue.methods import methods


@pytest.fixture
def described(registry: Registry) -> dict[str, dict[str, Any]]:
    """The methods of an empty registry's dictionary, by their codes."""
    catalogue = json.loads(as_json(dictionary(TABLES, facts_at(registry))))["catalogue"]
    return {each["code"]: each for each in catalogue["methods"]}


def test_all_methods_stand_in_the_order_of_their_codes(described: dict[str, dict[str, Any]]) -> None:
    assert list(described) == list(methods())
    assert {"asas-mri-sij", "ctss", "msasss", "sparcc-spine-6", "vu-lesions"} <= set(described)


def test_a_method_stands_with_its_edition_source_and_what_was_not_verified(
    described: dict[str, dict[str, Any]],
) -> None:
    rasss = described["rasss"]

    assert (rasss["title"], rasss["edition"], rasss["modalities"]) == ("RASSS, lateral radiographs", 1, ["XR"])
    assert rasss["source"].startswith("Baraliakos et al., Arthritis Rheum 2009;61:764-71")
    assert rasss["unverified"] == [
        "grades of cervical corners, which follow from the rule that no erosion and no squaring is scored there",
        "which four corners of T10 to T12",
        "at most 3 corners of a segment are imputed by the segment's mean",
    ]
    assert rasss["selects"] is None


def test_its_locations_stand_with_their_segment_disc_and_kind(described: dict[str, dict[str, Any]]) -> None:
    locations = described["rasss"]["locations"]

    assert len(locations) == 28
    assert locations[0] == {
        "number": 1,
        "name": "C2 lower",
        "segment": "cervical",
        "group": "C2/3",
        "part": "cervical corner",
    }


def test_its_items_stand_with_the_grades_of_each_kind_of_place_where_they_exist(
    described: dict[str, dict[str, Any]],
) -> None:
    assert described["rasss"]["items"] == [
        {"name": None, "grades": {"cervical corner": [0, 2, 3], "other corner": [0, 1, 2, 3]}}
    ]
    assert described["sparcc-sss"]["items"][2] == {"name": "backfill", "grades": {"half": [0, 1]}}
    assert described["vu-lesions"]["items"][1] == {"name": "erosion", "grades": {"": [0, 1]}}


def test_its_rules_are_told_in_words(described: dict[str, dict[str, Any]]) -> None:
    assert described["sparcc-sij"]["rules"] == [
        "intensity and depth above 0 only where upper iliac, upper sacral, lower iliac or lower sacral is above 0",
        "lower iliac and lower sacral not graded where upper-only is above 0",
    ]


def test_its_scores_stand_with_their_policies_and_bounds(described: dict[str, dict[str, Any]]) -> None:
    policy = "impute(segment-mean, at most 3 missing a segment)"
    total = {"parts": None, "by_segment": True, "by_group": False, "headline": True, "change": None}

    assert described["msasss"]["scores"] == [
        {"name": "total", "policy": policy, "range": ["0", "72"], **total},
        {
            **total,
            "name": "total-complete",
            "policy": "complete-only",
            "range": ["0", "72"],
            "by_segment": False,
            "headline": False,
        },
        {
            **total,
            "name": "total-carried",
            "policy": policy,
            "range": ["0", "72"],
            "by_segment": False,
            "headline": False,
            "change": "carry(paired)",
        },
    ]
    assert [score["parts"] for score in described["sparcc-sss"]["scores"]] == [
        ["quadrant"],
        ["quadrant"],
        ["half"],
        ["half"],
        None,
        None,
    ]
    assert (described["sparcc-spine-6"]["selects"], described["sparcc-spine-6"]["scores"][0]["range"]) == (
        6,
        ["0", "108"],
    )
