"""How many rows a source had, in how many its fields have values, and of how many no table took anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from registry.intake.sources.foreign_source import SourceRow


class RowCounts:
    """What is counted of the rows so far.

    `n_rows` says how many there were, `n_untaken` of how many no table took anything, `first_untaken` which was the
    first of these, and `filled` in how many each of some fields has a value.
    """

    def __init__(self, fields: Iterable[str]) -> None:
        self._fields = tuple(fields)
        self.n_rows = self.n_untaken = 0
        self.first_untaken: SourceRow | None = None
        self.filled: Counter[str] = Counter()

    def add(self, row: SourceRow, *, is_taken: bool) -> None:
        """Count one more row, of which some table took something, or none did."""
        self.n_rows += 1
        if self._fields:
            self.filled.update(name for name in self._fields if name in row.values)
        if not is_taken:
            self.n_untaken += 1
            self.first_untaken = self.first_untaken or row
