"""A reading whose grades stand side by side in a row is drafted as rows, where its columns say method and location."""

from __future__ import annotations

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.sources.draft.drafting import draft_of
from registry.intake.sources.mapping import Mapping, SourceRule
from registry.intake.sources.mapping_file import mapping_of
from tests.registry.intake.sources.given_rows import a_sheet


def draft(*names: str) -> str:
    source = a_sheet("|".join(("pid", *names)), "|".join(("P1", *["1"] * len(names))))
    return draft_of(source, SourceRule(kind="csv", files=(source.name,)), BUILT_IN)


def read(text: str) -> Mapping:
    return mapping_of(text.encode(), "mapping.toml", BUILT_IN)


@pytest.mark.parametrize(
    ("names", "pattern", "locations"),
    [
        (("berlin_c2c3", "berlin_th12", "berlin_l5s1"), "berlin_{location}", {"C2/3", "T1/2", "L5/S1"}),
        (("BERLIN C7/T1", "BERLIN T12/L1"), "BERLIN {location}", {"C7/T1", "T12/L1"}),
        (("mri_asspimri_t1011", "mri_asspimri_t11t12"), "mri_asspimri_{location}", {"T10/11", "T11/12"}),
    ],
)
def test_columns_of_a_method_and_its_locations_are_rows_of_a_reading(
    names: tuple[str, ...], pattern: str, locations: set[str]
) -> None:
    text = draft(*names)

    (table,) = read(text).tables
    assert table.to == "readings"
    assert table.pivot is not None
    assert (table.pivot.to, table.pivot.field) == ("location", pattern)
    assert {*table.pivot.names.values()} == locations
    assert table.cells["method"].constant == pattern.removeprefix("mri_").partition("{")[0].strip(" _").lower()
    assert "# study = " in text
    assert not any(f"# {name} = " in text for name in names)


def test_a_column_that_begins_so_too_and_is_no_location_is_told_and_nothing_is_taken() -> None:
    text = draft("berlin_c23", "berlin_c34", "berlin_total")

    assert "# no location of berlin, though it begins so too: berlin_total; call it otherwise at the source" in text
    assert '# pivot = { location = "{location}"' in text
    assert '# berlin_c23 = "…"' in text


@pytest.mark.parametrize(
    "names",
    [
        ("berlin_c23",),
        ("vu-lesions_c23", "vu-lesions_c34"),
        ("berliner_c23", "berliner_c34"),
        ("berlin_c23", "berlin_c2c3"),
    ],
    ids=["one location", "a method of two items", "another word", "one location twice"],
)
def test_what_may_be_something_else_is_left_to_a_person(names: tuple[str, ...]) -> None:
    assert "pivot" not in draft(*names)
