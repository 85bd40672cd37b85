"""Imaging methods in words, for a data dictionary: what is graded where, which scores follow, what nobody verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.catalogue.imaging.method import Method
    from registry.catalogue.imaging.places import Item
    from registry.catalogue.imaging.scores import Score

Described = dict[str, Any]


def described_method(method: Method) -> Described:
    """Return what a method grades, its rules, its scores with their bounds, and what its source does not say."""
    return {
        "code": method.code,
        "edition": method.version,
        "title": method.title,
        "source": method.source,
        "modalities": method.modalities,
        "regions": method.regions,
        "locations": [
            {"number": each.number, "name": each.name, "segment": each.segment, "group": each.group, "part": each.part}
            for each in method.locations
        ],
        "items": [{"name": item.name, "grades": _grades(method, item)} for item in method.items],
        "rules": [rule.told for rule in method.rules],
        "selects": method.selects,
        "scores": [_score(method, score) for score in method.scores],
        "unverified": method.unverified,
    }


def _grades(method: Method, item: Item) -> dict[str, tuple[int, ...]]:
    """Return the grades that an item can have by the part of the location, without parts where it does not exist."""
    return {part: item.grades_in(part) for part in method.parts if item.grades_in(part)}


def _score(method: Method, score: Score) -> Described:
    return {
        "name": score.name,
        "policy": score.policy.name,
        "change": None if score.change is None else score.change.name,
        "range": [str(limit) for limit in method.bounds(score)],
        "parts": score.parts,
        "by_segment": score.by_segment is not None,
        "by_group": score.by_group is not None,
        "headline": score.headline,
    }
