"""The log as typed columns: every version of every fact, decoded once, for any number of points in time.

One Arrow table a kind of fact, one row a version, by patient and position: `position`, `superseded_by` (the position of
the fact's next event; the largest int64 while there is none), `recorded_at` (the recorded clock), `patient`, `fact`,
and the fields of the statement. So a version is the current one at a position K exactly while position ≤ K <
superseded_by. Readings have their grades apart, as byte matrices, and visits what was measured at them, so that neither
is copied with the rows of a table. Nothing here depends on the clinical clock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.coded import Rows, changes, coded, combined, in_order
from projections.grading.grades import Grading, gradings
from projections.grading.timeless import Timeless
from projections.log.decoding import no_events
from projections.log.event_sources import Events, EventsInBlocks, EventsInMemory, EventsOfLog
from projections.log.layouts import EVENT_LAYOUTS, LAYOUTS, RETRACTIONS
from registry.campaigns.states import campaigns_at
from registry.protocol.adopted import catalogue_at, schedule_at
from registry.store.blocks_folder import are_off

if TYPE_CHECKING:
    from uuid import UUID

    from projections.log.block_files import Patients
    from projections.log.blocks import Sealed
    from registry.campaigns.states import CampaignState
    from registry.catalogue.catalogue import Catalogue
    from registry.catalogue.imaging.method import Method
    from registry.protocol.schedule import AskedVisit
    from registry.store.head import Head
    from registry.store.log import EventLog

HISTORY: Final = ["patient", "fact", "position"]
CURRENT: Final = np.iinfo(np.int64).max
GRADES: Final = "grades"
MEASURES: Final = "measures"


class LogColumns:
    """The log up to `head`, in columns.

    `facts` has the versions of each kind of fact by the name of its table, `timeless` what they are whatever the point
    in time; each is made when it is first asked for.
    """

    def __init__(
        self,
        log: EventLog | None,
        head: Head,
        events: Events,
        *,
        patients: Patients | None = None,
        catalogue: Catalogue | None = None,
        schedule: tuple[AskedVisit, ...] | None = None,
        campaigns: Mapping[str, CampaignState] | None = None,
        to_grow: bool = False,
    ) -> None:
        self._log, self._catalogue, self._schedule, self._campaigns = log, catalogue, schedule, campaigns
        self.head = head
        self._events = events
        self._events_of = partial(events.of, patients=patients)
        methods = partial(_methods, log, catalogue, head.position)
        self.facts = _Versions(self._events_of, methods, keeps_grades=to_grow)
        self.timeless = Timeless(self.facts)

    @classmethod
    def read(
        cls, log: EventLog, *, until: int | None = None, patients: Patients | None = None, to_grow: bool = False
    ) -> Self:
        """Read the log up to a position, by default its end, from its blocks and the events after them.

        With `patients` only a range of them; `to_grow` keeps what `extended` needs, the texts of the grades. Events
        whose payload was erased are left out. Raises `UnknownPointError` for a position beyond the end; what is asked
        for raises `NewerLogError` where the log holds an event or a method that this version does not know.
        """
        from projections.log.blocks import sealed_blocks  # Parquet, which one patient's course needs not

        if are_off():
            return cls.anew(log, until=until, patients=patients, to_grow=to_grow)
        head = log.head() if until is None else log.head_at(until)
        return cls(log, head, EventsOfLog(log, head, sealed_blocks(log)), patients=patients, to_grow=to_grow)

    @classmethod
    def anew(
        cls, log: EventLog, *, until: int | None = None, patients: Patients | None = None, to_grow: bool = False
    ) -> Self:
        """Read the log itself up to a position, by default its end, and no blocks that anybody else can write.

        It is decoded into files of this process, so that no more is held at once than of blocks. Raises as `read`, and
        `TemporaryFilesError` where there is no room for these.
        """
        from projections.log.blocks import blocks_anew

        head = log.head() if until is None else log.head_at(until)
        blocks = blocks_anew(log, until=head.position)
        return cls(log, head, EventsOfLog(log, head, blocks), patients=patients, to_grow=to_grow)

    @classmethod
    def decoded(
        cls,
        log: EventLog,
        *,
        until: int | None = None,
        streams: Collection[UUID] | None = None,
        kinds: Collection[str] = tuple(LAYOUTS),
    ) -> Self:
        """Decode the log up to a position, by default its end, whatever blocks there are; or only some streams.

        With `kinds` only facts of these are there, by the names of their tables. It is decoded when facts are first
        asked for. Raises as `read`.
        """
        head = log.head() if until is None else log.head_at(until)
        events = EventsInMemory.decoded(log, after=0, until=head.position, streams=streams, kinds=kinds)
        return cls(log, head, events)

    @classmethod
    def of_blocks(
        cls,
        blocks: Sequence[Sealed],
        head: Head,
        *,
        patients: Patients,
        catalogue: Catalogue,
        schedule: tuple[AskedVisit, ...],
        campaigns: Mapping[str, CampaignState],
    ) -> Self:
        """Read a range of patients from blocks that hold the whole log up to a position: no database is needed.

        `catalogue`, `schedule` and `campaigns` are those of the position.

        What is read later raises `OSError` or an exception of Arrow where a block is gone or damaged.
        """
        events = EventsInBlocks(blocks)
        return cls(None, head, events, patients=patients, catalogue=catalogue, schedule=schedule, campaigns=campaigns)

    def of(self, patients: Patients) -> Self:
        """Return the columns of a range of patients, from what was found and decoded already."""
        return type(self)(
            self._log,
            self.head,
            self._events,
            patients=patients,
            catalogue=self._catalogue,
            schedule=self._schedule,
            campaigns=self._campaigns,
        )

    def with_events(self, kinds: Mapping[str, Sequence[ArrowTable]]) -> Self:
        """Return columns of other events of this log, given in tables by the kind of fact that they are about."""
        events = EventsInMemory(lambda: kinds)
        return type(self)(
            self._log,
            self.head,
            events,
            catalogue=self._catalogue,
            schedule=self._schedule,
            campaigns=self._campaigns,
        )

    def events_about(self, patients: ArrowArray, kinds: Collection[str] = tuple(LAYOUTS)) -> dict[str, ArrowTable]:
        """Return the events about some of the patients, an array of pseudonyms, in a table a kind of fact.

        With `kinds` only of these; retractions are of all.
        """
        by_kind: dict[str, ArrowTable] = {}
        for kind in (*kinds, RETRACTIONS):
            if pieces := self._events_of(kind):
                events = pa.concat_tables(pieces)
                by_kind[kind] = events.filter(pc.is_in(events["patient"], value_set=patients))
        return by_kind

    def events_by_patient(self, *, until: int) -> ArrowTable:
        """Return each `patient` and how many `events` up to a position are about facts of theirs, in any order."""
        pieces = (piece for kind in EVENT_LAYOUTS for piece in self._events.places(kind))
        counts = [_counted(piece.filter(pc.less_equal(piece["position"], until))) for piece in pieces]
        nothing = _counted(pa.table({"patient": pa.array([], pa.string())}))
        summed = pa.concat_tables([nothing, *counts]).group_by("patient").aggregate([("events", "sum")])
        return summed.rename_columns({"events_sum": "events"})

    def catalogue_at(self, position: int) -> Catalogue:
        """Return what could be recorded at a position of the log, and in which words."""
        return self._catalogue or catalogue_at(self.log, position)

    def schedule_at(self, position: int) -> tuple[AskedVisit, ...]:
        """Return which scheduled visits had been adopted at a position of the log, and from when on they ask."""
        return schedule_at(self.log, position) if self._schedule is None else self._schedule

    def campaigns_at(self, position: int) -> Mapping[str, CampaignState]:
        """Return which campaigns had been started at a position of the log, by name."""
        return campaigns_at(self.log, position) if self._campaigns is None else self._campaigns

    @property
    def log(self) -> EventLog:
        """The log that they come from, for what is not kept in memory; columns of blocks alone have none."""
        assert self._log is not None, "these columns were read without a log"
        return self._log

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """The grades of all versions of readings, a method at a time."""
        return self.facts.gradings

    @property
    def measures(self) -> ArrowArray:
        """What was measured at each version of the visits: lists of codes into the texts of all measurements."""
        return self.facts.measures


class _Versions(dict[str, ArrowTable]):
    """Versions by kind, from the events that `events_of` gives, made when they are first asked for.

    Readings are by the `methods` that the log has at the end of the columns; the texts of their grades are let go when
    these stand in matrices, unless it `keeps_grades`.
    """

    def __init__(
        self,
        events_of: Callable[[str], Sequence[ArrowTable]],
        methods: Callable[[], Mapping[str, Method]],
        *,
        keeps_grades: bool = False,
    ) -> None:
        self._events_of = events_of
        self._methods = methods
        self._keeps_grades = keeps_grades

    def __missing__(self, kind: str) -> ArrowTable:
        nothing = no_events(LAYOUTS[kind])
        self.put(kind, versions(pa.concat_tables([nothing, *self._events_of(kind)]), self._retractions_of(kind)))
        return self[kind]

    def put(self, kind: str, made: ArrowTable) -> None:
        """Keep the versions of a kind, their grades and what was measured apart."""
        if GRADES in made.column_names:
            self._grades = made[GRADES].combine_chunks()
            made = made.drop_columns(GRADES)
        if MEASURES in made.column_names:
            self._measures = made[MEASURES].combine_chunks()
            made = made.drop_columns(MEASURES)
        self[kind] = made

    def whole(self, kind: str) -> ArrowTable:
        """Return the versions of a kind with their grades and what was measured, as they are put."""
        made, names = self[kind], _columns_of(kind)
        if GRADES in names:
            made = made.append_column(GRADES, self._grades)
        return made.append_column(MEASURES, self._measures) if MEASURES in names else made

    @cached_property
    def gradings(self) -> tuple[Grading, ...]:
        method = self["readings"]["method"].combine_chunks()
        made = tuple(gradings(method, self._grades, methods=self._methods()))
        if not self._keeps_grades:
            del self._grades  # the matrices hold the same
        return made

    @property
    def measures(self) -> ArrowArray:
        self["visits"]  # which they come with
        return self._measures

    def _retractions_of(self, kind: str) -> ArrowTable:
        return self.retractions.filter(pc.starts_with(self.retractions["fact"], f"{LAYOUTS[kind].kind}/"))

    @cached_property
    def retractions(self) -> ArrowTable:
        """The events that retracted facts of any kind."""
        nothing = no_events(EVENT_LAYOUTS[RETRACTIONS])
        return pa.concat_tables([nothing, *self._events_of(RETRACTIONS)])


def _columns_of(kind: str) -> list[str]:
    """Return the names of the columns that the decoder makes of a kind."""
    names: list[str] = no_events(LAYOUTS[kind]).schema.names
    return names


def _methods(log: EventLog | None, catalogue: Catalogue | None, position: int) -> Mapping[str, Method]:
    """Return the imaging methods of a catalogue, or of that of a log at a position."""
    if catalogue is None:
        assert log is not None, "columns without a log are given the catalogue"
        catalogue = catalogue_at(log, position)
    return catalogue.methods


def _counted(events: ArrowTable) -> ArrowTable:
    counts = events["patient"].value_counts()
    return pa.table({"patient": counts.field("values").cast(pa.string()), "events": counts.field("counts")})


def versions(events: ArrowTable, retractions: ArrowTable) -> ArrowTable:
    """Return the versions among a kind's events, by patient and position, each with the position that superseded it."""
    events = events.combine_chunks()
    place = combined(coded(events["patient"]), events["position"].to_numpy())
    if not (place[1:] > place[:-1]).all():
        events = events.take(pa.array(np.argsort(place))).combine_chunks()
    superseded_by = _superseded_by(events, retractions)
    return events.drop_columns("again").add_column(1, "superseded_by", pa.array(superseded_by))


def _superseded_by(events: ArrowTable, retractions: ArrowTable) -> Rows:
    """Return the position of the next event about each event's fact; only facts that have several are looked at."""
    stated, retracted = events.select(HISTORY), retractions.select(HISTORY)
    followed = pa.concat_tables([stated.filter(events["again"]), retracted])["fact"].unique()
    rows = np.flatnonzero(truth(pc.is_in(stated["fact"], value_set=followed)))
    history = pa.concat_tables([stated.take(pa.array(rows)), retracted])
    rows = np.append(rows, np.full(len(retracted), len(events)))  # the entry after the last is nobody's
    facts, position = combined(_numbers(history["patient"]), _numbers(history["fact"])), history["position"].to_numpy()
    order = in_order(facts, position)
    goes_on = ~changes(facts[order])[1:]
    superseded_by = np.full(len(events) + 1, CURRENT)
    superseded_by[rows[order[:-1][goes_on]]] = position[order[1:][goes_on]]
    return superseded_by[:-1]


def _numbers(texts: ArrowArray) -> npt.NDArray[np.int32]:
    """Return a number for each text, the same for the same text."""
    numbers: npt.NDArray[np.int32] = texts.combine_chunks().dictionary_encode().indices.to_numpy()
    return numbers
