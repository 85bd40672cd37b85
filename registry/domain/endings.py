"""A statement and the end that it has: facts that go on, and what is stated anew when they are over."""

from __future__ import annotations

from msgspec.structs import replace

from registry.domain.events import Kind
from registry.domain.statement_cells import same
from registry.domain.statements import Statement


def without_end(kind: Kind, statement: Statement) -> Statement:
    """Return a statement as it was while the fact went on; of what has no end of its own, itself."""
    return replace(statement, **dict.fromkeys(kind.end_fields)) if kind.ended else statement


def differ_in_the_end_only(kind: Kind, known: Statement, stated: Statement) -> bool:
    """Return whether two statements of one fact say the same but for its end."""
    return kind.ended is not None and same(without_end(kind, known), without_end(kind, stated))
