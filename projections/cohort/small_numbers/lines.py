"""Which lines of a cohort's tables are shown: rows at a time point, of all members or of a group.

A line is shown in all tables alike, or not at all: what is small in one of its figures would follow from another.
A mean of which the number is hidden would give it: of whole numbers it is a fraction over it. What stands between two
time points is shown where both are. Of the groups of a row all are shown or none, for all members are their sum. Rows
that add up, as those of `sex: …` or the states over time, hide what would give a hidden one away; of what became of
each state all are shown or none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from projections.cohort.figures.address import ARROW
from projections.cohort.figures.completeness import KNOWN
from projections.cohort.figures.figures import Figure, Placed
from projections.cohort.small_numbers.figures import rests_on_few
from projections.cohort.small_numbers.hiding import is_small, with_what_gives_away

ADD_UP: Final = ("lesions", "lines", "rates", "safety", "states", "verdicts")  # tables of which rows can do so

ENDS_A_NAME: Final = re.compile(f":|{re.escape(ARROW)}")


class Line(NamedTuple):
    """A row at a time point, of all members where the name of the group is empty."""

    row: str
    timepoint: str
    group: str


class Family(NamedTuple):
    """Lines that add up; `crossed` ones do so in two directions to the sums, and all are shown or none.

    With what became of the words of a measure belong the tests of each word between the same time points.
    """

    lines: tuple[Line, ...]
    crossed: bool = False
    sums: tuple[Line, ...] = ()


def line_of(figure: Figure) -> Line:
    """Return the line that a figure stands in."""
    return Line(figure.row, figure.timepoint, figure.group)


class Lines:
    """The lines of a cohort's figures, and which of them are `hidden`; `sizes` are how many members groups have.

    The name of all members is the empty text.
    """

    def __init__(self, placed: Sequence[Placed], sizes: Mapping[str, int], minimum: int) -> None:
        self.minimum = minimum
        self.families = list(_families(placed))
        self._counts: dict[str, dict[Line, float]] = defaultdict(dict)  # by table and statistic
        self._wholes: dict[str, dict[Line, float]] = defaultdict(dict)
        self.hidden: dict[Line, bool] = {}
        self._telling = {(each.table, line_of(each.figure)): None for each in placed if each.figure.statistic != KNOWN}
        for each in placed:
            line, figure = line_of(each.figure), each.figure
            few = rests_on_few(figure, sizes[figure.group], minimum)
            self.hidden[line] = few or self.hidden.get(line, False)
            if figure.numerator is not None:
                self._counts[f"{each.table} {figure.statistic}"][line] = figure.numerator
            if figure.denominator is not None:
                self._wholes[f"{each.table} {figure.statistic}"][line] = figure.denominator
        self._groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.hidden:
            if line.group:
                self._groups[line[:2]].append(line)
        self._hide_who_is_in_no_group()
        while self._hide_more():
            pass

    def is_hidden(self, figure: Figure) -> bool:
        """Return whether nothing is shown of a figure's line."""
        return self.hidden.get(line_of(figure), False)

    def are_hidden(self, table: str, row: str, timepoint: str) -> bool:
        """Return whether a line is hidden of those that a figure between groups compares: of its row and of its words.

        `sex: male` is a word of `sex`. Where no row is called so that says more than of how many it is known, the
        figure is of rows that have names of their own, as `line of therapy 1` and `no targeted therapy`: of any of its
        table.
        """
        mine = self._by_row.get(row) or self._by_table.get(table, {})
        return mine[timepoint] if timepoint in mine else any(mine.values())

    def hide_some_of(self, table: str) -> bool:
        """Return whether a line of a table is hidden."""
        return any(self._by_table.get(table, {}).values())

    @cached_property
    def _by_row(self) -> dict[str, dict[str, bool]]:
        """Whether a line of each row and of its words is hidden, by time point."""
        return self._by_name((name, line) for _, line in self._telling for name in _rows_of(line.row))

    @cached_property
    def _by_table(self) -> dict[str, dict[str, bool]]:
        """Whether a line of each table is hidden, by time point."""
        return self._by_name(self._telling)

    def _by_name(self, named: Iterable[tuple[str, Line]]) -> dict[str, dict[str, bool]]:
        found: dict[str, dict[str, bool]] = defaultdict(dict)
        for name, line in named:
            found[name][line.timepoint] = self.hidden[line] or found[name].get(line.timepoint, False)
        return found

    def in_families_with_hidden(self) -> set[Line]:
        """Return the lines whose notes could tell what a hidden one holds."""
        return {
            line for family in self.families if any(map(self.hidden.__getitem__, family.lines)) for line in family.lines
        }

    def _hide_who_is_in_no_group(self) -> None:
        """Hide groups where what all members have beyond them is small."""
        for counts in (*self._counts.values(), *self._wholes.values()):
            for at, lines in self._groups.items():
                everybody = counts.get(Line(*at, ""))
                if everybody is None or any(line not in counts for line in lines):
                    continue
                if is_small(everybody - sum(counts[line] for line in lines), self.minimum):
                    self.hidden |= dict.fromkeys(lines, True)

    def _hide_more(self) -> bool:
        before = dict(self.hidden)
        for at, lines in self._groups.items():
            if any(self.hidden.get(line) for line in (*lines, Line(*at, ""))):
                self.hidden |= dict.fromkeys(lines, True)
        for line in self.hidden:
            if any(self.hidden.get(at) for at in _ends(line)):
                self.hidden[line] = True
        for family in self.families:
            self.hidden |= dict.fromkeys(self._to_hide(family), True)
        return self.hidden != before

    def _to_hide(self, family: Family) -> Iterable[Line]:
        hidden = {line for line in family.lines if self.hidden[line]}
        if family.crossed:
            return family.lines if hidden or self._hides(family.sums) else ()
        if not hidden:
            return ()
        for counts in self._counts.values():
            mine = {line: counts[line] for line in family.lines if line in counts}
            hidden |= with_what_gives_away(mine, [family.lines], hidden & mine.keys(), self.minimum)
        return hidden

    def _hides(self, lines: Iterable[Line]) -> bool:
        return any(self.hidden[line] for line in lines)


