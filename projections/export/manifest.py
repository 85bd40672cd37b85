"""The manifest of an export: what it is, and how to know that it is still that.

Nothing in it depends on when or where it was written.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

import msgspec

from projections.errors import ManifestError
from projections.export.first_columns import COLUMNS_OF_0_1, FIRST_EDITION

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DICTIONARY: Final = "dictionary.json"
PART_PATH: Final = r"^[a-z][a-z0-9_]*/part-[0-9]{5,}\.parquet$"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file of a table: path within the export, rows, bytes, SHA-256 of the file in hexadecimal."""

    path: str
    rows: int
    bytes: int
    sha256: str


class ExportedTable(msgspec.Struct, frozen=True, kw_only=True):
    """One table of an export: its edition and columns, rows, content hash, and its parts in the order of their rows.

    Manifests of spondyl 0.1 name neither edition nor columns: the edition is the first, the columns are those of 0.1.
    """

    edition: int = FIRST_EDITION
    columns: tuple[str, ...] = ()
    rows: int
    content_hash: str
    parts: tuple[Part, ...]

    def columns_of(self, name: str) -> tuple[str, ...]:
        """Return the columns that the table of this name had when the export was made; none where nobody knows."""
        return self.columns or tuple(COLUMNS_OF_0_1.get(name, ()))


class KnownAt(msgspec.Struct, frozen=True, kw_only=True):
    """The last event that was known: position, recorded instant (null for an empty log), digest in hexadecimal."""

    position: int
    recorded_at: datetime | None
    digest: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an export is: its format, who made it, the point in time, its tables.

    `root` is the hash over all digests up to the position, for short proofs; manifests before them have none.
    `withdrawn` stands there only where patients who had withdrawn their consent were left out.
    `cohorts` are the texts of the definitions behind the table `cohort_statistics`, by name; only where it is there.
    """

    format: int
    spondyl: str
    as_of: date | None
    known_at: KnownAt
    root: str | None = None
    tables: dict[str, ExportedTable]
    withdrawn: Literal["keep", "exclude"] = "keep"
    cohorts: dict[str, str] = {}


def read_manifest(path: str | Path) -> Manifest:
    """Return the manifest at a path, or of the export in a folder.

    Raises `ManifestError` where it cannot be read, or is of a format that this version does not know.
    """
    file = manifest_file(path)
    try:
        text = file.read_bytes()
        fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except OSError as error:
        raise ManifestError(file, f"cannot be read: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise ManifestError(file, f"is no manifest: {error}") from None
    stated = bytes(fields.get("format", b"none")).decode()
    if stated != str(FORMAT):
        raise ManifestError(file, f"has format {stated}, this spondyl reads {FORMAT}; use the spondyl that wrote it")
    try:
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ManifestError(file, f"is no manifest: {error}") from None


def manifest_file(path: str | Path) -> Path:
    """Return the file of the manifest, given itself or the folder of the export."""
    return Path(path) / MANIFEST if Path(path).is_dir() else Path(path)


def as_json(value: object) -> bytes:
    """Return a value as JSON for people and machines: indented, ended by a line break, the same for the same value."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


@cache
def spondyl_version() -> str:
    """Return the version of this spondyl, `unknown` where it runs without having been installed."""
    try:
        return version("spondyl")
    except PackageNotFoundError:
        return "unknown"
