"""What is counted of the rows of a source: its values, the forms that do not count, and what no table takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from registry.intake.sources.foreign_source import SourceRow


class RowCounts:
    """What is counted of the rows so far: how many there were, and in how many of them a field has a value.

    `n_rows` is their number, and `filled` that of those with a value, by each of the fields that are `counted`.
    `mapped` are the fields that some table takes; of how many rows no table took anything, though one of these has a
    value there, says `n_untaken`, and `first_untaken` which was the first of them. `statuses` are those of forms that
    count.
    """

    def __init__(self, counted: Iterable[str], *, mapped: Collection[str], statuses: Collection[str]) -> None:
        self._counted, self._mapped, self._statuses = tuple(counted), frozenset(mapped), frozenset(statuses)
        self.n_rows = 0
        self.first_untaken: SourceRow | None = None
        self.filled: Counter[str] = Counter()
        self._forms: Counter[tuple[str, str]] = Counter()
        self._untaken: Counter[tuple[str, str]] = Counter()

    def add(self, row: SourceRow, *, is_taken: bool) -> None:
        """Count one more row, of which some table took something, or none did."""
        self.n_rows += 1
        if self._counted:
            self.filled.update(name for name in self._counted if name in row.values)
        for form, status in row.forms.items():
            if status not in self._statuses:
                self._forms[form, status] += 1
        if not is_taken and not self._mapped.isdisjoint(row.values):
            self._untaken[row.event, row.instrument] += 1
            self.first_untaken = self.first_untaken or row

    @property
    def n_untaken(self) -> int:
        """Of how many rows no table took anything, though something that is mapped stands there."""
        return self._untaken.total()

    def left_out(self) -> Iterator[str]:
        """Yield each kind of form and of row that was left out, as a sentence has it, with how often."""
        for (form, status), n in sorted(self._forms.items()):
            yield f"the form {form} where it is {status}, {times(n)}"
        for (event, instrument), n in sorted(self._untaken.items()):
            said = (("event", event), ("instrument", instrument))
            where = " and ".join(f"{what} {name}" for what, name in said if name)
            yield f"rows{' of ' * bool(where)}{where} that no table takes, {times(n)}"


def times(n: int) -> str:
    """Return how often, in words.

    >>> times(1), times(1200)
    ('once', '1,200 times')
    """
    return "once" if n == 1 else f"{n:,} times"
