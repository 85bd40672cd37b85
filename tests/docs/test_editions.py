"""docs/editions.md says which edition of each table this version computes."""

from __future__ import annotations

import re
from pathlib import Path

from projections.cohort.figures.figures import COHORT_STATISTICS
from projections.export.first_columns import COLUMNS_OF_0_1, FIRST_EDITION
from projections.tables import TABLES
from projections.versions.tables import VERSIONS

PAGE = (Path(__file__).parents[2] / "docs" / "editions.md").read_text(encoding="utf-8")


def test_the_page_says_which_editions_this_version_computes() -> None:
    listed = {name: int(edition) for name, edition in re.findall(r"^\| (\w+) \| (\d+) \|", PAGE, re.MULTILINE)}

    assert listed == {table.name: table.edition for table in (*TABLES.values(), COHORT_STATISTICS)}


def test_the_page_says_that_tables_of_versions_are_of_their_first_edition() -> None:
    assert "Tables of versions, as `visits_versions`, are all of edition 1." in PAGE
    assert {table.edition for table in VERSIONS.values()} == {1}


def test_a_table_of_a_first_edition_still_has_the_columns_of_0_1() -> None:
    for table in (*TABLES.values(), COHORT_STATISTICS):
        if table.edition == FIRST_EDITION and table.name in COLUMNS_OF_0_1:
            assert [column.name for column in table.columns][: len(COLUMNS_OF_0_1[table.name])] == [
                *COLUMNS_OF_0_1[table.name]
            ]


def test_every_table_of_0_1_is_still_there_with_its_columns() -> None:
    now = {table.name: {column.name for column in table.columns} for table in (*TABLES.values(), COHORT_STATISTICS)}

    assert {name for name, columns in COLUMNS_OF_0_1.items() if not set(columns) <= now.get(name, set())} == set()
