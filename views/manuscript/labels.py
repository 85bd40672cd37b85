"""What the rows of a cohort's tables are called for people, in which order they stand, and under which headings.

A definition's `labels` come first, then those of papers (`registry.catalogue.paper_labels`), then what the declaration
of a measure, a criterion or a method calls it. A row of several words is told word by word: `smoking: never`, `asspimri
v berlin`, `new-syndesmophyte msasss`, `erosions:cervical`. Rows that a clinician knows no order of stay as they came,
before the others; those that the definition's `order` names come first of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from projections.cohort.figures.address import ARROW, VERSUS
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.codes import STOP_REASONS
from registry.catalogue.paper_labels import HEADINGS, LESIONS, OF_COVARIATES, OF_READINGS, OTHERS, UNITS

if TYPE_CHECKING:
    from registry.catalogue.catalogue import Catalogue

JOINED: Final = (ARROW, VERSUS, ": ")
UNITLESS: Final = frozenset({"", "%", "score", "count", "nrs", "/100 a"})  # what a row or its column says already
PLACES: Final = {
    name: (number, place) for number, rows in enumerate(HEADINGS.values(), 1) for place, name in enumerate(rows)
}
LAST: Final = len(HEADINGS) + 1


class Labels:
    """The labels of rows in the words of a catalogue, with those of a definition and its order."""

    def __init__(
        self, catalogue: Catalogue = BUILT_IN, own: Mapping[str, str] | None = None, order: Sequence[str] = ()
    ) -> None:
        self._catalogue, self._own, self._order = catalogue, dict(own or {}), list(order)
        self._used: set[str] = set()

    def of(self, row: str, unit: str = "") -> str:
        """Return what a row is called, with the unit of its values where it has one.

        >>> Labels().of("lateral_lumbar_flexion", "cm"), Labels().of("age", "a"), Labels().of("basdai", "score")
        ('lateral lumbar flexion, cm', 'age, years', 'BASDAI')
        """
        said = self._of(row)
        return said if unit in UNITLESS else f"{said}, {UNITS.get(unit, unit)}"

    def sorted(self, rows: Iterable[str]) -> list[str]:
        """Return rows in the order in which a clinician reads them."""
        return sorted(rows, key=self._rank)

    def headings(self, rows: Sequence[str]) -> list[str]:
        """Return the heading above each row, empty for none: where there are several, and each stands once."""
        found = [self._heading(row) for row in rows]
        runs = [heading for heading, before in zip(found, [None, *found]) if heading != before]
        if len(set(filter(None, runs))) < 2 or len(set(runs)) < len(runs):
            return [""] * len(rows)
        return found

    def word(self, row: str, word: str) -> str:
        """Return the label of a word of the list of the measure that a row is about, or what else it is."""
        declared = self._catalogue.measures.get(row.partition(": ")[0])
        return declared.codes[word] if declared and word in declared.codes else self._of(word)

    def of_recorded(self, row: str) -> str:
        """Return what a row is called that is somebody's own words: as they stand, unless the definition says else."""
        return self._of(row) if row in self._own else row

    @property
    def unused(self) -> list[str]:
        """The names of the definition's `labels` and `order` that no row had."""
        return [name for name in dict.fromkeys((*self._own, *self._order)) if name not in self._used]

    def _of(self, row: str) -> str:
        if row in self._own:
            self._used.add(row)
        if row in self._known:
            return self._known[row]
        for sign in JOINED:
            if sign in row:
                one, other = row.split(sign, 1)
                return f"{self._of(one)}{sign}{self.word(one, other)}"
        if (found := re.fullmatch(r"(\S+)( at .+)", row)) and found[1] in self._known:
            return f"{self._of(found[1])}{found[2]}"
        if found := re.fullmatch(r"(\S+)([: ])(\S+)", row):
            one, sign, other = found.groups()
            if one in self._known:
                return f"{self._of(one)}{' ' if sign == ' ' and other not in self._known else ', '}{self._of(other)}"
        return row

    @cached_property
    def _known(self) -> dict[str, str]:
        of_papers = {name: label for rows in HEADINGS.values() for name, label in rows.items()}
        return {
            **{reason: reason.replace("-", " ") for reason in STOP_REASONS},
            **{name: measure.label for name, measure in self._catalogue.measures.items()},
            **{name: instrument.title for name, instrument in self._catalogue.instruments.items()},
            **{name: criterion.title for name, criterion in self._catalogue.response_criteria.items()},
            **{name: method.title for name, method in self._catalogue.methods.items()},
            **LESIONS,
            **OF_READINGS,
            **OF_COVARIATES,
            **of_papers,
            **self._own,
        }

    def _rank(self, row: str) -> tuple[int, int, int]:
        for name in (row, self._base(row)):
            if name in self._order:
                self._used.add(name)
                return 0, self._order.index(name), 0
        return (1, *self._place(row))

    def _place(self, row: str) -> tuple[int, int]:
        base = self._base(row)
        if base in PLACES and VERSUS not in row:
            return PLACES[base]
        return (LAST, 0) if base in self._catalogue.described else (0, 0)

    def _heading(self, row: str) -> str:
        number, _ = self._place(row)
        return ["", *HEADINGS, OTHERS][number]

    def _base(self, row: str) -> str:
        """Return what a row is about: the measure of `smoking: never`, the method of `sparcc-sss fat`."""
        first = re.split(r": | v ", row)[0]
        return first if first in PLACES or " " not in first else first.split(" ")[0]
