"""Which columns are repeated beside the rest, where a table is wider than the screen."""

from __future__ import annotations

from cli.fitting_columns import naming

WIDTHS = [6, 6, 20, 10, 6, 11, 21]  # of completeness by centre and year
BY_CENTRE_AND_YEAR = [
    (centre, year, what, 1, 0, 0, None)
    for centre in ("Zürich", "ŁÓDŹ")
    for year in ("2025", "2026")
    for what in ("measure:basdai", "visit:year {n}")
]


def test_columns_that_tell_all_lines_apart_are_repeated_though_they_take_more_than_half_of_the_screen() -> None:
    assert naming(BY_CENTRE_AND_YEAR, WIDTHS, 80) == [0, 1, 2]


def test_what_tells_the_lines_apart_in_half_of_the_screen_is_enough() -> None:
    assert naming([line for line in BY_CENTRE_AND_YEAR if line[2] == "measure:basdai"], WIDTHS, 80) == [0, 1]


def test_where_two_thirds_do_not_hold_them_half_of_the_screen_has_what_fits() -> None:
    assert naming(BY_CENTRE_AND_YEAR, WIDTHS, 40) == [0, 1]
