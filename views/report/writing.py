"""A report into a file, for its owner alone, whole or not at all; only a report is ever replaced."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from registry.errors import UnwritableError
from registry.new_files import named_anew, writing_at
from registry.private_files import Access, new_bytes

MARK: Final = b'<meta name="generator" content="spondyl '
HEAD: Final = 4096  # bytes within which a report says what made it


def write_report(html: str, out: Path, *, overwrite: bool) -> None:
    """Write a report where nothing stands, or with `overwrite` in the place of a report, whose mode and group it keeps.

    Raises `UnwritableError` where something else stands there, be it a link, or the system refuses.
    """
    if "\0" in str(out):
        raise UnwritableError(repr(str(out)), "no path has a NUL in it")
    with writing_at(out):
        standing = os.path.lexists(out)
    if standing:
        _check_replaceable(out, overwrite=overwrite)
    new = out.with_name(f".{out.name[:64]}.{uuid4().hex}")
    try:
        with writing_at(out):
            with new_bytes(new) as file:
                file.write(html.encode())
                file.flush()
                os.fsync(file.fileno())
            _put(new, out, standing=standing)
    finally:
        with suppress(OSError, ValueError):
            new.unlink(missing_ok=True)


def _put(new: Path, out: Path, *, standing: bool) -> None:
    if not standing:
        named_anew(new, out)
        return
    found = out.stat()
    Access(found.st_mode & 0o666, found.st_gid).give(new)
    new.replace(out)


def _check_replaceable(out: Path, *, overwrite: bool) -> None:
    if out.is_symlink():
        raise UnwritableError(str(out), "it is a link; name the file that it leads to")
    if not overwrite:
        raise UnwritableError(str(out), "something is there; choose another name, or replace a report with --overwrite")
    with writing_at(out):
        if not _is_report(out):
            raise UnwritableError(str(out), "what is there is no report of spondyl, and is not overwritten")


def _is_report(out: Path) -> bool:
    if not out.is_file():
        return False
    with out.open("rb") as file:
        return MARK in file.read(HEAD)
