"""The example's project, and a registry that has its protocol."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import Registry

EXAMPLE = Path(__file__).parents[5] / "examples" / "redcap"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example's folder, of which files may be replaced."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "redcap"))


@pytest.fixture
def registry(sqlite_url: str, folder: Path) -> Iterator[Registry]:
    """A registry with the example's protocol."""
    with Registry.create(sqlite_url, actor="ines") as created:
        created.adopt_protocol(folder / "protocol.toml")
        yield created
