"""The page on adding a drug, carried out: three lines, and a file with any of its names is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Checkout, Page

PAGE = Page.named("adding-a-drug.md")
ENROLMENT = "patient,enrolled_on\nP-1,2020-01-01\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the drug, and a registry of one patient."""
    copied = Checkout.copied(tmp_path_factory.mktemp("drug"))
    copied.write("patients.csv", ENROLMENT)
    copied.write("treatments.csv", PAGE.block("csv"))
    assert copied.spondyl("init").code == 0
    copied.follow(PAGE)
    return copied


def test_the_page_lists_the_files_that_its_example_touches() -> None:
    assert PAGE.files == list(PAGE.changes)


def test_every_word_for_it_is_imported_as_the_one_drug(checkout: Checkout) -> None:
    imported = checkout.spondyl("import", "patients.csv", "treatments.csv")
    rows = checkout.spondyl("table", "treatments", "--json").json

    asked = checkout.spondyl("treatments", "--which", "Rheumox", "--csv")

    assert (imported.code, asked.code) == (0, 0), imported.err + asked.err
    assert "azapropazone" in asked.out
    assert [(row["agent"], row["atc"], row["drug_class"]) for row in rows] == [("azapropazone", "M01AX04", "NSAID")] * 4


def test_without_it_every_word_is_refused(tmp_path: Path) -> None:
    bare = Checkout.copied(tmp_path)
    bare.write("patients.csv", ENROLMENT)
    bare.write("treatments.csv", PAGE.block("csv"))
    assert bare.spondyl("init").code == 0

    refused = bare.spondyl("import", "patients.csv", "treatments.csv")

    assert refused.code == 3
    assert refused.err.count("is not a known agent; declare it under [[agents]] or [[products]] of the protocol") == 4
