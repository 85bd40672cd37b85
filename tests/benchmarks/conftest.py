"""A scale for tests: a handful of patients, every contender once, all in this process."""

from __future__ import annotations

import pytest

from benchmarks.measuring import here
from benchmarks.records import Scale


@pytest.fixture(scope="session")
def scale(tmp_path_factory: pytest.TempPathFactory) -> Scale:
    """The scale, with a folder for what benchmarks share."""
    return Scale(
        events=2_000, runs=1, few=1, largest=2_000, folder=tmp_path_factory.mktemp("bench") / "2000", apart=here
    )
