"""The streams of the registry itself, which belong to no patient: what each is called, and which events it has.

Their ids are UUIDs in a namespace of their own, so that no pseudonym reaches them; their events name no patient and no
study. Readers of facts pass over them, and no erasure touches them.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

import msgspec

from registry.domain.batches import BatchRecorded
from registry.domain.campaigns import CampaignLocked, CampaignStarted, CampaignUnblinded
from registry.domain.freezes import FreezesListed, LogFrozen
from registry.domain.protocols import ProtocolAdopted

NAMESPACE: Final = UUID("0d3c1e0a-52a3-5f0b-8f6d-6f1f0a0c7b21")  # another one than that of patients

RegistryEvent = (
    BatchRecorded | LogFrozen | FreezesListed | ProtocolAdopted | CampaignStarted | CampaignLocked | CampaignUnblinded
)


class RegistryStream(msgspec.Struct, frozen=True):
    """A stream of the registry's own: its name, from which its id follows, and its events by topic."""

    name: str
    events: dict[str, type[RegistryEvent]]

    @property
    def id(self) -> UUID:
        """The stream, as the log has it."""
        return uuid5(NAMESPACE, self.name)

    def topic_of(self, event: RegistryEvent) -> str:
        """Return the topic under which the log has an event of this stream."""
        return next(topic for topic, kind in self.events.items() if kind is type(event))


BATCHES: Final = RegistryStream("batches", {"BatchRecorded": BatchRecorded})
FREEZES: Final = RegistryStream("freezes", {"LogFrozen": LogFrozen, "FreezesListed": FreezesListed})
PROTOCOLS: Final = RegistryStream("protocols", {"ProtocolAdopted": ProtocolAdopted})
CAMPAIGNS: Final = RegistryStream(
    "campaigns",
    {
        "CampaignStarted": CampaignStarted,
        "CampaignLocked": CampaignLocked,
        "CampaignUnblinded": CampaignUnblinded,
    },
)
STREAMS: Final = (BATCHES, FREEZES, PROTOCOLS, CAMPAIGNS)
ABOUT_REGISTRY: Final[dict[str, type[RegistryEvent]]] = {  # by topic
    topic: event for stream in STREAMS for topic, event in stream.events.items()
}


def stream_of_event(event: RegistryEvent) -> RegistryStream:
    """Return the stream of the registry's own to which an event belongs."""
    return next(stream for stream in STREAMS if type(event) in stream.events.values())
