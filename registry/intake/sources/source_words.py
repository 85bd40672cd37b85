"""What is wrong with a mapped batch, in the words of its source: its fields, its rows, and each kind once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from registry.errors import UnreadableError
from registry.intake.batch import ID_ONCE, KEEP_ONE
from registry.intake.problem_list import ProblemList
from registry.intake.sources import toml_words as toml
from registry.intake.sources.findings import Finding, in_rows, in_words
from registry.intake.sources.foreign_source import SourceRow
from registry.intake.sources.mapped_source import MappedSource, PlacedRows
from registry.intake.sources.mapping import TableRule
from registry.places import Place, Problem
from registry.schema.cells import NO_AGENT
from registry.schema.numbers import EMPTY_INSTEAD
from registry.schema.tables import ID_COLUMN

PLACES_AT_MOST: Final = 1_000  # rows that are looked up again, to say where they are
KEY_ONCE: Final = "a key names one row of the table"
APART: Final = "add a field to it that tells them apart"
Kind = tuple[str, str, str, str | None]


def problem_of(finding: Finding, mapped: MappedSource) -> Problem:
    """Return a value that a mapping cannot read as a problem, at the first of its rows."""
    name = finding.file or mapped.source.name
    return Problem(Place(name, finding.line, finding.field), in_words(finding), finding.value)


def in_words_of_the_source(problems: Iterable[Problem], mapped: MappedSource) -> ProblemList:
    """Return problems with the fields of the source for our columns, and how a person finds the first row of each.

    What is wrong alike in several rows is one problem, with their number.
    """
    found = {problem_of(finding, mapped) for finding in mapped.findings.all}
    firsts, times = dict[Kind, Problem](), dict[Kind, int]()
    for each in problems:
        kind = _kind(each, mapped.places.get(each.place.file))
        firsts.setdefault(kind, each)
        times[kind] = times.get(kind, 0) + 1
    placed = {each: mapped.places.get(each.place.file) for each in firsts.values()}
    told = _told(mapped, {(rows.file, each.place.line) for each, rows in placed.items() if rows is not None})
    return ProblemList(
        each if each in found or (rows := placed[each]) is None
        else _translated(each, rows, n_rows=times[kind], told=told.get((rows.file, each.place.line), ""))
        for kind, each in firsts.items()
    )  # fmt: skip


def _kind(problem: Problem, rows: PlacedRows | None) -> Kind:
    """Return what problems have in common that are told once: the same of the same value, or a key that is none."""
    place = problem.place
    for clash in (ID_ONCE, KEEP_ONE):
        if problem.message.endswith(clash) and rows is not None and rows.table.rule.key:
            return place.file, place.column, clash, None
    return place.file, place.column, problem.message, problem.value


def _translated(problem: Problem, rows: PlacedRows, *, n_rows: int, told: str) -> Problem:
    place, rule = problem.place, rows.table.rule
    is_key = place.column == ID_COLUMN and bool(rule.key)
    fields = rule.key if is_key else rows.fields_of(place.column)
    message = _mended(problem, rule, whose=rows.table.fields["patient"]) + in_rows(n_rows, told)
    return Problem(Place(place.file, place.line, "/".join(fields) or place.column), message, problem.value)


def _mended(problem: Problem, rule: TableRule, *, whose: tuple[str, ...]) -> str:
    """Return what is wrong, with what to write in the mapping where that is known."""
    said = problem.message
    if said.endswith(EMPTY_INSTEAD) and problem.value:
        meant = toml.words({problem.value: ""})
        return f"{said.removesuffix(EMPTY_INSTEAD)}; say what it stands for, as missing = {meant}"
    if said.endswith(NO_AGENT) and problem.value:
        return f"{said}, or say which drug it is, as codes = {toml.words({problem.value: '…'})}"
    if said.endswith(ID_ONCE) and rule.key:
        more = [*whose, *rule.key] if not {*whose} & {*rule.key} else []
        mend = f"write key = {toml.array(more)}" if more else APART
        clash = said.removeprefix(f"{ID_COLUMN}: ").removesuffix(f"; {ID_ONCE}")
        return f"{clash}; {KEY_ONCE}; {mend}"
    if said.endswith(KEEP_ONE) and rule.key:
        return f"{said}, or where both are meant, for {KEY_ONCE}, {APART}"
    return said


def _told(mapped: MappedSource, places: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return how a person finds the rows on some lines, by looking for them once more."""
    wanted, told = set(sorted(places)[:PLACES_AT_MOST]), dict[tuple[str, int], str]()
    try:
        for row in mapped.source.rows() if wanted else ():
            place = row.file, row.line
            if place in wanted:
                told[place] = row.told or _key_of(row, mapped)
                if len(told) == len(wanted):
                    break
    except (UnreadableError, OSError):
        return told
    return told


def _key_of(row: SourceRow, mapped: MappedSource) -> str:
    """Return what the key of a row of a query says, for its number changes with the query; nothing of other sources.

    Who a person is stands there only where that is a pseudonym.
    """
    said = mapped.said
    key = next((table.key for table in said.tables if table.key), ()) if said.source.kind == "sql" else ()
    return "/".join(
        row.values.get(name, "") for name in key if said.patient.mapped is None or name != said.patient.field
    )
