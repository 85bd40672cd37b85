"""Exports: every table as Parquet in one folder, with what is needed to rebuild and to check it.

The contract with whoever loads them is `docs/exports.md`.
"""

from __future__ import annotations

from projections.export.content import content_hash
from projections.export.exporting import export
from projections.export.manifest import Manifest, read_manifest
from projections.export.reproducing import Difference, Reproduction, reproduce
from projections.export.scheduler import Scheduler

__all__ = [
    "Difference",
    "Manifest",
    "Reproduction",
    "Scheduler",
    "content_hash",
    "export",
    "read_manifest",
    "reproduce",
]
