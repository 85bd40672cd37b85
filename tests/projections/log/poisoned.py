"""Blocks as somebody makes them who may write where they are kept: other values, and every digest right again."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from projections.log.blocks import Sealed
from registry.store.blocks_folder import BlocksFolder

Stated = dict[str, Any]


def path_of(sealed: Sealed) -> Path:
    """Return the folder of a block on this machine."""
    assert isinstance(sealed.folder, BlocksFolder)
    return Path(sealed.folder.path) / sealed.name


def with_rows(block: Path, file: str, change: Callable[[Any], Any]) -> None:
    """Write a file of a block anew with other rows, a table to a table, and have the block say that it is so."""
    rows = pq.read_table(block / file)
    pq.write_table(change(rows), block / file, write_page_checksum=True)
    with_footers(block, file)


def with_footers(block: Path, file: str) -> None:
    """Have a block say that the footer of a file is the one that it has."""
    stated(block, lambda says: {**says, "footers": {**says["footers"], file: footer_digest(block / file)}})


def stated(block: Path, change: Callable[[Stated], Stated]) -> None:
    """Have a block say other things of itself, with the digest of that."""
    says = json.loads((block / "block.json").read_bytes().rpartition(b"\n")[0])
    content = json.dumps(change(says)).encode()
    (block / "block.json").write_bytes(content + b"\n" + sha256(content).hexdigest().encode())


def footer_digest(file: Path) -> str:
    """Return the SHA-256 of the footer of a Parquet file, with its length and mark, in hexadecimal."""
    content = file.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    return sha256(content[-8 - length :]).hexdigest()


def with_column(name: str, values: list[Any]) -> Callable[[Any], Any]:
    """Return what puts other values into the first rows of a column."""

    def change(rows: Any) -> Any:
        place = rows.column_names.index(name)
        kept = rows[name].to_pylist()[len(values) :]
        return rows.set_column(place, rows.schema.field(name), pa.array([*values, *kept], rows.schema.field(name).type))

    return change
