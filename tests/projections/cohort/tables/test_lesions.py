"""The lesion table: as printed in 2013, and by hand for a patient whose locations could not all be assessed."""

from __future__ import annotations

import math
from typing import Any

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, cohort, of_paper, small

Figures = dict[str, Figure]
PRINTED = {  # row: counts, reduction and limits, p of Table 1
    "erosions": (107, 57, "46.7 (37.0–56.6)", "0.042"),
    "inflammation": (341, 121, "64.5 (59.2–69.6)", "0.011"),
    "inflammation-only": (251, 84, "66.5 (60.3–72.3)", "0.001"),
    "active-erosions": (90, 37, "58.9 (48.0–69.2)", "0.018"),
}
CHANGE = "baseline → 2 years"


@pytest.fixture(scope="module")
def table_1(published: Registry) -> Figures:
    return by_address(of_paper("baraliakos2013", published, "lesions", resamples=200))


def text(figures: Figures, *place: str) -> str | None:
    return figures[" / ".join(("lesions", *place))].text


@pytest.mark.parametrize("row", PRINTED)
def test_counts_reductions_and_ps_are_those_of_table_1(table_1: Figures, row: str) -> None:
    before, after, reduction, p = PRINTED[row]

    assert table_1[f"lesions / {row} / baseline / n"].value == before
    assert table_1[f"lesions / {row} / 2 years / n"].value == after
    assert text(table_1, row, CHANGE, "reduction") == reduction
    assert text(table_1, row, CHANGE, "p") == p


def test_shares_of_the_inflamed_are_those_of_table_1(table_1: Figures) -> None:
    shares = [
        text(table_1, row, name, "share of inflammation")
        for row in ("inflammation-only", "active-erosions")
        for name in ("baseline", "2 years")
    ]

    assert shares == ["251 of 341 (73.6%)", "84 of 121 (69.4%)", "90 of 341 (26.4%)", "37 of 121 (30.6%)"]


def test_patients_are_counted_as_in_the_results(table_1: Figures) -> None:
    assert text(table_1, "active-erosions", "baseline", "patients") == "16 of 22 (73%)"
    assert text(table_1, "active-erosions", "2 years", "patients") == "7 of 22 (32%)"
    assert text(table_1, "inflammation", "2 years", "patients") == "14 of 22 (64%)"
    assert text(table_1, "inactive-erosions", "baseline", "patients") == "8 of 21 (38%)"
    assert text(table_1, "active-erosions", CHANGE, "patients p") == "0.003"
    assert text(table_1, "inflammation", CHANGE, "patients p") == "0.005"


def test_a_denominator_says_what_was_left_out_of_it(table_1: Figures) -> None:
    figure = table_1["lesions / inactive-erosions / baseline / n"]

    assert (figure.numerator, figure.denominator) == (17, 990)
    assert figure.denominator_note == "assessed locations of 22 patients; 22 not assessable in 1 patient"


@pytest.mark.parametrize(("choice", "of"), [("assessed", 990), ("all", 1012), ("complete-patients", 966)], ids=str)
def test_the_denominator_is_a_choice(published: Registry, choice: str, of: int) -> None:
    figures = by_address(of_paper("baraliakos2013", published, "lesions", resamples=100, denominator=choice))

    assert figures["lesions / inactive-erosions / baseline / percent"].denominator == of


def test_segments_add_up_to_the_whole(table_1: Figures) -> None:
    for row in (*PRINTED, "inactive-erosions"):
        for name in ("baseline", "2 years"):
            whole = table_1[f"lesions / {row} / {name} / n"]
            parts = [table_1[f"lesions / {row}:{part} / {name} / n"] for part in ("cervical", "thoracic", "lumbar")]
            assert whole.value == sum(part.value or 0 for part in parts)
            assert whole.denominator == sum(part.denominator or 0 for part in parts)


def test_the_states_exclude_each_other(table_1: Figures) -> None:
    for name in ("baseline", "2 years"):
        counts = {row: table_1[f"lesions / {row} / {name} / n"].value or 0 for row in (*PRINTED, "inactive-erosions")}
        assert counts["inflammation-only"] + counts["active-erosions"] == counts["inflammation"]
        assert counts["active-erosions"] + counts["inactive-erosions"] == counts["erosions"]


def test_transitions_add_up_to_every_location_of_the_patients(table_1: Figures) -> None:
    moves = {at: figure for at, figure in table_1.items() if at.split(" / ")[1].count("→")}
    active = {at: figure.value for at, figure in moves.items() if at.startswith("lesions / active-erosion →")}

    assert sum(figure.value or 0 for figure in moves.values()) == 1012
    assert list(active.values()) == [56, 8, 13, 9, 4]
    assert sum(value or 0 for value in active.values()) == 90


