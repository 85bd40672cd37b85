"""The lock of a campaign: what is read in it stays as it is from then on."""

from __future__ import annotations

from registry.campaigns.states import CampaignState, campaign_at
from registry.campaigns.worklists import assigned_cases
from registry.domain.campaigns import CampaignLocked
from registry.domain.notes import Note
from registry.domain.registry_streams import CAMPAIGNS
from registry.errors import CampaignStateError
from registry.store.registry_events import append_event
from registry.streams import PatientStreams


def lock(streams: PatientStreams, name: str, note: Note) -> CampaignState:
    """Lock a campaign, and return what it is since; one that is locked already is left alone.

    Whoever imports readings at the same time is before the lock or after it, and refused then. Raises
    `UnknownCodeError` where no campaign has the name, and `CampaignStateError` where cases are unread and nobody says
    why it is locked all the same.
    """
    log = streams.event_log
    with log.database.appending() as (connection, _):
        state = campaign_at(log, name)
        if state.locked is not None:
            return state
        unread = sum(case.is_open for case in assigned_cases(streams, state))
        if unread and note.reason is None:
            cases = f"{unread:,} unread case{'' if unread == 1 else 's'}"
            raise CampaignStateError(name, f"has {cases}; say why it is locked all the same")
        told = CampaignLocked(campaign=name, unread=unread, actor=note.actor, source=note.source, reason=note.reason)
        append_event(log.database, connection, CAMPAIGNS, told, now=log.clock())
    return campaign_at(log, name)
