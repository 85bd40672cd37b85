"""A campaign that is read in browsers: pairs of Berlin scores in masked order, by two readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from starlette.testclient import TestClient

from registry import Registry
from registry.campaigns.reader_tokens import ReaderTokens
from registry.campaigns.worklists import Case
from tests.spec.campaigns import NAME, examined, started
from tests.views.readings.page_readers import Reader
from views.readings.application import application
from views.readings.desk import Desk
from views.readings.sessions import ReaderSessions
from views.readings.sittings import Sittings
from views.served.doors import Doors

HOST: Final = "testserver"
FROM_HERE: Final = {"sec-fetch-site": "same-origin"}  # what a browser says of a form of our own page


class Running(NamedTuple):
    """A campaign in a folder: its registry, its key, and how a reader comes to read in it."""

    folder: Path
    registry: Registry
    desk: Desk
    sessions: ReaderSessions
    now: list[float]  # what the stopwatch shows, s

    @property
    def key(self) -> Path:
        return self.folder / "campaign.key"

    def cases(self, reader: str = "R1") -> list[Case]:
        """The list of the custodian of the images."""
        return self.registry.campaign_cases(NAME, reader=reader, key=self.key)

    def client(self, *, secure: bool = False) -> TestClient:
        """A browser that nobody knows."""
        doors = Doors(frozenset([HOST]), None, is_secure=secure)
        app = application(self.desk, self.sessions, doors, sittings=Sittings(clock=lambda: self.now[0]))
        return TestClient(app, headers=FROM_HERE, follow_redirects=True)

    def reader(self, code: str = "R1") -> Reader:
        """A reader who has opened the link that the data manager made."""
        reader = Reader(self.client())
        reader.open(ReaderTokens(self.key, NAME).renew(code))
        return reader


def running(
    folder: Path, *lines: str, examined: Callable[[Registry], None] = examined, **keys: str
) -> Iterator[Running]:
    """A campaign at work, by default of two patients with two MRIs each; keys are those of its file."""
    with Registry.create(str(folder / "cohort.db"), actor="lindner") as registry:
        examined(registry)
        started(registry, folder, *lines, **keys)
        desk = Desk(str(folder / "cohort.db"), NAME, key=folder / "campaign.key")
        yield Running(folder, registry, desk, ReaderSessions(desk.tokens, desk.blinding), [0.0])
        desk.close()


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Running]:
    yield from running(tmp_path)
