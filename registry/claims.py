"""What is asked of decided events before they are stored: whose their studies are, and whether a campaign has a say."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import Final, NamedTuple, Protocol
from uuid import UUID

import msgspec

from registry.domain.events import StudyAmended, StudyRecorded, StudyRetracted
from registry.domain.kinds import KINDS
from registry.domain.references import reference
from registry.domain.topics import TOPIC_OF
from registry.errors import AlreadyRecordedError
from registry.store.event_rows import EncodedEvent

GIVING_UP: Final = TOPIC_OF[StudyRetracted]
CLAIMING: Final = {TOPIC_OF[StudyRecorded], TOPIC_OF[StudyAmended]}
IN_CAMPAIGNS: Final = {  # topics of what may belong to a campaign
    TOPIC_OF[event] for kind in ("assignment", "reading", "lesion") for event in KINDS[kind].events
}


class Decided(Sized, Iterable[EncodedEvent], Protocol):
    """Events that were decided, which can be gone through more than once."""


class Whose(msgspec.Struct):
    """As much of an event as says of whose fact it is."""

    patient: str
    fact: str


class Claimed(msgspec.Struct):
    """As much of a study as says its code."""

    study: str


class Claim(msgspec.Struct):
    """As much of an event of a study as says its code."""

    statement: Claimed


CLAIM: Final = msgspec.json.Decoder(Claim)


class Claims(NamedTuple):
    """Whose the studies are that are recorded, by code, and the facts of studies that are withdrawn, by stream.

    `is_of_campaigns` is whether anything among what was decided may belong to a campaign.
    """

    holders: dict[str, UUID]
    given_up: set[tuple[UUID, str]]
    is_of_campaigns: bool


def claims_of(decided: Decided) -> Claims:
    """Return what decided events claim. Raises `AlreadyRecordedError` where two patients claim one study."""
    holders: dict[str, UUID] = {}
    given_up: set[tuple[UUID, str]] = set()
    is_of_campaigns = False
    for each in decided:
        is_of_campaigns |= each.topic in IN_CAMPAIGNS
        if each.topic == GIVING_UP:
            given_up.add((each.originator_id, msgspec.json.decode(each.state, type=Whose).fact))
        elif each.topic in CLAIMING:
            code = CLAIM.decode(each.state).statement.study
            if holders.setdefault(code, each.originator_id) != each.originator_id:
                raise claimed(code)
    return Claims(holders, given_up, is_of_campaigns)


def claimed(code: str) -> AlreadyRecordedError:
    return AlreadyRecordedError(
        reference("imaging", code), mend="another patient has it; retract it there or correct the code"
    )
