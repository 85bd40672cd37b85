r"""Cells of a file that are written in another way throughout: days as 24.03.2021, numbers as 5,1.

Where more than half of the rows of a file have such cells it is a trait of the file, and told once, with the lines of
a mapping that would read it; else each cell is told by itself, as every other. Which of two numbers is the day and
which the month is told where a cell shows it, and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from registry.errors import FormatError, RefusalError
from registry.intake.lines import PROBLEMS_AT_MOST
from registry.places import Place, Problem

WHOLE: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
PARTIAL: Final = re.compile(r"(\d{1,2})([./-])(\d{4})", re.ASCII)
COMMA: Final = re.compile(r"[<>]?\s*[-+]?\d+,\d+", re.ASCII)
MONTHS: Final = 12


class ForeignCells:
    """What was met of such cells in one file, whose name in places is `file`."""

    def __init__(self, file: str) -> None:
        self._file, self.n_cells, self._n_rows = file, 0, 0
        self._problems: list[Problem] = []
        self._partial: dict[str, None] = {}
        self._orders: dict[tuple[str, str], set[str]] = {}  # by separator and sign of the year: what cells have shown
        self._has_comma = False

    def others(self, problems: Sequence[RefusalError], line: int) -> list[RefusalError]:
        """Take in the problems of a row that are of such cells; return all others."""
        left = [problem for problem in problems if not self._took(problem, line)]
        self._n_rows += len(left) < len(problems)
        return left

    def problems(self, n_rows: int) -> Iterator[Problem]:
        """Yield what is told of a file of so many rows."""
        if not self._problems:
            return
        if len(self._problems) == 1 or self._n_rows * 2 <= n_rows:
            yield from self._problems
            return
        first, more = self._problems[0], self.n_cells - 1
        so_are = f"; so are {more:,} more cells" if more > 1 else "; so is another cell"
        told = f"{first.message}{so_are}; or read the file by a mapping with {' and '.join(self._lines())}"
        yield Problem(first.place, told, first.value)

    def _took(self, problem: RefusalError, line: int) -> bool:
        value = str(problem.value or "")
        if not isinstance(problem, FormatError) or not self._is_foreign(value):
            return False
        self.n_cells += 1
        if len(self._problems) <= PROBLEMS_AT_MOST:  # one more than are listed
            self._problems.append(Problem(Place(self._file, line, problem.field or ""), str(problem), problem.value))
        return True

    def _is_foreign(self, value: str) -> bool:
        if matched := WHOLE.fullmatch(value):
            first, sign, second, year = matched.groups()
            shown = {"day first"} if int(first) > MONTHS else {"month first"} if int(second) > MONTHS else set[str]()
            self._orders.setdefault((sign, "%Y" if len(year) == 4 else "%y"), set()).update(shown)
            return True
        if matched := PARTIAL.fullmatch(value):
            self._partial[f"%m{matched[2]}%Y"] = None
            return True
        is_comma = bool(COMMA.fullmatch(value))
        self._has_comma = self._has_comma or is_comma
        return is_comma

    def _lines(self) -> Iterator[str]:
        """Yield the lines of a mapping that would read the file."""
        alternatives = [_ways(sign, year, shown) for (sign, year), shown in self._orders.items()]
        if alternatives:
            yield " and ".join(alternatives)
        if self._partial:
            yield f"partial_dates = [{', '.join(map(_quoted, self._partial))}]"
        if self._has_comma:
            yield 'decimal = ","'


def _ways(sign: str, year: str, shown: set[str]) -> str:
    """Return the line that says how days are written, or the two lines of which nobody here can say which it is."""
    day_first, month_first = f"%d{sign}%m{sign}{year}", f"%m{sign}%d{sign}{year}"
    if sign == "." and "month first" not in shown:  # nobody writes the month first with points
        return f"dates = [{_quoted(day_first)}]"
    if len(shown) == 1:
        return f"dates = [{_quoted(day_first if shown == {'day first'} else month_first)}]"
    either = f"dates = [{_quoted(day_first)}] or [{_quoted(month_first)}]"
    return f"{either} ({'both orders are there' if shown else 'no cell shows which it is'})"


def _quoted(text: str) -> str:
    return f'"{text}"'
