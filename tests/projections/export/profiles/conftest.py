"""A registry of which everything could be told, its release, and the keys of releases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.export import export
from projections.export.manifest import Choices
from projections.export.profiles.known import profile
from registry import Registry
from tests.projections.export.conftest import clock, published, registry, short_ranges
from tests.projections.export.profiles.releasing import KEY, key_file, release
from tests.projections.export.profiles.told_registry import told
from tests.projections.shown import Clock

__all__ = ["clock", "published", "registry", "short_ranges"]


@pytest.fixture(scope="session")
def sensitive(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The registry of `told_registry`; tests only read it."""
    folder = tmp_path_factory.mktemp("sensitive")
    with Registry.open(str(shutil.copy(sqlite_template, folder / "r.db")), actor="zeisig", clock=Clock()) as opened:
        yield told(opened, folder)


@pytest.fixture(scope="session")
def released(sensitive: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of that registry with the key; tests only read it."""
    folder = tmp_path_factory.mktemp("released")
    release(sensitive, folder / "out", key_file(folder / "release.key", KEY))
    return folder / "out"


@pytest.fixture(scope="session")
def modelled(sensitive: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set of OMOP of that registry; tests only read it."""
    out = tmp_path_factory.mktemp("modelled") / "out"
    export(sensitive, out, profile=profile("omop", Choices()))
    return out


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The file of a key."""
    return key_file(tmp_path / "release.key", KEY)
