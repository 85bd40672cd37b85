"""The place of a registry as it was typed: no message has a password in it, and a server may have several hosts."""

from __future__ import annotations

import re
import socket
import traceback
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import make_url

from registry import Registry
from registry.errors import NotARegistryError, RegistryError
from registry.store.opening import create_database, database_at, open_database
from registry.store.place_urls import shown_place, url_of

SECRET = "s3cr3t-Q9"
PLACES = [
    f"postgresql://u:{SECRET}@127.0.0.1:1/db",
    f"postgresql://u:{SECRET}@127.0.0.1,127.0.0.2:1/db",
    f"postgresql://u:{SECRET}@127.0.0.1:1,127.0.0.2:2/db?target_session_attrs=read-write",
    f"postgresql://u:{SECRET}@127.0.0.1:1,127.0.0.2:2,:x/db",
    f"postgresql+psycopg://u:{SECRET}@/db?host=127.0.0.1:1&host=127.0.0.2:2",
    f"postgresql://u:{SECRET}@127.0.0.1:99999/db",
    f"postgresql://u:{SECRET}@127.0.0.1:port/db",
    f"postgresql://u:{SECRET}@127.0.0.1:1:2/db",
    f"postgresql://u:{SECRET}@[::1/db",
    f"postgresql://u:{SECRET}%ZZ@127.0.0.1:1/db",
    f"postgresql://u:{SECRET}%00@127.0.0.1:1/db",
    f"postgresql://u:a@{SECRET}@127.0.0.1:1/db",
    f"postgresql://u:a/{SECRET}@127.0.0.1:1/db",
    f"postgresql://u:a?{SECRET}@127.0.0.1:1/db",
    f"postgresql://u:#{SECRET}@127.0.0.1:1/db",
    f"postgresql:///u:{SECRET}@127.0.0.1:1/db",
    f"postgresql://127.0.0.1:1/u:{SECRET}@x",
    f"postgresql:///db?host=u:{SECRET}@127.0.0.1",
    f"postgresql://u@127.0.0.1:1/db?password={SECRET}",
    f"postgresql://u@127.0.0.1:1/db?password={SECRET}&password={SECRET}",
    f"postgresql://u@127.0.0.1:1/db?sslpassword={SECRET}&sslmode=require",
    f"postgresql://u@127.0.0.1:1/db?pasword={SECRET}",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?passfile=/no/such/file&foo=bar",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?service=none",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?connect_timeout=x",
    f"mysql://u:{SECRET}@127.0.0.1/db",
    f" postgresql://u:{SECRET}@127.0.0.1:1/db",
    f"{SECRET}\u00ad://u@127.0.0.1/db",
    f"x;u:{SECRET}@h postgresql://u:{SECRET}@127.0.0.1/db",
    f"postgresql:/u:{SECRET}@127.0.0.1/db",
    f"postgresql//u:{SECRET}@127.0.0.1/db",
    f"postgres:u:{SECRET}@127.0.0.1/db",
    f"PostgreSQL+psycopg:u:{SECRET}@127.0.0.1",
    f"u:{SECRET}@127.0.0.1/db",
    f"host=127.0.0.1 password={SECRET} dbname=x",
    f" password = '{SECRET}' host=127.0.0.1",
    f"user=u password='{SECRET}'",
    f"connect_timeout=3 password={SECRET} host=h",
    f"application_name=a dbname=x password={SECRET}",
    f"//u:{SECRET}@127.0.0.1/db",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?plugin=x",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?row_factory={SECRET}",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?cursor_factory=x",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?prepare_threshold=x",
    f"postgresql://u:{SECRET}@127.0.0.1:1/db?client_encoding=x",
    f"postgresql://u:{SECRET}@127.0.0.1/db?port=x",
    f"postgresql://u:{SECRET}@127.0.0.1/db?port=1&port=2",
    f"postgresql://u:{SECRET}@127.0.0.1/db?sslmode=allow&sslmode=require",
    f"postgresql://u:{SECRET}@127.0.0.1:99999/db",
]


