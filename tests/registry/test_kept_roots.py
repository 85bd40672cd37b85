"""Kept roots of stretches give the root that the digests give, or are made anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import Registry
from registry.audit import kept_roots, prove
from registry.audit.kept_roots import kept_root
from registry.audit.prove import root_at
from registry.store.blocks_folder import ROOTS, blocks_folder, purge_blocks


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A log of several stretches of four events, in a folder where roots can be kept."""
    monkeypatch.setattr(prove, "DIGESTS_AT_ONCE", 8)
    monkeypatch.setattr(kept_roots, "STRETCH", 4)
    with Registry.create(str(tmp_path / "log.db"), actor="tester") as registry:
        Path(blocks_folder(registry.log.database).path).mkdir(mode=0o700)
        for number in range(11):
            registry.enrol_patient(f"P-{number}", enrolled_on="2020-01-01")
        yield registry


def kept(registry: Registry) -> Path:
    return Path(blocks_folder(registry.log.database).path, ROOTS)


def test_the_root_is_that_of_all_digests_at_every_position(registry: Registry) -> None:
    for _ in range(2):  # first computed, then from what is kept
        for until in range(1, registry.log.head().position + 1):
            assert kept_root(registry.log, until) == root_at(registry.log, until)

    assert len(json.loads(kept(registry).read_bytes())) == registry.log.head().position // 4


@pytest.mark.parametrize("damage", [b"", b"[", b'[{"root": "00", "digest": "00"}]', b'[{"root": 1}]', b"{}"])
def test_what_is_damaged_is_made_anew(damage: bytes, registry: Registry) -> None:
    until = registry.log.head().position
    kept(registry).write_bytes(damage)

    assert kept_root(registry.log, until) == root_at(registry.log, until)
    assert len(json.loads(kept(registry).read_bytes())) == until // 4


def test_what_is_of_another_log_is_not_used(registry: Registry) -> None:
    until = registry.log.head().position
    kept_root(registry.log, until)
    stretches = json.loads(kept(registry).read_bytes())
    stretches[1] = {"root": "ab" * 32, "digest": "cd" * 32}
    kept(registry).write_text(json.dumps(stretches))

    assert kept_root(registry.log, until) == root_at(registry.log, until)


def test_what_is_kept_is_believed_where_the_log_has_its_digest(registry: Registry) -> None:
    until = registry.log.head().position
    kept_root(registry.log, until)
    stretches = json.loads(kept(registry).read_bytes())
    kept(registry).write_text(json.dumps([{**each, "root": "ab" * 32} for each in stretches]))

    assert kept_root(registry.log, until) != root_at(registry.log, until)  # nothing that it says was read again


def test_where_nothing_can_be_kept_the_root_is_computed(registry: Registry) -> None:
    until = registry.log.head().position
    kept(registry).parent.rmdir()

    assert kept_root(registry.log, until) == root_at(registry.log, until)
    assert not kept(registry).parent.exists()


def test_roots_go_with_the_blocks(registry: Registry) -> None:
    kept_root(registry.log, registry.log.head().position)

    purge_blocks(registry.log.database)

    assert not kept(registry).parent.exists()
