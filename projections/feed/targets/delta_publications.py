"""What of a folder of Delta tables belongs together: the versions that a last commit to `_spondyl_batches` publishes.

Several Delta tables cannot be committed to at once. So whoever reads some of them reads the versions of one
publication, the newest; what tables have after these is not done yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.tables import LOGICAL_TYPES
from projections.errors import TargetError
from projections.feed.targets.delta_files import DataFiles
from projections.feed.targets.delta_log import DeltaLog, Step
from projections.feed.targets.target import Applied

PUBLICATIONS: Final = "_spondyl_batches"
SCHEMA: Final = pa.schema(
    [
        pa.field("publication", pa.int64(), nullable=False),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("digest", pa.string(), nullable=False),
        pa.field("recorded_at", LOGICAL_TYPES["timestamp[us, UTC]"]),
        pa.field("table_name", pa.string(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
    ]
)


class Publication(NamedTuple):
    """Versions that belong together, by table; the how manieth it is, from 1; how far the target is with them."""

    number: int
    state: Applied
    versions: Mapping[str, int]

    def rows(self) -> ArrowTable:
        """Return it as rows of `_spondyl_batches`, one a table."""
        state = msgspec.json.encode(self.state).decode()
        of_all = {
            "publication": self.number,
            "position": self.state.position,
            "digest": self.state.digest,
            "recorded_at": self.state.recorded_at,
            "state": state,
        }
        rows = [{**of_all, "table_name": name, "version": version} for name, version in self.versions.items()]
        return pa.Table.from_pylist(rows, schema=SCHEMA)


def published_versions(folder: str | Path) -> dict[str, int]:
    """Return which version of each Delta table in the folder of a target belongs to the last batch that was applied.

    Raises `TargetError` where no feed was applied there.

    >>> published_versions(".")
    Traceback (most recent call last):
    ...
    projections.errors.TargetError: delta:.: has no table _spondyl_batches: no feed was applied there
    """
    found = published(Path(folder), f"delta:{folder}")
    if found is None:
        raise TargetError(f"delta:{folder}", f"has no table {PUBLICATIONS}: no feed was applied there")
    return dict(found.versions)


def published(folder: Path, place: str) -> Publication | None:
    """Return the newest publication in a folder, None where there is none. Raises `TargetError`."""
    log = DeltaLog.open(folder / PUBLICATIONS)
    return None if log is None else _newest(log, place)


def publish(folder: Path, publication: Publication, step: Step, *, only: bool) -> None:
    """Publish versions, in one commit; with `only`, what was published before can no longer be read."""
    place = folder / PUBLICATIONS
    log, files = DeltaLog.open(place), DataFiles(place, SCHEMA, ())
    rows = publication.rows()
    if log is None:
        place.mkdir(exist_ok=True)
        DeltaLog.create(place, SCHEMA, files.write(rows), step)
        return
    there = log.files()
    if not only:
        rows = pa.concat_tables([*(files.read(each.name).cast(SCHEMA) for each in there), rows])
    log.commit(files.write(rows), there, SCHEMA, step)


def _newest(log: DeltaLog, place: str) -> Publication:
    """Return the newest publication. Raises `TargetError` where somebody else wrote after it."""
    rows = log.dataset().to_table()
    number = pc.max(rows["publication"]).as_py()
    newest = rows.filter(pc.equal(rows["publication"], number)).to_pylist() if number else []
    try:
        state = msgspec.json.decode(newest[0]["state"], type=Applied)
    except (IndexError, msgspec.MsgspecError) as error:
        raise TargetError(place, f"its table {PUBLICATIONS} is not as a feed wrote it: {error}") from None
    if not log.is_done(Step(number, "")) or not log.steps_since(log.version - 1, place):
        raise TargetError(place, f"somebody else wrote to {PUBLICATIONS}; begin a new target")
    return Publication(number, state, {row["table_name"]: row["version"] for row in newest})
