"""The tables of versions, in contract order, which an export has that was asked for the history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from projections.versions.fact_versions import OF_FACTS, rows_of
from projections.versions.finding_versions import FINDINGS_VERSIONS
from projections.versions.finding_versions import table as finding_versions
from projections.versions.measure_versions import MEASURES_VERSIONS
from projections.versions.measure_versions import table as measure_versions

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.columns.tables import Table
    from projections.versions.known_versions import KnownVersions

Made = Callable[["KnownVersions"], "ArrowTable"]
_OF_PARTS: Final[dict[str, tuple[Table, Made]]] = {  # kind of fact: the table of what its statements list
    "visits": (MEASURES_VERSIONS, measure_versions),
    "readings": (FINDINGS_VERSIONS, finding_versions),
}


def _made() -> Iterator[tuple[Table, Made]]:
    for kind, table in OF_FACTS.items():
        yield table, partial(rows_of, kind)
        if kind in _OF_PARTS:
            yield _OF_PARTS[kind]


_MADE: Final = dict(_made())
VERSIONS: Final[dict[str, Table]] = {table.name: table for table in _MADE}


def versions_table(name: str, known: KnownVersions) -> ArrowTable:
    """Return a table of versions by its name."""
    return _MADE[VERSIONS[name]](known)
