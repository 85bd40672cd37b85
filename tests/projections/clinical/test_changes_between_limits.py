"""The smallest change that two laboratory values allow, of which either may be a limit."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from projections.clinical.censored_values import smallest_changes
from registry.catalogue.instruments.values import Values

MOST = 8  # of what was measured; beyond any of it where it is only known to be above a limit
LIMITED = st.lists(st.tuples(*[st.tuples(st.integers(0, MOST), st.sampled_from(["<", None, ">"]))] * 2), max_size=12)


def column(values: list[tuple[int, str | None]]) -> Values:
    """Return a column of values with their comparators."""
    return Values.of([value for value, _ in values], comparators=[comparator for _, comparator in values])


def possible(value: int, comparator: str | None) -> range:
    """Return what a value can be, the limit itself included."""
    return {"<": range(value + 1), None: range(value, value + 1), ">": range(value, 3 * MOST)}[comparator]


@given(LIMITED)
def test_it_is_the_nearest_to_0_of_all_that_the_limits_allow(
    pairs: list[tuple[tuple[int, str | None], tuple[int, str | None]]],
) -> None:
    allowed = [{two - one for one in possible(*before) for two in possible(*after)} for before, after in pairs]

    found = smallest_changes(column([before for before, _ in pairs]), column([after for _, after in pairs]))

    assert found.fractions() == [Fraction(min(changes, key=abs)) for changes in allowed]


def test_a_fall_below_a_limit_is_at_least_the_fall_to_it() -> None:
    fell = smallest_changes(column([(20, None), (4, None)]), column([(5, "<"), (5, "<")]))

    assert fell.fractions() == [-15, 0]
