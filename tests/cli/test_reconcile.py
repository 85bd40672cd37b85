"""`spondyl reconcile`: printed figures beside recomputed ones, for people and for machines."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.test_cohort import mri, mri_study

__all__ = ["mri", "mri_study"]

PRINTED = """
paper = "A paper"

[[figures]]
where = "Table 1"
what = "inflamed locations"
printed = "341"
is = "lesions / inflammation / baseline / n"

[[figures]]
where = "Abstract"
what = "patients with active erosions, p"
printed = "0.002"
is = "lesions / active-erosions / baseline → 2 years / patients p"

[[figures]]
where = "Table 1"
what = "reduction"
printed = "64.4"
is = "lesions / inflammation / baseline → 2 years / reduction"

[[figures]]
where = "Results"
what = "rheumatoid factor negative"
printed = "22"
reason = "the registry has no rheumatoid factor"
"""


@pytest.fixture
def reconcile(mri: Spondyl) -> Spondyl:
    """The command on the definition and the printed figures of a paper."""
    Path("printed.toml").write_text(PRINTED, encoding="utf-8")
    return lambda *arguments: mri("reconcile", "lesions.toml", "printed.toml", *arguments)


def test_a_terminal_shows_what_does_not_simply_match_and_the_summary(reconcile: Spondyl) -> None:
    answer = reconcile()

    assert answer.code == 0
    assert "inflamed locations" not in answer.out
    assert "matches by mcnemar = mid-p" in answer.out
    assert "differs: no whole number of 341 gives 64.4%: 219 gives 64.2, 220 gives 64.5" in answer.out
    assert "not derivable: the registry has no rheumatoid factor" in answer.out
    assert "2 of 2 derivable figures match (100.0%), 1 of them by another choice; 1 differ" in answer.out
    assert "1 figure matches as defined" in answer.err
    assert "inflamed locations" in reconcile("--all").out


def test_machines_get_every_figure_with_what_explains_it(reconcile: Spondyl) -> None:
    found = reconcile("--json").json

    assert [figure["verdict"] for figure in found["figures"]] == [
        "matches",
        "matches by variant",
        "differs",
        "not derivable",
    ]
    assert [figure["counted_as"] for figure in found["figures"]] == [
        "match",
        "match_by_variant",
        "slips",
        "not_derivable",
    ]
    assert found["summary"]["percent"] == 100
    assert [row["kinds"] for row in csv.DictReader(io.StringIO(reconcile("--csv").out))] == [
        "",
        "",
        "impossible-share",
        "",
    ]


def test_a_point_in_time_before_the_study_gives_differences_with_reasons(reconcile: Spondyl) -> None:
    found = reconcile("--as-of", "1990-01-01", "--json")

    assert found.code == 0
    assert {figure["kinds"][0] for figure in found.json["figures"] if figure["verdict"] == "differs"} <= {
        "undefined",
        "no-choice",
        "no-such-figure",
    }
    assert found.json["summary"]["percent"] == 0


def test_a_file_that_cannot_be_used_is_refused_by_key(mri: Spondyl) -> None:
    Path("printed.toml").write_text('paper = "P"\n[[figures]]\nwhere = "T"\n', encoding="utf-8")

    answer = mri("reconcile", "lesions.toml", "printed.toml")

    assert answer.code == 3
    assert "printed.toml: figures[1].printed: is missing" in answer.err
    assert mri("reconcile", "lesions.toml", "nowhere.toml").code == 3
