"""Changes for people: patient by patient, each fact with who did what to it when and why, and what followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from cli.output import NO_TERMINAL, counted, put, terminal_width, text
from cli.plain_text import for_terminal
from views.pages.projected import PRECISION

if TYPE_CHECKING:
    from projections.changes.change import Change, EventNote

LINES_OF_A_FACT: Final = 12
ROWS_OF_A_TABLE: Final = 3  # of what followed
LISTED: Final = ("measures", "findings")  # tables of what a fact lists
MEASURED: Final = ("captured_value", "code", "text", "missing_reason")
TOLD: Final = {"insert": "new", "update": "changed", "delete": "gone"}


def give_changes(changes: Iterable[Change], *, at_most: int) -> int:
    """Print the changes of patients, who come one after the other, and return how many rows were told of.

    No further patient or fact is begun once so many lines are printed.
    """
    printed = rows = 0
    for patient, of_patient in groupby(changes, key=lambda change: change.patient):
        for number, (lines, told) in enumerate(_entries([*of_patient])):
            if printed >= at_most:
                return rows
            if not number:
                put(patient, bold=True)
            for line in lines:
                _put_folded(line)
            printed, rows = printed + len(lines), rows + told
    return rows


def _entries(changes: Sequence[Change]) -> Iterator[tuple[list[str], int]]:
    """Yield the lines of each fact of a patient, then of what followed in each table, and how many rows they tell."""
    facts: dict[str, list[Change]] = {}
    tables: dict[str, list[Change]] = {}
    for change in changes:
        if change.events and change.fact is not None:
            facts.setdefault(change.fact, []).append(change)
        else:
            tables.setdefault(change.table, []).append(change)
    for fact, of_fact in facts.items():
        yield _lines_of_fact(fact, of_fact), len(of_fact)
    for table, rows in tables.items():
        yield _lines_of_table(table, rows), len(rows)


def _lines_of_fact(fact: str, changes: Sequence[Change]) -> list[str]:
    lines = [f"  {fact}  {changes[0].how}", *(f"    {_noted(event)}" for event in changes[0].events)]
    own = [change for change in changes if change.table not in LISTED]
    listed = [change for change in changes if change.table in LISTED]
    details = [line for change in own for line in _details(change)]
    if listed and all(change.row != "update" and change.row == listed[0].row for change in listed) and own:
        tables = dict.fromkeys(change.table for change in listed)
        counts = [(table, sum(change.table == table for change in listed)) for table in tables]
        details += [f"with {', '.join(f'{n:,} {table if n > 1 else table[:-1]}' for table, n in counts)}"]
    else:
        details += [_listed(change) for change in listed]
    return [*lines, *(f"    {line}" for line in _cut(details, LINES_OF_A_FACT))]


def _lines_of_table(table: str, changes: Sequence[Change]) -> list[str]:
    n = {row: sum(change.row == row for change in changes) for row in TOLD}
    told = ", ".join(f"{n[row]:,} {word}" for row, word in TOLD.items() if n[row])
    ordered = sorted(changes, key=lambda change: change.row != "update")
    rows = [f"{_named(change)}: {_values(change)}" for change in ordered]
    return [f"  {table} that followed: {told}", *(f"    {line}" for line in _cut(rows, ROWS_OF_A_TABLE))]


def _cut(lines: Sequence[str], at_most: int) -> list[str]:
    left = len(lines) - at_most
    return [*lines] if left <= 0 else [*lines[:at_most], f"… {left:,} more"]


def _noted(event: EventNote) -> str:
    why = f": {event.reason}" if event.reason else ""
    return f"@{event.position}  {text(event.recorded_at)}  {event.event} by {event.actor} from {event.source}{why}"


def _details(change: Change) -> list[str]:
    """Return what a row of a fact's own table says: all of it in one line, or a line for each column that changed."""
    if change.before is not None and change.after is not None:
        return [_moved(name, change.before[name], change.after[name]) for name in change.after]
    return [_told(change.after or change.before or {})]


def _listed(change: Change) -> str:
    """Return the line of a measure of a visit, or of a grade of a reading."""
    sides = [None if side is None else {**change.same, **side} for side in (change.before, change.after)]
    if change.table == "measures":
        return _moved(str(change.key["measure"]), *(None if side is None else _measured(side) for side in sides))
    there = sides[1] or sides[0] or {}
    name = " ".join(str(there[each]) for each in ("location", "item") if there[each] is not None)
    return _moved(name, *(None if side is None else side["grade"] for side in sides))


def _measured(row: Mapping[str, Any]) -> str:
    """Return what was captured, with its mark and its unit."""
    said = [f"{row['comparator'] or ''}{row[name]}" for name in MEASURED if row[name] is not None]
    return " ".join([*said, *([row["captured_unit"]] if row["captured_unit"] else [])])


def _values(change: Change) -> str:
    if change.before is not None and change.after is not None:
        return "; ".join(_moved(name, change.before[name], change.after[name]) for name in change.after)
    return f"{TOLD[change.row]}, {_told(change.after or change.before or {})}"


def _moved(name: str, before: object, after: object) -> str:
    return f"{name}: {text(before)} → {text(after)}"


def _told(row: Mapping[str, Any]) -> str:
    """Return all that a row says, without how precisely days are known."""
    said = {name: value for name, value in row.items() if value not in (None, "", []) and not name.endswith(PRECISION)}
    return ", ".join(f"{name} {text(value)}" for name, value in said.items())


def _named(change: Change) -> str:
    """Return what tells a row of a patient from the others, but truths, which say nothing without their name."""
    named = [text(value) for value in change.key.values() if not isinstance(value, bool)]
    return " ".join(named) or change.patient


def _put_folded(line: str) -> None:
    """Print a line, on a terminal folded to its width under where its words begin."""
    shown = for_terminal(line)
    indent = len(shown) - len(shown.lstrip(" "))
    begin, further = " " * indent, " " * (indent + 2)
    width = terminal_width() or NO_TERMINAL
    for folded in wrap(
        shown.lstrip(" "), width, initial_indent=begin, subsequent_indent=further, break_on_hyphens=False
    ):
        put(folded)


def left_out(rows: int, told: int) -> str | None:
    """Return what is said of rows that were not told of, None where all were."""
    left = rows - told
    return f"… {counted(left, 'more changed row')}; --csv or --json gives all" if left else None
