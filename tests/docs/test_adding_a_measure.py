"""The page on adding a measure, carried out: three lines, and a file with such a column goes all the way."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.docs.pages import Checkout, Page

PAGE = Page.named("adding-a-measure.md")

DEFINITION = """
cohort = "enthesitis"
[[time_points]]
name = "baseline"
day = 14
[[time_points]]
name = "later"
day = 196
[tables.clinical]
measures = ["sparcc_enthesitis"]
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the measure, and a registry of the page's two visits.

    An export was made before there was the measure, so that the log's columns lie on the disk already.
    """
    copied = Checkout.copied(tmp_path_factory.mktemp("measure"))
    copied.write("patients.csv", "patient,enrolled_on\nP-1,2020-01-01\n")
    copied.write(
        "earlier/visits.csv", "patient,visited_on,visit,mases,swollen_joints_44\nP-1,2020-01-02,screening,3,2\n"
    )
    for call in ("init", "import patients.csv earlier/visits.csv", "export earlier/export"):
        assert copied.spondyl(*call.split()).code == 0
    copied.follow(PAGE)
    copied.write("visits.csv", PAGE.block("csv"))
    assert copied.spondyl("import", "visits.csv").code == 0
    return copied


def test_the_page_lists_the_files_that_its_example_touches() -> None:
    assert PAGE.files == list(PAGE.changes)


def test_its_values_are_stored_and_shown(checkout: Checkout) -> None:
    rows = checkout.spondyl("table", "measures", "--json").json

    assert [(row["visited_on"], row["measure"], row["value"], row["unit"]) for row in rows] == [
        ("2020-01-02", "mases", 3, "score"),
        ("2020-01-02", "swollen_joints_44", 2, "count"),
        ("2020-01-15", "sparcc_enthesitis", 9, "score"),
        ("2020-07-15", "sparcc_enthesitis", 4, "score"),
    ]
    assert "sparcc_enthesitis 9" in checkout.spondyl("show", "P-1").out


def test_a_value_beyond_its_limits_is_refused_in_files_and_in_commands(checkout: Checkout) -> None:
    checkout.write("beyond/visits.csv", "patient,visited_on,sparcc_enthesitis\nP-1,2021-01-15,17\n")

    of_a_file = checkout.spondyl("import", "beyond")
    of_a_command = checkout.spondyl("record", "visit", "patient=P-1", "visited_on=2021-01-15", "sparcc_enthesitis=-1")

    assert (of_a_file.code, of_a_command.code) == (3, 3)
    assert "sparcc_enthesitis: 17 score is outside 0 to 16 score" in of_a_file.err
    assert "sparcc_enthesitis: -1 score is outside 0 to 16 score" in of_a_command.err


def test_a_template_has_its_column_and_says_what_it_is(checkout: Checkout) -> None:
    assert checkout.spondyl("template", "templates").code == 0
    text = (checkout.folder / "templates" / "visits.csv").read_text(encoding="utf-8")

    assert "# sparcc_enthesitis: SPARCC Enthesitis Index; 0 to 16 score\n" in text
    assert "sparcc_enthesitis" in text.splitlines()[-1].split(",")


def test_it_is_exported_and_can_be_reproduced(checkout: Checkout) -> None:
    exported = checkout.spondyl("export", "export")
    again = checkout.spondyl("reproduce", "export")

    assert (exported.code, again.code) == (0, 0), exported.err + again.err
    assert (checkout.folder / "export" / "measures").is_dir()


def test_it_is_summarised_at_the_visits_of_a_label_and_in_the_table_of_a_cohort(checkout: Checkout) -> None:
    summarised = checkout.spondyl("summary", "--measure", "sparcc_enthesitis", "--csv").out
    summary = list(csv.DictReader(summarised.splitlines()))
    checkout.write("cohort.toml", DEFINITION)
    figures = checkout.spondyl("cohort", "cohort.toml", "--json").json["figures"]

    assert [(row["visit"], float(row["median"])) for row in summary] == [("baseline", 9), ("6 months", 4)]
    medians = {each["timepoint"]: each["value"] for each in figures if each["statistic"] == "median"}
    assert (medians["baseline"], medians["later"]) == (9, 4)


def test_the_tests_that_the_page_names_hold_with_its_lines_and_fail_without(checkout: Checkout, tmp_path: Path) -> None:
    names = (
        "tests/spec/test_measures.py::test_the_measures_are_those_of_the_contract_with_their_units_and_limits",
        "tests/registry/intake/test_contract.py",
    )
    bare = Checkout.copied(tmp_path)
    bare.change("registry/catalogue/measures.py", PAGE.changes["registry/catalogue/measures.py"])

    assert checkout.tests(*names).code == 0
    assert "2 failed" in bare.tests(*names).out
