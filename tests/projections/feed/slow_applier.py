"""Whoever loads a feed, as simply as it can be done: a dictionary a table, from the key's text to the row."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]
State = dict[str, dict[str, Row]]
ADDED = ("_change_type", "_position", "_known_from", "_batch", "_row_key")


def batches_of(feed: Path) -> list[dict[str, Any]]:
    """Return what the head lists, each with what its `batch.json` says."""
    listed = json.loads((feed / "head.json").read_bytes())["batches"]
    found = []
    for each in listed:
        content = (feed / "batches" / each["folder"] / "batch.json").read_bytes()
        assert sha256(content).hexdigest() == each["sha256"]
        found.append({**json.loads(content), "folder": each["folder"]})
    return found


def images_of(feed: Path, batch: dict[str, Any], table: str) -> list[Row]:
    """Return the images of a table in a batch, in their order; the files are those that `batch.json` describes."""
    images = []
    for part in batch["tables"][table]["parts"]:
        file = feed / "batches" / batch["folder"] / part["path"]
        assert sha256(file.read_bytes()).hexdigest() == part["sha256"]
        rows = pq.read_table(file, partitioning=None).to_pylist()
        assert len(rows) == part["rows"]
        images += rows
    return images


def events_of(feed: Path, batch: dict[str, Any]) -> list[Row]:
    """Return the events of a batch."""
    folder = feed / "batches" / batch["folder"]
    return [
        row
        for part in batch["events"]["parts"]
        for row in pq.read_table(folder / part["path"], partitioning=None).to_pylist()
    ]


def applied(feed: Path, *, until: int | None = None) -> State:
    """Return the rows of every table after the batches up to a position, by the texts of their keys.

    Every image has to fit: what is inserted is not there, what is updated or deleted is there as it was.
    """
    state: State = {}
    for batch in batches_of(feed):
        if until is not None and batch["to"]["position"] > until:
            break
        for table in batch["tables"]:
            rows = state.setdefault(table, {})
            for image in images_of(feed, batch, table):
                row = {name: value for name, value in image.items() if name not in ADDED}
                key = image["_row_key"]
                match image["_change_type"]:
                    case "insert":
                        assert key not in rows
                        rows[key] = row
                    case "update_preimage" | "delete":
                        assert rows.pop(key) == row
                    case "update_postimage":
                        rows[key] = row
    return state


def key_text(row: Row, key: tuple[str, ...]) -> str:
    """Return the text of the key of a row."""
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in (row[name] for name in key)]
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
