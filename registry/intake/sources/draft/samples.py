"""What stands in the fields of a source, as far as a draft looks: the first rows of it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Final, NamedTuple

from registry.intake.sources.foreign_source import ForeignSource, SourceField

ROWS_LOOKED_AT: Final = 2_000
DIFFERENT_AT_MOST: Final = 50  # values of a field that are told apart; with more it is no list of codes


class Sample(NamedTuple):
    """A field with what the first rows have in it: the values with their counts, and where they stand.

    `events` and `instruments` are those of a REDCap project in which the field has a value.
    """

    field: SourceField
    values: Counter[str]
    events: Counter[str]
    instruments: Counter[str]
    is_open: bool  # whether it has more different values than are told apart

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.name

    @property
    def instrument(self) -> str:
        """The repeating instrument in which its values stand, empty for none."""
        return self.instruments.most_common(1)[0][0] if self.instruments else ""


def samples_of(source: ForeignSource) -> dict[str, Sample]:
    """Return each field of a source by name with what its first rows hold. Raises `UnreadableError`, `OSError`."""
    found = {name: Sample(field, Counter(), Counter(), Counter(), False) for name, field in source.fields.items()}
    for row in islice(source.rows(), ROWS_LOOKED_AT):
        for name, value in row.values.items():
            if name not in found or (found[name].field.checkbox is not None and value == "0"):
                continue
            sample = found[name]
            sample.events[row.event] += 1
            sample.instruments[row.instrument] += 1
            if value in sample.values or len(sample.values) < DIFFERENT_AT_MOST:
                sample.values[value] += 1
            elif not sample.is_open:
                found[name] = sample._replace(is_open=True)
    return found