def _rows_of(row: str) -> set[str]:
    """Return the names of which a row is one: its own, and what stands before each colon and each arrow in it.

    >>> sorted(_rows_of("sex: male"))
    ['sex', 'sex: male']
    """
    return {row, *(row[: found.start()] for found in ENDS_A_NAME.finditer(row))}


def _families(placed: Iterable[Placed]) -> Iterator[Family]:
    found: dict[tuple[str, ...], dict[Line, None]] = defaultdict(dict)
    lines = {(each.table, line_of(each.figure)): None for each in placed}
    prefixes = {(table, line.row.partition(":")[0]) for table, line in lines if ":" in line.row}
    changes = {
        (table, line.timepoint, line.group, "crossed", line.row.partition(":")[0])
        for table, line in lines
        if ARROW in line.row and ":" in line.row
    }
    for table, line in lines:
        name, _, word = line.row.partition(":")
        at = (table, line.timepoint, line.group)
        if ARROW in line.row:
            found[(*at, "crossed", name if word else "")][line] = None
            continue
        if word and (*at, "crossed", name) in changes:
            found[(*at, "crossed", name)][line] = None
        if (table, name) in prefixes:
            found[(*at, "prefix", name)][line] = None
        if table in ADD_UP and not word:
            found[(*at, "table", "")][line] = None
    for (table, _, _, kind, name), family in found.items():
        if kind == "crossed":
            ends = {end for line in family for end in _ends(line)}
            sums = [line for of, line in lines if of == table and line._replace(row="") in ends]
            yield Family(
                tuple(family), True, tuple(line for line in sums if not name or line.row.startswith(f"{name}:"))
            )
        elif len(family) > 1:
            yield Family(tuple(family))


def _ends(line: Line) -> Iterator[Line]:
    """Yield the lines at both time points of a comparison; of what became of a state one without a row at each."""
    if ARROW in line.timepoint:
        for at in line.timepoint.split(ARROW):
            yield line._replace(timepoint=at, row="" if ARROW in line.row else line.row)
