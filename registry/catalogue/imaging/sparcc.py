"""What the SPARCC scores of inflammation have in common: quadrants of a slice, and a bonus for intensity and depth.

On a slice each of four quadrants is inflamed or not. One point more is given where any of its lesions is intense, one
more where any is deep, so that a bonus needs an inflamed quadrant.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.imaging.method import State
from registry.catalogue.imaging.places import Grades, Item
from registry.catalogue.imaging.rules import OnlyWith

YES_NO: Final = (0, 1)
BONUS: Final = ("intensity", "depth")
BONUS_RULE: Final = "a bonus needs an inflamed quadrant of the same slice"  # no source says what else it could mean


def scored_slice(quadrants: tuple[str, ...]) -> tuple[Item, ...]:
    """Return the items of a slice: its quadrants, then the two that add a point each."""
    return tuple(Item(name, YES_NO) for name in (*quadrants, *BONUS))


def bonus(quadrants: tuple[str, ...]) -> OnlyWith:
    """Return the rule that a bonus needs an inflamed quadrant of the same slice."""
    return OnlyWith(BONUS, quadrants)


def points(*grades: int | None) -> int:
    """Return what a slice adds: its inflamed quadrants, and its bonus; what is no part of it adds nothing."""
    return sum(grade or 0 for grade in grades)


def inflamed(grades: Grades) -> State:
    """Return whether a slice is inflamed, and how many points it has, where all of it could be assessed."""
    if None in grades:
        return State(None, None)
    added = points(*grades)
    return State("inflammation" if added else "none", added)
