"""Registries for the tests, each in both stores: a file, and a database on a real server."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from registry.store.database import Database
from registry.store.opening import create_database, open_database
from tests import postgres

STORES = ("sqlite", "postgresql")

settings.register_profile("any machine", deadline=None)  # tests never assert on time
settings.load_profile("any machine")


@pytest.fixture
def in_zone() -> Iterator[Callable[[str], None]]:
    """Move the machine into a time zone, by its name, until the test is over."""
    with pytest.MonkeyPatch.context() as patched:

        def moved(zone: str) -> None:
            patched.setenv("TZ", zone)
            time.tzset()

        yield moved
    time.tzset()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this run."""
    with postgres.running_server() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry in a file, to be copied: quicker than to create one for each test."""
    path = tmp_path_factory.mktemp("template") / "registry.db"
    create_database(path).close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with a registry in it, to be copied."""
    name = postgres.new_database(postgres_server)
    create_database(postgres.url_of(postgres_server, name)).close()
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty registry in a file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'registry.db')}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """An empty registry on a server."""
    name = postgres.new_database(postgres_server, template=postgres_template)
    yield postgres.url_of(postgres_server, name)
    postgres.drop_database(postgres_server, name)


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest) -> str:
    """An empty registry in each of the stores."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    place: str = request.getfixturevalue(fixture)
    return place


@pytest.fixture(params=STORES)
def vacant_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place in each of the stores where no registry has been created yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'vacant.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = postgres.new_database(server)
    yield postgres.url_of(server, name)
    postgres.drop_database(server, name)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty registry in each of the stores, open."""
    opened = open_database(url)
    yield opened
    opened.close()
