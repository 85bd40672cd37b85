"""Statements of facts that go on until they end: what one says without its end, and whether two differ in it alone."""

from __future__ import annotations

from msgspec.structs import replace

from registry.domain.events import Kind
from registry.domain.statement_cells import same
from registry.domain.statements import Statement


def differ_in_the_end_only(kind: Kind, known: Statement, stated: Statement) -> bool:
    """Return whether two statements of a kind of fact that can end say the same but for the end."""
    return kind.ended is not None and same(without_end(kind, known), without_end(kind, stated))


def without_end(kind: Kind, statement: Statement) -> Statement:
    """Return what a statement says without its end; all of it, of a kind of fact that has none."""
    return replace(statement, **dict.fromkeys(kind.end_fields)) if kind.ended else statement
