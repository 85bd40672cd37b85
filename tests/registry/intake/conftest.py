"""An empty registry on SQLite; what the store promises holds for PostgreSQL too, and is tested there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry import Registry


@pytest.fixture
def registry(sqlite_url: str) -> Iterator[Registry]:
    """An empty registry, and `tester` who records."""
    with Registry.open(sqlite_url, actor="tester") as opened:
        yield opened
