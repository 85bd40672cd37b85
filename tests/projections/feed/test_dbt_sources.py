"""The sources of a dbt project, from a dictionary that was written by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from projections.errors import FeedError
from projections.export.dictionary import DECLARED
from projections.feed.dbt_sources import RESERVED, Source, dbt_sources
from projections.feed.read_dictionary import Described, DescribedTable, read_dictionary

DICTIONARY = {
    "format": 1,
    "tables": {
        "rooms": {
            "rows": "one row per room",
            "key": ["house", "room"],
            "foreign_keys": [],
            "columns": [
                {"name": "house", "type": "string", "nullable": False, "meaning": "the house", "codes": None},
                {"name": "room", "type": "string", "nullable": False, "meaning": 'its "name"', "codes": None},
                {"name": "use", "type": "string", "nullable": True, "meaning": "use", "codes": ["bed", "cook's"]},
                {"name": "views", "type": "list<string>", "nullable": False, "meaning": "views", "codes": ["sea"]},
            ],
        },
        "guests": {
            "rows": "one row per guest",
            "key": ["guest"],
            "foreign_keys": [
                {"columns": ["house", "room"], "table": "rooms", "references": ["house", "room"]},
                {"columns": ["house"], "table": "houses", "references": ["house"]},
            ],
            "columns": [
                {"name": "guest", "type": "string", "nullable": False, "meaning": "the guest", "codes": None},
                {"name": "house", "type": "string", "nullable": False, "meaning": "where", "codes": None},
                {"name": "room", "type": "string", "nullable": True, "meaning": "where, if known", "codes": None},
            ],
        },
    },
}
GUESTS = """\
      - name: "guests"
        description: "one row per guest"
        data_tests:
          - unique:
              arguments:
                column_name: "guest"
          - relationships:
              arguments:
                column_name: "(house, room)"
                to: source('inn', 'rooms')
                field: "(house, room)"
              config:
                where: "room is not null"
        columns:
          - name: "guest"
            description: "the guest"
            quote: true
            data_tests:
              - not_null
          - name: "house"
            description: "where"
            quote: true
            data_tests:
              - not_null
          - name: "room"
            description: "where, if known"
            quote: true
"""


@pytest.fixture
def described(tmp_path: Path) -> Described:
    (tmp_path / "dictionary.json").write_text(json.dumps(DICTIONARY), encoding="utf-8")
    return read_dictionary(tmp_path)


def test_a_table_has_its_keys_and_full_columns_as_tests_and_a_reference_to_no_table_has_none(
    described: Described,
) -> None:
    written = dbt_sources(described.tables, Source("inn", "raw", "lake"), keyed=False)

    assert '  - name: "inn"\n    database: "lake"\n    schema: "raw"\n    tables:\n      - name: "rooms"\n' in written
    assert written.endswith(GUESTS)
    assert 'column_name: "(house, room)"' in written
    assert "_row_key" not in written


def test_a_closed_list_is_a_test_with_quotes_as_sql_has_them_and_a_list_in_a_cell_is_none(described: Described) -> None:
    written = dbt_sources(described.tables, Source(), keyed=False)

    assert re.findall(r"values: (.*)", written) == ['["bed", "cook\'\'s"]']


def test_the_same_dictionary_gives_the_same_bytes_of_yaml(described: Described) -> None:
    once, again = (dbt_sources(described.tables, Source(history=True), keyed=True) for _ in range(2))

    assert once == again
    assert once.isascii()


def test_the_tables_of_a_feed_have_a_row_key_and_histories_where_they_are_kept(
    described: Described, tmp_path: Path
) -> None:
    (tmp_path / "feed.json").touch()
    assert not described.is_of_feed
    assert read_dictionary(tmp_path).is_of_feed

    written = dbt_sources(described.tables, Source(history=True), keyed=True)

    assert re.findall(r'^      - name: "(.*)"', written, re.MULTILINE) == [
        "rooms",
        "rooms_history",
        "guests",
        "guests_history",
    ]
    assert written.count('column_name: "(_row_key, _known_from_position)"') == 2


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (None, "cannot be read: No such file or directory"),
        ("{", "is not a dictionary: Input data was truncated"),
        ('{"format": 1}', "is not a dictionary: .*`tables`"),
        ('{"format": 2, "tables": {}}', "has format 2, this spondyl knows 1; use a newer spondyl"),
        (json.dumps(DICTIONARY).replace('"guest"', '"guest; drop table"'), "is not a dictionary: .*regex"),
    ],
)
def test_what_is_no_dictionary_is_refused(content: str | None, wrong: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "dictionary.json").write_text(content, encoding="utf-8")

    with pytest.raises(FeedError, match=f"dictionary.json: {wrong}"):
        read_dictionary(tmp_path)


def test_keys_that_are_words_of_sql_are_quoted() -> None:
    reserved = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    words = {word for (word,) in duckdb.sql(reserved).fetchall()}

    for table in DECLARED.values():
        referring = [name for key in table.foreign_keys for name in (*key.columns, *key.references)]
        assert words.intersection((*table.key, *referring)) <= RESERVED, table.name

    keyed = DescribedTable("one row per group", ("cohort", "table", "group"), (), ())
    written = dbt_sources({"statistics": keyed}, Source(), keyed=False)
    assert 'column_name: "(cohort, \\"table\\", \\"group\\")"' in written
