"""The log as the read side gets it: columns of a prefix, and positions on the recorded clock."""

from __future__ import annotations

import pytest
from sqlalchemy import LargeBinary, literal, select

from registry.errors import UnknownPointError
from registry.store.chain import GENESIS
from registry.store.database import Database
from registry.store.joined_lines import ERASED, EventLines, PayloadLines, event_lines, payload_lines
from registry.store.log import EventLog
from tests.registry.store.recording import ANNA, BERT, VISIT, record, visit


@pytest.fixture
def log(database: Database) -> EventLog:
    """Five events, recorded at 1000, 1000, 2000, 2000 and 3000 µs."""
    record(database, visit(ANNA, 1), visit(BERT, 1, topic="PatientEnrolled"), at=1_000)
    record(database, visit(ANNA, 2), visit(ANNA, 3, topic="VisitRecorded/2"), at=2_000)
    record(database, visit(BERT, 2, payload='{"note":"Größe"}'), at=3_000)
    return EventLog(database)


def positions(log: EventLog, **asked: object) -> list[list[int]]:
    return [columns.position for columns in log.columns(**asked)]  # type: ignore[arg-type]


def test_an_empty_log_ends_at_position_0(database: Database) -> None:
    log = EventLog(database)

    assert log.head() == (0, None, GENESIS)
    assert log.head_at(0) == (0, None, GENESIS)
    assert log.position_at(9_999) == 0
    assert list(log.columns()) == []


def test_columns_are_parallel_and_in_the_order_of_the_log(log: EventLog) -> None:
    (columns,) = log.columns()

    assert columns.position == [1, 2, 3, 4, 5]
    assert columns.stream == [ANNA.bytes, BERT.bytes, ANNA.bytes, ANNA.bytes, BERT.bytes]
    assert columns.version == [1, 1, 2, 3, 2]
    assert columns.topic == ["VisitRecorded", "PatientEnrolled", "VisitRecorded", "VisitRecorded", "VisitRecorded"]
    assert columns.event_version == [1, 1, 1, 2, 1]
    assert columns.recorded_at == [1_000, 1_000, 2_000, 2_000, 3_000]
    assert columns.payload == [VISIT] * 4 + ['{"note":"Größe"}']
    assert columns.digest[-1] == log.head().digest


def test_columns_come_in_pieces(log: EventLog) -> None:
    assert positions(log, chunk=2) == [[1, 2], [3, 4], [5]]
    assert positions(log, chunk=5) == [[1, 2, 3, 4, 5]]


def test_columns_are_a_prefix_or_any_part_of_it(log: EventLog) -> None:
    assert positions(log, until=3) == [[1, 2, 3]]
    assert positions(log, after=3) == [[4, 5]]
    assert positions(log, after=1, until=2) == [[2]]
    assert positions(log, after=5) == []


def test_columns_are_of_the_topics_and_streams_that_are_asked_for(log: EventLog) -> None:
    assert positions(log, topics=["VisitRecorded"]) == [[1, 3, 4, 5]]
    assert positions(log, streams=[BERT]) == [[2, 5]]
    assert positions(log, topics=["VisitRecorded"], streams=[BERT], chunk=1) == [[5]]
    assert positions(log, topics=[]) == positions(log, streams=[]) == []


def test_what_is_recorded_meanwhile_is_not_read(log: EventLog) -> None:
    pieces = log.columns(chunk=2)

    first = next(pieces)
    record(log.database, visit(BERT, 3))

    assert [first.position, *(piece.position for piece in pieces)] == [[1, 2], [3, 4], [5]]


def test_a_reader_in_the_middle_of_the_log_does_not_make_a_writer_wait(log: EventLog) -> None:
    with log.database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM events").first()

        record(log.database, visit(BERT, 3))

    assert log.head().position == 6


def test_a_writer_does_not_make_a_reader_wait(log: EventLog) -> None:
    with log.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO tracking VALUES ('upstream', 1)")

        assert log.head().position == 5


def test_each_position_has_the_digest_of_all_up_to_it(log: EventLog) -> None:
    (columns,) = log.columns()

    assert log.head_at(3) == (3, 2_000, columns.digest[2])


