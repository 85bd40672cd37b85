"""What became of single lesions: Table 2 of the anakinra study, and a cohort without verdicts."""

from __future__ import annotations

import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.errors import UnknownCodeError
from registry.toml_keys import DefinitionError
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


@pytest.fixture
def judged_twice(scanned: Registry) -> Registry:
    """The patient's scans of 2002, 2004 and 2006, read in two pairs: two lesions resolved, then one new."""
    for earlier, later, lesion, verdict in (
        ("A", "B", "1", "resolution"),
        ("A", "B", "2", "resolution"),
        ("B", "C", "1", "new"),
    ):
        scanned.record_lesion_verdict(
            earlier, later, reader="consensus", lesion=lesion, region="spine", kind="romanus", verdict=verdict
        )
    return scanned


def counts(found: dict[str, Figure], period: str) -> tuple[float | None, float | None]:
    """The baseline lesions and the new ones of all regions."""
    total = f"verdicts / total / {period}"
    return found[f"{total} / baseline"].value, found[f"{total} / new"].value


def test_a_pair_counts_where_its_studies_stand_for_the_two_time_points(judged_twice: Registry) -> None:
    found = by_address(small(judged_twice, "[tables.verdicts]\n"))

    assert counts(found, "paired studies") == (2, 0)


def test_all_pairs_that_were_read_count_only_where_that_is_said(judged_twice: Registry) -> None:
    found = by_address(small(judged_twice, '[tables.verdicts]\npairs = "all"\n'))

    assert counts(found, "paired studies") == (2, 1)


def test_several_comparisons_stand_each_at_its_own_address(judged_twice: Registry) -> None:
    third = '[[time_points]]\nname = "4 years"\nday = 1610\nwindow = [1500, 1700]\n'
    asked = 'compare = [["baseline", "2 years"], ["2 years", "4 years"]]\n'

    found = by_address(small(judged_twice, f"{third}[tables.verdicts]\n{asked}"))

    assert counts(found, "baseline → 2 years") == (2, 0)
    assert counts(found, "2 years → 4 years") == (0, 1)


def test_an_earlier_study_on_day_0_or_before_stands_for_a_window_that_reaches_there(judged_twice: Registry) -> None:
    judged_twice.record_study("EARLY", patient="P-1", performed_on="2001-12-31", modality="MRI", regions="spine")
    judged_twice.record_lesion_verdict(
        "EARLY", "B", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="unchanged"
    )

    found = by_address(small(judged_twice, "[tables.verdicts]\n"))

    assert counts(found, "paired studies") == (1, 0), "14 days before day 0 is nearer than A, 140 days after it"
    assert found["verdicts / total / paired studies / unchanged"].numerator == 1


def test_time_points_beside_all_pairs_are_refused(registry: Registry) -> None:
    with pytest.raises(DefinitionError, match=r"tables\.verdicts\.compare: names time points"):
        small(registry, '[tables.verdicts]\npairs = "all"\ncompare = [["baseline", "2 years"]]\n')
