"""What happened to what a registry collects: a protocol was adopted, in a stream of the registry's own."""

from __future__ import annotations

import msgspec

from registry.catalogue.protocol import Protocol


class ProtocolAdopted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The registry collects from here on what a protocol says, beside what the catalogue has built in.

    It names no patient. `edition` counts the protocols that the registry adopted, from 1; `protocol` is the whole of
    it, so that nothing else has to be read to know what was collected.
    """

    edition: int
    actor: str
    source: str
    reason: str | None
    protocol: Protocol
