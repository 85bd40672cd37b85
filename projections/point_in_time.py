"""The facts of a registry at a point in time: as of a clinical day, as known at a place on the recorded clock.

The one place where versions and days are filtered. A version is the current one by two comparisons of positions; then
a fact whose clinical day lies after `as_of` is invisible, and an end after it has not happened yet.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.clinical_days import up_to
from projections.graded_readings import Readings
from projections.known_at import KnownAt, head_at
from projections.layouts import LAYOUTS, Layout
from projections.log_columns import LogColumns
from registry.days import day, instant
from registry.errors import FormatError, UnknownCodeError, UnknownPointError
from registry.events import stream_of
from registry.patient import WITHDRAWN

if TYPE_CHECKING:
    from registry import Registry
    from registry.store.head import Head
    from registry.store.log import EventLog


KEEP: Final = "keep"
POLICIES: Final = (KEEP, "exclude")  # what becomes of patients who withdrew their consent


class PointInTime(NamedTuple):
    """A point in time on both clocks.

    `as_of` is a day on the clinical clock, inclusive, None for no limit; `position` the last event that was known,
    `recorded_at` its instant on the recorded clock (None for an empty log), `digest` what stands for all up to it.
    """

    as_of: date | None
    position: int
    recorded_at: datetime | None
    digest: bytes


def facts_at(
    source: Registry | LogColumns,
    *,
    as_of: date | str | None = None,
    known_at: KnownAt = None,
    withdrawn: str = KEEP,
) -> Facts:
    """Return the facts of a registry at a point in time, by default all that is known now.

    `withdrawn` is what becomes of patients who had withdrawn their consent then: `keep` what was recorded until that
    day, or `exclude` them.

    Give the `LogColumns` of a registry instead of it to ask for many points in time and decode the log once; these end
    where they were read. Raises `UnknownPointError` for a place that the log does not have, `FormatError` for an
    `as_of` that is no day, `UnknownCodeError` for another policy.
    """
    if withdrawn not in POLICIES:
        raise UnknownCodeError("withdrawn", withdrawn, POLICIES, what="policy")
    if isinstance(source, LogColumns):
        head = source.head if known_at is None else head_at(source.log, known_at)
        if head.position > source.head.position:
            raise UnknownPointError(f"@{head.position}", f"the columns were read up to @{source.head.position}")
        columns = source
    else:
        head = head_at(source.log, known_at)
        columns = LogColumns.read(source.log, until=head.position)
    return _facts(columns, head, as_of, withdrawn=withdrawn)


def facts_of(registry: Registry, patient: str, *, as_of: date | str | None = None, known_at: KnownAt = None) -> Facts:
    """Return the facts of one patient, given by pseudonym, at a point in time; only this patient's stream is read.

    They are the patient's rows of `facts_at`. Raises as that does.
    """
    head = head_at(registry.log, known_at)
    return _facts(LogColumns.decoded(registry.log, until=head.position, streams=[stream_of(patient)]), head, as_of)


def _facts(columns: LogColumns, head: Head, as_of: date | str | None, *, withdrawn: str = KEEP) -> Facts:
    recorded_at = None if head.recorded_at is None else instant(head.recorded_at)
    at = PointInTime(_clinical_day(as_of), head.position, recorded_at, head.digest)
    return Facts(columns, at, withdrawn=withdrawn)


class Facts:
    """Every fact that is visible at a point in time, in Arrow tables, one a kind; `at` is the point.

    A fact follows its own day; readings and verdicts follow their (follow-up) study's. Partial days count from the
    first day that they can mean. The tables are by patient and position; projections bring them into their order.
    """

    def __init__(self, columns: LogColumns, at: PointInTime, *, withdrawn: str = KEEP) -> None:
        self.at = at
        self.withdrawn = withdrawn
        self._columns = columns
        self._known: dict[str, Any] = {}

    @property
    def log(self) -> EventLog:
        """The log that the facts come from."""
        return self._columns.log

    def of(self, name: str) -> Any:
        """Return the visible facts of one kind, by the name of its table: `patients`, `visits`, … `lesions`."""
        if name not in self._known:
            visible = self._visible(LAYOUTS[name])
            self._known[name] = visible if self.withdrawn == KEEP else self._without_excluded(visible)
        return self._known[name]

    def count(self, name: str) -> int:
        """Return the number of visible facts of one kind."""
        return int(self.of(name).num_rows)

    @cached_property
    def readings(self) -> Readings:
        """The visible readings in the order of their key, with their grades."""
        visible = self.of("readings")
        return Readings.of(visible, visible["row"].to_numpy(), self._columns.gradings)

    @cached_property
    def excluded(self) -> Any:
        """The pseudonyms of the patients who are left out, as the policy for withdrawn consent says."""
        if self.withdrawn == KEEP:
            return pa.array([], pa.string())
        enrolled = self._visible(LAYOUTS["patients"])
        withdrawn = pc.fill_null(pc.equal(enrolled["follow_up_end_reason"], WITHDRAWN), fill_value=False)
        return enrolled.filter(withdrawn)["patient"].combine_chunks()

    def _without_excluded(self, facts: Any) -> Any:
        return facts.filter(pc.invert(pc.is_in(facts["patient"], value_set=self.excluded)))

    def _visible(self, layout: Layout) -> Any:
        facts = self._current(layout.name)
        if layout.name == "readings":
            facts = self._of_studies(facts, performed_on="study")
        elif layout.name == "lesions":
            facts = self._of_studies(facts, performed_on="followup_study", baseline_on="baseline_study")
        if self.at.as_of is None:
            return facts
        facts = facts.filter(up_to(facts[layout.day or "performed_on"], self.at.as_of))
        for end, with_it in layout.masked.items():
            facts = _masked(facts, end, with_it, self.at.as_of)
        return facts

    def _current(self, name: str) -> Any:
        """Return the current version of each fact of a kind at the position, and its `row` among all versions."""
        versions = self._columns.facts[name]
        known = versions["position"].to_numpy() <= self.at.position
        rows = np.flatnonzero(known & (versions["superseded_by"].to_numpy() > self.at.position))
        current = versions if len(rows) == versions.num_rows else versions.take(pa.array(rows))
        return current.append_column("row", pa.array(rows))

    @cached_property
    def _studies(self) -> Any:
        """The studies known at the position, whatever the day, the latest first."""
        studies = self._current("imaging")
        return studies.take(pa.array(np.arange(studies.num_rows)[::-1]))

    def _of_studies(self, facts: Any, **days: str) -> Any:
        """Return facts with the days of the studies that they name; without its studies no such fact is there."""
        known = _named(self._studies, "study")
        for name, study in days.items():
            rows = pc.index_in(_named(facts, study), value_set=known)
            facts = facts.append_column(name, self._studies["performed_on"].take(rows))
        for name in days:
            facts = facts.filter(pc.is_valid(facts[name]))
        return facts


def _clinical_day(as_of: date | str | None) -> date | None:
    if isinstance(as_of, datetime):
        return as_of.date()
    if not isinstance(as_of, str):
        return as_of
    found = day(as_of)
    if found is None:
        raise FormatError("as_of", as_of, "a day of the calendar; write YYYY-MM-DD")
    return found


def _named(facts: Any, study: str) -> Any:
    """Return a text for each row that names the patient and a study: a code may have been another patient's before."""
    return pc.binary_join_element_wise(facts["patient"], facts[study], "/").combine_chunks()


def _masked(facts: Any, end: str, with_it: tuple[str, ...], as_of: date) -> Any:
    """Return facts with a day after `as_of`, and what goes with it, as not known yet."""
    happened = pc.or_(pc.is_null(facts[end]), up_to(facts[end], as_of))
    if pc.all(happened).as_py() is not False:
        return facts
    for name in (end, *with_it):
        place = facts.column_names.index(name)
        facts = facts.set_column(place, name, pc.if_else(happened, facts[name], None))
    return facts
