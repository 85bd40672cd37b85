"""Roles on a server: the writer only appends, the reader only reads; each is tried by trying what it may not do."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import make_url

from projections import facts_at
from registry import Registry
from registry.errors import FormatError, RegistryError
from registry.store.roles import roles_sql
from tests import postgres

PASSWORD = "correct-horse"
OWNER_ONLY = (
    "UPDATE events SET payload = NULL, salt = NULL",
    "UPDATE events SET recorded_at = 0",
    "DELETE FROM events",
    "TRUNCATE events",
    "UPDATE freezes SET note = 'x'",
    "DELETE FROM freezes",
    "TRUNCATE freezes",
    "DELETE FROM tracking",
    "INSERT INTO to_overwrite VALUES (1)",
    "UPDATE to_overwrite SET position = 2",
    "DELETE FROM to_overwrite",
    "UPDATE spondyl_schema SET version_num = '9999'",
    "INSERT INTO spondyl_schema VALUES ('9999')",
    "ALTER TABLE events DISABLE TRIGGER events_stay",
    "DROP TRIGGER events_stay ON events",
    "ALTER TABLE events DROP COLUMN salt",
    "DROP TABLE events",
    "CREATE INDEX i ON events (topic)",
    "SET session_replication_role = replica",
)
WRITES = (
    "INSERT INTO events SELECT * FROM events",
    "INSERT INTO freezes VALUES ('f', 0, decode(repeat('00', 32), 'hex'), 0, 'x', NULL)",
    "INSERT INTO tracking VALUES ('x', 1)",
)


@pytest.fixture
def shared(postgres_url: str) -> Iterator[str]:
    """A registry on a server with one patient, a writer called anna and a reader called rita; its owner's URL."""
    with Registry.open(postgres_url) as owner:
        owner.enrol_patient("BAR1-01", enrolled_on="2002-01-14")
    login = f"LOGIN PASSWORD '{PASSWORD}'"
    postgres.execute(
        postgres_url,
        roles_sql(writer="spondyl_writer", reader="spondyl_reader"),
        f"CREATE ROLE anna {login} IN ROLE spondyl_writer",
        f"CREATE ROLE rita {login} IN ROLE spondyl_reader",
    )
    yield postgres_url
    postgres.execute(
        postgres_url,
        "DROP OWNED BY anna, rita, spondyl_writer, spondyl_reader",
        "DROP ROLE anna, rita, spondyl_writer, spondyl_reader",
    )


def as_user(place: str, name: str) -> str:
    return make_url(place).set(username=name, password=PASSWORD).render_as_string(hide_password=False)


def taken(place: str, statements: tuple[str, ...]) -> list[str]:
    """Return the statements that a user is not denied."""
    not_denied = []
    with psycopg.connect(place, autocommit=True) as connection:
        for statement in statements:
            try:
                connection.execute(statement)
            except errors.InsufficientPrivilege:
                continue
            except psycopg.Error:
                pass
            not_denied.append(statement)
    return not_denied


def test_what_is_tried_is_possible_at_all(shared: str) -> None:
    assert taken(shared, OWNER_ONLY[-1:] + WRITES[1:]) == [*OWNER_ONLY[-1:], *WRITES[1:]]


def test_the_writer_records_and_freezes_and_reads(shared: str) -> None:
    with Registry.open(as_user(shared, "anna")) as registry:
        registry.record_visit("BAR1-01", visited_on="2002-06-04", measures={"crp": 3})
        registry.freeze("paper")

        assert facts_at(registry).count("visits") == 1
        assert registry.verify().is_whole


def test_the_writer_can_neither_change_nor_remove_nor_switch_off_what_keeps_the_log(shared: str) -> None:
    assert taken(as_user(shared, "anna"), OWNER_ONLY) == []


def test_the_writer_cannot_freeze_the_past_or_name_it_anew(shared: str) -> None:
    with Registry.open(as_user(shared, "anna")) as registry:
        registry.freeze("paper")
        registry.record_visit("BAR1-01", visited_on="2002-06-04", measures={"crp": 3})

    with psycopg.connect(as_user(shared, "anna"), autocommit=True) as connection:
        for row in ("'past', position, digest", "'paper-2', 1, digest", f"'none', 0, decode('{'00' * 32}', 'hex')"):
            with pytest.raises(errors.IntegrityConstraintViolation, match="has to say what the last event says"):
                connection.execute(
                    f"INSERT INTO freezes SELECT {row}, recorded_at, 'anna', NULL FROM events WHERE position = 1"
                )

    with Registry.open(shared) as owner:
        assert [freeze.name for freeze in owner.freezes()] == ["paper"]
        assert owner.verify().is_whole


def test_the_writer_cannot_erase_and_is_told_so_in_one_line(shared: str) -> None:
    with Registry.open(as_user(shared, "anna")) as registry:
        before = registry.head
        with pytest.raises(RegistryError, match=r"permission denied for table events$") as refusal:
            registry.erase_patient("BAR1-01", reason="Art. 17 GDPR")
        assert registry.head == before
    assert PASSWORD not in str(refusal.value)


def test_the_reader_writes_nothing(shared: str) -> None:
    assert taken(as_user(shared, "rita"), (*OWNER_ONLY, *WRITES, "COPY events FROM STDIN")) == []


def test_the_reader_projects_and_verifies_and_is_told_in_one_line_that_it_records_nothing(shared: str) -> None:
    with Registry.open(as_user(shared, "rita")) as registry:
        assert facts_at(registry).of("patients")["patient"].to_pylist() == ["BAR1-01"]
        assert registry.verify().is_whole
        for attempt in (
            lambda: registry.record_visit("BAR1-01", visited_on="2002-06-04"),
            lambda: registry.freeze("paper"),
        ):
            with pytest.raises(RegistryError, match=r"permission denied for table \w+$"):
                attempt()
        assert registry.head.position == 1


def test_the_owner_erases(shared: str) -> None:
    with Registry.open(shared) as owner:
        assert owner.erase_patient("BAR1-01", reason="Art. 17 GDPR").overwritten


def test_the_roles_can_be_made_again_and_have_no_password(shared: str) -> None:
    statements = roles_sql(writer="spondyl_writer", reader="spondyl_reader")

    postgres.execute(shared, statements)

    assert "PASSWORD" not in statements.upper()


@pytest.mark.parametrize("name", ["Writer", "a b", "x'; DROP TABLE events; --", ""])
def test_a_name_that_would_have_to_be_quoted_is_refused(name: str) -> None:
    with pytest.raises(FormatError, match=r"^reader: .* is not a name of a role"):
        roles_sql(writer="spondyl_writer", reader=name)
