"""Registries in which something changes."""

from tests.projections.conftest import clock, published, registry, scanned

__all__ = ["clock", "published", "registry", "scanned"]
