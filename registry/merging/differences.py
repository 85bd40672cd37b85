"""What two patients both have: the facts under one key that say the same, and what they say differently."""

from __future__ import annotations

from collections.abc import Iterator

from registry.domain.patient import Patient
from registry.domain.statement_cells import cells_of, same, same_cell
from registry.domain.statements import Enrolment, Measurement, Statement
from registry.merging.joined import in_order
from registry.schema.fact_tables import TABLE_OF_KIND
from registry.schema.keys import Key, stated_key
from registry.wording import shown


def shared_facts(old: Patient, survivor: Patient) -> Iterator[tuple[str, str]]:
    """Yield each fact that stands in both, as called in either; the enrolment is each patient's own, and is one."""
    known = _by_key(survivor)
    for fact, statement in old.facts.items():
        for other in known.get(_key(fact, statement), ()):
            if isinstance(statement, Enrolment) or same(statement, survivor.facts[other]):
                yield fact, other
                break


def differences(old: Patient, survivor: Patient, shared: dict[str, str], *, keep_enrolment: bool) -> Iterator[str]:
    """Yield what the two state differently under one key, a line a fact."""
    known = _by_key(survivor)
    for fact in in_order(old.facts):
        statement = old.facts[fact]
        others = known.get(_key(fact, statement), [])
        if isinstance(statement, Enrolment):
            lost = {} if keep_enrolment else _unsaid(statement, survivor.facts[others[0]])
            if lost:
                yield (
                    f"{fact} and {others[0]}: {_listed_cells(lost)}; amend one of the two first, or keep the enrolment "
                    f"of {survivor.pseudonym} as it is"
                )
        elif others and fact not in shared:
            cells = _differing(statement, survivor.facts[others[0]])
            yield f"{fact} and {others[0]}: {_listed_cells(cells)}; amend or retract one of the two first"


def _unsaid(statement: Enrolment, other: Statement) -> dict[str, tuple[object, object]]:
    """Return what one enrolment says and the other does not: cells of both, by column."""
    return {column: both for column, both in _differing(statement, other).items() if both[0] not in (None, ())}


def _differing(statement: Statement, other: Statement) -> dict[str, tuple[object, object]]:
    here, there = cells_of(statement), cells_of(other)
    columns = dict.fromkeys((*here, *there))
    pairs = {column: (here.get(column), there.get(column)) for column in columns}
    return {column: pair for column, pair in pairs.items() if not same_cell(column, *pair)}


def _listed_cells(cells: dict[str, tuple[object, object]]) -> str:
    return ", ".join(f"{column} is {_told(here)} and {_told(there)}" for column, (here, there) in cells.items())


def _told(cell: object) -> str:
    match cell:
        case None | ():
            return "empty"
        case Measurement():
            return shown(cell.told)
        case tuple():
            return shown(";".join(map(str, cell)))
    return shown(cell)


def _by_key(patient: Patient) -> dict[tuple[str, Key], list[str]]:
    by_key: dict[tuple[str, Key], list[str]] = {}
    for fact, statement in patient.facts.items():
        by_key.setdefault(_key(fact, statement), []).append(fact)
    return by_key


def _key(fact: str, statement: Statement) -> tuple[str, Key]:
    kind = fact.partition("/")[0]
    return kind, stated_key(TABLE_OF_KIND[kind], statement)
