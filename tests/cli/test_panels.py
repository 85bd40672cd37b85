"""How figures become the lines, columns and footnotes of a table."""

from __future__ import annotations

from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import ANYTHING
from projections.cohort.tables import cohort_table
from views.manuscript.grouped import grouped_sheet
from views.manuscript.panels import Cell, Sheet, sheet


def figure(row: str, timepoint: str, statistic: str, text: str = "1", **more: str | None) -> Figure:
    """A figure with a text, and perhaps a note or a reason."""
    return Figure(row, timepoint, statistic, 1.0, text, **more)  # type: ignore[arg-type]


def laid_out(table: str | None, figures: list[Figure]) -> Sheet:
    """Figures laid out as a table declares, or without a layout."""
    return sheet(table or "x", cohort_table(table).layout if table else ANYTHING, figures)


def test_a_table_without_a_layout_has_a_line_for_each_row_and_statistic() -> None:
    found = laid_out(None, [figure("crp", "baseline", "n"), figure("crp", "week 12", "n"), figure("esr", "", "p")])

    (panel,) = found.panels
    assert [cell.text for cell in panel.headings] == ["", "figure", "baseline", "week 12", "value"]
    assert [[cell.text for cell in row] for row in panel.rows] == [
        ["CRP", "n", "1", "1", ""],
        ["ESR", "p", "", "", "1"],
    ]
    assert found.not_shown == 0


def test_a_footnote_of_most_of_a_column_stands_at_its_heading() -> None:
    notes = ["9 of 9 patients", "9 of 9 patients", "8 of 9 patients; 1 without"]
    found = sheet(
        "unknown",
        ANYTHING,
        [figure(f"row {n}", "baseline", "n", denominator_note=note) for n, note in enumerate(notes)],
    )

    (panel,) = found.panels
    assert panel.headings[-1] == Cell("baseline", ("a",))
    assert [row[-1].marks for row in panel.rows] == [(), (), ("b",)]
    assert found.footnotes == [("a", "9 of 9 patients"), ("b", "8 of 9 patients; 1 without")]


def test_the_quartiles_stand_behind_the_median_beside_its_range() -> None:
    figures = [
        figure("crp", "baseline", "median", "31 (14–65)"),
        figure("crp", "baseline", "lower quartile", "20"),
        figure("crp", "baseline", "upper quartile", "<40"),
    ]

    found = laid_out("clinical", figures)

    assert [(panel.title, panel.rows[0][-1].text) for panel in found.panels] == [
        ("Median (range)", "31 (14–65)"),
        ("Median (IQR)", "31 (20–<40)"),
    ]
    assert found.not_shown == 2


def test_values_that_share_a_row_with_others_have_quartiles_of_their_own() -> None:
    figures = [
        figure("switch", "from day 0", "days median", "31 (14–65)"),
        figure("switch", "from day 0", "days lower quartile", "20"),
        figure("switch", "from day 0", "days upper quartile", "40"),
    ]

    (panel,) = laid_out("switch", figures).panels

    assert [cell.text for cell in panel.headings[1:]] == ["days since day 0, median (range)", "median (IQR)"]
    assert [cell.text for cell in panel.rows[0][1:]] == ["31 (14–65)", "31 (20–40)"]


def test_a_figure_that_is_undefined_is_a_dot_with_its_reason_as_a_footnote() -> None:
    found = laid_out(None, [Figure("crp", "baseline", "mean", reason="nothing-given")])

    assert found.panels[0].rows[0][-1] == Cell("·", ("a",))
    assert found.footnotes == [("a", "nothing given")]


def test_a_comparison_is_named_in_the_heading_only_where_there_are_several() -> None:
    one = [figure("erosions", "baseline → week 12", "p")]
    two = [*one, figure("erosions", "week 12 → year 1", "p")]

    assert [cell.text for cell in laid_out("lesions", one).panels[0].headings] == ["", "p"]
    assert [cell.text for cell in laid_out("lesions", two).panels[0].headings] == [
        "",
        "p, baseline → week 12",
        "p, week 12 → year 1",
    ]


