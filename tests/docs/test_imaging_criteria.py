"""The manual of criteria over readings has those that there are, as they are declared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.catalogue.imaging_criteria import imaging_criteria
from registry.catalogue.imaging_criteria import requirements as kinds
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.methods import methods

MANUAL = (Path(__file__).parents[2] / "docs" / "imaging-criteria.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[tuple[str, ...]]:
    """The cells of the table under a heading."""
    section = MANUAL.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| `([\w-]+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) ?\|$", section, re.MULTILINE)
    return [tuple(cell.strip() for cell in row) for row in found]


def described(criterion: ImagingCriterion) -> tuple[str, ...]:
    """What the manual has to say of a criterion."""
    by = ", ".join(f"`{code}`" for code in criterion.methods)
    return criterion.name, by, criterion.requires.told, criterion.source, "; ".join(criterion.unverified)


@pytest.mark.parametrize(
    ("heading", "of_two"), [("The criteria of one reading", False), ("The criteria of two readings", True)]
)
def test_the_manual_has_every_criterion_with_what_it_requires_and_what_was_not_verified(
    heading: str, of_two: bool
) -> None:
    declared = [described(each) for each in imaging_criteria().values() if each.of_two is of_two]

    assert rows(heading) == declared
    assert len(declared) > 5


def test_the_manual_has_every_kind_of_requirement() -> None:
    told = set(re.findall(r"^\| `(\w+)\(", MANUAL, re.MULTILINE))

    assert told == {kind.__name__ for kind in kinds.Requirement.__args__}


def test_every_criterion_is_of_scores_and_places_that_its_methods_have() -> None:
    for criterion in imaging_criteria().values():
        for code in criterion.methods:
            method = methods()[code]
            assert criterion.policy(method)
            for place in places(criterion.requires):
                location, item = method.addresses[" ".join(filter(None, place)).lower()]
                assert (location.name, item.name) == place


def places(requires: kinds.Requirement) -> list[kinds.Place]:
    """Every place that a requirement names."""
    match requires:
        case kinds.AnyOf(alternatives=alternatives):
            return [place for each in alternatives for place in places(each)]
        case kinds.Found(groups=several) | kinds.InARow(sites=several):
            return [place for some in several for place in some]
        case kinds.ByGrades(places=several):
            return list(several)
        case _:
            return []
