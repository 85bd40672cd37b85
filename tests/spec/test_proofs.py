"""Proofs: somebody without the database can be shown that a fact was in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import pytest

from registry import Registry
from registry.audit.proof import check_proof, read_proof
from registry.errors import ErasedPatientError, ProofError, UnknownFactError, UnknownPointError
from tests.spec import given

VISIT = "visit/BAR1-01/2002-06-04/baseline"


@pytest.fixture
def frozen(url: str, clock: given.StandingClock) -> Iterator[Registry]:
    """A registry, on each store, with a freeze after eight events and a correction since."""
    with Registry.open(url, actor="lindner", clock=clock) as registry:
        given.enrolled(registry)
        given.two_mris(registry)
        given.visited(registry, crp="17.31")
        given.berlin(registry)
        given.infliximab(registry)
        registry.amend(VISIT, {"crp": "17.3"}, reason="né à Gand: read again")
        given.berlin(registry, study="MR-0002")
        registry.freeze("paper")
        registry.amend(VISIT, {"crp": "17"}, reason="rounded")
        yield registry


def plain(registry: Registry, **asked: Any) -> dict[str, Any]:
    """Return a proof of the visit at the freeze, as it stands in a file."""
    written: dict[str, Any] = json.loads(msgspec.json.encode(registry.prove(VISIT, at=8, **asked)))
    return written


@pytest.mark.parametrize("by_chain", [False, True])
def test_the_last_event_of_a_fact_at_the_freeze_is_proved(frozen: Registry, by_chain: bool) -> None:
    proof = frozen.prove(VISIT, at=8, freeze="paper", by_chain=by_chain)

    check_proof(proof)
    assert read_proof(msgspec.json.encode(proof)) == proof
    assert (proof.event.position, proof.event.topic, proof.log.position) == (7, "VisitAmended", 8)
    assert json.loads(proof.event.payload)["statement"]["measures"][0]["value"] == "17.3"
    assert (proof.log.digest, proof.log.freeze) == (frozen.log.head_at(8).digest.hex(), "paper")
    assert proof.log.root == (None if by_chain else frozen.root(8).hex())


@pytest.mark.parametrize("position", range(1, 10))
def test_every_event_of_a_log_is_proved_at_every_end(frozen: Registry, position: int) -> None:
    for end in range(position, 10):
        for by_chain in (False, True):
            check_proof(frozen.prove(f"@{position}", at=end, by_chain=by_chain))


def test_a_proof_is_checked_by_a_few_lines_that_know_only_the_documentation(frozen: Registry) -> None:
    proof = plain(frozen)
    event, log = proof["event"], proof["log"]

    commitment = sha256(bytes.fromhex(event["salt"]) + event["payload"].encode()).digest()
    topic = f"{event['topic']}/{event['event_version']}".encode()
    node = sha256(
        bytes.fromhex(event["previous"])
        + event["position"].to_bytes(8, "big")
        + UUID(event["stream"]).bytes
        + event["version"].to_bytes(8, "big")
        + len(topic).to_bytes(4, "big")
        + topic
        + event["recorded_at"].to_bytes(8, "big", signed=True)
        + commitment
    ).digest()
    place, last = event["position"] - 1, log["position"] - 1
    neighbours = [bytes.fromhex(each) for each in proof["path"]]
    while last:
        if place % 2:
            node = sha256(b"\x01" + neighbours.pop(0) + node).digest()
        elif place < last:
            node = sha256(b"\x01" + node + neighbours.pop(0)).digest()
        place, last = place // 2, last // 2

    assert node.hex() == log["root"] == frozen.root(8).hex()


def changes(proof: Any) -> Iterator[Any]:
    """Yield a proof with each of its values changed, one at a time."""
    for part in ("event", "log"):
        for name, value in proof[part].items():
            if isinstance(value, int):
                yield {**proof, part: {**proof[part], name: value + 1}}
            elif name not in ("freeze",):
                other = ("0" if value[0] != "0" else "1") + value[1:]
                yield {**proof, part: {**proof[part], name: other}}
    for part in {"path", "head_path", "links"} & proof.keys():
        yield {**proof, part: proof[part][:-1]}
        if part != "links":
            yield {**proof, part: ["0" * 64, *proof[part][1:]]}


@pytest.mark.parametrize("by_chain", [False, True])
def test_a_proof_in_which_anything_is_changed_does_not_hold(frozen: Registry, by_chain: bool) -> None:
    tried = 0
    for changed in changes(plain(frozen, by_chain=by_chain)):
        with pytest.raises(ProofError, match=r"^the proof does not hold: "):
            check_proof(read_proof(json.dumps(changed).encode()))
        tried += 1

    assert tried >= 11


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b'{"format":"spondyl-proof/2"}', b"[]"])
def test_a_file_that_is_no_proof_is_told(text: bytes) -> None:
    with pytest.raises(ProofError, match=r"^the proof does not hold: the file is no proof of the format"):
        read_proof(text)


@pytest.mark.parametrize("number", [-1, 0, 2**63, 2**64, 10**400])
@pytest.mark.parametrize(
    "field", [("event", "position"), ("event", "version"), ("event", "event_version"), ("log", "position")]
)
def test_a_number_that_no_event_can_have_is_refused_with_its_place(
    frozen: Registry, field: tuple[str, str], number: int
) -> None:
    proof = plain(frozen)
    proof[field[0]][field[1]] = number

    with pytest.raises(ProofError, match=rf"`\$\.{field[0]}\.{field[1]}`$|out of range"):
        read_proof(json.dumps(proof).encode())


@pytest.mark.parametrize("instant", [-(2**63), 2**63 - 1, 253_402_300_800_000_000])
def test_an_instant_on_no_calendar_is_refused(frozen: Registry, instant: int) -> None:
    proof = plain(frozen)
    proof["event"]["recorded_at"] = instant

    with pytest.raises(ProofError, match=r"`\$\.event\.recorded_at`$"):
        read_proof(json.dumps(proof).encode())


@pytest.mark.parametrize("payload", ["", "no JSON", "[1]", "[" * 100_000, '{"a": ' * 100_000, '{"a":1} {}'])
def test_an_event_that_is_no_json_is_no_event(frozen: Registry, payload: str) -> None:
    proof = plain(frozen)
    proof["event"]["payload"] = payload

    with pytest.raises(ProofError, match="the file is no proof of the format spondyl-proof/1: "):
        read_proof(json.dumps(proof).encode())


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b'{"format":' * 100_000, b'{"format":"spondyl-proof/1","event":' + b"[" * 100_000]
)
def test_a_file_without_end_of_brackets_is_no_proof(text: bytes) -> None:
    with pytest.raises(ProofError, match="the file is no proof of the format spondyl-proof/1: "):
        read_proof(text)


def test_a_damaged_log_gives_no_proof(frozen: Registry) -> None:
    from tests.registry.store.recording import run_without_triggers

    run_without_triggers(frozen.log.database, "UPDATE events SET payload = '{}' WHERE position = 4")

    with pytest.raises(ProofError, match="the event does not lead to the root"):
        frozen.prove("@4")


def test_what_was_not_recorded_then_cannot_be_proved(frozen: Registry) -> None:
    with pytest.raises(UnknownFactError, match=r"^visit/BAR1-01/2002-06-04/baseline is not recorded"):
        frozen.prove(VISIT, at=3)
    with pytest.raises(UnknownPointError, match=r"^event '@9': the log goes from @1 to @8 there$"):
        frozen.prove("@9", at=8)


def test_an_erased_fact_cannot_be_proved_any_more_and_the_root_stays(frozen: Registry) -> None:
    before, proof = frozen.root(8), frozen.prove(VISIT, at=8)
    frozen.erase_patient(given.PATIENT, reason="Art. 17 GDPR")

    for asked in (VISIT, "@4"):
        with pytest.raises(ErasedPatientError, match=r"^patient: this patient was erased"):
            frozen.prove(asked, at=8)
    assert frozen.root(8) == before
    check_proof(proof)


@pytest.mark.parametrize("at_once", [1, 2, 4, 8])
def test_the_root_does_not_depend_on_how_many_digests_are_read_at_once(
    frozen: Registry, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    whole = [frozen.root(position) for position in range(frozen.head.position + 1)]
    monkeypatch.setattr("registry.audit.prove.DIGESTS_AT_ONCE", at_once)

    assert [frozen.root(position) for position in range(frozen.head.position + 1)] == whole
