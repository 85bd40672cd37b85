"""Which campaigns a registry had at a position of its log, and what had become of each; found by the stream's index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from registry.domain.campaigns import (
    NO_CAMPAIGNS,
    CampaignLocked,
    Campaigns,
    CampaignStarted,
    CampaignUnblinded,
    Running,
)
from registry.domain.registry_streams import CAMPAIGNS
from registry.errors import UnknownCodeError
from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.schema import events

EVENTS_REMEMBERED: Final = 1_000
DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    topic: msgspec.json.Decoder(event) for topic, event in CAMPAIGNS.events.items()
}


class Told(NamedTuple):
    """An event of a campaign: its position in the log, the recorded instant (µs UTC), and what happened."""

    position: int
    recorded_at: int
    event: CampaignStarted | CampaignLocked | CampaignUnblinded


class CampaignState(NamedTuple):
    """What became of a campaign by a position of the log; None for what had not happened."""

    started: Told
    locked: Told | None = None
    unblinded: Told | None = None

    @property
    def name(self) -> str:
        """What the campaign is called."""
        return self.begun.campaign.campaign

    @property
    def begun(self) -> CampaignStarted:
        """The event by which it was started."""
        assert isinstance(self.started.event, CampaignStarted)
        return self.started.event

    @property
    def published_key(self) -> bytes | None:
        """The key where the campaign was unblinded, None before."""
        event = None if self.unblinded is None else self.unblinded.event
        return bytes.fromhex(event.key) if isinstance(event, CampaignUnblinded) else None


def campaigns_at(log: EventLog, position: int | None = None) -> dict[str, CampaignState]:
    """Return the campaigns that were started by a position, by default by the end, by name in their order."""
    return _states(_told(log, position))


def _states(happened: Iterable[Told]) -> dict[str, CampaignState]:
    found: dict[str, CampaignState] = {}
    for told in happened:
        match told.event:
            case CampaignStarted(campaign=campaign):
                found[campaign.campaign] = CampaignState(told)
            case CampaignLocked(campaign=name):
                found[name] = found[name]._replace(locked=told)
            case CampaignUnblinded(campaign=name):
                found[name] = found[name]._replace(unblinded=told)
    return found


def campaign_at(log: EventLog, name: str, position: int | None = None) -> CampaignState:
    """Return one campaign as it was at a position. Raises `UnknownCodeError` where none of that name was started."""
    found = campaigns_at(log, position)
    if name not in found:
        raise UnknownCodeError("campaign", name, found)
    return found[name]


def judging_campaigns(log: EventLog) -> Campaigns:
    """Return the campaigns as readings are judged by them now."""
    told = _told(log, None)
    if not told:
        return NO_CAMPAIGNS
    states = _states(told)
    started = {name: Running(state.begun.campaign, state.locked is not None) for name, state in states.items()}
    return Campaigns(len(told), started)


def version_of_campaigns(database: Database, connection: Connection) -> int:
    """Return the version of the stream of all campaigns; asked inside the write lock."""
    in_stream = database.in_streams([CAMPAIGNS.id.bytes])
    return connection.scalar(select(func.max(events.c.version)).where(in_stream)) or 0


def _told(log: EventLog, position: int | None) -> tuple[Told, ...]:
    """Return what is told of all campaigns up to a position, in order."""
    database = log.database
    columns = (events.c.position, events.c.recorded_at, events.c.topic, database.payload_bytes)
    until = [] if position is None else [events.c.position <= position]
    statement = select(*columns).where(database.in_streams([CAMPAIGNS.id.bytes]), *until)
    with database.reading() as connection:
        return tuple(_read(*row) for row in connection.execute(statement.order_by(events.c.version)))


@lru_cache(EVENTS_REMEMBERED)
def _read(position: int, recorded_at: int, topic: str, payload: bytes) -> Told:
    return Told(position, recorded_at, DECODERS[topic].decode(payload))
