"""Freezes: a name for a position, given once."""

from __future__ import annotations

from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError

from registry.domain.events import stream_of
from registry.errors import FormatError, FreezeExistsError
from registry.store.chain import GENESIS
from registry.store.database import Database
from registry.store.freezes import Freeze, Freezes
from registry.store.log import EventLog
from registry.store.verify import verify
from tests.registry.store.recording import ANNA, clock_at, record, run, visit


def test_a_freeze_names_the_end_of_the_log_and_keeps_its_digest(database: Database) -> None:
    record(database, visit(), at=1_000)

    freeze = Freezes(database, clock=clock_at(2_000)).add("report-2024", actor="ines", note="for the steering group")
    record(database, visit(ANNA, 2), at=3_000)

    assert freeze == Freeze(
        name="report-2024",
        position=1,
        digest=EventLog(database).head_at(1).digest,
        recorded_at=2_000,
        actor="ines",
        note="for the steering group",
    )
    assert Freezes(database).find("report-2024") == freeze


def test_a_freeze_is_the_next_event_of_the_log_in_a_stream_that_belongs_to_no_patient(database: Database) -> None:
    record(database, visit(), at=1_000)

    Freezes(database, clock=clock_at(2_000)).add("report-2024", actor="ines", note="for the steering group")
    Freezes(database, clock=clock_at(3_000)).add("paper", actor="joao")

    [told] = EventLog(database).columns(1)
    assert [UUID(bytes=stream) for stream in told.stream] == [UUID("8df3d6ed-3c9a-5e4e-93d7-9843b4de932a")] * 2
    assert (told.position, told.version, told.event_version) == ([2, 3], [1, 2], [1, 1])
    assert (told.topic, told.recorded_at) == (["LogFrozen"] * 2, [2_000, 3_000])
    assert told.payload == [
        '{"name":"report-2024","position":1,"actor":"ines","note":"for the steering group"}',
        '{"name":"paper","position":2,"actor":"joao","note":null}',
    ]
    assert UUID(bytes=told.stream[0]) not in {stream_of("freezes"), stream_of(""), stream_of("paper")}


def test_a_second_freeze_names_the_log_with_the_first_in_it(database: Database) -> None:
    record(database, visit())

    freezes = [Freezes(database).add(name, actor="ines") for name in ("one", "two")]

    assert [freeze.position for freeze in freezes] == [1, 2]
    assert freezes[1].digest == EventLog(database).head_at(2).digest


def test_a_freeze_of_an_empty_log_names_position_0_and_is_its_first_event(database: Database) -> None:
    freeze = Freezes(database).add("before-all", actor="ines")

    assert (freeze.position, freeze.digest) == (0, GENESIS)
    assert [chunk.topic for chunk in EventLog(database).columns()] == [["LogFrozen"]]
    assert verify(EventLog(database)).is_whole


def test_a_freeze_that_is_refused_leaves_neither_a_row_nor_an_event(database: Database) -> None:
    record(database, visit())
    refusing = {
        "sqlite": "BEGIN SELECT RAISE(ABORT, 'not now'); END",
        "postgresql": "FOR EACH ROW EXECUTE FUNCTION spondyl_refuses('not now')",
    }[database.engine.dialect.name]
    run(database, f"CREATE TRIGGER not_now BEFORE INSERT ON freezes {refusing}")

    with pytest.raises(IntegrityError, match="not now"):
        Freezes(database).add("report", actor="ines")

    assert (EventLog(database).head().position, Freezes(database).all()) == (1, [])


def test_a_freeze_is_not_made_before_the_last_event(database: Database) -> None:
    record(database, visit(), at=5_000)

    assert Freezes(database, clock=clock_at(1_000)).add("report", actor="ines").recorded_at == 5_000


def test_a_second_freeze_of_one_name_is_refused_and_the_first_stays(database: Database) -> None:
    record(database, visit())
    first = Freezes(database).add("report", actor="ines")

    with pytest.raises(FreezeExistsError, match="freeze 'report' exists already, at position @1"):
        Freezes(database).add("report", actor="joao")

    assert Freezes(database).all() == [first]


def test_freezes_are_listed_in_the_order_of_their_positions(database: Database) -> None:
    freezes = Freezes(database)
    freezes.add("zero", actor="ines")
    record(database, visit())
    freezes.add("one", actor="ines")

    assert [(freeze.name, freeze.position) for freeze in freezes.all()] == [("zero", 0), ("one", 2)]


def test_a_name_that_was_never_given_is_not_found(database: Database) -> None:
    assert Freezes(database).find("report") is None


@pytest.mark.parametrize("name", ["a", "R2.1_final-v3", "x" * 64])
def test_a_name_is_a_letter_and_then_up_to_63_letters_digits_and_marks(database: Database, name: str) -> None:
    assert Freezes(database).add(name, actor="ines").name == name


@pytest.mark.parametrize(
    "name",
    ["", "x" * 65, "@1", "17", "2013-08-01", "2013-08-01T12:00Z", "20130801T120000Z", "-x", "två", "a b", "a\n", "a/b"],
)
def test_a_name_that_could_be_a_position_or_a_day_is_refused(database: Database, name: str) -> None:
    with pytest.raises(FormatError, match="is not a name of a freeze: a letter, then up to 63 of"):
        Freezes(database).add(name, actor="ines")

    assert Freezes(database).all() == []
