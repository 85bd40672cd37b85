"""Registries to project from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import Registry
from tests.example_cohorts import import_example
from tests.projections.shown import Clock

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def clock() -> Clock:
    """The recorded clock of `registry`."""
    return Clock()


@pytest.fixture
def registry(sqlite_url: str, clock: Clock) -> Iterator[Registry]:
    """A registry in a file with one patient, P-1, enrolled on 14 January 2002."""
    with Registry.open(sqlite_url, actor="lindner", clock=clock) as opened:
        opened.enrol_patient("P-1", enrolled_on="2002-01-14")
        yield opened


@pytest.fixture
def scanned(registry: Registry) -> Registry:
    """A registry with one patient and the spinal studies A of 2002, B of 2004 and C of 2006."""
    for study, performed_on in (("A", "2002-06-03"), ("B", "2004-06-07"), ("C", "2006-06-12")):
        registry.record_study(study, patient="P-1", performed_on=performed_on, modality="MRI", regions="spine")
    return registry


@pytest.fixture(scope="session")
def published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry with the two example cohorts; tests only read it."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("published") / "registry.db")
    with Registry.open(str(path), actor="lindner", clock=Clock()) as opened:
        for cohort in ("baraliakos2013", "anakinra2004"):
            import_example(opened, cohort)
        yield opened
