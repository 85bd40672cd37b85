"""Feeds of one table that are written by hand, a batch at a time, with whatever is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from projections.columns.tables import LOGICAL_TYPES
from projections.tables import TABLES
from tests.projections.feed.slow_applier import Row, key_text
from tests.projections.feed.slow_sums import slow_sum

REGISTRY: Final = "ab" * 32
CONDITIONS: Final = TABLES["conditions"]
COLUMNS: Final = tuple(column.name for column in CONDITIONS.columns)
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
Rows = Mapping[str, Row]


def condition(patient: str, number: int, **said: Any) -> Row:
    """Return a row of `conditions`."""
    row: Row = dict.fromkeys(COLUMNS)
    row |= {"patient": patient, "condition_id": f"condition/{patient}/{number}", "condition": "uveitis"}
    return row | said


def by_key(*rows: Row) -> dict[str, Row]:
    """Return rows by the texts of their keys."""
    return {key_text(row, CONDITIONS.key): row for row in rows}


def point(position: int, *, branch: str = "") -> dict[str, Any]:
    """Return a point of an invented log; of another `branch` it has another digest."""
    digest = "0" * 64 if not position else sha256(f"{branch}{position}".encode()).hexdigest()
    recorded_at = (FIRST + timedelta(seconds=position)).isoformat() if position else None
    return {"position": position, "recorded_at": recorded_at, "digest": digest}


class MadeFeed:
    """A feed of the table `conditions` in a folder, which grows by steps."""

    def __init__(self, folder: Path, *, registry: str = REGISTRY, branch: str = "") -> None:
        self.folder, self.registry, self.branch = folder, registry, branch
        self.rows: Rows = {}
        self.listed: list[dict[str, Any]] = []
        self.position, self.columns, self.edition = 0, COLUMNS, 1
        (folder / "batches").mkdir(parents=True)
        feed = {"format": 1, "registry": registry, "tables": ["conditions"], "withdrawn": "keep"}
        (folder / "feed.json").write_text(json.dumps(feed))
        self.publish()

    def step(self, until: int, rows: Rows, **other: Any) -> None:
        """Write the batch after which there are some rows; `other` are words of its `batch.json` that are as given."""
        name = f"{self.position:012}-{until:012}" + (f".{len(self.listed)}" if until == self.position else "")
        images = sorted(self._images(until, rows), key=lambda image: image["_row_key"].encode())
        folder = self.folder / "batches" / name
        folder.mkdir()
        batch = self._batch(until, rows, _counts(images), [_written(folder, images, self.columns)] if images else [])
        content = json.dumps(batch | other).encode()
        (folder / "batch.json").write_bytes(content)
        digest = sha256(content).hexdigest()
        self.listed.append({"from": self.position, "to": until, "folder": name, "sha256": digest})
        self.rows, self.position = rows, until
        self.publish()

    def publish(self, **other: Any) -> None:
        """Write the head."""
        at = point(self.position, branch=self.branch)
        head = {"format": 1, "generation": 0, **at, "batches": self.listed}
        (self.folder / "head.json").write_text(json.dumps(head | other))

    def _images(self, until: int, rows: Rows) -> Iterable[Row]:
        for key in {*self.rows, *rows}:
            before, after = self.rows.get(key), rows.get(key)
            if before == after:
                continue
            types = ("update_preimage", "update_postimage") if before and after else ("delete", "insert")
            for row, type_ in zip((before, after), types):
                if row is not None:
                    known_from = FIRST + timedelta(seconds=until)
                    added = {"_position": until, "_known_from": known_from, "_batch": until, "_row_key": key}
                    yield {**row, "_change_type": type_, **added}

    def _batch(self, until: int, rows: Rows, counts: Mapping[str, int], parts: list[dict[str, Any]]) -> dict[str, Any]:
        table = CONDITIONS._replace(columns=tuple(each for each in CONDITIONS.columns if each.name in self.columns))
        told = {
            "edition": self.edition,
            "columns": self.columns,
            "key": CONDITIONS.key,
            "counts": counts,
            "rows": len(rows),
            "row_sum": slow_sum(rows.values(), table),
            "parts": parts,
        }
        return {
            "format": 1,
            "spondyl": "0",
            "registry": self.registry,
            "withdrawn": "keep",
            "contract": 1,
            "generation": 0,
            "restated": until == self.position,
            "from": point(self.position, branch=self.branch),
            "to": point(until, branch=self.branch),
            "tables": {"conditions": told},
            "events": {"edition": 1, "columns": [], "rows": 0, "row_sum": "0" * 64, "parts": []},
            "erasures": {"rows": 0, "parts": []},
        }


def _counts(images: Iterable[Row]) -> dict[str, int]:
    types = [image["_change_type"] for image in images]
    return {
        "insert": types.count("insert"),
        "update": types.count("update_postimage"),
        "delete": types.count("delete"),
    }


def _written(folder: Path, images: list[Row], columns: Iterable[str]) -> dict[str, Any]:
    types = {column.name: LOGICAL_TYPES[column.type] for column in CONDITIONS.columns if column.name in columns}
    added = {"_change_type": pa.string(), "_position": pa.int64(), "_known_from": pa.timestamp("us", "UTC")}
    schema = pa.schema({**types, **added, "_batch": pa.int64(), "_row_key": pa.string()})
    file = folder / "changes" / "conditions" / "part-00000.parquet"
    file.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(images, schema=schema), file)
    content = file.read_bytes()
    path = "changes/conditions/part-00000.parquet"
    return {"path": path, "rows": len(images), "bytes": len(content), "sha256": sha256(content).hexdigest()}
