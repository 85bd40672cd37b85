"""docs/profiles.md says of each word, table and key what becomes of it."""

from __future__ import annotations

import re
from pathlib import Path

from projections.columns.sensitivity import OF_HELD, SENSITIVITIES
from projections.export.cohorts import OF_COHORTS
from projections.export.manifest import Choices
from projections.export.profiles.deidentification import RARE
from projections.export.profiles.deidentified import LEFT_OUT
from projections.export.profiles.groups import LIMITS, quasi_identifiers
from projections.export.profiles.known import PROFILES
from projections.export.profiles.meds.declared import DATA
from projections.export.profiles.meds.rows import TABLES_OF_MEDS
from projections.export.profiles.omop.declared import CDM
from projections.export.profiles.omop.profile import TABLES_OF_OMOP
from projections.export.profiles.released_columns import MADE, OLDEST, TOLD
from projections.export.profiles.shifted_days import LEAST, MOST
from projections.stated.patients import PATIENTS
from registry.catalogue.measures import HOLDS

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`[^|]+) \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_the_page_says_what_becomes_of_each_sensitivity() -> None:
    told = {word: what for words, what in ROWS for word in re.findall(r"`(\w+)`", words) if word != "sensitivity"}

    assert set(SENSITIVITIES) == set(told)
    assert {word for word, what in told.items() if what.startswith("left out")} == set(SENSITIVITIES) - set(MADE)
    assert set(TOLD) == set(MADE)


def test_every_kind_of_measure_has_a_sensitivity() -> None:
    assert set(OF_HELD) == set(HOLDS)


def test_the_page_names_the_profiles_the_tables_that_are_left_out_and_the_columns_that_count() -> None:
    named = set(re.findall(r"`([\w*]+)`", PAGE))

    assert {*PROFILES, *quasi_identifiers(PATIENTS), *(set(LEFT_OUT) - set(OF_COHORTS)), "*_versions"} <= named


def test_the_page_has_the_numbers_by_which_a_release_is_made() -> None:
    assert f"{LEAST} to {MOST} back" in PAGE
    assert f"its band of {Choices().band} (`--band`); of who is {OLDEST} or older" in PAGE
    assert f"where {RARE} patients have the word" in PAGE
    assert f"groups of fewer than {', '.join(map(str, LIMITS[:-1]))} and {LIMITS[-1]}" in PAGE


def test_the_page_names_every_table_of_omop_and_every_column_and_table_of_meds() -> None:
    named = set(re.findall(r"`([\w*]+)`", PAGE))

    assert set(CDM) <= named
    assert {column.name for column in DATA.columns} <= named
    assert set(TABLES_OF_MEDS) == set(TABLES_OF_OMOP) <= named
