"""Which grades the items of a location can have together, and what grades with some missing may turn out to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from registry.catalogue.imaging.places import Cell, Item
from registry.catalogue.imaging.rules import Rule


class Cells:
    """The cells of a method's locations: those that can be recorded, and those that leave nothing open.

    A cell leaves nothing open where every item has its grade that exists at the location beside the others.
    """

    def __init__(self, parts: tuple[str, ...], items: tuple[Item, ...], rules: tuple[Rule, ...]) -> None:
        self._items, self._rules = items, rules
        self._names = tuple(item.name for item in items)
        self._may_not_exist = {name for rule in rules for name in rule.may_exclude}
        self._expected = {part: [item.name for item in items if item.grades_in(part)] for part in parts}
        self.possible = {cell: None for part in parts for cell in self._graded(part)}  # in order
        self.whole = {cell: None for cell in self.possible if self._is_whole(cell)}

    def broken(self, cell: Cell) -> tuple[str | None, str] | None:
        """Return the item and why it cannot have its grade in a cell, None where the cell can be recorded."""
        grades = dict(zip(self._names, cell.grades))
        for item, grade in zip(self._items, cell.grades):
            allowed = item.grades_in(cell.part)
            if grade is not None and grade not in allowed:
                return item.name, "is not graded there" if not allowed else f"grade {grade} is not allowed"
        return self._broken_rule(grades)

    def _broken_rule(self, grades: Mapping[str | None, int | None]) -> tuple[str | None, str] | None:
        for rule in self._rules:
            if name := rule.broken(grades):
                return name, rule.told
        return None

    def completions(self, cell: Cell) -> Iterator[Cell]:
        """Yield what a cell may turn out to be: the whole cells that have all grades that it has."""
        choices = [self._choices(item, grade, cell.part) for item, grade in zip(self._items, cell.grades)]
        completed = (Cell(cell.part, grades) for grades in product(*choices))
        yield from (each for each in completed if each in self.whole)

    def _graded(self, part: str) -> Iterator[Cell]:
        choices = ((*item.grades_in(part), None) for item in self._items)
        for grades in product(*choices):  # each of them allowed
            if not self._rules or self._broken_rule(dict(zip(self._names, grades))) is None:
                yield Cell(part, grades)

    def _choices(self, item: Item, grade: int | None, part: str) -> tuple[int | None, ...]:
        if grade is not None:
            return (grade,)
        grades = item.grades_in(part)
        return (*grades, None) if not grades or item.name in self._may_not_exist else grades

    def _is_whole(self, cell: Cell) -> bool:
        grades = dict(zip(self._names, cell.grades))
        excluded = {name for rule in self._rules for name in rule.excluded(grades)}
        return all(grades[name] is not None for name in self._expected[cell.part] if name not in excluded)
