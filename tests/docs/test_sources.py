"""docs/sources.md: it names every key of a mapping and no others, and its example can be read."""

from __future__ import annotations

import re

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.sources.draft.proposals import SURENESS
from registry.intake.sources.draft.samples import ROWS_LOOKED_AT
from registry.intake.sources.mapping import (
    FORM_STATUSES,
    KINDS,
    READ_AS,
    Cell,
    Mapping,
    PatientRule,
    SourceRule,
    TableRule,
)
from registry.intake.sources.mapping_file import mapping_of
from tests.docs.pages import Page

PAGE = Page.named("sources.md")
WRITTEN = {  # what a key is called in the file, or nothing where another key says it
    "header_rows_above": "",
    "read_as": "as",
    "cells": "",
    "tables": "table",
    "values": "is",
    "excluded": "not",
    "instrument": "",
    "events": "",
}


def section(title: str) -> str:
    """Return the part of the page under a title, to the next one."""
    return PAGE.text.partition(f"### {title}")[2].partition("\n##")[0]


def keys_of(title: str) -> set[str]:
    """Return the keys in the first column of the table under a title."""
    rows = re.findall(r"^\| (`.+?`) \|", section(title), re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`([\w-]+)`", row)}


def fields_of(record: type) -> set[str]:
    """Return the keys that a record of a mapping has in the file."""
    return {WRITTEN.get(name, name) for name in record.__struct_encode_fields__} - {""}  # type: ignore[attr-defined]


def test_the_page_names_every_key_of_the_source() -> None:
    assert keys_of("`[source]`") == {*SourceRule.__struct_encode_fields__} - {"header_rows_above"}


def test_the_page_names_every_key_of_a_table() -> None:
    assert keys_of("`[[table]]`") == fields_of(TableRule) | {"each"}


def test_the_page_names_every_verb_of_a_cell() -> None:
    assert keys_of("A cell") == fields_of(Cell) - {"none", "other"}
    assert {"none", "other"} <= {*re.findall(r"`(\w+)", section("A cell"))}


def test_the_page_names_every_key_of_a_patient_and_of_the_whole() -> None:
    assert fields_of(PatientRule) <= {*re.findall(r"`(\w+)", section("`[patient]`"))}
    assert fields_of(Mapping) <= {*re.findall(r"\[+(\w+)\]", PAGE.text)}


def test_the_page_names_every_word_that_a_key_may_have() -> None:
    said = set(re.findall(r"`([\w-]+)`", PAGE.text))

    assert {*KINDS, *FORM_STATUSES, *READ_AS} <= said


def test_the_page_says_how_sure_a_draft_can_be() -> None:
    flat = " ".join(PAGE.text.split())

    assert all(f"`{why.partition(',')[0]}`" in flat for why in SURENESS)
    assert f"the first {ROWS_LOOKED_AT:,} rows" in flat


def test_the_mapping_of_the_page_can_be_read() -> None:
    mapping = mapping_of(PAGE.block("toml").encode(), "mapping.toml", BUILT_IN)

    assert [table.to for table in mapping.tables] == ["visits", "treatments"]
