"""Which grades the items of a location can have together, and what grades with some missing may turn out to be."""

from __future__ import annotations

from collections.abc import Iterator
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
        self.possible = {cell: None for part in parts for cell in self._graded(part)}  # in order
        self.whole = {cell: None for cell in self.possible if self._is_whole(cell)}

    def broken(self, cell: Cell) -> tuple[str | None, str] | None:
        """Return the item and why it cannot have its grade in a cell, None where the cell can be recorded."""
        grades = dict(zip(self._names, cell.grades))
        for item, grade in zip(self._items, cell.grades):
            allowed = item.grades_in(cell.part)
            if grade is not None and grade not in allowed:
                return item.name, "is not graded there" if not allowed else f"grade {grade} is not allowed"
        for rule in self._rules:
            if name := rule.broken(grades):
                return name, rule.told
        return None

    def completions(self, cell: Cell) -> Iterator[Cell]:
        """Yield what a cell may turn out to be: the whole cells that have all grades that it has."""
        if not self._rules:
            choices = [self._choices(item, grade, cell.part) for item, grade in zip(self._items, cell.grades)]
            yield from (Cell(cell.part, grades) for grades in product(*choices))
            return
        given = [(place, grade) for place, grade in enumerate(cell.grades) if grade is not None]
        for whole in self.whole:
            if whole.part == cell.part and all(whole.grades[place] == grade for place, grade in given):
                yield whole

    def _graded(self, part: str) -> Iterator[Cell]:
        choices = ((*item.grades_in(part), None) for item in self._items)
        cells = (Cell(part, grades) for grades in product(*choices))
        yield from (cell for cell in cells if not self._rules or self.broken(cell) is None)

    def _choices(self, item: Item, grade: int | None, part: str) -> tuple[int | None, ...]:
        return (grade,) if grade is not None else item.grades_in(part) or (None,)

    def _is_whole(self, cell: Cell) -> bool:
        grades = dict(zip(self._names, cell.grades))
        excluded = {name for rule in self._rules for name in rule.excluded(grades)}
        expected = (item.name for item in self._items if item.grades_in(cell.part) and item.name not in excluded)
        return all(grades[name] is not None for name in expected)
