"""What a mapping leaves out of the rows of its source, counted: forms whose status does not count, rows of no table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from registry.intake.sources.foreign_source import SourceRow

TOLD_AT_MOST: Final = 100  # kinds of what is left out that are told one by one


class LeftOut:
    """What was left out so far; `mapped` are the fields that some table takes, `statuses` those of forms that count."""

    def __init__(self, mapped: Collection[str], statuses: Collection[str]) -> None:
        self._mapped, self._statuses = frozenset(mapped), frozenset(statuses)
        self._forms: Counter[tuple[str, str]] = Counter()
        self._rows: Counter[tuple[str, str]] = Counter()

    def add(self, row: SourceRow, *, is_taken: bool) -> None:
        """Take down what of a row does not count, and the row where no table takes what is mapped of it."""
        for form, status in row.forms.items():
            if status not in self._statuses:
                self._forms[form, status] += 1
        if not is_taken and not self._mapped.isdisjoint(row.values):
            self._rows[row.event, row.instrument] += 1

    @property
    def told(self) -> list[str]:
        """Each kind of what was left out, as a sentence has it, with how often."""
        return [*self._sentences()][:TOLD_AT_MOST]

    def _sentences(self) -> Iterator[str]:
        for (form, status), n in sorted(self._forms.items()):
            yield f"the form {form} where it is {status}, {_times(n)}"
        for (event, instrument), n in sorted(self._rows.items()):
            said = (("event", event), ("instrument", instrument))
            where = " and ".join(f"{what} {name}" for what, name in said if name)
            yield f"rows{' of ' * bool(where)}{where} that no table takes, {_times(n)}"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n:,} times"
