"""McNemar's p and models of a cohort are not shown where small numbers follow from them."""

from __future__ import annotations

from itertools import product

import pytest

from projections.cohort.figures.comparing import of_test
from projections.cohort.figures.figures import Figure, Placed
from projections.cohort.small_numbers.figures import REASON
from projections.cohort.small_numbers.shown import shown_figures
from projections.statistics.mcnemar import VARIANTS, Variant, fewer_changed, mcnemar


def changed(row: str, b: int, c: int, variant: Variant, same: int = 25) -> Placed:
    """McNemar's test of a word between two time points."""
    at = (row, "baseline → year 1", "p")
    return Placed("clinical", of_test(at, mcnemar(b, c, concordant=same, variant=variant)))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("b", "c", "is_shown"), [(7, 1, False), (4, 9, False), (5, 5, True), (8, 0, True), (5, 6, True), (4, 5, False)]
)
def test_the_p_of_a_change_that_few_made_in_one_direction_is_hidden(
    b: int, c: int, is_shown: bool, variant: Variant
) -> None:
    test = changed("smoking: current", b, c, variant)

    (shown,) = shown_figures([test], {"": b + c + 25}, 5).placed

    assert (shown.figure.p_value is not None) == is_shown


def test_the_p_of_a_change_is_hidden_where_few_did_not_change() -> None:
    (shown,) = shown_figures([changed("smoking: current", 20, 16, "exact", same=4)], {"": 40}, 5).placed

    assert shown.figure.p_value is None


@pytest.mark.parametrize(("n", "is_shown"), [(3, False), (6, True)])
def test_the_p_of_a_change_is_hidden_with_what_became_of_the_words(n: int, is_shown: bool) -> None:
    became = {"current → never": n, "current → former": 8, "never → current": 9, "former → former": 25}
    table = [
        Placed("clinical", Figure(f"smoking: {row}", "baseline → year 1", "n", numerator=each, text=str(each)))
        for row, each in became.items()
    ]
    p = [changed("smoking: current", 8 + n, 9, "uncorrected"), changed("smoking: former", 8, 25, "uncorrected")]

    shown = shown_figures([*table, *p], {"": 42 + n}, 5).placed

    assert {each.figure.p_value is not None for each in shown[-2:]} == {is_shown}


def test_how_many_changed_in_the_rarer_direction_follows_from_every_variant() -> None:
    for b, c, variant in product(range(12), range(12), VARIANTS):
        test = mcnemar(b, c, variant=variant)
        if test.statistic is not None:
            assert fewer_changed(test.statistic, b + c, variant) == min(b, c)


def model_of(fewest: int, name: str = "m") -> list[Placed]:
    """A model of retention by centre: 37 of 40 at the two first, as the figures of a model are."""
    of = {"denominator": 40, "n_patients": 40}
    at = ((name, "n", 40), (name, "fewest", fewest), (f"{name}: centre: C1", "hazard ratio", 2.36))
    levels = ((f"{name}: centre: {centre}", "n", n) for centre, n in (("C1", 19), ("C2", 18), ("C3", 3)))
    points = ((name, "point 1", 2.36), (name, "point 1 events", 3))
    return [
        Placed("models", Figure(row, "", what, value=value, text=str(value), **of))  # type: ignore[arg-type]
        for row, what, value in (*at, *levels, *points)
    ]


def test_a_model_with_few_at_a_level_is_hidden_whole_with_the_reason() -> None:
    shown = [each.figure for each in shown_figures(model_of(4), {"": 40}, 5).placed]

    assert {(each.value, each.text, each.n_patients, each.reason) for each in shown} == {(None, None, None, REASON)}


def test_a_model_with_the_minimum_at_each_level_is_shown_beside_one_that_is_not() -> None:
    shown = shown_figures([*model_of(5, "m"), *model_of(4, "m and more")], {"": 40}, 5).placed

    assert shown[: len(model_of(5))] == model_of(5)
    assert {each.figure.reason for each in shown[len(model_of(5)) :]} == {REASON}
