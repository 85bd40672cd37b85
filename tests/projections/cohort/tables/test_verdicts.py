"""What became of single lesions: Table 2 of the anakinra study, and a cohort without verdicts."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.cohort.defined import by_address, of_paper, small

COLUMNS = ("baseline", "resolution", "improvement", "unchanged", "deterioration", "new")
IMPROVED = "verdicts / sij / paired studies / improvement"
TABLE_2 = {
    "sij": ("7", "0", "6 (86)", "1 (14)", "0", "0"),
    "spine": ("31", "7 (23)", "10 (32)", "11 (35)", "3 (10)", "4"),
    "total": ("38", "7 (18)", "16 (42)", "12 (32)", "3 (8)", "4"),
}


@pytest.mark.parametrize("row", TABLE_2)
def test_regions_are_those_of_table_2(published: Registry, row: str) -> None:
    found = by_address(of_paper("anakinra2004", published, "verdicts"))

    assert tuple(found[f"verdicts / {row} / paired studies / {column}"].text for column in COLUMNS) == TABLE_2[row]


def test_responding_lesions_have_an_exact_interval_and_their_patients(published: Registry) -> None:
    found = by_address(of_paper("anakinra2004", published, "verdicts"))
    responding = found["verdicts / total / paired studies / responding"]

    assert (responding.text, responding.n_patients) == ("23/38 (61%)", 8)
    assert (responding.ci_low, responding.ci_high) == (pytest.approx(43.4, abs=0.05), pytest.approx(76.0, abs=0.05))
    assert found["verdicts / spine / paired studies / patients with new"].value == 2
    assert found["verdicts / romanus / paired studies / baseline"].value == 15


def test_the_interval_follows_the_options(published: Registry) -> None:
    usual, wilson = (
        by_address(of_paper("anakinra2004", published, "verdicts", **options))[
            "verdicts / sij / paired studies / improvement"
        ]
        for options in ({}, {"proportion": "wilson", "level": 0.9})
    )

    assert usual.ci_method == "clopper-pearson, 95%"
    assert wilson.ci_method == "wilson, 90%"
    assert (usual.value, wilson.value) == (pytest.approx(600 / 7), pytest.approx(600 / 7))


def test_lesions_of_patients_who_are_no_members_do_not_count(published: Registry) -> None:
    found = by_address(small(published, '[who]\nsex = ["female"]\n[tables.verdicts]\n'))

    assert found["verdicts / total / paired studies / baseline"].value == 0


def test_a_cohort_without_verdicts_has_none_and_no_percentage(registry: Registry) -> None:
    found = by_address(small(registry, "[tables.verdicts]\n"))

    assert found["verdicts / total / paired studies / baseline"].value == 0
    assert found["verdicts / total / paired studies / responding"].reason == "nothing-given"


def test_a_reader_without_verdicts_is_refused_with_those_who_have_some(published: Registry) -> None:
    with pytest.raises(UnknownCodeError, match="'R9' is not a known reader"):
        by_address(small(published, '[tables.verdicts]\nreader = "R9"\n'))
