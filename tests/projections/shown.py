"""What a table shows: some of its columns, as plain rows."""

from __future__ import annotations

from datetime import UTC, datetime

from projections import Facts, project


class Clock:
    """A recorded clock that stands until it is set."""

    def __init__(self) -> None:
        self.set("2014-06-30T09:00")

    def set(self, instant: str) -> None:
        """Set the clock to an instant in UTC."""
        self.now = int(datetime.fromisoformat(instant).replace(tzinfo=UTC).timestamp() * 1_000_000)

    def __call__(self) -> int:
        return self.now


def shown(facts: Facts, table: str, columns: str) -> list[tuple[object, ...]]:
    """Return some columns of a table, days as ISO texts."""
    rows = project(table, facts).select(columns.split()).to_pylist()
    return [tuple(str(value) if hasattr(value, "isoformat") else value for value in row.values()) for row in rows]


def one(facts: Facts, table: str, columns: str) -> tuple[object, ...]:
    """Return some columns of a table's only row."""
    (row,) = shown(facts, table, columns)
    return row
