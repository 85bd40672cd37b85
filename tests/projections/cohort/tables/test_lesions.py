"""The lesion table: as printed in 2013, and by hand for a patient whose locations could not all be assessed."""

from __future__ import annotations

import math
from typing import Any

import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, of_paper, small

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
