"""Compares a row, cell by cell, with what its source said last of the fact, else with what stands.

Where a cell says the same, what stands stays, whoever stated it; else the cell is applied. So a correction that was
made here outlasts every delivery in which the source repeats itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from registry.domain.memories import Memory
from registry.domain.statement_cells import BASMI, BASMI_VERSION, cells_of, is_number, same_cell
from registry.domain.statements import Statement
from registry.intake.staged_fact import StagedFact
from registry.schema.field_mapping import method_of, statement_of
from registry.schema.named_products import AGENT, PRODUCT, named_product

GRADES = "grades"
Grades = Mapping[str, Sequence[int | None]]


class Comparison(NamedTuple):
    """What a row makes of a fact: its statement, None where a withdrawn fact stays so.

    `is_news` is whether the source said anything that it had not said before; `cells` is what the row says, None where
    the statement says just that.
    """

    statement: Statement | None
    is_news: bool
    cells: dict[str, object] | None


def compared(row: StagedFact, standing: Statement | None, memory: Memory | None) -> Comparison:
    """Return what a row makes of a fact as it stands, None where it does not, and as its source is remembered."""
    if memory is None:
        return _compared_alone(row, standing)
    cells, said, columns = _cells(row, memory), memory.cells, memory.columns
    changed = {
        name: value
        for name, value in cells.items()
        if name in columns and value != said.get(name) and not same_cell(name, said.get(name), value)
    }
    unsaid = cells.keys() - columns
    if not changed and not unsaid and row.row_id in (None, memory.row):
        return Comparison(standing, is_news=False, cells=cells)
    if standing is not None:
        stands = cells_of(standing) if unsaid else {}
        changed |= {name: cells[name] for name in unsaid if not same_cell(name, stands.get(name), cells[name])}
        statement: Statement | None = _with_cells(row, standing, changed, memory=memory)
    elif changed or any(cells[name] not in (None, (), "") for name in unsaid - _said_in_words(row, memory)):
        statement = statement_of(row.table, _fields(row, {**memory.said, **cells}))
    else:
        statement = None
    return Comparison(statement, is_news=True, cells=cells)


def _cells(row: StagedFact, memory: Memory) -> dict[str, object]:
    """Return what a row says of a fact, beside what its source said before.

    Where the source named the product under the agent, and names the substance alone now, it says the product no more.
    """
    cells = row.cells
    if AGENT in memory.words and AGENT in cells and PRODUCT in memory.columns and PRODUCT not in cells:
        return {**cells, PRODUCT: None} if named_product(row.table, memory.words) is not None else cells
    return cells


def _said_in_words(row: StagedFact, memory: Memory) -> frozenset[str]:
    """Return the columns of which the source said the same before, though only in its words for another one.

    That is the product which it named as the agent, to a release that kept no products.
    """
    if AGENT not in memory.words or PRODUCT in memory.columns or row.value(PRODUCT) is None:
        return frozenset()
    return frozenset({PRODUCT}) if named_product(row.table, memory.words) == row.value(PRODUCT) else frozenset()


def _compared_alone(row: StagedFact, standing: Statement | None) -> Comparison:
    """Return what the row of a source that is not remembered makes of a fact."""
    if standing is None:
        return Comparison(row.statement(None), is_news=True, cells=None)
    cells, stands = row.cells, cells_of(standing)
    changed = {name: value for name, value in cells.items() if not same_cell(name, stands.get(name), value)}
    return Comparison(_with_cells(row, standing, changed, memory=None), is_news=True, cells=cells)


def _with_cells(
    row: StagedFact, standing: Statement, changed: dict[str, object], *, memory: Memory | None
) -> Statement:
    """Return a statement with the cells that changed at the source."""
    if not changed:
        return standing
    if GRADES in changed and memory is not None:
        each = (cells_of(standing), memory.said, changed)
        stands, before, now = (cast(Grades, cells.get(GRADES, {})) for cells in each)
        if _shape(stands) == _shape(before) == _shape(now):
            changed = {**changed, GRADES: _merged(stands, before, now)}
    if changed.get(BASMI_VERSION) is not None and not is_number(changed.get(BASMI, cells_of(standing).get(BASMI))):
        changed = {name: value for name, value in changed.items() if name != BASMI_VERSION}
    return statement_of(row.table, _fields(row, changed), standing)


def _shape(grades: Grades) -> dict[str, int]:
    return {item: len(row) for item, row in grades.items()}


def _merged(stands: Grades, before: Grades, now: Grades) -> dict[str, tuple[int | None, ...]]:
    """Return the grades of a reading, place by place: one that the source repeats stays as it stands."""
    return {
        item: tuple(
            [
                stood if old == new else new
                for stood, old, new in zip(stands[item], before[item], now[item], strict=True)
            ]
        )
        for item in now
    }


def _fields(row: StagedFact, cells: Mapping[str, object]) -> dict[str, object]:
    """Return cells as the fields of a statement; the edition of a reading's method comes with the method."""
    if row.table.kind != "reading" or "method" not in cells:
        return dict(cells)
    return {**cells, "method_version": method_of(row.table.catalogue, str(cells["method"])).version}
