"""The tables of an export or of a feed's target as the `sources` of a dbt project, with the tests that they stand.

What a dictionary promises becomes a test of dbt's own, so that no package has to be there: the key is `unique`, what
has a value in every row is `not_null`, a closed list is `accepted_values`, a foreign key is `relationships`. Keys of
several columns are compared as one row value. A list of words in one cell is not compared with its codes, which dbt
cannot. The same dictionary gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from projections.feed.change_files import KNOWN_FROM, ROW_KEY
from projections.feed.read_dictionary import DescribedColumn, DescribedReference, DescribedTable
from projections.feed.targets.sql_tables import HISTORY, KEY, KNOWN_FROM_POSITION, VERSION

EVENTS: Final = "events"  # which have no row key, as they have their position
HEADING: Final = "# Written by `spondyl dbt-sources`; write it anew where the protocol has another edition.\n"
OF_JINJA: Final = re.compile(r"[{][{%#]|[#}%][}]|^\s*(env_var|ref|var|source|doc)\s*\(")  # what dbt would carry out
RESERVED: Final = frozenset(("group", "table"))  # columns of keys that are words of SQL
Lines = Iterator[str]


class Source(NamedTuple):
    """What a source is called in a project, and where its tables are; `history` adds those of their versions."""

    name: str = "spondyl"
    schema: str = "main"
    database: str | None = None
    history: bool = False


def dbt_sources(tables: Mapping[str, DescribedTable], source: Source, *, keyed: bool) -> str:
    """Return a `sources.yml` of tables by name; `keyed` says that they are a target's, which have a row key.

    A foreign key to a table that is not among them is no test.
    """
    head = {"name": source.name, "database": source.database, "schema": source.schema}
    lines = [f"{key}: {scalar(value)}" for key, value in head.items() if value is not None]
    lines += ["tables:", *_indented(_tables(tables, source, keyed))]
    return f"{HEADING}version: 2\n\nsources:\n" + "".join(f"{line}\n" for line in _indented(_item(lines)))


def scalar(text: str) -> str:
    r"""Return a text as YAML in double quotes, in which dbt finds nothing to carry out.

    >>> print(scalar('pain, "severe" \u202e'))
    "pain, \"severe\" \u202e"
    >>> print(scalar("{{ this }}"))
    "{{ \"{{ this }}\" | as_text }}"
    """
    told = f"{{{{ {json.dumps(text)} | as_text }}}}" if OF_JINJA.search(text) else text
    return "".join(map(_printed, json.dumps(told, ensure_ascii=False)))


def _printed(sign: str) -> str:
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04x}"


def _tables(tables: Mapping[str, DescribedTable], source: Source, keyed: bool) -> Lines:
    for name, table in tables.items():
        has_row_key = keyed and name != EVENTS
        yield from _item(_table(name, table, tables, source, has_row_key=has_row_key))
        if source.history and has_row_key:
            yield from _item(_history(name))


def _table(
    name: str, table: DescribedTable, tables: Mapping[str, DescribedTable], source: Source, *, has_row_key: bool
) -> Lines:
    yield from _described(name, table.rows)
    tests = [*_unique(table.key)]
    for reference in table.foreign_keys:
        if reference.table in tables:
            tests += _relationship(reference, table, source)
    if tests:
        yield from ("data_tests:", *_indented(tests))
    yield "columns:"
    if has_row_key:
        yield from _indented(_item(_column(ROW_KEY, KEY.meaning, ["- not_null", "- unique"])))
    for column in table.columns:
        yield from _indented(_item(_column(column.name, column.meaning, [*_column_tests(column)])))


def _history(name: str) -> Lines:
    yield from _described(f"{name}{HISTORY}", f"every version of every row of {name}")
    yield from ("data_tests:", *_indented(_unique((ROW_KEY, KNOWN_FROM_POSITION))), "columns:")
    for column in (KEY, *VERSION):
        is_full = column.name in (ROW_KEY, KNOWN_FROM_POSITION, KNOWN_FROM)
        yield from _indented(_item(_column(column.name, column.meaning, ["- not_null"] if is_full else [])))


def _described(name: str, meaning: str) -> Lines:
    yield f"name: {scalar(name)}"
    yield f"description: {scalar(meaning)}"


def _column(name: str, meaning: str, tests: list[str]) -> Lines:
    yield from _described(name, meaning)
    yield "quote: true"  # as `group` is a word of SQL
    if tests:
        yield from ("data_tests:", *_indented(tests))


def _column_tests(column: DescribedColumn) -> Lines:
    if not column.nullable:
        yield "- not_null"
    if column.codes and column.type == "string":
        # dbt puts each value between quotes of SQL as it is
        values = ", ".join(scalar(code.replace("'", "''")) for code in column.codes)
        yield from _test("accepted_values", [f"values: [{values}]"])


def _unique(key: Iterable[str]) -> Lines:
    if columns := tuple(key):
        yield from _test("unique", [f"column_name: {scalar(_together(columns))}"])


def _relationship(reference: DescribedReference, table: DescribedTable, source: Source) -> Lines:
    told = [
        f"column_name: {scalar(_together(reference.columns))}",
        f"to: source('{source.name}', '{reference.table}')",
        f"field: {scalar(_together(reference.references))}",
    ]
    yield from _test("relationships", told)
    if missing := [name for name in reference.columns if name in table.nullable]:
        where = " and ".join(f"{_named(name)} is not null" for name in missing)
        yield from ("    config:", f"      where: {scalar(where)}")


def _together(columns: tuple[str, ...]) -> str:
    return _named(columns[0]) if len(columns) == 1 else f"({', '.join(map(_named, columns))})"


def _named(column: str) -> str:
    return f'"{column}"' if column in RESERVED else column


def _test(name: str, arguments: Iterable[str]) -> Lines:
    yield f"- {name}:"
    yield "    arguments:"
    yield from (f"      {line}" for line in arguments)


def _item(lines: Iterable[str]) -> Lines:
    for number, line in enumerate(lines):
        yield f"  {line}" if number else f"- {line}"


def _indented(lines: Iterable[str]) -> Lines:
    yield from (f"  {line}" for line in lines)
