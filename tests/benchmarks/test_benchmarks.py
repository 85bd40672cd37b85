"""Every benchmark runs, and spondyl and its alternatives give the same answers."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import append, without_protocol
from benchmarks.__main__ import NAMES
from benchmarks.measuring import ROOT
from benchmarks.records import Benchmark, Found, Scale, read_record
from benchmarks.rendering import section
from benchmarks.running import record_of
from benchmarks.stores import Store, sqlite_places, sqlite_settings
from tests.benchmarks.listed import benchmark

FOLDER = Path(append.__file__).parent
WITH_AN_ENVIRONMENT_OF_ITS_OWN = {"append", "without_protocol"}


def test_every_benchmark_of_the_folder_is_measured_by_make_bench() -> None:
    modules = {path.stem for path in FOLDER.glob("[a-z]*.py")}
    named = {
        name for name in modules if isinstance(getattr(import_module(f"benchmarks.{name}"), "BENCHMARK", 0), tuple)
    }

    assert named == set(NAMES)
    assert {benchmark(name).name for name in NAMES} == set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITH_AN_ENVIRONMENT_OF_ITS_OWN])
def test_a_benchmark_measures_something_of_which_all_gave_the_same_answer(name: str, scale: Scale) -> None:
    record = record_of(benchmark(name), scale)

    assert record.compared
    assert all(each.ours.median > 0 for each in record.compared)


def test_another_checkout_does_the_same_work_and_comes_to_the_same(scale: Scale) -> None:
    found = without_protocol.measured(scale, before=ROOT)

    assert all(each.ours.what.endswith(", now") for each in found.compared)
    assert all(other.what.endswith(", before") for each in found.compared for other in each.others)
    assert [target.limit for target in found.targets] == [0.95] * 4


def test_bulk_appends_keep_what_the_library_keeps(scale: Scale) -> None:
    def measure(scale: Scale) -> Found:
        with sqlite_places() as files:
            return append.measured(scale, ((Store("SQLite", files, sqlite_settings, "eventsourcing.sqlite"),),))

    record = record_of(Benchmark("append", "title", "method", (), measure), scale)

    assert [len(each.others) for each in record.compared] == [1, 1]


def test_a_benchmark_runs_from_the_command_line_with_contenders_in_processes_of_their_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "verify", "--events", "1000", "--cache", str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER.parent, check=True)

    record = read_record(tmp_path / "1000", "verify")
    assert record is not None
    assert record.compared[0].ours.peak is not None
    assert section(record) in done.stdout
    assert "is not written, for there are no records of append, " in done.stderr
