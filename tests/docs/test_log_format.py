"""What the description of the log says to writers of verifiers, held against a log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from projections.export import export
from registry import Registry
from registry.domain.registry_streams import STREAMS
from registry.store.schema import freezes
from tests.registry.store.test_chain import LOG_FORMAT
from tests.spec.given import PATIENT

MANUAL = LOG_FORMAT.read_text("utf-8")
SECTION = MANUAL.partition("## The table `freezes`")[2].partition("\n## ")[0]


@pytest.fixture
def registry(sqlite_url: str) -> Iterator[Registry]:
    """An empty registry in a file."""
    with Registry.open(sqlite_url, actor="lindner") as opened:
        yield opened


def version_5(namespace: str, name: str) -> UUID:
    """Return the UUID of a name by the words of RFC 9562, section 5.5."""
    hashed = bytearray(sha1(UUID(namespace).bytes + name.encode(), usedforsecurity=False).digest()[:16])
    hashed[6] = hashed[6] & 0x0F | 0x50
    hashed[8] = hashed[8] & 0x3F | 0x80
    return UUID(bytes=bytes(hashed))


def test_the_columns_of_freezes_are_those_of_the_table() -> None:
    assert re.findall(r"^\| `(\w+)` ", SECTION, re.MULTILINE) == [column.name for column in freezes.columns]


def test_a_stream_follows_from_the_namespace_and_the_pseudonym(registry: Registry) -> None:
    namespace, example = re.findall(r"`([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`", MANUAL)[:2]
    registry.enrol_patient(PATIENT, enrolled_on="2002-01-14")

    [chunk] = registry.log.columns()

    assert UUID(example) == version_5(namespace, "BAR1-01")
    assert [UUID(bytes=stream) for stream in chunk.stream] == [version_5(namespace, PATIENT)]


def test_the_streams_of_the_registry_s_own_follow_from_their_namespace_and_their_names() -> None:
    [namespace] = re.findall(r"names in the namespace `([0-9a-f-]{36})`", MANUAL)
    rows = re.findall(r"^\| `(\w+)` \| `([0-9a-f-]{36})` \| (.+) \|$", MANUAL, re.MULTILINE)

    assert {name: version_5(namespace, name) for name, _, _ in rows} == {name: UUID(own) for name, own, _ in rows}
    described = [(name, UUID(own), re.findall(r"`(\w+)`", topics)) for name, own, topics in rows]
    assert described == [(stream.name, stream.id, list(stream.events)) for stream in STREAMS]


def test_a_link_of_a_proof_is_laid_out_as_described(registry: Registry) -> None:
    fact = registry.enrol_patient(PATIENT, enrolled_on="2002-01-14")
    registry.record_visit(PATIENT, visited_on="2002-02-01")

    proof = msgspec.json.decode(msgspec.json.encode(registry.prove(fact, by_chain=True)))

    [[stream, version, topic, recorded_at, commitment]] = proof["links"]
    assert (stream, version, topic) == (str(UUID(stream)), 2, "VisitRecorded/2")
    assert recorded_at == registry.head.recorded_at
    assert re.fullmatch("[0-9a-f]{64}", commitment)
    assert "root" not in proof["log"]


def test_root_and_digest_of_an_empty_log_are_zeros(registry: Registry, tmp_path: Path) -> None:
    manifest = export(registry, tmp_path / "out", tables=["patients"])

    assert (manifest.root, manifest.known_at.digest) == ("0" * 64, "0" * 64)