@pytest.mark.parametrize("place", PLACES)
def test_no_error_and_no_traceback_has_the_password_of_a_place(place: str) -> None:
    for opened in (Registry.open, create_database):
        with pytest.raises(RegistryError) as refused:
            opened(place)

        told = [str(refused.value), repr(refused.value), repr(vars(refused.value)), *map(repr, refused.value.args)]
        lines = traceback.format_exception(refused.value)
        own = [line for line in lines if SECRET in line and "opened(place)" not in line]
        assert not any(SECRET in each for each in told)
        assert own == []


def test_a_registry_that_is_open_does_not_tell_its_password(postgres_url: str) -> None:
    url = make_url(postgres_url.replace("postgresql://", "postgresql+psycopg://")).set(password=SECRET)

    with Registry.open(url.render_as_string(hide_password=False), actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")

        assert SECRET not in repr(registry) + registry.place + repr(registry.log.database.engine)
        assert not any(SECRET in (text or "") for chunk in registry.log.columns() for text in chunk.payload)


@pytest.mark.parametrize(
    ("typed", "hosts", "ports"),
    [
        ("postgresql://u@one,other/db", "one,other", None),
        ("postgresql://u@one:5433,other:5434/db", "one,other", "5433,5434"),
        ("postgresql://u@one,other:5434/db?target_session_attrs=read-write", "one,other", ",5434"),
        ("postgresql://u:p%40@[::1]:5433,[::2]/db", "::1,::2", "5433,"),
        ("postgresql://one,other/db", "one,other", None),
    ],
)
def test_hosts_in_a_row_are_read_as_libpq_reads_them(typed: str, hosts: str, ports: str | None) -> None:
    url = url_of(typed)

    assert (url.host, url.port, url.database) == (None, None, "db")
    assert (url.query["host"], url.query.get("port")) == (hosts, ports)


def test_a_place_is_told_with_its_hosts_and_without_user_password_and_options() -> None:
    assert (
        shown_place(url_of("postgresql://u:p@one,other:5434/db?connect_timeout=1")) == "postgresql://one,other:5434/db"
    )
    assert shown_place(url_of("postgresql://u:p@/db?host=one:1&host=other:2")) == "postgresql://one:1,other:2/db"
    assert shown_place(url_of("postgresql://u:p@one:5433/db")) == "postgresql://one:5433/db"
    assert shown_place(url_of("postgresql://u:p@/db?host=/run/pg")) == "postgresql:///run/pg/db"


@pytest.mark.parametrize("several", ["hosts in a row", "options"])
def test_where_one_host_is_dead_the_next_is_asked(postgres_url: str, several: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        info = connection.info
        alive, port, user, database = info.host, info.port, info.user, info.dbname
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = free.getsockname()[1]
    in_a_row = f"127.0.0.1:{dead},{quote(alive, safe='')}:{port}/{database}?target_session_attrs=read-write"
    place = {
        "hosts in a row": f"postgresql://{user}@{in_a_row}",
        "options": f"postgresql+psycopg://{user}@/{database}?host=127.0.0.1:{dead}&host={alive}:{port}",
    }[several]

    with Registry.open(place, actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")

        assert registry.head.position == 1
        assert registry.place == f"postgresql://127.0.0.1:{dead},{alive}:{port}/{database}"


def test_a_file_may_be_named_almost_like_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("postgres.db", "host.db", "a=b.db", "cohort:2024.db", "me@home.db", "password.db", "sqlite.db"):
        create_database(name).close()
        open_database(name).close()

        assert database_at(name).place == name


def test_a_zero_byte_is_in_no_name() -> None:
    with pytest.raises(NotARegistryError, match=re.escape("a zero byte is in its name")):
        database_at("a\0b")
