"""Registries for the specifications, on a recorded clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry import Registry
from tests.spec import given


@pytest.fixture
def clock() -> given.StandingClock:
    """The recorded clock of `registry`; it can be set."""
    return given.StandingClock()


@pytest.fixture
def registry(sqlite_url: str, clock: given.StandingClock) -> Iterator[Registry]:
    """An empty registry in a file, for what does not depend on the store."""
    with Registry.open(sqlite_url, actor="lindner", clock=clock) as opened:
        yield opened


@pytest.fixture
def enrolled(registry: Registry) -> Registry:
    """A registry with one patient, BAR1-01, enrolled on 14 January 2002."""
    given.enrolled(registry)
    return registry


@pytest.fixture
def scanned(enrolled: Registry) -> Registry:
    """A registry with one patient and the studies MR-0001 of June 2002 and MR-0002 of June 2004."""
    given.two_mris(enrolled)
    return enrolled
