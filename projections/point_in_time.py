"""The facts of a registry at a point in time: as of a clinical day, as known at a place on the recorded clock.

The one place where versions and days are filtered, these by the rules of `clinical_clock`. A version is the current one
by two comparisons of positions; then a fact whose clinical day lies after `as_of` is invisible, and an end after it has
not happened yet.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.clinical_clock import INTERVALS, begun, interval, masked
from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.coded import Rows, day_numbers
from projections.consent import KEEP, check_policy, without_consent
from projections.grading.graded_readings import Readings
from projections.known_at import KnownAt, head_at, known_day
from projections.log.log_columns import LogColumns
from registry.domain.days import instant
from registry.domain.events import stream_of
from registry.errors import UnknownPointError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from projections.log.block_files import Patients
    from registry import Registry
    from registry.campaigns.states import CampaignState
    from registry.catalogue.catalogue import Catalogue
    from registry.protocol.schedule import AskedVisit
    from registry.store.head import Head
    from registry.store.log import EventLog


STUDY_DAYS: Final = {  # kind of fact without a day of its own: the days of studies, and which field names the study
    "assignments": {"performed_on": "study"},
    "readings": {"performed_on": "study"},
    "lesions": {"performed_on": "followup_study", "baseline_on": "baseline_study"},
}

Positions = npt.NDArray[np.int64]
Made = TypeVar("Made")


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
    `as_of` that is no day, `ClinicalDayError` for one after today or after the day, instant or freeze of `known_at`,
    `UnknownCodeError` for another policy.
    """
    check_policy(withdrawn)
    if isinstance(source, LogColumns):
        head = source.head if known_at is None else head_at(source.log, known_at)
        if head.position > source.head.position:
            raise UnknownPointError(f"@{head.position}", f"the columns were read up to @{source.head.position}")
        columns = source
    else:
        head = head_at(source.log, known_at)
        columns = LogColumns.read(source.log, until=head.position)
    return _facts(columns, head, known_day(source.log, as_of, known_at=known_at), withdrawn=withdrawn)


def facts_of(
    registry: Registry,
    patient: str,
    *,
    as_of: date | str | None = None,
    known_at: KnownAt = None,
    withdrawn: str = KEEP,
) -> Facts:
    """Return the facts of one patient, given by pseudonym, at a point in time; only this patient's stream is read.

    They are the patient's rows of `facts_at`. Raises as that does.
    """
    check_policy(withdrawn)
    head = head_at(registry.log, known_at)
    columns = LogColumns.decoded(registry.log, until=head.position, streams=[stream_of(patient)])
    return _facts(columns, head, known_day(registry.log, as_of, known_at=known_at), withdrawn=withdrawn)


def _facts(columns: LogColumns, head: Head, as_of: date | None, *, withdrawn: str) -> Facts:
    recorded_at = None if head.recorded_at is None else instant(head.recorded_at)
    at = PointInTime(as_of, head.position, recorded_at, head.digest)
    return Facts(columns, at, withdrawn=withdrawn)


