"""A folder that appears whole or not at all: filled beside its place, then put there by one rename."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from projections.errors import ExistingOutputError, ManifestError, OutputError
from projections.export.contents import why_not_replaced
from projections.export.manifest import MANIFEST, read_manifest
from registry.atomic_folder import atomic_folder, put_by_steps, sync
from registry.new_files import why_of
from registry.private_files import GROUP_FOLDER, Access, group_of

AT_FDCWD: Final = -100
RENAME_EXCHANGE: Final = 2


@contextmanager
def appearing(out: Path, *, overwrite: bool, group: str | None = None) -> Iterator[Path]:
    """Lend an empty folder that becomes `out` when the block ends; whatever fails, nothing is left behind.

    It is for its owner alone, until it is whole; then a `group` may read it. With `overwrite` an export that stands
    there is exchanged in one step where the system can, and without a `group` keeps its mode and group; anything else
    is never touched, nor is a link. Raises `ExistingOutputError`, `OutputError`, and `UnknownCodeError` for a group.
    """
    try:
        place = _place(out)
        _check_free(place, place, overwrite=overwrite)
        access = _access(place, group)
        with atomic_folder(place) as folder:
            yield folder
            if access is not None:
                access.give_all(folder)
            _sync(folder)
            _put(folder, place, overwrite=overwrite)
            sync(place.parent)
    except OSError as error:
        raise OutputError(out, why_of(error)) from error


def _place(out: Path) -> Path:
    if "\0" in str(out):
        raise OutputError(repr(str(out)), "no path has a NUL in it")
    if out.is_symlink():
        raise ExistingOutputError(out, "it is a link; name the folder that it leads to")
    try:
        return out.resolve()
    except (OSError, RuntimeError):  # which of them depends on the version of Python
        raise OutputError(out, "links lead from there in a circle") from None


def _access(place: Path, group: str | None) -> Access | None:
    """Return who may use an export: a group that is named, or who may use what it replaces; None for its owner."""
    if group is not None:
        return Access(GROUP_FOLDER, group_of(group))
    return Access.of_folder(place) if place.exists() else None


def _check_free(found: Path, place: Path, *, overwrite: bool) -> None:
    """Refuse what stands at a place, unless it is an export that may be replaced; it is `found` there or elsewhere."""
    if not os.path.lexists(found):
        return
    if not overwrite:
        raise ExistingOutputError(place, "something is there; choose another folder, or replace it with --overwrite")
    try:
        manifest = read_manifest(found / MANIFEST)
    except ManifestError:
        raise ExistingOutputError(place, "what is there is no export of spondyl, and is not overwritten") from None
    if why_not := why_not_replaced(found, manifest):
        raise ExistingOutputError(place, why_not)


def _put(new: Path, place: Path, *, overwrite: bool) -> None:
    """Put a folder in its place; the export that stood there goes where the new one was, to be removed.

    It is looked at again when nobody writes into it by its name any more, and put back where it may not be replaced.
    """
    if not os.path.lexists(place):
        new.rename(place)
        return
    if not overwrite or not _exchanged(new, place):
        _check_free(place, place, overwrite=overwrite)
        put_by_steps(new, place)
        return
    try:
        _check_free(new, place, overwrite=overwrite)
    except BaseException:
        _exchanged(new, place)
        raise


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
