"""What the grades of one location cannot say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class OnlyWith:
    """Each of some `items` is above 0 only where one `of` others is above 0 at the same location, as a bonus is."""

    items: tuple[str, ...]
    of: tuple[str, ...]

    @property
    def told(self) -> str:
        """What the rule says, as a refusal and the data dictionary have it."""
        return f"{_listed(self.items)} above 0 only where {_listed(self.of, 'or')} is above 0"

    def broken(self, grades: Mapping[str | None, int | None]) -> str | None:
        """Return the item whose grade breaks the rule among the grades of one location, None where none does."""
        if any(grades[name] for name in self.of):
            return None
        return next((name for name in self.items if grades[name]), None)

    def excluded(self, grades: Mapping[str | None, int | None]) -> tuple[str, ...]:
        """Return the items that do not exist beside such grades."""
        return ()

    @property
    def may_exclude(self) -> tuple[str, ...]:
        """The items that may not exist by the rule."""
        return ()

    @property
    def names(self) -> tuple[str, ...]:
        """The items of which the rule speaks."""
        return (*self.items, *self.of)


@dataclass(frozen=True)
class NotWith:
    """Some `items` do not exist where another is above 0 at the same location: they have no grade, and lack none."""

    items: tuple[str, ...]
    other: str

    @property
    def told(self) -> str:
        """What the rule says, as a refusal and the data dictionary have it."""
        return f"{_listed(self.items)} not graded where {self.other} is above 0"

    def broken(self, grades: Mapping[str | None, int | None]) -> str | None:
        """Return the item whose grade breaks the rule among the grades of one location, None where none does."""
        return next((name for name in self.excluded(grades) if grades[name] is not None), None)

    def excluded(self, grades: Mapping[str | None, int | None]) -> tuple[str, ...]:
        """Return the items that do not exist beside such grades."""
        return self.items if grades[self.other] else ()

    @property
    def may_exclude(self) -> tuple[str, ...]:
        """The items that may not exist by the rule."""
        return self.items

    @property
    def names(self) -> tuple[str, ...]:
        """The items of which the rule speaks."""
        return (*self.items, self.other)


Rule = OnlyWith | NotWith


def _listed(names: tuple[str, ...], last: str = "and") -> str:
    *before, end = names
    return f"{', '.join(before)} {last} {end}" if before else end
