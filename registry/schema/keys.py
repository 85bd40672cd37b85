"""The key of a fact: what its key columns say, the patient left out; by it a fact is found, whatever its reference is.

Labels of visits are compared without regard to case, blanks and the form of Unicode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from registry.domain.memories import Memory
from registry.domain.patient import Patient
from registry.domain.statement_cells import LABEL, Cells, cells_of, same
from registry.domain.statements import Statement
from registry.errors import AlreadyRecordedError, RefusalError
from registry.schema.fact_tables import FactTable
from registry.schema.field_mapping import fact_reference
from registry.schema.rows import Fields
from registry.schema.tables import ID_COLUMN, Table
from registry.spelling import label_key

Key = tuple[object, ...]


def key_of(table: FactTable | Table, cells: Cells) -> Key:
    """Return the key of a fact of a table, given what is said of it by column.

    >>> from registry.schema.fact_tables import FACT_TABLES
    >>> key_of(FACT_TABLES["visits"], {"visited_on": "2024-01-15", "visit": "Week 12"})
    ('2024-01-15', 'week12')
    """
    return _key_of(table, cells.get)


def said_key(table: FactTable | Table, memory: Memory) -> Key:
    """Return the key of a fact as a source said it."""
    return _key_of(table, memory.cell)


def stated_key(table: FactTable | Table, statement: Statement) -> Key:
    """Return the key of a fact as it is stated."""
    return key_of(table, cells_of(statement))


def facts_with_key(facts: Mapping[str, Statement], table: FactTable | Table, key: Key) -> list[str]:
    """Return the facts among a patient's that have a key as they stand."""
    of_kind = ((fact, said) for fact, said in facts.items() if fact.startswith(f"{table.kind}/"))
    return [fact for fact, said in of_kind if stated_key(table, said) == key]


def reference_to_record(patient: Patient, table: Table, fields: Fields, statement: Statement) -> str:
    """Return the reference under which a person records a fact: that of the fact with its id or key, else a new one.

    A fact that was withdrawn is recorded anew under its own. Raises `RefusalError` where several facts have the key,
    and none of them says the same.
    """
    proposed, key = fact_reference(table, fields), key_of(table, fields)
    if proposed in patient.facts and fields.get(ID_COLUMN) is not None:
        return proposed
    known = facts_with_key(patient.facts, table, key)
    if len(known) > 1:
        known = [fact for fact in known if same(patient.facts[fact], statement)] or _several(known)
    if known:
        if proposed != known[0] and fields.get(ID_COLUMN) is not None and not same(patient.facts[known[0]], statement):
            raise AlreadyRecordedError(
                known[0], mend=f"it has the key that {proposed} would have; amend it with a reason"
            )
        return known[0]
    before = patient.withdrawn(proposed)
    return patient.free_reference(proposed, again=before is not None and stated_key(table, before) == key)


def check_key_is_free(patient: Patient, table: FactTable, fact: str, statement: Statement) -> None:
    """Raise `AlreadyRecordedError` where another fact has the key that a fact is given."""
    key = stated_key(table, statement)
    if key == stated_key(table, patient.standing(fact)):
        return
    for other in facts_with_key(patient.facts, table, key):
        if other != fact:
            raise AlreadyRecordedError(other, mend="it has this key; retract one of the two")


def _several(facts: list[str]) -> list[str]:
    raise RefusalError(f"{' and '.join(facts)} have this key already, with other content; amend one with a reason")


def _key_of(table: FactTable | Table, cell: Callable[[str], object]) -> Key:
    return tuple([_compared(column, cell(column)) for column in table.key if column != "patient"])


def _compared(column: str, value: object) -> object:
    return label_key(value) if column == LABEL and isinstance(value, str) else value or None
