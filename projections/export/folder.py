"""A folder that appears whole or not at all: filled beside its place, then put there by one rename."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from projections.errors import ExistingOutputError, ManifestError, OutputError
from projections.export.manifest import DICTIONARY, MANIFEST, Manifest, read_manifest
from registry.atomic_folder import atomic_folder, sync

AT_FDCWD: Final = -100
RENAME_EXCHANGE: Final = 2


@contextmanager
def appearing(out: Path, *, overwrite: bool) -> Iterator[Path]:
    """Lend an empty folder that becomes `out` when the block ends; whatever fails, nothing is left behind.

    With `overwrite` an export that stands there is exchanged in one step where the system can; anything else is never
    touched. Raises `ExistingOutputError` and `OutputError`.
    """
    place = _resolved(out)
    _check_free(place, overwrite)
    try:
        with atomic_folder(place) as folder:
            yield folder
            _sync(folder)
            _check_free(place, overwrite)
            _put(folder, place)
            sync(place.parent)
    except OSError as error:
        raise OutputError(out, error.strerror or str(error)) from error


def _resolved(out: Path) -> Path:
    try:
        return out.resolve()
    except (OSError, RuntimeError):  # which of them depends on the version of Python
        raise OutputError(out, "links lead from there in a circle") from None


def strangers(folder: Path, manifest: Manifest) -> list[str]:
    """Return the files in an export's folder that are no part of the export, by path."""
    own = {MANIFEST, DICTIONARY, *(part.path for table in manifest.tables.values() for part in table.parts)}
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(set(there) - own)


def _check_free(place: Path, overwrite: bool) -> None:
    if not os.path.lexists(place):
        return
    if not overwrite:
        raise ExistingOutputError(place, "something is there; choose another folder, or replace it with --overwrite")
    try:
        manifest = read_manifest(place / MANIFEST)
    except ManifestError:
        raise ExistingOutputError(place, "what is there is no export of spondyl, and is not overwritten") from None
    if others := strangers(place, manifest):
        raise ExistingOutputError(place, f"{others[0]} is there too and is no part of the export; move it first")


def _put(new: Path, place: Path) -> None:
    """Put a folder in its place; the one that stood there goes where the new one was."""
    if not place.exists():
        new.rename(place)
        return
    if not _exchanged(new, place):
        former = new.with_name(f"{new.name}.former")
        place.rename(former)
        try:
            new.rename(place)
        except BaseException:
            former.rename(place)
            raise
        former.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return whether the system could."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if exchange is None:
        return False
    done: int = exchange(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return done == 0


def _sync(folder: Path) -> None:
    """Have the system write down a folder's entries and those of the folders in it; its files are already."""
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync(path)
