"""Exports: every table as Parquet in one folder, with what is needed to rebuild and to check it.

The contract with whoever loads them is `docs/exports.md`. The names below are imported when they are first asked for:
what only describes or reads an export needs nothing of what writes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.lazy_names import lazily

if TYPE_CHECKING:
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

MODULES: Final = {
    "projections.export.content": ("content_hash",),
    "projections.export.exporting": ("export",),
    "projections.export.manifest": ("Manifest", "read_manifest"),
    "projections.export.reproducing": ("Difference", "Reproduction", "reproduce"),
    "projections.export.scheduler": ("Scheduler",),
}

if not TYPE_CHECKING:  # or mypy would take any name
    __getattr__, __dir__ = lazily(__name__, MODULES)
