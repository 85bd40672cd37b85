"""Verification: the chain recomputed, to show that nothing was changed, removed or put in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from registry.domain.stream_events import ERASURES
from registry.errors import UnknownPointError
from registry.store.chain import GENESIS
from registry.store.chain_check import ChainCheck, Evidence
from registry.store.clock_check import clock_behind
from registry.store.damage import PROBLEMS_AT_MOST, Damage, Inspection
from registry.store.database import BrokenDatabaseError, Database, UnusableDatabaseError
from registry.store.freezes import Freeze
from registry.store.freezes_check import false_freezes, stored_freezes
from registry.store.head import EMPTY, Head
from registry.store.log import EventLog
from registry.store.overwriting import to_be_overwritten
from registry.store.payload_check import PayloadCheck
from registry.store.schema import events

BEFORE_ALL: Final = -(2**63)  # a damaged log can have positions below 1
EVENTS_AT_ONCE: Final = 5_000
STREAM_BYTES: Final = 16


class Witness(msgspec.Struct, frozen=True):
    """Something that says which digest the log had at a position: a freeze, a manifest, a line in a paper."""

    name: str
    position: int
    digest: bytes


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What the log was found to be: `erased` of its `events` have no payload any more; no `problems` is a whole log.

    `problems` of the database itself come first, then those of events in the order of their positions, at most a
    hundred of each, then those of freezes; the witnesses that do not fit come last. `notes` are what somebody added to
    the database without effect, events that this version does not know, erasures that no event announces, as the chain
    holds and nobody wrote down who did it and why, and a machine's clock that lies behind the log. `since` is the
    position up to which a freeze was taken at its word; `events` and `erased` count what comes after it. Of
    `to_overwrite` erased events files may still keep what they said: their erasure was interrupted.
    """

    events: int
    erased: int
    head: Head
    problems: tuple[Damage, ...]
    notes: tuple[Damage, ...] = ()
    since: int = 0
    to_overwrite: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(log: EventLog, *, since: str | None = None, witnesses: Iterable[Witness] = ()) -> Verification:
    """Recompute the chain of a log, read what events say, and hold each freeze and every other witness against it.

    The rows of freezes and the events that say so are held against each other, both ways.
    An event is held against the digest that is stored before it; so each damage is named where it is, and not at all
    events after it. Somebody who can write the database and recomputes all digests after a change is found out by a
    digest kept elsewhere: `witnesses`. With `since`, the name of a freeze, its digest is trusted and only what came
    after it is recomputed. Raises `UnknownPointError` where there is no such freeze.

    The database is held against what the migrations make: tables, columns, constraints, indexes, triggers. Without
    `since`, each index is held against the rows too, and on SQLite each value against the type of its column.
    """
    named = stored_freezes(log.database)
    freezes = [row for row in named if isinstance(row.position, int) and isinstance(row.digest, bytes)]
    start = EMPTY if since is None else _frozen(freezes, since)
    frozen = [Witness(f"freeze {freeze.name!r}", freeze.position, freeze.digest) for freeze in freezes]
    seen = _Witnesses([*frozen, *witnesses])
    chain, payloads = ChainCheck(start), PayloadCheck()
    unreadable: list[Damage] = []
    clock: list[Damage] = []
    inspection = Inspection()
    if since is not None:
        stored = _stored(log, start.position)
        seen.hear_stored(log, start.position)
        chain.head = start._replace(recorded_at=stored.recorded_at if stored else None)
    try:
        for rows in _pages(log, start):
            if since is not None:
                _remember_versions(log.database, chain, rows, start.position)
            chain.check(rows)
            payloads.check(rows)
            seen.hear_those_among(rows)
    except BrokenDatabaseError as error:
        if isinstance(error, UnusableDatabaseError):
            raise
        unreadable.append(Damage(chain.head.position + 1, f"from here on the database cannot be read: {error.why}"))
    else:
        seen.miss_the_rest()
        inspection = log.database.inspected(rows=since is None)
        clock = [*_of_the_clock(log)]
    problems = _by_position(chain, payloads)
    left = list(_left_behind(log.database, chain))
    false = [] if unreadable else [Damage(*each) for each in false_freezes(log, named)]
    return Verification(
        events=chain.events,
        erased=chain.erased,
        head=chain.head,
        problems=(*inspection.problems, *problems, *left, *false, *unreadable, *seen.damage),
        notes=(
            *inspection.notes,
            *payloads.notes(),
            *_unannounced(chain),
            *clock,
        ),
        since=start.position,
        to_overwrite=0 if unreadable else to_be_overwritten(log.database),
    )


def _of_the_clock(log: EventLog) -> Iterator[Damage]:
    if behind := clock_behind(log):
        yield Damage(behind.position, str(behind))


def _by_position(chain: ChainCheck, payloads: PayloadCheck) -> list[Damage]:
    """Return what is wrong with events; a payload that is not the one that was recorded is named once."""
    named = {mismatch.position for mismatch in chain.mismatches}
    unreadable = [damage for damage in payloads.problems if damage.position not in named]
    problems = [*(Damage(*mismatch) for mismatch in chain.mismatches), *unreadable]
    return sorted(problems, key=lambda damage: damage.position or 0)[:PROBLEMS_AT_MOST]


