"""What an imaging method is: locations in order, items with their grades, states, and scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final, NamedTuple

from registry.catalogue.imaging.cells import Cells
from registry.catalogue.imaging.checks import check
from registry.catalogue.imaging.places import Cell, Grades, Item, Location, address_of
from registry.catalogue.imaging.policies import Assessed, Selected
from registry.catalogue.imaging.rules import Rule
from registry.catalogue.imaging.scores import Score
from registry.errors import RefusalError

ONLY_ITEM: Final = "grade"  # what the only item is called in statements


class State(NamedTuple):
    """What the items of a location say together.

    `activity` is the rank by which courses are judged. Either is None where it cannot be said.
    """

    name: str | None
    activity: int | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Method:
    """A published scoring system: what it grades where, and what follows from the grades.

    `version` is the edition; a new edition stands beside the old one. A study must have one of the `modalities` and
    show one of the `regions`. `state_of` gives the state of one location by its grades, None included; `rules` say
    which grades a location cannot have together. `unverified` tells what of the declaration was not found at its
    source. A method is equal to itself alone.

    Raises `DeclarationError` for what could be stored and not be read back, addressed or scored; see
    `registry.catalogue.imaging.checks`.
    """

    code: str
    version: int
    title: str
    source: str
    modalities: tuple[str, ...]
    regions: tuple[str, ...]
    locations: tuple[Location, ...]
    items: tuple[Item, ...]
    state_of: Callable[[Grades], State]
    scores: tuple[Score, ...]
    rules: tuple[Rule, ...] = ()
    unverified: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        check(self)

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The segments in the order of the locations."""
        return tuple(dict.fromkeys(location.segment for location in self.locations))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The joints, levels or discs in the order of the locations."""
        return tuple(dict.fromkeys(location.group for location in self.locations))

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The kinds of places in the order of the locations."""
        return tuple(dict.fromkeys(location.part for location in self.locations))

    @cached_property
    def addresses(self) -> dict[str, tuple[Location, Item]]:
        """The places of grades by the text that names them, in lower case: a location, or a location and an item."""
        return {
            address_of(location.name, item.name).lower(): (location, item)
            for location in self.locations
            for item in self.items
            if item.grades_in(location.part)
        }

    @cached_property
    def location_numbers(self) -> dict[str, int]:
        """The number of each location by its name in lower case."""
        return {location.name.lower(): location.number for location in self.locations}

    @cached_property
    def cells(self) -> Cells:
        """Which grades a location can have together."""
        return Cells(self.parts, self.items, self.rules)

    @cached_property
    def states(self) -> dict[Cell, State]:
        """The state for every cell that can be recorded, part by part, in the items' order, None included."""
        return {cell: self.state_of(cell.grades) for cell in self.cells.possible}

    @cached_property
    def counts(self) -> tuple[Score, ...]:
        """The scores that are numbers of assessed locations, each of which adds 0 or 1; the others are sums."""
        assessed = (each for each in self.scores if isinstance(each.policy, Assessed) and each.parts_of_one == 1)
        return tuple(score for score in assessed if {0, 1, None}.issuperset(self.contributions(score).values()))

    @cached_property
    def sums(self) -> tuple[Score, ...]:
        """The scores that a table of scores shows: headlines that are no counts, in their order."""
        return tuple(score for score in self.scores if score.headline and score not in self.counts)

    @cached_property
    def selects(self) -> int | None:
        """How many groups a reader selects, None where a reading is of all."""
        return next((score.policy.groups for score in self.scores if isinstance(score.policy, Selected)), None)

    def score_named(self, name: str) -> Score:
        """Return a score by its name. Raises `KeyError` where the method has none of the name."""
        found = {score.name: score for score in self.scores}
        return found[name]

    def locations_of(self, score: Score) -> list[Location]:
        """Return the locations that a score is over."""
        return [location for location in self.locations if score.is_over(location.part)]

    def contributions(self, score: Score) -> dict[Cell, int | None]:
        """Return what each cell adds to a score, of locations that the score is over.

        A cell with grades missing counts where every completion of it counts the same: an erosion that could not be
        assessed beside inflammation 1 is, whatever it is, no inactive erosion.
        """
        added = self.added_by_whole(score)
        contributed: dict[Cell, int | None] = {}
        for cell in self.cells.possible:
            if score.is_over(cell.part):
                values = {added[completion] for completion in self.cells.completions(cell)}
                contributed[cell] = values.pop() if len(values) == 1 else None
        return contributed

    def added_by_whole(self, score: Score) -> dict[Cell, int]:
        """Return what each cell that leaves nothing open adds to a score, of locations that the score is over."""
        return {cell: score.of(cell.grades) for cell in self.cells.whole if score.is_over(cell.part)}

    def bounds(self, score: Score, locations: Iterable[Location] | None = None) -> tuple[Fraction, Fraction]:
        """Return the least and the greatest value of a score over some locations, by default all that it is over.

        Of a method that selects groups they are those of as many groups as a reading has.
        """
        added: dict[str, set[int]] = {}
        for cell, value in self.added_by_whole(score).items():
            added.setdefault(cell.part, set()).add(value)
        over = [each for each in locations or self.locations if score.is_over(each.part)]
        if locations is None and self.selects is not None:
            over = [each for each in over if each.group in self.groups[: self.selects]]
        least = sum(min(added[each.part]) for each in over)
        most = sum(max(added[each.part]) for each in over)
        return Fraction(least, score.parts_of_one), Fraction(most, score.parts_of_one)

    def refuse(self, grades: Mapping[str, Sequence[int | None]]) -> None:
        """Refuse a reading whose grades cannot stand together: by a rule, or by the number of selected groups.

        Raises `RefusalError` with the place.
        """
        if not self.rules and self.parts == ("",) and self.selects is None:
            return
        rows = [grades[item.name or ONLY_ITEM] for item in self.items]
        for location, graded in zip(self.locations, zip(*rows)):
            cell = Cell(location.part, graded)
            if cell not in self.cells.possible and (found := self.cells.broken(cell)):
                name, why = found
                raise RefusalError(f"grade: {address_of(location.name, name)}: {why}", field="grade")
        if self.selects is not None:
            self._refuse_selection(self.selected(rows))

    def selected(self, rows: Sequence[Sequence[int | None]]) -> list[str]:
        """Return the groups of which a reading has a grade, in the order of the locations; a row an item."""
        graded = (location.group for location, *each in zip(self.locations, *rows) if any(g is not None for g in each))
        return list(dict.fromkeys(graded))

    def _refuse_selection(self, groups: list[str]) -> None:
        if len(groups) != self.selects:
            named = ", ".join(groups) or "none"
            raise RefusalError(
                f"grade: {self.code} is of exactly {self.selects} levels, and the reading has grades of {len(groups)}: "
                f"{named}; name {self.selects}, those that are not affected with 0",
                field="grade",
            )


def graded(grades: Grades) -> State:
    """Return the state of a method with one graded item: the grade as text, and as activity."""
    (grade,) = grades
    return State(None if grade is None else str(grade), grade)
