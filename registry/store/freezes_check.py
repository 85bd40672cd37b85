"""Holding freezes against the log, both ways: each row against the event that says so, each such event against its row.

The chain keeps the events; so the rows, by which names are found, can be neither changed nor removed nor added to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import LargeBinary, cast, select, type_coerce
from sqlalchemy.types import NullType

from registry.domain.freezes import FreezesListed, ListedFreeze, LogFrozen
from registry.domain.registry_streams import FREEZES
from registry.store.chain_check import Mismatch
from registry.store.damage import PROBLEMS_AT_MOST
from registry.store.database import Database
from registry.store.freezes import IN_ORDER, Freeze
from registry.store.log import EventLog
from registry.store.schema import events, freezes

NO_FREEZE: Final = "what it says of a freeze cannot be said here"
Fields = dict[str, object]


class FreezeEvent(NamedTuple):
    """An event of the stream of freezes as it stands in the database."""

    position: int
    version: int
    topic: str
    event_version: int
    recorded_at: int
    payload: bytes | None


class Said(NamedTuple):
    """What the row of a freeze has to hold, column by column, by the event at a position."""

    at: int
    fields: Fields


def stored_freezes(database: Database) -> list[Freeze]:
    """Return the rows of freezes as they stand, which in a damaged database may be anything."""
    stored = {column.name: cast(column, LargeBinary) if column is freezes.c.digest else column for column in freezes.c}
    raw = IN_ORDER.with_only_columns(*(type_coerce(each, NullType()).label(name) for name, each in stored.items()))
    with database.reading() as connection:
        return [Freeze(**row) for row in connection.execute(raw).mappings()]


def false_freezes(log: EventLog, rows: Iterable[Freeze]) -> list[Mismatch]:
    """Return what rows of freezes and events say differently, in the order of positions.

    A row of a position after the last of the log is left out: as a witness it says that the end is missing.
    """
    said: dict[str, Said] = {}
    unreadable = list(_said(log.database, said))
    problems = [*unreadable, *_differing(rows, said, log.head().position)]
    return sorted(problems, key=lambda problem: problem.position)[:PROBLEMS_AT_MOST]


def _said(database: Database, said: dict[str, Said]) -> Iterator[Mismatch]:
    """Note what each event says of freezes, by name; yield what it must not say.

    An event that cannot be read says nothing; verification names it for that.
    """
    columns = [events.c[name] for name in FreezeEvent._fields[:-1]]
    statement = select(*columns, database.payload_bytes).where(database.in_streams([FREEZES.id.bytes]))
    with database.reading() as connection:
        found = connection.execute(statement.order_by(events.c.position)).all()
    for event in map(FreezeEvent._make, found):
        try:
            named = _named(event)
        except msgspec.MsgspecError:
            continue
        except ValueError:
            yield Mismatch(event.position, NO_FREEZE)
            continue
        for name, fields in named:
            if name in said:
                yield Mismatch(event.position, f"there is a freeze {name!r} already, by the event @{said[name].at}")
            else:
                said[name] = Said(event.position, fields)


def _named(event: FreezeEvent) -> list[tuple[str, Fields]]:
    """Return the name of each freeze of which an event tells, and what its row has to hold.

    Raises `ValueError` where it tells of none that can be, as one of another position.
    """
    kind = FREEZES.events.get(event.topic) if event.event_version == 1 and event.payload is not None else None
    if kind is LogFrozen:
        frozen = msgspec.json.decode(event.payload or b"", type=LogFrozen)
        if frozen.position == event.position - 1:
            return [(frozen.name, _without_name(frozen) | {"recorded_at": event.recorded_at})]
    if kind is FreezesListed and event.version == 1:
        listed = msgspec.json.decode(event.payload or b"", type=FreezesListed).freezes
        return [(each.name, _without_name(each) | {"digest": bytes.fromhex(each.digest)}) for each in listed]
    raise ValueError


def _without_name(told: LogFrozen | ListedFreeze) -> Fields:
    return {field: value for field, value in msgspec.structs.asdict(told).items() if field != "name"}


def _differing(rows: Iterable[Freeze], said: dict[str, Said], until: int) -> Iterator[Mismatch]:
    """Yield where rows and events differ; of what is `said`, nothing is left that has a row."""
    unsaid: list[Freeze] = []
    for row in rows:
        if (told := said.pop(row.name, None)) is None:
            unsaid.append(row)
        elif others := [field for field, value in told.fields.items() if getattr(row, field) != value]:
            yield Mismatch(told.at, f"the row of freeze {row.name!r} has another {', '.join(others)} than this event")
    for row in unsaid:
        former = next((name for name, told in said.items() if _is_of(told, row)), None)
        if former is not None:
            at = said.pop(former).at
            yield Mismatch(at, f"this event names a freeze {former!r}, and the row of it {row.name!r}: it was renamed")
        elif (at := _place(row.position)) <= until:
            yield Mismatch(at, f"freeze {row.name!r} has a row, and no event says so: it was added or renamed")
    for name, told in said.items():
        yield Mismatch(told.at, f"this event names a freeze {name!r}, which has no row: it was removed or renamed")


def _place(stored: object) -> int:
    return stored if isinstance(stored, int) else 0


def _is_of(told: Said, row: Freeze) -> bool:
    return (told.fields["position"], told.fields["recorded_at"]) == (row.position, row.recorded_at)
