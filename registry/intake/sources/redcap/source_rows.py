"""Rows of a project, whichever file they come from: who, which event and instance, and what its forms say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from registry.errors import UnreadableError
from registry.intake.sources.foreign_source import SourceRow
from registry.intake.sources.redcap.fields import GROUP, Fields
from registry.intake.sources.redcap.form_values import FormReader

INSTANCE_AT_MOST = 1_000_000


class RowPlace(NamedTuple):
    """Where a row stands in a project: of a form that repeats its name and instance, of an event its own."""

    record: str
    event: str = ""
    instrument: str = ""
    instance: int | None = None

    @property
    def told(self) -> str:
        """How a person finds it."""
        said = (
            ("record", self.record),
            ("event", self.event),
            ("instrument", self.instrument),
            ("instance", "" if self.instance is None else str(self.instance)),
        )
        return ", ".join(f"{what} {value}" for what, value in said if value)


class RowMaker:
    """How the items of the forms of a row become a row of the source.

    `counts` are the statuses of forms that count; `without_status` forms whose status the source does not have.
    """

    def __init__(self, fields: Fields, *, counts: Collection[str], without_status: Collection[str] = ()) -> None:
        self._record_id, self._counts, self._without = fields.record_id, frozenset(counts), frozenset(without_status)
        self._reader = FormReader(fields)

    def row(
        self, place: RowPlace, forms: Mapping[str, Mapping[str, str]], *, line: int, group: str
    ) -> SourceRow | None:
        """Return the row at a place, None where none of its forms was ever touched. Raises `UnreadableError`.

        `group` is the data access group of the record. Where no form counts, the row says nothing but that it is there.
        """
        statuses: dict[str, str] = {}
        values: dict[str, str] = {}
        for form, said in forms.items():
            status, of_form = self._reader.read(form, said, line=line, has_status=form not in self._without)
            if status is not None:
                statuses[form] = status
                if status in self._counts:
                    values |= of_form
        if not statuses:
            return None
        if values or self._counts.intersection(statuses.values()):
            values[self._record_id] = place.record
            if group:
                values[GROUP] = group
        return SourceRow(
            line, values, place.told, place.record, place.event, place.instrument, place.instance, statuses
        )


def instance_of(text: str, *, what: str, line: int) -> int:
    """Return the number of an instance. Raises `UnreadableError`."""
    if text.isascii() and text.isdigit() and 1 <= len(text) <= 7 and 1 <= int(text) <= INSTANCE_AT_MOST:
        return int(text)
    raise UnreadableError(line, f"{what}: {text[:40]!r} is no number of an instance, from 1 to {INSTANCE_AT_MOST:,}")
