"""Whatever somebody does to the rows of freezes who owns the database, verification finds it and names the freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random

import pytest
from sqlalchemy import insert

import migrations
from registry import Registry
from registry.store.freezes import Freeze, Freezes
from registry.store.opening import database_at
from registry.store.schema import freezes
from registry.store.verify import Verification
from tests.faults.lengths import figure, times
from tests.registry.store.recording import ANNA, record, run, run_without_triggers, visit, without_triggers

TRIES = times(short=60, long=2_000)
BEFORE_FREEZES_WERE_EVENTS = "0003"
WHERE = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

Tampering = Callable[[Random, list[str], int], list[str]]  # of freezes, by name, in a log with so many events


def renamed(dice: Random, names: list[str], events: int) -> list[str]:
    return [f"UPDATE freezes SET name = 'other-{dice.randrange(10**9)}' WHERE name = '{dice.choice(names)}'"]


def moved(dice: Random, names: list[str], events: int) -> list[str]:
    place = dice.randint(1, events)
    digest = f"(SELECT digest FROM events WHERE position = {place})"
    return [f"UPDATE freezes SET position = {place}, digest = {digest} WHERE name = '{dice.choice(names)}'"]


def removed(dice: Random, names: list[str], events: int) -> list[str]:
    return [f"DELETE FROM freezes WHERE name = '{dice.choice(names)}'"]


def added(dice: Random, names: list[str], events: int) -> list[str]:
    row = f"'false-{dice.randrange(10**9)}', position, digest, recorded_at, 'ines', NULL"
    return [f"INSERT INTO freezes SELECT {row} FROM events WHERE position = {dice.randint(1, events)}"]


def exchanged(dice: Random, names: list[str], events: int) -> list[str]:
    one, other = dice.sample(names, 2)
    steps = ((one, "aside"), (other, one), ("aside", other))
    return [f"UPDATE freezes SET name = '{after}' WHERE name = '{before}'" for before, after in steps]


def restated(dice: Random, names: list[str], events: int) -> list[str]:
    digest = f"digest = (SELECT digest FROM events WHERE position = {dice.randint(1, events)})"
    said = dice.choice(
        ("actor = 'joao'", "note = 'of another'", "note = NULL", "recorded_at = recorded_at + 1", digest)
    )
    return [f"UPDATE freezes SET {said} WHERE name = '{dice.choice(names)}'"]


TAMPERINGS: tuple[Tampering, ...] = (renamed, moved, removed, added, exchanged, restated)


@pytest.fixture
def frozen(vacant_url: str) -> Iterator[Registry]:
    """A registry with freezes of a spondyl that made no events of them and of today's."""
    with closing(database_at(vacant_url)) as database:
        with database.writing() as connection:
            migrations.upgrade(connection, BEFORE_FREEZES_WERE_EVENTS)
        record(database, *(visit(ANNA, version) for version in range(1, 9)))
        for name, position in (("old-a", 3), ("old-b", 3), ("old-c", 8)):
            row = f"'{name}', position, digest, recorded_at, 'lindner', 'as printed'"
            run(database, f"INSERT INTO freezes SELECT {row} FROM events WHERE position = {position}")
    with Registry.create(vacant_url, actor="ines") as registry:
        for number in range(4):
            record(registry.log.database, *(visit(ANNA, 9 + 3 * number + each) for each in range(3)))
            registry.freeze(f"paper-{number}", note="as submitted")
        yield registry


def by_name(registry: Registry) -> dict[str, Freeze]:
    return {freeze.name: freeze for freeze in Freezes(registry.log.database).all()}


def put_back(registry: Registry, rows: dict[str, Freeze]) -> None:
    with without_triggers(registry.log.database) as connection:
        connection.exec_driver_sql("DELETE FROM freezes")
        for row in rows.values():
            connection.execute(insert(freezes).values(**{name: getattr(row, name) for name in row.__struct_fields__}))


def not_named(found: Verification, names: set[str]) -> set[str]:
    return {name for name in names if not any(repr(name) in problem.what for problem in found.problems)}


def test_rows_of_freezes_that_somebody_changed_are_found_and_named(frozen: Registry) -> None:
    dice = Random("freezes")
    assert frozen.verify().is_whole
    changed = 0

    for number in range(TRIES):
        if number % 20 == 19:
            frozen.freeze(f"fresh-{number}")
        before = by_name(frozen)
        for _ in range(dice.randint(1, 3)):
            tampering = dice.choice(TAMPERINGS)
            there = [*by_name(frozen)]
            for statement in tampering(dice, there, frozen.head.position) if len(there) > 1 else ():
                run_without_triggers(frozen.log.database, statement)
        after = by_name(frozen)
        touched = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        changed += bool(touched)

        for since in (None, dice.choice([*after])):
            found = frozen.verify(since=since)
            assert found.is_whole == (not touched)
            assert not_named(found, touched) == set()
        put_back(frozen, before)

    assert frozen.verify().is_whole
    where = WHERE[frozen.log.database.engine.dialect.name]
    figure("rows of freezes changed by hand", where, changed, "each found, and the freeze named")