def test_a_share_of_patients_is_of_those_without_doubt_and_tells_what_the_others_leave_open(table_1: Figures) -> None:
    erosions = table_1["lesions / erosions / baseline / patients"]
    inactive = table_1["lesions / inactive-erosions / baseline / patients"]

    assert (erosions.text, inactive.text) == ("17 of 21 (81%)", "8 of 21 (38%)")
    left = "21 of 22 patients; 1 with a location that leaves doubt of the count"
    assert erosions.denominator_note == f"{left}; of all 22, 18 have one"
    assert inactive.denominator_note == f"{left}; of all 22, 8 to 9 have one"


def test_completeness_is_of_how_many_of_all_members_a_reading_leaves_no_doubt_of_the_count(published: Registry) -> None:
    whole = of_paper("baraliakos2013", published, "lesions", resamples=100)
    (asked,) = whole.definition.tables
    request = asked._replace(asked=asked.asked._replace(completeness=True))  # type: ignore[attr-defined]

    found = by_address(cohort(whole.definition._replace(tables=(request,)), whole.facts))

    known = found["lesions / erosions / baseline / known"]
    assert known.text == "21 of 22 (95.5%)"
    assert known.denominator_note == "21 of 22 patients; 1 with a location that leaves doubt of the count"


def two_readings(registry: Registry, first: dict[str, Any], second: dict[str, Any], **cells: Any) -> Registry:
    """Readings of the studies A and B by one reader, every other location without a finding."""
    from registry.catalogue.methods import methods

    for study, grades in (("A", first), ("B", second)):
        blank = {
            (location.name, item): 0
            for location in methods()["vu-lesions"].locations
            for item in ("inflammation", "erosion")
        }
        given = {(place, item): grade for (place, item), grade in grades.items()}  # type: ignore[misc]
        registry.record_reading(study, reader="R1", method="vu-lesions", grades={**blank, **given}, **cells)
    return registry


def test_an_unassessed_location_leaves_both_numerator_and_denominator(scanned: Registry) -> None:
    place = "T7/8 anterior"
    two_readings(scanned, {(place, "erosion"): 1}, {(place, "erosion"): None})  # type: ignore[dict-item]

    figures = by_address(small(scanned, "[tables.lesions]\n"))

    assert text(figures, "erosions", "baseline", "n") == "1 (2.2%)"
    later = figures["lesions / erosions / 2 years / n"]
    assert (later.value, later.denominator) == (0, 45)
    assert later.denominator_note == "assessed locations of 1 patient; 1 not assessable in 1 patient"
    assert text(figures, "erosions", "2 years", "patients") == "0 of 0"


INFLAMED = ("inflammation", "baseline", "patients")
SIX = {f"T{n}/{n + 1} anterior" for n in range(3, 9)}


def patients_with_active_erosions(registry: Registry, doubtful: dict[tuple[str, str], int | None], who: str) -> str:
    """The patients with an active erosion at baseline, who has six and a location that was not fully assessed."""
    six = {(place, item): 1 for place in SIX for item in ("inflammation", "erosion")}
    two_readings(registry, {**six, **doubtful}, {})  # type: ignore[arg-type]
    found = by_address(small(registry, f'[tables.lesions]\npatients = "{who}"\n'))
    return str(text(found, "active-erosions", "baseline", "patients"))


@pytest.mark.parametrize(
    ("who", "told"), [("complete", "0 of 0"), ("known", "1 of 1 (100%)"), ("all", "1 of 1 (100%)")]
)
def test_a_patient_with_six_active_erosions_and_a_location_not_assessed_is_known_to_have_one_and_not_complete(
    scanned: Registry, who: str, told: str
) -> None:
    not_assessed = {("L1/2 anterior", "inflammation"): None, ("L1/2 anterior", "erosion"): None}

    assert patients_with_active_erosions(scanned, not_assessed, who) == told


def test_an_unknown_erosion_beside_inflammation_0_leaves_no_doubt_of_the_active_erosions(scanned: Registry) -> None:
    found = patients_with_active_erosions(scanned, {("L1/2 anterior", "erosion"): None}, "complete")

    assert found == "1 of 1 (100%)"


def test_who_has_none_seen_and_a_location_not_assessed_has_none_only_where_all_count(scanned: Registry) -> None:
    not_assessed = {("L1/2 anterior", "inflammation"): None}
    two_readings(scanned, not_assessed, {})  # type: ignore[arg-type]

    shares = {
        who: text(by_address(small(scanned, f'[tables.lesions]\npatients = "{who}"\n')), *INFLAMED)
        for who in ("complete", "known", "all")
    }

    assert shares == {"complete": "0 of 0", "known": "0 of 0", "all": "0 of 1 (0%)"}


