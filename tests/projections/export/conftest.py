"""Registries to export from."""

from __future__ import annotations

import pytest

from tests.projections.conftest import clock, published, registry, scanned

__all__ = ["clock", "published", "registry", "scanned"]


@pytest.fixture
def short_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have exports cut after few events, so that small registries have many parts."""
    monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", 40)
    monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_PART", 100)
