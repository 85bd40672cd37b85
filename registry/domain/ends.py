"""The end of a fact that has an event of its own: what a statement says without it."""

from __future__ import annotations

from msgspec.structs import replace

from registry.domain.kinds import KINDS, Kind
from registry.domain.statement_cells import same
from registry.domain.statements import Statement


def kind_of(fact: str) -> Kind:
    """Return the kind of a fact, by its reference."""
    return KINDS[fact.partition("/")[0]]


def without_end(kind: Kind, statement: Statement) -> Statement:
    """Return a statement as it was before the fact ended; itself where an end of the kind has no event of its own."""
    return replace(statement, **dict.fromkeys(kind.end_fields)) if kind.ended else statement


def differ_in_the_end_only(kind: Kind, known: Statement, stated: Statement) -> bool:
    """Return whether two statements say the same of a fact but its end."""
    return kind.ended is not None and same(without_end(kind, known), without_end(kind, stated))
