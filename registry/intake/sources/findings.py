"""What a mapping meets in its source and cannot say: one finding a kind, with how often and where first."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

from registry.intake.sources.foreign_source import SourceRow
from registry.wording import shown

VALUES_AT_MOST: Final = 10_000  # different ones that are told apart; a source with more has a column mapped wrongly


class Finding(NamedTuple):
    """A value of a field that cannot be read as the mapping says: why, in how many rows, and the first of them.

    Where rows have different values of one kind, as days in an order that nobody stated, it is the first of these.
    """

    field: str
    value: str
    why: str
    n_rows: int
    line: int
    told: str
    file: str = ""


class Findings:
    """What was found in the rows so far: `n_found` times in all, `n_more` of them beyond those that are told.

    `unsaid` counts, by field, reason and column, the reasons for a missing value that a column cannot hold.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Finding] = {}
        self._last: dict[tuple[str, str], tuple[str, int]] = {}  # which row had it last, as two tables may read it
        self.n_more = self.n_found = 0
        self.unsaid: Counter[tuple[str, str, str]] = Counter()

    def add(self, row: SourceRow, field: str, value: str, why: str, *, kind: str | None = None) -> None:
        """Take down that a value of a field in a row cannot be read; those of one `kind` are one finding."""
        self.n_found += 1
        key = field, kind or f"{value}\n{why}"
        known, at = self._found.get(key), (row.file, row.line)
        if known is not None:
            self._found[key] = known._replace(n_rows=known.n_rows + (self._last.get(key) != at))
        elif len(self._found) < VALUES_AT_MOST:
            self._found[key] = Finding(field, value, why, 1, row.line, row.told, row.file)
        else:
            self.n_more += 1
            return
        self._last[key] = at

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def all(self) -> list[Finding]:
        """Each finding, in the order in which they were met."""
        return [*self._found.values()]


def in_words(finding: Finding) -> str:
    """Return a finding as a sentence has it: the value, why it cannot be read, and in how many rows."""
    return f"{shown(finding.value)} {finding.why}{in_rows(finding.n_rows, finding.told, always=True)}"


def in_rows(n_rows: int, told: str, *, always: bool = False) -> str:
    """Return in how many rows something is, and how a person finds the first; of one only that, unless `always`."""
    if n_rows == 1 and not always:
        return f" ({told})" if told else ""
    rows = "1 row" if n_rows == 1 else f"{n_rows:,} rows"
    return f" ({rows}, first {told})" if told else f" ({rows})"
