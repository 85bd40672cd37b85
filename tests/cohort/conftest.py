"""Registries to define cohorts in."""

from __future__ import annotations

from tests.projections.conftest import clock, published, registry, scanned

__all__ = ["clock", "published", "registry", "scanned"]
