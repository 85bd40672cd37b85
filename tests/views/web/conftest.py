"""Registries that are served, and browsers that look at them: one of Starlette's, and the bare wire."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from starlette.testclient import TestClient

from registry import Registry
from tests.example_cohorts import import_example
from views.web.application import application
from views.web.live import Live
from views.web.tokens import Sessions

EXAMPLES: Final = Path(__file__).parents[3] / "examples"
HOST: Final = "testserver"
STARTED: Final = "from spondyl import main; main()"


@pytest.fixture(scope="session")
def baraliakos(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a registry with an example cohort, frozen as `paper`, and a correction after that."""
    place = str(tmp_path_factory.mktemp("served") / "cohort.db")
    with Registry.create(place, actor="lindner") as registry:
        import_example(registry, "baraliakos2013")
        registry.freeze("paper", "the paper of 2013")
        registry.amend("patient/BAR1-01", {"centre": "Herne"}, reason="read again")
    return place


@pytest.fixture(scope="session")
def opened(baraliakos: str) -> Iterator[TestClient]:
    """A client that has opened the registry with the example cohort."""
    live = Live(baraliakos, cohorts=EXAMPLES, patience=60)
    sessions = Sessions()
    with TestClient(application(live, sessions, [HOST])) as client:
        client.get(f"/open?token={sessions.token}")
        yield client
    live.close()


class Served(NamedTuple):
    """A server in a process of its own: its port, and the address that opens it once."""

    port: int
    address: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def served(baraliakos: str) -> Iterator[Served]:
    """`spondyl serve` on the registry with the example cohort, one a module: its token opens one session."""
    arguments = ["--db", baraliakos, "serve", "--port", "0", "--cohorts", str(EXAMPLES)]
    process = subprocess.Popen(
        [sys.executable, "-c", STARTED, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    yield Served(int(address.split(":")[2].split("/")[0]), address, process)
    process.terminate()
    process.communicate(timeout=60)