def test_a_change_over_locations_assessed_at_both_leaves_the_others_out(scanned: Registry) -> None:
    place = "T7/8 anterior"
    two_readings(scanned, {(place, "erosion"): 1}, {(place, "erosion"): None})  # type: ignore[dict-item]
    tables = "[tables.lesions]\n[statistics]\n"

    counted, paired = (
        by_address(small(scanned, f'{tables}change = "{change}"\n'))[f"lesions / erosions / {CHANGE} / reduction"]
        for change in ("as-counted", "assessed-at-both")
    )

    assert (counted.value, counted.denominator) == (100, 1)
    assert (paired.value, paired.denominator, paired.reason) == (None, 0, "nothing-given")


def test_an_increase_has_no_exact_interval_and_says_so(scanned: Registry) -> None:
    one = {("T7/8 anterior", "inflammation"): 1}
    two = {**one, ("T8/9 anterior", "inflammation"): 1}
    two_readings(scanned, one, two)  # type: ignore[arg-type]

    found = by_address(small(scanned, "[tables.lesions]\n"))[f"lesions / inflammation / {CHANGE} / reduction"]

    assert (found.value, found.ci_low, found.reason) == (-100, None, "limits-undefined")


def test_nobody_read_gives_figures_with_a_reason_and_no_nan(registry: Registry) -> None:
    figures = by_address(small(registry, "[tables.lesions]\n"))

    assert figures["lesions / inflammation / baseline / n"].value == 0
    assert figures["lesions / inflammation / baseline / percent"].reason == "nothing-given"
    assert not any(math.isnan(value) for figure in figures.values() for value in figure if isinstance(value, float))


def test_the_mean_of_two_readers_counts_halves(scanned: Registry) -> None:
    for reader, grade in (("R1", 1), ("R2", 0)):
        grades = {("T7/8 anterior", "inflammation"): grade}
        scanned.record_reading("A", reader=reader, method="vu-lesions", grades=grades)

    figures = by_address(small(scanned, '[imaging]\nrule = "mean"\n[tables.lesions]\n'))

    found = figures["lesions / inflammation / baseline / percent"]
    assert (found.numerator, found.denominator, found.value, found.reason) == (0.5, 1, 50, "limits-undefined")


def read_by(registry: Registry, reader: str, study: str, *inflamed: str) -> None:
    """A reading that found inflammation at some locations and none at T7/8 to T9/10 beside them."""
    blank = {(f"T{n}/{n + 1} anterior", "inflammation"): 0 for n in (7, 8, 9)}
    grades = {**blank, **{(place, "inflammation"): 1 for place in inflamed}}
    registry.record_reading(study, reader=reader, method="vu-lesions", grades=grades)


MEAN_OF_TWO = """
cohort = "mean"
[day0]
event = "enrolment"
[[time_points]]
name = "baseline"
day = 140
window = [0, 300]
[imaging]
rule = "mean"
[tables.lesions]
"""


def test_the_mean_of_two_readers_is_that_of_the_preferred_study_that_both_read(scanned: Registry) -> None:
    """Day 140 is the study A of 3 June, which R1 read alone; both read that of 1 August, with 2 and 1 locations."""
    scanned.record_study("LATER", patient="P-1", performed_on="2002-08-01", modality="MRI", regions="spine")
    read_by(scanned, "R1", "A", "T7/8 anterior", "T8/9 anterior", "T9/10 anterior")
    read_by(scanned, "R1", "LATER", "T7/8 anterior", "T8/9 anterior")
    read_by(scanned, "R2", "LATER", "T7/8 anterior")

    found = by_address(cohort(parsed(MEAN_OF_TWO.encode()), scanned))["lesions / inflammation / baseline / n"]

    assert (found.value, found.denominator, found.n_patients) == (1.5, 3, 1)


def test_readers_of_different_studies_have_no_mean(scanned: Registry) -> None:
    scanned.record_study("LATER", patient="P-1", performed_on="2002-08-01", modality="MRI", regions="spine")
    read_by(scanned, "R1", "A", "T7/8 anterior")
    read_by(scanned, "R2", "LATER", "T7/8 anterior")

    found = by_address(cohort(parsed(MEAN_OF_TWO.encode()), scanned))["lesions / inflammation / baseline / n"]

    assert (found.n_patients, found.reason) == (0, "nothing-given")


def test_the_points_of_states_over_time_are_their_percentages(published: Registry) -> None:
    definition = of_paper("baraliakos2013", published, "lesions").definition
    (table,) = definition.tables
    asked = definition._replace(tables=(table._replace(asked=table.asked._replace(points=True)),))

    found = by_address(cohort(asked, published))

    points = [found[f"lesions / erosions / {at}"] for at in ("baseline / point 1", "2 years / point 2")]
    assert [(point.numerator, point.text) for point in points] == [
        (107, "107 of 990 (10.8%)"),
        (57, "57 of 972 (5.9%)"),
    ]
