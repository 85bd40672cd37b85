"""A proof that an event was in a log, checked with nothing but the proof and a hash that was published.

The file is described byte by byte in `docs/log-format.md`; nothing here needs a database.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from registry.domain.texts import is_one_line
from registry.errors import ProofError
from registry.store.chain import chained_topic, commitment, digest
from registry.store.merkle import root_from
from registry.wording import VALUE_AT_MOST, printable

FORMAT: Final = "spondyl-proof/1"
PROOF_AT_MOST: Final = 2**30  # bytes of a file: by the chain, a link for each of some millions of events

Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]  # a position, or the version of an event
Recorded = Annotated[  # recorded clock, µs UTC: from the first instant of the year 1 to the last of 9999
    int, msgspec.Meta(ge=-62_135_596_800_000_000, le=253_402_300_799_999_999)
]


class ProvedEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The event as it stands in the log, and the digest before it; hashes and salt in hexadecimal."""

    position: Number
    stream: UUID
    version: Number
    topic: str
    event_version: Number
    recorded_at: Recorded
    payload: str
    salt: str
    previous: str


class ProvedLog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The end of the log that the event is shown to be in; `freeze` is its name where it has one."""

    position: Number
    digest: str
    root: str | None = None
    freeze: str | None = None


class Link(msgspec.Struct, frozen=True, array_like=True):
    """What the chain needs of an event after the proved one; `topic` has its version, the commitment is hexadecimal."""

    stream: UUID
    version: Number
    topic: str
    recorded_at: Recorded
    commitment: str


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An event, the end of a log, and how the one leads to the other.

    `tree`: by `path` to the root, as the last digest is by `head_path`. `chain`: by every link of the chain in between,
    to the last digest.
    """

    format: Literal["spondyl-proof/1"]
    event: ProvedEvent
    log: ProvedLog
    path: tuple[str, ...] | None = None
    head_path: tuple[str, ...] | None = None
    links: tuple[Link, ...] | None = None


def read_proof(text: bytes) -> Proof:
    """Return a proof from its file. Raises `ProofError` where it is none, or its event no JSON."""
    try:
        proof = msgspec.json.decode(text, type=Proof)
        msgspec.json.decode(proof.event.payload, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        why = printable(str(error))[:VALUE_AT_MOST]
        raise ProofError(f"the file is no proof of the format {FORMAT}: {why}") from None
    if not (is_one_line(proof.event.topic) and is_one_line(proof.log.freeze or "")):
        raise ProofError("a topic or a freeze in it is not printable text on one line")
    return proof


def check_proof(proof: Proof) -> None:
    """Recompute a proof from the payload to the end of the log.

    What it shows is worth as much as the hash that it ends in: compare the root, or the digest, with the one that was
    published. Raises `ProofError` with the step that does not fit.
    """
    try:
        shown = _digest_of(proof.event)
        head = bytes.fromhex(proof.log.digest)
        if proof.links is None:
            _check_tree(proof, shown, head)
        else:
            _check_chain(proof, shown, head, proof.links)
    except (ValueError, OverflowError) as error:
        raise ProofError("a value is no hash, or no number that an event can have") from error


def _digest_of(event: ProvedEvent) -> bytes:
    return digest(
        bytes.fromhex(event.previous),
        event.position,
        event.stream.bytes,
        event.version,
        topic=chained_topic(event.topic, event.event_version),
        recorded_at=event.recorded_at,
        committed=commitment(bytes.fromhex(event.salt), event.payload.encode()),
    )


def _check_tree(proof: Proof, shown: bytes, head: bytes) -> None:
    size = proof.log.position
    if proof.path is None or proof.head_path is None or proof.log.root is None:
        raise ProofError("it has neither paths to a root nor the links of a chain")
    root = bytes.fromhex(proof.log.root)
    for name, leaf, place, neighbours in (
        ("event", shown, proof.event.position - 1, proof.path),
        ("digest of the log", head, size - 1, proof.head_path),
    ):
        if root_from(leaf, place, size, [bytes.fromhex(neighbour) for neighbour in neighbours]) != root:
            raise ProofError(f"the {name} does not lead to the root: one of them was changed")


def _check_chain(proof: Proof, shown: bytes, head: bytes, links: tuple[Link, ...]) -> None:
    if proof.event.position + len(links) != proof.log.position:
        raise ProofError("links of the chain are missing, or there are too many")
    for position, link in enumerate(links, proof.event.position + 1):
        shown = digest(
            shown,
            position,
            link.stream.bytes,
            link.version,
            topic=link.topic.encode(),
            recorded_at=link.recorded_at,
            committed=bytes.fromhex(link.commitment),
        )
    if shown != head:
        raise ProofError("the event does not lead to the digest of the log: one of them was changed")
