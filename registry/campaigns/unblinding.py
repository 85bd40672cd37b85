"""The end of a campaign's blinding: its key is published in the log, once it is locked."""

from __future__ import annotations

from pathlib import Path

from registry.campaigns.keys import key_file, read_key
from registry.campaigns.states import CampaignState, campaign_at
from registry.domain.campaigns import CampaignUnblinded
from registry.domain.notes import Note
from registry.domain.registry_streams import CAMPAIGNS
from registry.errors import CampaignStateError, MissingValueError
from registry.store.log import EventLog
from registry.store.registry_events import append_event


def unblind(log: EventLog, name: str, note: Note, *, key: Path | None = None) -> CampaignState:
    """Publish the key of a locked campaign, and return what it is since; one that is unblinded is left alone.

    `key` is the file of the key, by default where it is made. Raises `UnknownCodeError` where no campaign has the name,
    `CampaignStateError` where it is not locked, `MissingValueError` without a reason, and `CampaignKeyError`.
    """
    if note.reason is None:
        raise MissingValueError("why", "the reason for which it is unblinded")
    state = campaign_at(log, name)
    if state.locked is None:
        raise CampaignStateError(name, "is not locked; lock it first, so that nobody reads on who knows")
    if state.unblinded is not None:
        return state
    published = key_of(state, key)
    with log.database.appending() as (connection, _):
        if campaign_at(log, name).unblinded is None:
            told = CampaignUnblinded(
                campaign=name, key=published.hex(), actor=note.actor, source=note.source, reason=note.reason
            )
            append_event(log.database, connection, CAMPAIGNS, told, now=log.clock())
    return campaign_at(log, name)


def key_of(state: CampaignState, file: Path | None = None) -> bytes:
    """Return the key of a campaign: the published one, else that of its file. Raises `CampaignKeyError`."""
    if state.published_key is not None:
        return state.published_key
    return read_key(file or key_file(state.name), state.name, sha256=state.begun.key_sha256)