class Facts:
    """Every fact that is visible at a point in time, in Arrow tables, one a kind; `at` is the point.

    A fact follows its own day; readings follow their study's, verdicts those of both their studies. Partial starts and
    stops of treatments and of conditions count as the middle of the days that they can mean (`partial_days`), others as
    the first; what these count as stands in `started` and `stopped`, days since 1970, FOREVER where no stop was
    recorded, also after `as_of`, EVER_BEFORE where a condition has no start: it is there on every day. The tables are
    by patient and position; projections bring them into their order.
    """

    def __init__(
        self, columns: LogColumns, at: PointInTime, *, withdrawn: str = KEEP, others: ArrowArray | None = None
    ) -> None:
        self.at = at
        self.withdrawn = withdrawn
        self._columns = columns
        self._others = others
        self._facts: dict[str, ArrowTable] = {}
        self._chosen: dict[str, tuple[Rows, ArrowTable]] = {}
        self._made: dict[Hashable, object] = {}

    def __repr__(self) -> str:
        as_of = "on any day" if self.at.as_of is None else f"as of {self.at.as_of}"
        left_out = "" if self.withdrawn == KEEP else f", withdrawn={self.withdrawn!r}"
        return f"<Facts {as_of}, known at @{self.at.position}{left_out}>"

    @property
    def log(self) -> EventLog:
        """The log that the facts come from."""
        return self._columns.log

    def among(self, patients: Patients) -> Facts:
        """Return the facts of a range of patients at the same point in time."""
        return Facts(self._columns.of(patients), self.at, withdrawn=self.withdrawn, others=self._others)

    def anew(self) -> Facts:
        """Return the same facts, of which nothing that was made is kept: it goes when they go."""
        return Facts(self._columns, self.at, withdrawn=self.withdrawn, others=self._others)

    def of_centre(self, centre: str) -> Facts:
        """Return the facts of the patients whom a centre enrolled, at the same point in time, and of nobody else."""
        enrolled = self.of("patients")
        own = enrolled.filter(pc.fill_null(pc.equal(enrolled["centre"], centre), False))["patient"]
        everybody = self._columns.facts["patients"]["patient"].combine_chunks()
        others = everybody.filter(pc.invert(pc.is_in(everybody, value_set=own.combine_chunks()))).unique()
        return Facts(self._columns, self.at, withdrawn=self.withdrawn, others=others)

    def without(self, patients: ArrowArray) -> Facts:
        """Return the facts of all but some patients, an array of pseudonyms, at the same point in time."""
        others = patients if self._others is None else pa.concat_arrays([self._others, patients])
        return Facts(self._columns, self.at, withdrawn=self.withdrawn, others=others)

    def with_events(self, kinds: Mapping[str, Sequence[ArrowTable]]) -> Facts:
        """Return the facts that other events of the log state, at the same point in time; tables by kind of fact."""
        return Facts(self._columns.with_events(kinds), self.at, withdrawn=self.withdrawn, others=self._others)

    def events_about(self, patients: ArrowArray) -> dict[str, ArrowTable]:
        """Return all events about some of the patients, an array of pseudonyms, in a table a kind of fact."""
        return self._columns.events_about(patients)

    def events_by_patient(self) -> ArrowTable:
        """Return each `patient` and how many `events` known at the point are about facts of theirs, in any order.

        They count whether or not the facts are visible.
        """
        return self._columns.events_by_patient(until=self.at.position)

    def of(self, name: str) -> ArrowTable:
        """Return the visible facts of one kind, by the name of its table: `patients`, `visits`, … `lesions`."""
        if name not in self._facts:
            self._facts[name] = self._stated(name, self._rows(name))
        return self._facts[name]

    def known(self, name: str) -> ArrowTable:
        """Return the facts of one kind that were known, whatever their day: also what lies after `as_of`."""
        if f"known {name}" not in self._facts:
            self._facts[f"known {name}"] = self._versions(name, self._included(name, self._current(name)))
        return self._facts[f"known {name}"]

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returned when it was first asked for by this key; it is kept as long as the facts are."""
        if key not in self._made:
            self._made[key] = make()
        return cast("Made", self._made[key])

    @property
    def measures(self) -> ArrowArray:
        """What was measured at each of the visible visits: lists of codes into the texts of all measurements."""
        lists, rows = self._columns.measures, self._rows("visits")
        return lists if len(rows) == len(lists) else lists.take(pa.array(rows))

    @cached_property
    def catalogue(self) -> Catalogue:
        """What could be recorded at the point's position of the log, and in which words."""
        return self._columns.catalogue_at(self.at.position)

    @cached_property
    def schedule(self) -> tuple[AskedVisit, ...]:
        """The scheduled visits adopted up to the point's position of the log, and from when on they ask."""
        return self._columns.schedule_at(self.at.position)

    @cached_property
    def campaigns(self) -> Mapping[str, CampaignState]:
        """The reading campaigns that were started up to the point's position of the log, by name."""
        return self._columns.campaigns_at(self.at.position)

    @property
    def today(self) -> date:
        """The day of the point: `as_of`, else the day (UTC) on which the last event that was known was recorded.

        Of an empty log it is the first day of all.
        """
        if self.at.as_of is not None:
            return self.at.as_of
        return date.min if self.at.recorded_at is None else self.at.recorded_at.date()

    def earlier(self, name: str) -> ArrowTable:
        """Return the versions of the facts of one kind that others had superseded by the point in time."""
        versions = self._columns.facts[name]
        return versions.filter(pa.array(versions["superseded_by"].to_numpy() <= self.at.position))

    def versions(self, name: str) -> ArrowTable:
        """Return all versions of the facts of one kind that were recorded up to the point in time, whosever they are.

        They are by patient and position; `superseded_by` may lie after the point.
        """
        return self._columns.facts[name].take(pa.array(self._recorded(name)))

    @property
    def measures_of_versions(self) -> ArrowArray:
        """What was measured at each of the same versions of visits: lists of codes, as `measures` has them."""
        return self._columns.measures.take(pa.array(self._recorded("visits")))

    @cached_property
    def reading_versions(self) -> Readings:
        """The same versions of readings with their grades; the days of their studies are not looked up."""
        rows = self._recorded("readings")
        return Readings(self._columns, rows, np.zeros(len(rows), dtype=np.int32))

    def stated_versions(self, name: str) -> ArrowTable:
        """Return the same versions as `of` has the current ones: those about what had begun, ends after `as_of` masked.

        Patients who are left out have none, nor has who is not enrolled by `as_of`.
        """
        return self._stated(name, self._stated_rows(name))

    @property
    def measures_of_stated_versions(self) -> ArrowArray:
        """What was measured at each of these versions of visits: lists of codes, as `measures` has them."""
        return self._columns.measures.take(pa.array(self._stated_rows("visits")))

    @property
    def retractions(self) -> ArrowTable:
        """The events that retracted facts of any kind up to the point in time, each with its position and instant."""
        found = self._columns.facts.retractions
        return found.filter(pc.less_equal(found["position"], self.at.position))

    def count(self, name: str) -> int:
        """Return the number of visible facts of one kind."""
        return len(self._rows(name))

    @cached_property
    def readings(self) -> Readings:
        """The visible readings in the order of their key, with their grades."""
        rows = self._rows("readings")
        days = day_numbers(self._study_days("readings", rows)["performed_on"])
        return Readings.of(self._columns, rows, days)

    @cached_property
    def excluded(self) -> ArrowArray:
        """The pseudonyms of the patients who are left out: by the policy for withdrawn consent, or of other centres."""
        left_out = [] if self.withdrawn == KEEP else [self.without_consent]
        left_out += [] if self._others is None else [self._others]
        return (
            pa.concat_arrays([each.cast(pa.string()) for each in left_out]) if left_out else pa.array([], pa.string())
        )

    @cached_property
    def without_consent(self) -> ArrowArray:
        """The pseudonyms of the patients who had withdrawn their consent, and had not consented anew since."""
        enrolled = self._stated("patients", self._visible("patients"))
        resumed = self._stated("follow_ups", self._visible("follow_ups"))
        return without_consent(enrolled, resumed)

    def of_strangers(self, patients: ArrowArray) -> npt.NDArray[np.bool_]:
        """Return which of some pseudonyms, an Arrow column, are of patients who are not enrolled by `as_of`."""
        if not len(self._not_enrolled):
            return np.zeros(len(patients), dtype=bool)
        return truth(pc.is_in(patients, value_set=self._not_enrolled))

    @cached_property
    def _not_enrolled(self) -> ArrowArray:
        """The pseudonyms of the patients who were known, and enrolled after `as_of` only or no longer.

        Whose enrolment is retracted has no facts any more, but between two events of the transaction that does both.
        """
        versions = self._columns.facts["patients"]
        known = np.flatnonzero(versions["position"].to_numpy() <= self.at.position)
        everybody = versions["patient"].take(pa.array(known)).combine_chunks()
        enrolled = versions["patient"].take(pa.array(self._visible("patients"))).combine_chunks()
        return everybody.filter(pc.invert(pc.is_in(everybody, value_set=enrolled)))

    def _rows(self, name: str) -> Rows:
        """Return which versions of a kind are visible, but those of the patients who are left out."""
        return self._included(name, self._visible(name))

    def _included(self, name: str, rows: Rows) -> Rows:
        if not len(self.excluded):
            return rows
        patients = self._columns.facts[name]["patient"].take(pa.array(rows))
        return rows[~truth(pc.is_in(patients, value_set=self.excluded))]

    def _stated_rows(self, name: str) -> Rows:
        return self._included(name, self._seen(name, self._recorded(name)))

    def _visible(self, name: str) -> Rows:
        return self._seen(name, self._current(name))

    def _seen(self, name: str, rows: Rows) -> Rows:
        """Return which versions of a kind are about something that had begun, of patients who are enrolled."""
        days = self._study_days(name, rows)
        there = np.ones(len(rows), dtype=bool)
        for performed_on in days.values():
            there &= truth(pc.is_valid(performed_on))
        if self.at.as_of is not None:
            versions = self._columns.facts[name]
            there &= begun(name, versions, rows, as_of=self.at.as_of, study_days=days.values())
        rows = rows[there]
        if name == "patients" or not len(self._not_enrolled):
            return rows
        return rows[~self.of_strangers(self._columns.facts[name]["patient"].take(pa.array(rows)))]

    def _recorded(self, name: str) -> Rows:
        return np.flatnonzero(self._columns.facts[name]["position"].to_numpy() <= self.at.position)

    def _current(self, name: str) -> Rows:
        versions = self._columns.facts[name]
        return current(versions["position"].to_numpy(), versions["superseded_by"].to_numpy(), self.at.position)

    def _stated(self, name: str, rows: Rows) -> ArrowTable:
        """Return what some versions of a kind state; what ended after the point in time goes on."""
        facts = self._versions(name, rows)
        for column, performed_on in self._study_days(name, rows).items():
            facts = facts.append_column(column, performed_on)
        if name in INTERVALS:
            for column, days in interval(name, self._columns.facts[name], rows)._asdict().items():
                facts = facts.append_column(column, pa.array(days))
        return facts if self.at.as_of is None else masked(name, facts, as_of=self.at.as_of)

    def _versions(self, name: str, rows: Rows) -> ArrowTable:
        """Return some versions of a kind; asked for again, they are not copied a second time."""
        if name not in self._chosen or not np.array_equal(self._chosen[name][0], rows):
            versions = self._columns.facts[name]
            self._chosen[name] = (rows, versions if len(rows) == versions.num_rows else versions.take(pa.array(rows)))
        return self._chosen[name][1]

    def _study_days(self, name: str, rows: Rows) -> dict[str, ArrowArray]:
        """Return the days of the studies that facts name; null without a study, and then no such fact is there."""
        return {
            column: self._performed_on.take(self._columns.timeless.studies(name, study).take(pa.array(rows)))
            for column, study in STUDY_DAYS.get(name, {}).items()
        }

    @cached_property
    def _performed_on(self) -> ArrowArray:
        """The day of each study known at the position, whatever the day, by its number; the latest word counts."""
        rows, numbers = self._current("imaging"), self._columns.timeless.studies("imaging").to_numpy()
        latest = np.full(numbers.max(initial=-1) + 1, -1)
        latest[numbers[rows]] = rows
        days = self._columns.facts["imaging"]["performed_on"].combine_chunks()
        return days.take(pa.array(latest, mask=latest < 0))


def current(position: Positions, superseded_by: Positions, at: int) -> Rows:
    """Return the rows of the versions that are the current ones of their facts at a position of the log."""
    return np.flatnonzero((position <= at) & (superseded_by > at))
