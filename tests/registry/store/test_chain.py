"""The chain, byte for byte, held against the description for outsiders and an oracle of a few lines."""

from __future__ import annotations

import hashlib
import re
import struct
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from registry.store.chain import GENESIS, commitment, digest
from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.schema import events
from tests.registry.store.recording import ANNA, BERT, record, visit

LOG_FORMAT = Path(__file__).parents[3] / "docs" / "log-format.md"
DOCUMENTED = re.compile(r"^ +(?:commitment|digest) +([0-9a-f]{64})$", re.MULTILINE)
STREAM = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
RECORDED_AT = 1_714_521_600_000_000
EXAMPLE = (  # salt, version, topic, payload
    (bytes(range(16)), 1, "PatientEnrolled/1", '{"patient":"BAR1-01"}'),
    (bytes(range(16, 32)), 2, "VisitRecorded/1", '{"patient":"BAR1-01","note":"né à Gand"}'),
)


def oracle(previous: bytes, position: int, row: tuple[str, int, str, int, bytes, str]) -> tuple[bytes, bytes]:
    stream, version, topic, recorded_at, salt, payload = row
    committed = hashlib.sha256(salt + payload.encode()).digest()
    text = topic.encode()
    hashed = previous + struct.pack(">Q", position) + bytes.fromhex(stream.replace("-", ""))
    hashed += struct.pack(">Q", version) + struct.pack(">I", len(text)) + text
    hashed += struct.pack(">q", recorded_at) + committed
    return committed, hashlib.sha256(hashed).digest()


def test_the_worked_example_of_the_description_is_what_the_program_computes() -> None:
    documented = re.findall(DOCUMENTED, LOG_FORMAT.read_text("utf-8"))
    computed, previous = [], GENESIS
    for position, (salt, version, topic, payload) in enumerate(EXAMPLE, start=1):
        committed = commitment(salt, payload.encode())
        hashed = {"topic": topic.encode(), "recorded_at": RECORDED_AT, "committed": committed}
        previous = digest(previous, position, UUID(STREAM).bytes, version, **hashed)
        computed += [committed.hex(), previous.hex()]

    assert computed == documented


def test_the_worked_example_is_what_the_description_says_by_itself() -> None:
    documented = re.findall(DOCUMENTED, LOG_FORMAT.read_text("utf-8"))
    computed, previous = [], bytes(32)
    for position, (salt, version, topic, payload) in enumerate(EXAMPLE, start=1):
        committed, previous = oracle(previous, position, (STREAM, version, topic, RECORDED_AT, salt, payload))
        computed += [committed.hex(), previous.hex()]

    assert computed == documented


def test_a_recorded_log_has_the_chain_that_an_outsider_computes(database: Database) -> None:
    record(database, visit(ANNA, 1), visit(BERT, 1, topic="VisitRecorded/2", payload='{"note":"Größe"}'), at=-5)
    record(database, visit(ANNA, 2, payload="{}"), at=7)

    with database.reading() as connection:
        kept_streams = select(events, database.stream_bytes.label("bytes")).order_by(events.c.position)
        rows = connection.execute(kept_streams).all()

    previous = bytes(32)
    for row in rows:
        topic = f"{row.topic}/{row.event_version}"
        kept = (row.bytes.hex(), row.version, topic, row.recorded_at, row.salt, row.payload)
        committed, previous = oracle(previous, row.position, kept)
        assert (row.commitment, row.digest) == (committed, previous)
    assert EventLog(database).head() == (3, 7, previous)


def test_equal_payloads_have_different_commitments(database: Database) -> None:
    record(database, visit(ANNA), visit(BERT))

    with database.reading() as connection:
        first, second = connection.scalars(events.select().with_only_columns(events.c.commitment)).all()

    assert first != second