@pytest.mark.parametrize("position", [-1, 6])
def test_a_position_that_the_log_does_not_have_is_refused(log: EventLog, position: int) -> None:
    with pytest.raises(UnknownPointError, match=f"known_at '@{position}': the log goes from @0 to @5"):
        log.head_at(position)


@pytest.mark.parametrize(
    ("instant", "position"), [(-1, 0), (999, 0), (1_000, 2), (1_999, 2), (2_000, 4), (2_999, 4), (3_000, 5), (9_999, 5)]
)
def test_an_instant_stands_for_the_last_position_recorded_by_then(log: EventLog, instant: int, position: int) -> None:
    assert log.position_at(instant) == position


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of three events, joined two at a time."""
    monkeypatch.setattr("registry.store.joined_lines.EVENTS_AT_ONCE", 3)
    monkeypatch.setattr("registry.store.joined_lines.JOINED_AT_ONCE", 2)


def erase(log: EventLog, position: int) -> None:
    with log.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE events SET payload = NULL, salt = NULL WHERE position = {position}")


@pytest.mark.usefixtures("in_pieces")
def test_whole_events_come_as_lines_a_piece_of_the_log_at_a_time_and_erased_ones_say_nothing(log: EventLog) -> None:
    erase(log, 4)
    (columns,) = log.columns()

    stretches = list(event_lines(log, after=1, until=5))

    def row(first: int, last: int) -> EventLines:
        def lines(values: list[object]) -> bytes:
            return "\n".join(map(str, values[first - 1 : last])).encode()

        payloads = [ERASED if payload is None else payload for payload in columns.payload]
        return EventLines(
            *map(lines, (columns.position, columns.recorded_at, columns.topic, columns.event_version)),
            b"".join(columns.digest[first - 1 : last]),
            lines(payloads),
        )

    assert stretches == [[row(2, 3), row(4, 4)], [row(5, 5)]]


def test_bytes_are_joined_end_to_end_zeros_and_all(database: Database) -> None:
    with database.reading() as connection:
        joined = connection.execute(select(database.joined_bytes(literal(b"\0a\0\xff\n\0", LargeBinary)))).scalar_one()

    assert bytes(joined) == b"\0a\0\xff\n\0"


@pytest.mark.usefixtures("in_pieces")
def test_payloads_come_as_lines_by_topic_a_piece_of_the_log_at_a_time_without_erased_ones(log: EventLog) -> None:
    erase(log, 3)

    stretches = [sorted(stretch) for stretch in payload_lines(log, after=0, until=5)]

    pain, note = VISIT.encode(), '{"note":"Größe"}'.encode()
    assert stretches == [
        [
            PayloadLines("PatientEnrolled", 1, b"2", b"1000", pain),
            PayloadLines("VisitRecorded", 1, b"1", b"1000", pain),
        ],
        [PayloadLines("VisitRecorded", 1, b"5", b"3000", note), PayloadLines("VisitRecorded", 2, b"4", b"2000", pain)],
    ]


@pytest.mark.usefixtures("in_pieces")
def test_payloads_of_some_streams_come_at_once(log: EventLog) -> None:
    ((found,), (other,)) = (payload_lines(log, after=0, until=5, streams=[stream]) for stream in (ANNA, BERT))

    assert [(lines.topic, lines.event_version, sorted(lines.positions.split())) for lines in sorted(found)] == [
        ("VisitRecorded", 1, [b"1", b"3"]),
        ("VisitRecorded", 2, [b"4"]),
    ]
    assert sorted(lines.positions for lines in other) == [b"2", b"5"]


def test_payloads_of_topics_that_are_left_out_are_not_read_but_of_their_other_versions(log: EventLog) -> None:
    (stretch,) = payload_lines(log, after=0, until=5, without=[("VisitRecorded", 1), ("StudyRecorded", 1)])

    assert sorted((lines.topic, lines.event_version, lines.positions) for lines in stretch) == [
        ("PatientEnrolled", 1, b"2"),
        ("VisitRecorded", 2, b"4"),
    ]
