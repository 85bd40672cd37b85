"""Asking the projections and the oracle the same question, in the same words."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from projections import LogColumns, facts_at, project
from registry import Registry
from tests.oracle.contract import Row, columns
from tests.oracle.replay import LoggedEvent
from tests.oracle.replay import facts_at as replayed
from tests.oracle.tables import TABLES

Answers = dict[str, list[Row]]
Source = Registry | LogColumns


def projected(source: Source, *, as_of: date | None = None, known_at: str | None = None) -> Answers:
    """Return every table as the projections give it, without the columns that the contract does not have."""
    facts = facts_at(source, as_of=as_of, known_at=known_at)
    return {name: project(name, facts).select(list(columns(name))).to_pylist() for name in TABLES}


def recorded(answers: Answers) -> Answers:
    """Return the tables without what was computed from the values of a visit, for which there is no oracle here."""
    return answers | {"measures": [row for row in answers["measures"] if not row["derived"]]}


def expected(events: list[LoggedEvent], *, as_of: date | None, known_at: int) -> Answers:
    """Return every table as a replay of the first `known_at` events gives it."""
    facts = replayed(events, as_of=as_of, known_at=known_at)
    return {name: table(facts) for name, table in TABLES.items()}


def logical_type(kind: pa.DataType) -> str:
    """Return the contract's word for an Arrow type; text of few values may be a dictionary, integers of any width."""
    if pa.types.is_dictionary(kind):
        return logical_type(kind.value_type)
    if pa.types.is_integer(kind):
        return "int"
    words = {"date32[day]": "date", "large_string": "string", "list<element: string>": "strings"}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"{logical_type(kind.value_type)}s"
    return words.get(str(kind), str(kind))
