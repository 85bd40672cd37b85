"""Freezes: a name for a position, given once."""

from __future__ import annotations

import pytest

from registry.errors import FormatError, FreezeExistsError
from registry.store.chain import GENESIS
from registry.store.database import Database
from registry.store.freezes import Freeze, Freezes
from registry.store.log import EventLog
from tests.registry.store.recording import ANNA, clock_at, record, visit


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


def test_a_freeze_of_an_empty_log_is_possible(database: Database) -> None:
    freeze = Freezes(database).add("before-all", actor="ines")

    assert (freeze.position, freeze.digest) == (0, GENESIS)


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

    assert [freeze.name for freeze in freezes.all()] == ["zero", "one"]


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
