"""Figures that stand together are given by one choice, and a slip needs figures to slip from."""

from __future__ import annotations

from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.reconciliation.joint_choices import (
    HALF_EVEN,
    Choice,
    choices,
    joint_choice,
    standing_together,
    without_ground,
)
from projections.reconciliation.printed_numbers import numbers
from projections.reconciliation.published_figures import Part, PrintedFigure
from projections.reconciliation.recomputed_figures import Figures

ROW = ("lesions", "erosions", "baseline")


def giving(**values: float) -> Figures:
    """Figures of the row with these values."""
    return {Address(*ROW, name): Figure(*ROW[1:], name, value=value) for name, value in values.items()}


def printed(text: str, *names: str, where: str = "Table 1", row: str = "erosions") -> PrintedFigure:
    """A printed figure of the row, or of another."""
    parts = tuple(Part(Address("lesions", row, "baseline", name)) for name in names)
    return PrintedFigure(where, text, text, numbers(text), parts)


def chosen(tried: list[Choice], *differing: PrintedFigure, slips: tuple[PrintedFigure, ...] = ()) -> str | None:
    """The name of the choice that gives all of the figures."""
    found = joint_choice([(each, each in slips) for each in differing], [], tried)
    return found and found.name


ESTIMATE, LIMIT = printed("2", "estimate"), printed("7", "limit")
BOTH = Choice("both", giving(estimate=2, limit=7))
ONE = Choice("only the estimate", giving(estimate=2, limit=9))
OTHER = Choice("only the limit", giving(estimate=3, limit=7))


def test_the_choice_that_gives_an_estimate_and_its_limit_comes_before_one_that_gives_the_estimate() -> None:
    assert chosen([ONE, OTHER, BOTH], ESTIMATE, LIMIT) == "both"


def test_figures_that_stand_together_are_not_given_each_by_a_choice_of_its_own() -> None:
    assert chosen([ONE, OTHER], ESTIMATE, LIMIT) is None


def test_a_choice_may_leave_out_what_a_slip_of_the_print_explains() -> None:
    assert chosen([ONE, OTHER], ESTIMATE, LIMIT, slips=(LIMIT,)) == "only the estimate"
    assert chosen([ONE, OTHER, BOTH], ESTIMATE, LIMIT, slips=(LIMIT,)) == "both"


def test_a_choice_that_unmakes_what_matches_as_defined_is_not_taken() -> None:
    found = joint_choice([(ESTIMATE, False)], [LIMIT], [ONE, BOTH])

    assert found is not None
    assert found.name == "both"


def test_the_first_of_several_choices_that_give_everything_is_taken_and_rounding_is_the_last() -> None:
    tried = choices(giving(estimate=2.5), [("one", giving(estimate=2)), ("two", giving(estimate=2))])

    assert [each.name for each in tried] == ["one", "two", HALF_EVEN]
    assert chosen(tried, ESTIMATE) == "one"
    assert chosen(tried[2:], ESTIMATE) == HALF_EVEN


def test_figures_of_one_row_and_time_point_at_one_place_of_the_paper_stand_together() -> None:
    abstract = printed("2", "estimate", where="Abstract")
    of_another_row = printed("4", "estimate", row="inflammation")

    groups = [*standing_together([ESTIMATE, abstract, of_another_row, LIMIT])]

    assert groups == [[0, 3], [1], [2]]


def test_a_figure_of_two_rows_holds_the_figures_of_both_together() -> None:
    inflammation = printed("4", "estimate", row="inflammation")
    of_both = printed("2, 4", "estimate")._replace(parts=(*ESTIMATE.parts, *inflammation.parts))

    assert [*standing_together([ESTIMATE, inflammation, of_both])] == [[0, 1, 2]]


def test_a_slip_of_a_percentage_needs_the_count_that_it_is_of_to_be_as_printed() -> None:
    """66.5% of 250 can be no count, but the paper prints 251 in its table: the data differ and not the print."""
    count = Figure(*ROW[1:], "n", value=250, numerator=250, denominator=990)
    share = Figure(*ROW[1:], "share", value=66.4, numerator=166, denominator=250, unit="%")
    other = Figure(*ROW[1:], "other", value=50, numerator=20, denominator=40, unit="%")
    own = {Address("lesions", *each[:3]): each for each in (count, share, other)}
    figures = [
        printed("251", "n"),
        printed("66.5", "share", where="Results"),
        printed("51", "other", where="Abstract"),
    ]

    assert without_ground([1, 2], [0], figures, own) == {1}
    assert without_ground([1, 2], [], figures, own) == set()


def test_what_stands_beside_a_figure_that_nothing_explains_is_no_slip_either() -> None:
    assert without_ground([1], [0], [ESTIMATE, LIMIT], giving(estimate=3, limit=6)) == {1}
