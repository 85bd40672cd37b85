"""Exports over Dask: real workers in processes of their own, who give the same files, also when they are killed."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import distributed
import pytest

from projections.errors import SchedulerError
from projections.export import cluster, export
from projections.log.blocks import sealed_blocks
from registry import Registry
from registry.intake import import_batch
from tests.example_cohorts import EXAMPLES
from tests.projections.export.test_export import files, names

pytestmark = [
    pytest.mark.usefixtures("short_ranges"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets of workers that were killed
]


def cluster_of(n: int, *, processes: bool = True) -> Any:
    """Return a scheduler with some workers."""
    return distributed.LocalCluster(
        n_workers=n, threads_per_worker=1, processes=processes, dashboard_address=":0", silence_logs=logging.CRITICAL
    )


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """Two workers, each a process."""
    with cluster_of(2) as found:
        yield found


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry in a file of its own, whose blocks workers read."""
    path = tmp_path_factory.mktemp("cohort") / "registry.db"
    with Registry.create(str(path)) as registry:
        import_batch(registry, EXAMPLES / "baraliakos2013")
        yield registry


def test_workers_write_the_files_of_a_single_machine(cohort: Registry, workers: Any, tmp_path: Path) -> None:
    cohorts = [EXAMPLES / "baraliakos2013.toml"]
    asked: dict[str, Any] = {"as_of": "2004-12-31", "cohorts": cohorts, "history": True}
    export(cohort, tmp_path / "alone", **asked)

    export(cohort, tmp_path / "out", **asked, scheduler=workers.scheduler_address)

    assert files(tmp_path / "out") == files(tmp_path / "alone")
    assert len(list((tmp_path / "out" / "visits").iterdir())) > 2
    assert names(tmp_path) == ["alone", "out"]


def test_when_a_worker_is_killed_the_others_do_its_part(cohort: Registry, workers: Any, tmp_path: Path) -> None:
    export(cohort, tmp_path / "alone")
    with ThreadPoolExecutor(1) as thread:
        was_done = thread.submit(_kill, workers.workers[0].pid, tmp_path / "out")

        export(cohort, tmp_path / "out", scheduler=workers.scheduler_address)

    assert was_done.result() is False
    assert files(tmp_path / "out") == files(tmp_path / "alone")
    assert names(tmp_path) == ["alone", "out"]


def _kill(worker: int, out: Path) -> bool:
    """Kill a worker when the first parts of an export have been written; return whether it was done by then."""
    until = monotonic() + 60
    while not list(out.parent.glob(".spondyl.*/*/part-*")) and monotonic() < until:
        sleep(0.001)
    os.kill(worker, signal.SIGKILL)
    return out.exists()


def test_a_task_that_fails_leaves_nothing_behind(cohort: Registry, workers: Any, tmp_path: Path) -> None:
    for sealed in sealed_blocks(cohort.log, whole=True):
        folder = Path(sealed.folder.path) / sealed.name
        damaged = folder / "visits.measures.parquet"
        damaged.write_bytes(bytes(1000) + damaged.read_bytes()[1000:])

    with pytest.raises(SchedulerError, match=r"cannot export over tcp://.*: a worker failed: "):
        export(cohort, tmp_path / "out", scheduler=workers.scheduler_address)

    assert names(tmp_path) == []
    shutil.rmtree(folder.parent)


def test_a_scheduler_that_is_not_there_is_told(
    cohort: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)

    with pytest.raises(SchedulerError, match=r"cannot export over tcp://127\.0\.0\.1:9: no scheduler answers there"):
        export(cohort, tmp_path / "out", scheduler="tcp://127.0.0.1:9")

    assert names(tmp_path) == []


def test_workers_without_blocks_are_refused(
    cohort: Registry, workers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPONDYL_BLOCKS", "off")

    with pytest.raises(SchedulerError, match="workers read blocks, and SPONDYL_BLOCKS is off"):
        export(cohort, tmp_path / "out", scheduler=workers.scheduler_address)

    assert names(tmp_path) == []


def test_a_worker_of_another_version_is_refused(
    cohort: Registry, workers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "spondyl_version", lambda: "9.9.9")

    with pytest.raises(SchedulerError, match=r"worker tcp://.* has spondyl .*, pyarrow .*; here are 9\.9\.9 and "):
        export(cohort, tmp_path / "out", scheduler=workers.scheduler_address)

    assert names(tmp_path) == []


@pytest.mark.parametrize("elsewhere", ["nothing is there", "another file is there"])
def test_a_folder_that_a_worker_does_not_see_is_refused(
    cohort: Registry, workers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    of_worker = tmp_path / "of-worker"  # what the path means on the worker's machine
    if elsewhere == "another file is there":
        of_worker.write_text("the mark of an earlier export")
    surroundings = cluster._surroundings
    monkeypatch.setattr(cluster, "_surroundings", lambda mark: surroundings(str(of_worker)))
    before = names(tmp_path)

    with pytest.raises(SchedulerError, match=rf"worker tcp://.* does not see {tmp_path}; export to a folder that all "):
        export(cohort, tmp_path / "out", scheduler=workers.scheduler_address)

    assert names(tmp_path) == before


def test_a_scheduler_without_workers_is_told(cohort: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)

    with cluster_of(0, processes=False) as nobody, pytest.raises(SchedulerError, match="no worker has come; start one"):
        export(cohort, tmp_path / "out", scheduler=nobody.scheduler_address)


def test_without_dask_the_extra_is_named(cohort: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(SchedulerError, match=r"the package distributed is missing; install spondyl\[dask\]"):
        export(cohort, tmp_path / "out", scheduler="tcp://127.0.0.1:9")
