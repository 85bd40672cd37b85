"""What a feed has to come to: the tables of an export at the same position."""

from __future__ import annotations

from projections import LogColumns, facts_at, project
from projections.feed.running import IN_FEEDS
from projections.tables import TABLES
from registry import Registry
from tests.projections.feed.slow_applier import Row, State, key_text

BY_PATIENT = tuple(name for name in IN_FEEDS if name != "events")


def exported(registry: Registry, position: int, *, withdrawn: str = "keep") -> State:
    """Return the rows of every table of a feed as an export has them at a position, by the texts of their keys."""
    facts = facts_at(LogColumns.decoded(registry.log, until=position), known_at=position, withdrawn=withdrawn)
    return {
        name: {key_text(row, TABLES[name].key): row for row in project(name, facts).to_pylist()} for name in BY_PATIENT
    }


def events_at(registry: Registry, position: int) -> list[Row]:
    return list(project("events", facts_at(registry, known_at=position)).to_pylist())
