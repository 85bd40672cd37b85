"""The third example of the page on adding a method: places of two kinds, rules, groups, and corners made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.pages import Checkout, Ended, Page

PAGE = Page.named("adding-a-method.md")
MODULE = "registry/catalogue/methods/sij_slices.py"
PLACES = [
    f"{side} slice {number} {place}"
    for side in ("right", "left")
    for number in (1, 2)
    for place in ("upper iliac", "upper sacral", "lower iliac", "lower sacral", "upper half", "lower half")
]
ITEMS = {"half": ("ankylosis",), "quadrant": ("lesion", "depth", "signal void")}
GRADES = {  # the others are 0
    ("right slice 1 upper iliac", "lesion"): "2",
    ("right slice 1 upper iliac", "depth"): "1",
    ("right slice 1 upper half", "ankylosis"): "1",
    ("left slice 2 lower sacral", "signal void"): "1",
    ("left slice 2 lower sacral", "lesion"): "",
    ("left slice 2 lower sacral", "depth"): "",
    ("left slice 1 upper iliac", "lesion"): "",  # could not be assessed
}


def readings(reader: str = "R1", **others: str) -> str:
    grades = {**GRADES, **{tuple(place.split("/")): grade for place, grade in others.items()}}
    rows = [
        f"MR-1,{reader},sij-slices,{place},{item},{grades.get((place, item), '0')}\n"
        for place in PLACES
        for item in ITEMS["half" if place.endswith("half") else "quadrant"]
    ]
    return "".join(("study,reader,method,location,item,grade\n", *rows))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the method, and a registry of one patient whose study was read by it."""
    copied = Checkout.copied(tmp_path_factory.mktemp("slices"))
    copied.add(MODULE, PAGE.blocks("python")[2])
    copied.write("batch/patients.csv", "patient,enrolled_on\nP-1,2020-01-01\n")
    copied.write("batch/imaging.csv", "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,MRI,sij\n")
    copied.write("batch/readings.csv", readings())
    for call in ("init", "import batch"):
        ended = copied.spondyl(*call.split())
        assert ended.code == 0, ended.err
    return copied


def refused(checkout: Checkout, text: str) -> Ended:
    checkout.write("refused/readings.csv", text)
    ended = checkout.spondyl("import", "refused")
    assert ended.code == 3
    return ended


def test_each_score_says_what_it_does_about_the_quadrant_that_could_not_be_assessed(checkout: Checkout) -> None:
    rows = checkout.spondyl("table", "scores", "--json").json
    found = {row["score"]: (row["value"], row["n_assessed"], row["n_expected"], row["n_imputed"]) for row in rows}

    assert found["lesions"] == (None, 15, 16, 0)
    assert found["lesions:right slice 1"] == (3, 4, 4, 0)
    assert found["lesions:left slice 1"] == (None, 3, 4, 0)
    assert found["lesions:left slice 2"] == (0, 4, 4, 0)
    assert found["lesions-imputed"] == (3, 15, 16, 1)
    assert found["ankylosis"] == (1, 8, 8, 0)


def test_a_finding_is_there_for_what_exists_at_its_place(checkout: Checkout) -> None:
    rows = checkout.spondyl("table", "findings", "--json").json

    assert len(rows) == 16 * 3 + 8
    assert {row["item"] for row in rows if row["location"].endswith("half")} == {"ankylosis"}


@pytest.mark.parametrize(
    ("place", "grade", "told"),
    [
        ("right slice 2 upper iliac/depth", "1", "right slice 2 upper iliac depth: depth above 0 only where lesion is"),
        (
            "left slice 2 lower sacral/depth",
            "0",
            "left slice 2 lower sacral depth: lesion and depth not graded where signal void is above 0",
        ),
    ],
)
def test_what_the_grades_of_a_place_cannot_say_together_is_refused(
    checkout: Checkout, place: str, grade: str, told: str
) -> None:
    assert told in refused(checkout, readings("R2", **{place: grade})).err


def test_an_item_at_a_place_of_the_other_kind_is_refused(checkout: Checkout) -> None:
    text = readings("R2") + "MR-1,R2,sij-slices,left slice 1 upper half,lesion,1\n"

    told = "sij-slices does not grade lesion at left slice 1 upper half, but ankylosis"
    assert told in refused(checkout, text).err


def test_a_template_has_a_row_for_what_exists_at_each_place(checkout: Checkout) -> None:
    text = checkout.spondyl("template", "readings", "--method", "sij-slices").out

    assert sum(line.startswith(",,sij-slices,") for line in text.splitlines()) == 16 * 3 + 8
    assert "# depth above 0 only where lesion is above 0.\n" in text


def test_the_data_dictionary_says_what_was_not_verified(checkout: Checkout) -> None:
    assert checkout.spondyl("export", "export").code == 0
    dictionary = json.loads((checkout.folder / "export" / "dictionary.json").read_text("utf-8"))

    [method] = [each for each in dictionary["catalogue"]["methods"] if each["code"] == "sij-slices"]
    assert method["unverified"] == ["the bonus for depth"]
    assert {score["name"]: score["range"] for score in method["scores"]} == {
        "lesions": ["0", "48"],
        "ankylosis": ["0", "8"],
        "lesions-imputed": ["0", "48"],
    }


def test_other_bounds_than_grades_can_add_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    bare = Checkout.copied(tmp_path)
    bare.add(MODULE, PAGE.blocks("python")[2].replace(".within(0, 48)", ".within(0, 47)"))

    told = bare.spondyl("scores").err

    assert "method 'sij-slices': the score 'lesions' is 0 to 48, and declared as (0, 47)" in told