def test_figures_without_a_place_in_a_layout_are_counted() -> None:
    found = sheet(
        "lesions",
        cohort_table("lesions").layout,
        [figure("erosions", "baseline", "n"), figure("erosions", "baseline", "percent")],
    )

    assert found.not_shown == 1


def test_footnotes_after_the_last_letter_have_two() -> None:
    figures = [figure(f"row {n}", "baseline", "n", denominator_note=f"note {n}") for n in range(27)]

    letters = [letter for letter, _ in laid_out(None, figures).footnotes]
    assert letters[:2] == ["a", "b"]
    assert letters[-3:] == ["z", "aa", "ab"]
    assert len(set(letters)) == 27


def test_a_column_of_rows_that_each_have_one_time_point_is_one_column() -> None:
    figures = [figure("age", "day 0", "mean", "38.2 ± 7.3"), figure("crp", "baseline", "mean", "24.7 ± 25.8")]

    (panel,) = laid_out("characteristics", figures).panels

    assert [cell.text for cell in panel.headings] == ["", "mean ± SD"]
    assert [[cell.text for cell in row] for row in panel.rows] == [
        ["Patients", ""],
        ["age", "38.2 ± 7.3"],
        ["Laboratory", ""],
        ["CRP", "24.7 ± 25.8"],
    ]


def test_states_before_and_after_are_crossed() -> None:
    rows = ["none → none", "none → active-erosion", "active-erosion → none"]

    (panel,) = sheet(
        "lesions",
        cohort_table("lesions").layout,
        [figure(row, "baseline → 2 years", "n", str(n)) for n, row in enumerate(rows)],
    ).panels

    assert panel.title == "What became of each state, baseline → 2 years"
    assert [[cell.text for cell in row] for row in (panel.headings, *panel.rows)] == [
        ["baseline", "→ none", "→ active erosion"],
        ["none", "0", "1"],
        ["active erosion", "2", ""],
    ]


def test_a_measure_stands_with_its_unit_where_it_has_one() -> None:
    figures = [figure("crp", "baseline", "median", unit="mg/l"), figure("basdai", "baseline", "median", unit="score")]

    (panel,) = laid_out("clinical", figures).panels

    assert [row[0].text for row in panel.rows] == ["Disease activity", "BASDAI", "Laboratory", "CRP, mg/l"]


def test_points_are_for_machines_and_are_counted_as_not_shown() -> None:
    found = laid_out(
        None,
        [figure("retention", "day 5", name) for name in ("retention", "point 2", "point 2 at risk", "pointless")],
    )

    assert [row[1].text for row in found.panels[0].rows] == ["retention", "pointless"]
    assert found.not_shown == 2


def test_ends_below_0_have_a_word_between_them() -> None:
    figures = [
        figure("msasss", "baseline", "median", "-1 (-4 to 2)"),
        figure("msasss", "baseline", "lower quartile", "-2"),
        figure("msasss", "baseline", "upper quartile", "1"),
    ]

    assert laid_out("clinical", figures).panels[1].rows[0][-1].text == "-1 (-2 to 1)"


def test_a_median_of_days_says_so_where_a_table_has_a_line_for_each_statistic() -> None:
    found = laid_out(None, [figure("retention", "", "median", "8", unit="d"), figure("retention", "", "n", "9")])

    assert [[cell.text for cell in row] for row in found.panels[0].rows] == [
        ["retention", "median, days", "8"],
        ["", "n", "9"],
    ]


def test_groups_have_one_column_of_figures_and_one_of_time_points() -> None:
    figures = [
        figure("groups", "", "n", "9", group="men"),
        figure("courses", "", "remission", "3", group="men"),
        figure("retention", "day 30", "at risk", "9", group="men"),
        figure("retention", "", "median", "8", group="men", unit="d"),
    ]

    found = grouped_sheet("survival", cohort_table("survival").layout, figures, "men")

    courses, kept = found.panels
    assert [cell.text for cell in courses.headings] == ["", "figure", "men (n = 9)"]
    assert [cell.text for cell in kept.headings] == ["", "figure", "time point", "men (n = 9)"]
    assert [[cell.text for cell in row] for row in kept.rows] == [
        ["retention", "at risk", "day 30", "9"],
        ["", "median, days", "", "8"],
    ]
