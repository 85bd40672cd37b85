"""What stands in the folder of an export, and whether it is what the manifest says: nothing else is the export's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from projections.export.dictionary import DECLARED
from projections.export.manifest import DICTIONARY, MANIFEST, ExportedTable, Manifest, Part, WrittenFile, described_file

DICTIONARY_BYTES_AT_MOST: Final = 1 << 24


def strangers(folder: Path, manifest: Manifest) -> list[str]:
    """Return what is in an export's folder and no part of the export, by path: files, links and other folders."""
    own = {
        MANIFEST,
        DICTIONARY,
        *manifest.beside,
        *(part.path for table in manifest.tables.values() for part in table.parts),
    }
    tables = {path.partition("/")[0] for path in own if "/" in path}
    found = []
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False) and entry.name in tables:
            inside = [(f"{entry.name}/{each.name}", each) for each in _entries(Path(entry.path))]
        else:
            inside = [(entry.name, entry)]
        found += [path for path, each in inside if path not in own or not each.is_file(follow_symlinks=False)]
    return sorted(found)


def difference_of_file(file: Path, path: str, stated: Part | WrittenFile) -> str | None:
    """Return how a file differs from what the manifest says of it, None where it does not; `path` is its name there."""
    if not file.is_file():
        return f"{path} is missing"
    if (size := file.stat().st_size) != stated.bytes:
        return f"{path} has {size:,} bytes, the manifest says {stated.bytes:,}"
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return None if digest == stated.sha256 else f"{path} has other bytes: sha256 is {digest}, not {stated.sha256}"


def differences_of_files(folder: Path, stated: Mapping[str, WrittenFile]) -> Iterator[str]:
    """Yield how files of a profile, by their paths, differ from what the manifest says; one that is gone does not."""
    for path, file in stated.items():
        if (folder / path).exists() and (what := difference_of_file(folder / path, path, file)):
            yield what


def difference_of_dictionary(file: Path, stated: WrittenFile) -> str | None:
    """Return how a dictionary differs from what the manifest says of it, None where it does not."""
    if file.stat().st_size > max(stated.bytes, DICTIONARY_BYTES_AT_MOST):
        return difference_of_file(file, DICTIONARY, stated)
    found = described_file(file.read_bytes())
    what = f"{DICTIONARY} has other bytes: sha256 is {found.sha256}, the manifest says {stated.sha256}"
    return None if found == stated else what


def why_not_replaced(folder: Path, manifest: Manifest) -> str | None:
    """Return why an export must not be replaced, None where all that is in it is what an export wrote.

    A manifest alone shows nothing: whoever writes one may name any file in it. A part that is missing is no hindrance.
    """
    if others := strangers(folder, manifest):
        return f"{others[0]} is there too and is no part of the export; move it first"
    if any(path.is_symlink() for path in (folder, folder / MANIFEST)):
        return "it is a link, which an export never writes"
    found = next(_not_exported(folder, manifest), None)
    return None if found is None else f"{found}; what no export wrote is not overwritten, move it first"


def _not_exported(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what is no part as an export writes it, or was changed since."""
    if (folder / DICTIONARY).exists() and (what := _wrong_dictionary(folder / DICTIONARY, manifest.dictionary)):
        yield what
    yield from differences_of_files(folder, manifest.beside)
    for name, table in manifest.tables.items():
        for part in table.parts:
            if name not in DECLARED or not part.path.startswith(f"{name}/"):
                yield f"{part.path} is of no table of this spondyl"
            elif (folder / part.path).exists():
                what = difference_of_file(folder / part.path, part.path, part)
                if what := what or _difference_of_rows(folder / part.path, name, table, part):
                    yield what


def _wrong_dictionary(file: Path, stated: WrittenFile | None) -> str | None:
    if stated is not None:
        return difference_of_dictionary(file, stated)
    try:
        text = file.read_bytes() if file.stat().st_size <= DICTIONARY_BYTES_AT_MOST else b""
        fields = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fields = {}
    return None if {"format", "tables"} <= fields.keys() else f"{DICTIONARY} describes no tables"


def _difference_of_rows(file: Path, name: str, table: ExportedTable, stated: Part) -> str | None:
    """Return what shows that a file is no part of a table, by what it says of itself."""
    try:
        metadata = pq.read_metadata(file)
        columns = tuple(metadata.schema.to_arrow_schema().names)
    except (pa.ArrowException, OSError):
        return f"{stated.path} is no Parquet file"
    if columns != table.columns_of(name) or metadata.num_rows != stated.rows:
        return f"{stated.path} has other columns or rows than the manifest says"
    return None


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)
