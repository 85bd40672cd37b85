"""The second example of the page on adding a method: two items, a sum that takes both, and counts beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Checkout, Page

PAGE = Page.named("adding-a-method.md")
QUADRANTS = ("right upper", "right lower", "left upper", "left lower")
READ = {  # oedema and erosion of each quadrant; · could not be assessed: it has no row
    "MR-1": ("31", "10", "01", "00"),
    "MR-2": ("11", "00", "0·", "20"),
}
DEFINITION = """
cohort = "sacroiliac joints"
[[time_points]]
name = "baseline"
day = 31
[[time_points]]
name = "later"
day = 397
[tables.lesions]
method = "sij-lesions"
[tables.scores]
methods = ["sij-lesions"]
"""


def readings() -> str:
    rows = [
        f"{study},R1,sij-lesions,{quadrant},{item},{grade}\n"
        for study, grades in READ.items()
        for quadrant, both in zip(QUADRANTS, grades)
        for item, grade in zip(("oedema", "erosion"), both)
        if grade != "·"
    ]
    return "".join(("study,reader,method,location,item,grade\n", *rows))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the packages with the method, and a registry of one patient whose two studies were read by it."""
    copied = Checkout.copied(tmp_path_factory.mktemp("items"))
    copied.add("registry/catalogue/methods/sij_lesions.py", PAGE.blocks("python")[1])
    copied.write("batch/patients.csv", "patient,enrolled_on\nP-1,2020-01-01\n")
    copied.write(
        "batch/imaging.csv",
        "study,patient,performed_on,modality,regions\nMR-1,P-1,2020-02-01,MRI,sij\nMR-2,P-1,2021-02-01,MRI,sij\n",
    )
    copied.write("batch/readings.csv", readings())
    for call in ("init", "import batch"):
        ended = copied.spondyl(*call.split())
        assert ended.code == 0, ended.err
    return copied


def test_a_state_rests_on_both_items(checkout: Checkout) -> None:
    states = checkout.spondyl("table", "lesion_states", "--json").json

    assert [(row["study"], row["state"], row["activity"]) for row in states] == [
        ("MR-1", "active-erosion", 3),
        ("MR-1", "oedema", 1),
        ("MR-1", "erosion", 0),
        ("MR-1", "none", 0),
        ("MR-2", "active-erosion", 1),
        ("MR-2", "none", 0),
        ("MR-2", None, 0),
        ("MR-2", "oedema", 2),
    ]


def test_an_unknown_item_leaves_out_of_each_score_what_it_leaves_in_doubt(checkout: Checkout) -> None:
    scores = checkout.spondyl("table", "scores", "--json").json
    whole = {
        (row["study"], row["score"]): (row["value"], row["n_assessed"]) for row in scores if ":" not in row["score"]
    }

    assert whole == {
        ("MR-1", "active-erosions"): (1, 4),
        ("MR-1", "erosions"): (2, 4),
        ("MR-1", "total"): (10, 4),
        ("MR-2", "active-erosions"): (1, 4),
        ("MR-2", "erosions"): (1, 3),
        ("MR-2", "total"): (None, 3),
    }
    left = [row["value"] for row in scores if (row["study"], row["score"]) == ("MR-1", "total:left")]
    assert left == [3]


def test_the_terminal_has_the_scores_over_all_quadrants_and_a_course_tells_them(checkout: Checkout) -> None:
    printed = checkout.spondyl("scores").out.splitlines()

    assert [sum(f" {score} " in line for line in printed) for score in ("active-erosions", "erosions", "total")] == [
        2,
        2,
        2,
    ]
    assert ":" not in "".join(printed)
    assert "active erosions 1, erosions 2, total 10" in checkout.spondyl("show", "P-1").out


def test_a_cohort_counts_its_counts_and_adds_up_its_total(checkout: Checkout) -> None:
    checkout.write("cohort.toml", DEFINITION)
    figures = checkout.spondyl("cohort", "cohort.toml", "--json").json["figures"]
    at = {(each["table"], each["row"], each["timepoint"], each["statistic"]): each for each in figures}

    assert {row for table, row, _, statistic in at if (table, statistic) == ("lesions", "n") and ":" not in row} >= {
        "active-erosions",
        "erosions",
    }
    assert not [row for table, row, *_ in at if table == "lesions" and "total" in row]
    eroded = at["lesions", "erosions", "later", "percent"]
    assert (eroded["numerator"], eroded["denominator"]) == (1, 3)
    assert at["scores", "sij-lesions", "baseline", "total"]["value"] == 10
    assert at["scores", "sij-lesions", "later", "total"]["value"] is None


def test_the_sum_of_one_item_is_refused_of_two_before_anything_is_read(checkout: Checkout, tmp_path: Path) -> None:
    bare = Checkout.copied(tmp_path)
    summed = 'summed("total", lambda oedema, erosion: oedema + 3 * erosion)'
    text = PAGE.blocks("python")[1]
    assert text.count(summed) == 1
    bare.add(
        "registry/catalogue/methods/sij_lesions.py", text.replace(summed, "total()").replace(", summed", ", total")
    )

    refused = bare.spondyl("scores", "--method", "sij-lesions")

    assert refused.code != 0
    assert "total() sums the grades of one item, and there are 2; write summed(name, added)" in refused.err
