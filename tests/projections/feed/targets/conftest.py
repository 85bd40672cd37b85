"""The targets of each kind, each as whoever loads a feed names it, and what other readers find in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projections.feed.targets.opening import open_target
from projections.feed.targets.target import Target
from tests import postgres

IN_SQL = ("duckdb", "postgresql")
KINDS = (*IN_SQL, "delta")


@pytest.fixture(params=KINDS)
def to(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The name of a target of each kind, where nothing is yet."""
    if request.param == "delta":
        yield f"delta:{tmp_path / 'warehouse'}"
        return
    if request.param == "duckdb":
        yield f"duckdb:{tmp_path / 'warehouse.duckdb'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = postgres.new_database(server)
    yield postgres.url_of(server, name)
    postgres.drop_database(server, name)


@pytest.fixture
def opened(to: str) -> Iterator[Callable[[], Target]]:
    """Open the target; it is closed before it is opened again, and at the end."""
    targets: list[Target] = []

    def again() -> Target:
        while targets:
            targets.pop().close()
        targets.append(open_target(to))
        return targets[-1]

    yield again
    while targets:
        targets.pop().close()
