"""The page on adding an intake format, carried out: its files are imported and refused."""

from __future__ import annotations

import json

import pytest

from tests.docs.pages import Checkout, Page

PAGE = Page.named("adding-an-intake-format.md")
MODULE = "registry/intake/json_lines.py"
VISIT = "visit/P-1/2020-01-15/baseline"


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the format, and a registry of one patient with a visit, from such files."""
    copied = Checkout.copied(tmp_path_factory.mktemp("format"))
    copied.add(MODULE, PAGE.block("python"))
    copied.follow(PAGE)
    copied.write("batch/patients.jsonl", lines({"patient": "P-1", "enrolled_on": "2020-01-01", "criteria": ["mNY"]}))
    visit = {"patient": "P-1", "visited_on": "2020-01-15", "visit": "baseline"}
    copied.write("batch/visits.jsonl", f'{json.dumps(visit)[:-1]}, "crp": 24.70, "esr": null}}\n')
    for call in ("init", "import batch"):
        ended = copied.spondyl(*call.split())
        assert ended.code == 0, ended.err
    return copied


def test_the_page_lists_the_files_that_its_example_touches() -> None:
    assert PAGE.files == [MODULE, *PAGE.changes]


def test_values_are_kept_as_they_are_written_and_a_fact_says_whence_it_comes(checkout: Checkout) -> None:
    (version,) = checkout.spondyl("history", VISIT, "--json").json

    assert version["source"] == "visits.jsonl:1"
    (measure,) = checkout.spondyl("table", "measures", "--json").json
    assert (measure["measure"], measure["captured_value"]) == ("crp", "24.70")


def test_the_same_file_again_says_nothing_and_does_not_undo_a_correction(checkout: Checkout) -> None:
    here = ("--db", "corrected.db")
    for call in (("init",), ("import", "batch"), ("amend", VISIT, "crp=2.47", "--reason", "the point was lost")):
        assert checkout.spondyl(*here, *call).code == 0

    again = checkout.spondyl(*here, "import", "batch")

    assert again.code == 0, again.err
    assert "0 events stored" in again.err
    (measure,) = checkout.spondyl(*here, "table", "measures", "--json").json
    assert measure["captured_value"] == "2.47"


def test_what_cannot_be_read_is_refused_with_its_line(checkout: Checkout) -> None:
    files = {
        "cell": '{"patient": "P-2", "enrolled_on": "soon"}\n',
        "cut": '{"patient": "P-2"\n',
        "blank": '\n{"patient": "P-2", "enrolled_on": "2020-01-01"}\n',
        "list": "[1, 2]\n",
        "nested": '{"patient": {"code": "P-2"}}\n',
        "more": '{"patient": "P-2", "enrolled_on": "2020-01-01"}\n{"patient": "P-3", "sex": "male"}\n',
    }
    for folder, text in files.items():
        checkout.write(f"{folder}/patients.jsonl", text)

    refused = checkout.spondyl("import", *files)

    assert refused.code == 3
    for problem in (
        "cell/patients.jsonl:1:enrolled_on: 'soon' is not a day",
        "cut/patients.jsonl:1: not readable as JSON",
        "blank/patients.jsonl:1: not readable as JSON",
        "list/patients.jsonl:1: no object of cells; write a row as {…}",
        "nested/patients.jsonl:1: no object of cells; write a row as {…}",
        "more/patients.jsonl:2: sex: not in the first row; name it there",
    ):
        assert problem in refused.err


def test_the_tests_that_the_page_names_hold_with_its_lines(checkout: Checkout) -> None:
    asked = checkout.tests("tests/registry/intake/test_formats.py", "-k", "every_format or not_missed")

    assert asked.code == 0, asked.out
    assert "10 passed" in asked.out
