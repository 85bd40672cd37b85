"""What every release exported of one stored registry is rebuilt by this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections.export import reproduce
from registry import Registry
from tests.streams.releases import FOLDER, released

MANIFESTS = sorted((FOLDER / "exports").glob("*/*.manifest.json"))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_what_a_release_exported_does_not_differ(manifest: Path, tmp_path: Path) -> None:
    with Registry.create(str(released("0001", tmp_path / "registry.db")), actor="voss") as registry:
        found = reproduce(registry, manifest)

    assert found.differences == ()


def test_every_release_left_what_it_exported() -> None:
    releases = {path.parent.name for path in MANIFESTS}

    minor = {f"0.{number}.0" for number in range(1, 12)}
    assert {*minor, "0.7.1", "0.9.1"} <= releases
    assert all((FOLDER / "exports" / release / "dictionary.json").is_file() for release in releases)
