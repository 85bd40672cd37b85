"""The page on adding a method, carried out: declared in one module, and everything follows."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.docs.pages import Checkout, Ended, Page

PAGE = Page.named("adding-a-method.md")
MODULE = "registry/catalogue/methods/sij_oedema.py"
QUADRANTS = (
    "right upper ilial",
    "right upper sacral",
    "right lower ilial",
    "right lower sacral",
    "left upper ilial",
    "left upper sacral",
    "left lower ilial",
    "left lower sacral",
)
READ = {"MR-1": "1101000·", "MR-2": "01010011"}  # · could not be assessed: it has no row
COURSES = ("resolved", "unchanged", "absent", "unchanged", "absent", "absent", "new", "not-assessable")


def readings(grades: dict[str, str], *, reader: str = "R1", method: str = "sij-oedema") -> str:
    rows = [
        f"{study},{reader},{method},{quadrant},{grade}\n"
        for study, word in grades.items()
        for quadrant, grade in zip(QUADRANTS, word)
        if grade != "·"
    ]
    return "".join(("study,reader,method,location,grade\n", *rows))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the method, and a registry of one patient whose two studies were read by it."""
    copied = Checkout.copied(tmp_path_factory.mktemp("method"))
    copied.add(MODULE, PAGE.blocks("python")[0])
    copied.follow(PAGE)
    assert copied.module("tests.docs.methods_page").code == 0
    copied.write("batch/patients.csv", "patient,enrolled_on\nP-1,2020-01-01\n")
    copied.write(
        "batch/imaging.csv",
        "study,patient,performed_on,modality,regions\n"
        "MR-1,P-1,2020-02-01,MRI,sij\nMR-2,P-1,2021-02-01,MRI,spine;sij\n"
        "MR-3,P-1,2022-02-01,MRI,spine\nXR-1,P-1,2020-02-01,XR,sij\n",
    )
    copied.write("batch/readings.csv", readings(READ))
    for call in ("init", "import batch"):
        ended = copied.spondyl(*call.split())
        assert ended.code == 0, ended.err
    return copied


def table(checkout: Checkout, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = checkout.spondyl("table", name, "--json").json
    return rows


def imported(checkout: Checkout, text: str) -> Ended:
    checkout.write("refused/readings.csv", text)
    return checkout.spondyl("import", "refused")


def test_the_page_lists_the_files_that_its_example_touches() -> None:
    assert PAGE.files == [MODULE, *PAGE.changes, "docs/methods.md"]
    assert PAGE.block("console") == "$ python -m tests.docs.methods_page\n"


def test_its_readings_are_taken_from_files_and_from_a_command(checkout: Checkout) -> None:
    given = [f"{quadrant}={grade}" for quadrant, grade in zip(QUADRANTS, "00000000")]
    named = ("--db", "by_hand.db")
    checkout.spondyl(*named, "init")
    checkout.spondyl(*named, "import", "batch/patients.csv", "batch/imaging.csv")
    by_hand = checkout.spondyl(*named, "record", "reading", "study=MR-1", "reader=R2", "method=SIJ-oedema", *given)

    assert by_hand.code == 0, by_hand.err
    assert [(row["study"], row["method"], row["method_version"]) for row in table(checkout, "readings")] == [
        ("MR-1", "sij-oedema", 1),
        ("MR-2", "sij-oedema", 1),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (readings({"MR-1": "2"}, reader="R2"), "readings.csv:2:grade: '2' at right upper ilial is not a grade"),
        (readings({"MR-1": "1"}, reader="R2").replace("ilial", "iliac"), "'right upper iliac' is not a known location"),
        (readings({"MR-3": "1"}), "study 'MR-3' shows spine; sij-oedema reads sij"),
        (readings({"XR-1": "1"}), "study 'XR-1' is XR; sij-oedema reads MRI"),
        (readings({"MR-1": "1"}, method="sij-odema"), "'sij-odema' is not a known method; did you mean 'sij-oedema'?"),
    ],
)
def test_what_it_does_not_grade_is_refused(checkout: Checkout, text: str, problem: str) -> None:
    refused = imported(checkout, text)

    assert refused.code == 3
    assert problem in refused.err


def test_each_quadrant_is_a_finding_with_its_grade(checkout: Checkout) -> None:
    found = [row for row in table(checkout, "findings") if row["study"] == "MR-1"]

    assert [row["location"] for row in found] == list(QUADRANTS)
    assert [row["segment"] for row in found] == ["right"] * 4 + ["left"] * 4
    assert [row["grade"] for row in found] == [1, 1, 0, 1, 0, 0, 0, None]


def test_the_state_of_a_quadrant_is_its_grade(checkout: Checkout) -> None:
    states = [row for row in table(checkout, "lesion_states") if row["study"] == "MR-1"]

    assert [row["state"] for row in states] == ["1", "1", "0", "1", "0", "0", "0", None]
    assert [row["activity"] for row in states] == [1, 1, 0, 1, 0, 0, 0, None]


