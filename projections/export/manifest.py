"""The manifest of an export: what it is, and how to know that it is still that.

Nothing in it depends on when or where it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from projections.cohort.figures.figures import COHORT_STATISTICS
from projections.columns.tables import ForeignKey
from projections.errors import ManifestError
from projections.export.first_columns import COLUMNS_OF_0_1, FIRST_EDITION
from registry.given_files import given_bytes

if TYPE_CHECKING:
    from registry.store.log import EventLog

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DICTIONARY: Final = "dictionary.json"
PART_PATH: Final = re.compile(r"[a-z][a-z0-9_]{0,62}/part-[0-9]{5,12}\.parquet")
BYTES_AT_MOST: Final = 1 << 26  # of a manifest: a part has some two hundred
FORMAT_SHOWN: Final = 20  # characters of a format that this version does not know

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
FilePath = Annotated[str, msgspec.Meta(pattern=r"\A(?:[a-z][a-z0-9_]{0,62}/)?[a-z][a-z0-9_]{0,62}\.(?:json|parquet)\Z")]
Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file of a table: path within the export, rows, bytes, SHA-256 of the file in hexadecimal."""

    path: str
    rows: Count
    bytes: Count
    sha256: Digest


class ExportedTable(msgspec.Struct, frozen=True, kw_only=True):
    """One table of an export: its edition and columns, rows, content hash, and its parts in the order of their rows.

    `key` are the columns that no two rows have alike, `never_null` those that have a value in every row, `field_ids`
    the numbers of the columns in the Parquet files; older manifests name none of these. Those of spondyl 0.1 name
    neither edition nor columns: the edition is the first, the columns are those of 0.1.
    """

    edition: int = FIRST_EDITION
    columns: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    never_null: tuple[str, ...] = ()
    field_ids: dict[str, int] = {}
    rows: Count
    content_hash: Digest
    parts: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]

    def columns_of(self, name: str) -> tuple[str, ...]:
        """Return the columns that the table of this name had when the export was made; none where nobody knows."""
        return self.columns or tuple(COLUMNS_OF_0_1.get(name, ()))


class WrittenFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file beside the tables: bytes, SHA-256 in hexadecimal."""

    bytes: Count
    sha256: Digest


class KnownAt(msgspec.Struct, frozen=True, kw_only=True):
    """The last event that was known: position, recorded instant (null for an empty log), digest in hexadecimal."""

    position: Count
    recorded_at: datetime | None
    digest: Digest


class Choices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was chosen of a profile: the least group, the width of a band in years, the columns that are left out.

    `available_at` is when a score is there: on the day of its study, or when this was read.
    """

    minimum: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    band: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    without: tuple[str, ...] = ()
    available_at: Literal["study", "reading"] = "study"


class StatedProfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an export was made into: the name and the edition of a profile, what was chosen, and what came of it.

    `of` are the tables of an export that it was made of. `fingerprint` tells one key from another and says nothing of
    the key. `report` is the profile's own. `files` stand beside the tables, by their paths.
    """

    name: str
    edition: int
    of: tuple[str, ...]
    choices: Choices = Choices()
    fingerprint: str | None = None
    report: dict[str, Any] = {}
    files: dict[FilePath, WrittenFile] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an export is: its format, who made it, the registry, the point in time, its tables.

    `registry` is the id of the registry, None while the log was empty; older manifests do not have it, nor what
    `dictionary` says of the file of that name.
    `root` is the hash over all digests up to the position, for short proofs; manifests before them have none.
    `withdrawn` stands there only where patients who had withdrawn their consent were left out.
    `cohorts` are the texts of the definitions behind the table `cohort_statistics`, by name; only where it is there.
    `profile` stands there only where the tables were made into something else.
    """

    format: int
    spondyl: str
    registry: Digest | msgspec.UnsetType | None = msgspec.UNSET
    as_of: date | None
    known_at: KnownAt
    root: Digest | None = None
    dictionary: WrittenFile | None = None
    tables: dict[str, ExportedTable]
    withdrawn: Literal["keep", "exclude"] = "keep"
    cohorts: dict[str, str] = {}
    profile: StatedProfile | None = None

    @property
    def beside(self) -> dict[str, WrittenFile]:
        """The files of a profile beside the tables, by path."""
        return {} if self.profile is None else self.profile.files


def read_manifest(path: str | Path) -> Manifest:
    """Return the manifest at a path, or of the export in a folder.

    Raises `ManifestError` where it cannot be read, is of a format that this version does not know, or says what no
    export can be.
    """
    file, text = _content(path)
    try:
        stated = _decoded(file, text)
    except msgspec.MsgspecError as error:
        raise ManifestError(file, f"is no manifest: {error}") from None
    except RecursionError:
        raise ManifestError(file, "is no manifest: its values are nested too deep") from None
    except UnicodeDecodeError as error:
        raise ManifestError(file, f"is no manifest: byte {error.start + 1} of a text is no UTF-8") from None
    for table in stated.tables.values():
        _check_parts(file, table)
    if stated.cohorts and COHORT_STATISTICS.name not in stated.tables:
        raise ManifestError(file, f"has definitions of cohorts, and no table {COHORT_STATISTICS.name}")
    return stated


def _content(path: str | Path) -> tuple[Path, bytes]:
    """Return the file of a manifest and its bytes; whatever is no file, as a pipe, is not waited for."""
    try:
        file = manifest_file(path)
        return file, given_bytes(file, at_most=BYTES_AT_MOST)
    except OSError as error:
        raise ManifestError(error.filename or path, f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ManifestError(repr(str(path)), f"is no path: {error}") from None


def _decoded(file: Path, text: bytes) -> Manifest:
    stated = bytes(msgspec.json.decode(text, type=dict[str, msgspec.Raw]).get("format", b"none")).decode()
    if stated != str(FORMAT):
        shown = stated if len(stated) <= FORMAT_SHOWN else f"{stated[:FORMAT_SHOWN]}…"
        raise ManifestError(file, f"has format {shown}, this spondyl reads {FORMAT}; use the spondyl that wrote it")
    return msgspec.json.decode(text, type=Manifest)


def _check_parts(file: Path, table: ExportedTable) -> None:
    """Refuse paths that no part of an export has: they could lead anywhere."""
    paths = [part.path for part in table.parts]
    for path in paths:
        if not PART_PATH.fullmatch(path):
            raise ManifestError(file, f"{path!r} is no path of a part")
    for path, times in Counter(paths).items():
        if times > 1:
            raise ManifestError(file, f"{path!r} stands there {times:,} times")


def described_file(content: bytes) -> WrittenFile:
    """Return what a manifest says of a file beside the tables, by its content."""
    return WrittenFile(bytes=len(content), sha256=sha256(content).hexdigest())


def registry_id(log: EventLog, position: int) -> str | None:
    """Return what tells a registry from every other: the digest of its first event, in hexadecimal.

    It is the same at every position, whatever was erased since, and None at position 0, where there is no event yet.
    """
    return log.head_at(1).digest.hex() if position else None


def manifest_file(path: str | Path) -> Path:
    """Return the file of the manifest, given itself or the folder of the export."""
    try:
        is_folder = Path(path).is_dir()
    except OSError:  # a name that no file can have; whoever reads it is told
        is_folder = False
    return Path(path) / MANIFEST if is_folder else Path(path)


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