class _Witnesses:
    """The witnesses that have not been heard yet, by position, and what those said that were."""

    def __init__(self, witnesses: Iterable[Witness]) -> None:
        self.damage: list[Damage] = []
        self.waiting: defaultdict[int, list[Witness]] = defaultdict(list)
        for witness in witnesses:
            self.waiting[witness.position].append(witness)
        self.hear(0, GENESIS)

    def hear(self, position: int, stored: bytes | None) -> None:
        """Hold the witnesses of a position against the digest that stands there; None where there is no event."""
        for witness in self.waiting.pop(position, ()):
            if stored is None:
                self._missed(witness)
            elif witness.digest != stored:
                what = f"{witness.name} was made here with another digest: the log was rewritten"
                self.damage.append(Damage(position, what))

    def hear_stored(self, log: EventLog, until: int) -> None:
        """Hold the witnesses up to a position against what stands there, of which nothing is recomputed."""
        heard = sorted(position for position in self.waiting if position <= until)
        stored = log.digests_at(heard)
        for position in heard:
            self.hear(position, bytes.fromhex(stored[position]) if position in stored else None)

    def hear_those_among(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Hold the witnesses of the positions of some rows against the digests that stand there."""
        for position in [position for position in self.waiting if rows[0][0] <= position <= rows[-1][0]]:
            digests = [row[-1] for row in rows if row[0] == position]
            self.hear(position, digests[0] if digests else None)

    def miss_the_rest(self) -> None:
        """Take down the witnesses of positions that the log does not have."""
        for _, witnesses in sorted(self.waiting.items()):
            for witness in witnesses:
                self._missed(witness)

    def _missed(self, witness: Witness) -> None:
        what = f"{witness.name} was made here, and the log has no such event: its end is missing"
        self.damage.append(Damage(witness.position, what))


def _frozen(freezes: Iterable[Freeze], name: str) -> Head:
    by_name = {freeze.name: freeze for freeze in freezes}
    freeze = by_name.get(name)
    if freeze is None:
        raise UnknownPointError(name, "there is no such freeze", by_name, field="from")
    return Head(freeze.position, None, freeze.digest)


def _stored(log: EventLog, position: int) -> Head | None:
    """Return what stands at a position, None where there is no event."""
    if position == 0:
        return EMPTY
    statement = select(events.c.position, events.c.recorded_at, cast(events.c.digest, LargeBinary))
    with log.database.reading() as connection:
        row = connection.execute(statement.where(events.c.position == position)).one_or_none()
    return None if row is None else Head(*row)


def _pages(log: EventLog, start: Head) -> Iterator[Sequence[Any]]:
    """Yield the rows after a position as they stand in the database, without any conversion."""
    database = log.database
    as_bytes: dict[str, ColumnElement[Any]] = {
        "stream": cast(database.stream_bytes, LargeBinary),
        "topic": database.topic_bytes,
        "payload": database.payload_bytes,
    }
    as_bytes |= {name: cast(events.c[name], LargeBinary) for name in ("salt", "commitment", "digest")}
    selected = [type_coerce(as_bytes.get(name, events.c[name]), NullType()) for name in Evidence._fields]
    after = start.position if start.position else BEFORE_ALL
    yield from log.pages(selected, after=after, chunk=EVENTS_AT_ONCE)


def _remember_versions(database: Database, chain: ChainCheck, rows: Sequence[Any], until: int) -> None:
    """Tell the check how far the streams had come that it meets for the first time."""
    new = {row[1] for row in rows} - chain.versions.keys()
    streams = [stream for stream in new if isinstance(stream, bytes) and len(stream) == STREAM_BYTES]
    statement = select(database.stream_bytes, func.max(events.c.version))
    statement = statement.where(database.in_streams(streams), events.c.position <= until)
    with database.reading() as connection:
        last_versions = connection.execute(statement.group_by(events.c.stream)).all()
    chain.versions |= {stream: int(version) for stream, version in last_versions}


def _left_behind(database: Database, chain: ChainCheck) -> Iterator[Damage]:
    """Yield the events of erased patients that still say something, as after a restore of an old backup."""
    if not chain.erasures:
        return
    statement = select(events.c.position).where(
        database.in_streams(chain.erasures), events.c.payload.is_not(None), events.c.topic.not_in(ERASURES)
    )
    with database.reading() as connection:
        positions = connection.scalars(statement.order_by(events.c.position).limit(PROBLEMS_AT_MOST)).all()
    for position in positions:
        yield Damage(position, "the patient was erased, and the payload is still here; erase the patient again")


def _unannounced(chain: ChainCheck) -> Iterator[Damage]:
    positions = sorted(position for of_stream in chain.unannounced.values() for position in of_stream)
    for position in positions[:PROBLEMS_AT_MOST]:
        yield Damage(position, "the payload was erased, and no event says by whom and why")