def test_its_quadrants_have_courses_from_study_to_study(checkout: Checkout) -> None:
    courses = {row["location"]: row["course"] for row in table(checkout, "lesion_courses")}
    printed = checkout.spondyl("courses", "--method", "sij-oedema", "--csv").out

    assert courses == dict(zip(QUADRANTS, COURSES))
    assert Counter(row["course"] for row in csv.DictReader(printed.splitlines())) == Counter(COURSES)
    assert {row["location"] for row in table(checkout, "lesion_episodes")} >= {"right upper ilial", "left lower ilial"}


def test_its_score_counts_the_assessed_quadrants_as_a_whole_and_by_side(checkout: Checkout) -> None:
    scores = [
        (row["study"], row["score"], row["value"], row["n_assessed"], row["n_expected"])
        for row in table(checkout, "scores")
    ]

    assert scores == [
        ("MR-1", "oedema", 3, 7, 8),
        ("MR-1", "oedema:left", 0, 3, 4),
        ("MR-1", "oedema:right", 3, 4, 4),
        ("MR-2", "oedema", 4, 8, 8),
        ("MR-2", "oedema:left", 2, 4, 4),
        ("MR-2", "oedema:right", 2, 4, 4),
    ]
    assert checkout.spondyl("scores", "--method", "sij-oedema").out.count("oedema ") >= 2


def test_a_course_of_a_patient_tells_what_became_of_it(checkout: Checkout) -> None:
    told = " ".join(checkout.spondyl("show", "P-1").out.split())

    assert "sij-oedema by R1 since MR-1: 1 new (left lower ilial), 1 resolved" in told
    assert "sij-oedema by R1: oedema 4;" in told


def test_a_template_names_it(checkout: Checkout) -> None:
    assert checkout.spondyl("template", "templates").code == 0
    text = (checkout.folder / "templates" / "readings.csv").read_text(encoding="utf-8")

    assert (
        "asas-mri-sij, asspimri, berlin, berlin-sij, ctss, mny-sij, msasss, msasss-ap, rasss, sij-oedema, sparcc-sij, "
        "sparcc-spine-23, sparcc-spine-6, sparcc-sss, vu-lesions\n"
    ) in text


def test_a_template_of_its_readings_has_a_row_a_quadrant(checkout: Checkout) -> None:
    text = checkout.spondyl("template", "readings", "--method", "sij-oedema").out

    assert "# grade: 0, 1\nstudy,reader,method,location,grade\n" in text
    assert [line for line in text.splitlines() if line.startswith(",")] == [
        f",,sij-oedema,{quadrant}," for quadrant in QUADRANTS
    ]


def test_the_data_dictionary_of_an_export_has_its_code_its_segments_and_its_locations(checkout: Checkout) -> None:
    assert checkout.spondyl("export", "export").code == 0
    tables = json.loads((checkout.folder / "export" / "dictionary.json").read_text("utf-8"))["tables"]
    codes = {(name, each["name"]): each["codes"] for name, table in tables.items() for each in table["columns"]}

    for name in ("readings", "findings", "lesion_states", "lesion_courses", "lesion_episodes", "scores"):
        assert "sij-oedema" in codes[name, "method"]
    assert {"right", "left"} <= set(codes["findings", "segment"])
    assert checkout.spondyl("reproduce", "export").code == 0


def test_a_cohort_counts_its_quadrants(checkout: Checkout) -> None:
    checkout.write(
        "cohort.toml",
        'cohort = "oedema"\n[[time_points]]\nname = "baseline"\nday = 31\n[[time_points]]\nname = "later"\nday = 397\n'
        '[imaging]\nrule = "one"\n[tables.lesions]\nmethod = "sij-oedema"\n',
    )
    figures = checkout.spondyl("cohort", "cohort.toml", "--json").json["figures"]

    of_all = [each for each in figures if each["row"] == "oedema"]
    assert {(each["timepoint"], each["value"]) for each in of_all if each["statistic"] == "n"} == {
        ("baseline", 3),
        ("later", 4),
    }
    assert [(each["numerator"], each["denominator"]) for each in of_all if each["statistic"] == "percent"] == [
        (3, 7),
        (4, 8),
    ]


def test_the_tests_that_the_page_names_hold_with_its_lines_and_fail_without(checkout: Checkout, tmp_path: Path) -> None:
    names = (
        "tests/spec/test_methods.py",
        "tests/registry/intake/test_contract.py",
        "tests/docs/test_methods_page.py",
    )
    bare = Checkout.copied(tmp_path)
    bare.add(MODULE, PAGE.blocks("python")[0])

    held, failed = checkout.tests(*names), bare.tests(*names)
    assert held.code == 0, held.out
    assert "4 failed" in failed.out, failed.out
