"""What happened in a step of the feed: to whom, what, and at which position last; found from the events themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.feed.change_files import Since
from projections.log.decoding import TABLE_OF_EVENT
from projections.log.layouts import LAYOUTS, RETRACTIONS
from registry.domain.kinds import KINDS
from registry.domain.registry_streams import CAMPAIGNS, PROTOCOLS
from registry.domain.stream_events import ERASURES, REST_ERASURE
from registry.domain.topics import name_of
from registry.store.schema import events

if TYPE_CHECKING:
    from projections.columns.tables import FunctionOf
    from registry.store.log import EventLog

KIND_OF_EVENT: Final = {  # by the event's name: the kind of the fact that it states or withdraws, by its table
    name: kind for name, (kind, _) in TABLE_OF_EVENT.items() if kind != RETRACTIONS
} | {name_of(KINDS[layout.kind].retracted): name for name, layout in LAYOUTS.items()}
WIDE: Final[dict[FunctionOf, tuple[str, ...]]] = {  # events of no patient on which tables depend
    "patient": (),
    "patient and protocol": (*PROTOCOLS.events,),
    "campaign": (*CAMPAIGNS.events,),
}
NONE: Final = pa.table(
    {
        "patient": pa.array([], pa.string()),
        "event": pa.array([], pa.string()),
        "position": pa.array([], pa.int64()),
        "recorded_at": pa.array([], pa.timestamp("us", tz="UTC")),
    }
)
LATEST: Final = [("position", "max"), ("recorded_at", "max")]


class Happened:
    """The last event of each patient and name in a step: `patient` (null for none), `event`, `position`, `recorded_at`.

    Recorded time never decreases with the position.
    """

    def __init__(self, latest: Iterable[ArrowTable]) -> None:
        """Take the `latest_events` of stretches of the step."""
        self._last = _latest(pa.concat_tables([NONE, *latest]))
        self._by_kinds: dict[frozenset[str], frozenset[str]] = {}

    @cached_property
    def of_patients(self) -> ArrowTable:
        """The last event of each patient to whom something happened, by pseudonym."""
        own = self._last.filter(self._last["patient"].is_valid())
        return _renamed(own.group_by("patient", use_threads=False).aggregate(LATEST)).sort_by("patient")

    @property
    def patients(self) -> list[str]:
        """The pseudonyms of whom something happened, in their order."""
        return list(self.of_patients["patient"].to_pylist())

    def patients_of(self, kinds: frozenset[str]) -> frozenset[str]:
        """Return the pseudonyms of whom something happened to facts of some kinds."""
        if kinds not in self._by_kinds:
            names = pa.array([name for name, kind in KIND_OF_EVENT.items() if kind in kinds], pa.string())
            found = self._last.filter(pc.is_in(self._last["event"], value_set=names))["patient"]
            self._by_kinds[kinds] = frozenset(found.drop_null().unique().to_pylist())
        return self._by_kinds[kinds]

    def is_wide(self, function_of: FunctionOf) -> bool:
        """Return whether something happened that is about nobody and moves tables that are such a function."""
        return bool(self._wide(function_of).num_rows)

    def since(self, patients: ArrowArray, function_of: FunctionOf) -> Since:
        """Return from when on rows of some patients are as they are, in a table that is such a function."""
        own = self.of_patients.take(_places(patients, self.of_patients["patient"].combine_chunks()))
        wide = self._wide(function_of)
        if not wide.num_rows:
            return Since(own["position"], own["recorded_at"])
        return Since(*(_at_least(own[name], wide[name]) for name in ("position", "recorded_at")))

    def _wide(self, function_of: FunctionOf) -> ArrowTable:
        return self._last.filter(pc.is_in(self._last["event"], value_set=pa.array(WIDE[function_of], pa.string())))


def latest_events(stretch: ArrowTable) -> ArrowTable:
    """Return the last event of each patient and name among some rows of `events`."""
    return _latest(pa.table([_plain(stretch[name]) for name in NONE.column_names], NONE.column_names))


def assigned(log: EventLog, *, until: int) -> set[str]:
    """Return the patients of whom a study was ever assigned to a reader; every event of the log is looked at."""
    topics = [name for name, kind in KIND_OF_EVENT.items() if kind == "assignments"]
    stretches = log.columns(until=until, topics=topics)
    told = (payload for stretch in stretches for payload in stretch.payload if payload is not None)
    return {msgspec.json.decode(payload, type=_OfPatient).patient for payload in told}


class _OfPatient(msgspec.Struct):
    patient: str


def erasures(log: EventLog, *, after: int, until: int) -> ArrowTable:
    """Return the streams of which something was erased in a step, by position.

    `stream` is the text of the UUID; `remains` whether it is another patient's, who stays, of whom it said something.
    """
    columns = (events.c.position, log.database.stream_bytes, events.c.topic, events.c.recorded_at)
    within = (events.c.position > after, events.c.position <= until, events.c.topic.in_(ERASURES))
    with log.database.reading() as connection:
        found = connection.execute(select(*columns).where(*within).order_by(events.c.position)).all()
    return pa.table(
        {
            "stream": pa.array([_text(stream) for _, stream, _, _ in found], pa.string()),
            "position": pa.array([position for position, _, _, _ in found], pa.int64()),
            "recorded_at": pa.array([at for _, _, _, at in found], pa.int64()).cast(pa.timestamp("us", tz="UTC")),
            "remains": pa.array([topic == REST_ERASURE for _, _, topic, _ in found], pa.bool_()),
        }
    )


def erased_positions(log: EventLog, streams: Collection[UUID]) -> ArrowArray:
    """Return the positions of the events of some streams that have no payload any more."""
    of_streams = log.database.in_streams([stream.bytes for stream in streams])
    statement = select(events.c.position).where(of_streams, events.c.payload.is_(None)).order_by(events.c.position)
    with log.database.reading() as connection:
        return pa.array(connection.execute(statement).scalars().all(), pa.int64())


def _latest(rows: ArrowTable) -> ArrowTable:
    return _renamed(rows.group_by(["patient", "event"], use_threads=False).aggregate(LATEST))


def _renamed(found: ArrowTable) -> ArrowTable:
    return found.rename_columns([name.removesuffix("_max") for name in found.column_names])


def _plain(column: ArrowArray) -> ArrowArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _at_least(own: ArrowArray, wide: ArrowArray) -> ArrowArray:
    """Return for each row the later of its own and the latest of all; where it has none of its own, that."""
    latest = pc.max(wide.cast(pa.int64()))
    return pc.max_element_wise(own.cast(pa.int64()), latest).cast(own.type)


def _places(names: ArrowArray, among: ArrowArray) -> ArrowArray:
    """Return the place of each name among others; each word of names that repeat is looked up once."""
    names = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    if not pa.types.is_dictionary(names.type):
        names = names.dictionary_encode()
    return pc.index_in(names.dictionary, value_set=among).take(names.indices)


def _text(stream: bytes) -> str:
    return str(UUID(bytes=stream))
