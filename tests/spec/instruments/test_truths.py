"""Three-valued answers: yes, no, or open."""

from __future__ import annotations

from itertools import product

import pytest

from registry.catalogue.instruments.truths import Truths, at_least

ANSWERS = (True, False, None)


def completions(answer: bool | None) -> tuple[bool, ...]:
    return (True, False) if answer is None else (answer,)


def agreed(found: set[bool]) -> bool | None:
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize("one", ANSWERS)
@pytest.mark.parametrize("other", ANSWERS)
def test_an_answer_is_open_only_where_its_completions_differ(one: bool | None, other: bool | None) -> None:
    left, right = Truths.of([one]), Truths.of([other])
    cases = list(product(completions(one), completions(other)))

    assert (left & right).answers() == [agreed({a and b for a, b in cases})]
    assert (left | right).answers() == [agreed({a or b for a, b in cases})]
    assert (~left).answers() == [agreed({not a for a, _ in cases})]


@pytest.mark.parametrize("answers", list(product(ANSWERS, repeat=3)))
@pytest.mark.parametrize("wanted", [0, 1, 2, 3, 4])
def test_so_many_yes_is_open_only_where_completions_differ(answers: tuple[bool | None, ...], wanted: int) -> None:
    reached = at_least(wanted, [Truths.of([answer]) for answer in answers])

    assert reached.answers() == [agreed({sum(case) >= wanted for case in product(*map(completions, answers))})]


def test_the_codes_are_1_0_and_minus_1() -> None:
    assert Truths.of([True, False, None]).codes().tolist() == [1, 0, -1]
