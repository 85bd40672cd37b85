"""The BASDAI, with the computed examples; all of its vectors are used."""

from __future__ import annotations

from fractions import Fraction

import pytest

from registry.catalogue.instruments import instruments
from tests.spec.instruments.columns import Cell, columns, score

ITEMS = ("basdai_1", "basdai_2", "basdai_3", "basdai_4", "basdai_5", "basdai_6")
FIRST: tuple[Cell, ...] = (7, 8, 3, 5, 7, 6)


def without(*questions: int) -> list[Cell]:
    return [None if number in questions else answer for number, answer in enumerate(FIRST, start=1)]


@pytest.mark.parametrize(
    ("answers", "basdai", "mean_of_six", "inflammation"),
    [
        (("7", "8", "3", "5", "7", "6"), "5.90", "6.00", "6.5"),
        (("6.5", "7.2", "1.1", "4.0", "8.3", "5.9"), "5.18", "5.50", "7.1"),
        (("0",) * 6, "0", "0", "0"),
        (("10",) * 6, "10", "10", "10"),
    ],
)
def test_the_two_questions_on_stiffness_count_as_one_of_five_components(
    answers: tuple[Cell, ...], basdai: str, mean_of_six: str, inflammation: str
) -> None:
    assert score("basdai", answers) == Fraction(basdai)
    assert sum(Fraction(str(answer)) for answer in answers) / 6 == Fraction(mean_of_six)
    assert score("basdai_inflammation", answers[4:]) == Fraction(inflammation)


@pytest.mark.parametrize("question", [1, 2, 3, 4, 5, 6])
def test_without_an_answer_there_is_no_basdai(question: int) -> None:
    assert score("basdai", without(question)) is None


@pytest.mark.parametrize("question", [5, 6])
def test_without_an_answer_on_stiffness_there_is_no_inflammation(question: int) -> None:
    assert score("basdai_inflammation", without(question)[4:]) is None


@pytest.mark.parametrize(
    ("missing", "prorated"),
    [
        ((), "5.9"),
        ((6,), "6.00"),
        ((5,), "5.8"),
        ((3,), "6.625"),
        ((3, 6), "6.75"),
        ((5, 6), "5.75"),
    ],
)
def test_prorated_one_component_may_be_missing(missing: tuple[int, ...], prorated: str) -> None:
    assert score("basdai", without(*missing), variant="prorated") == Fraction(prorated)


@pytest.mark.parametrize("missing", [(1, 2), (1, 5, 6), (1, 2, 3, 4, 5, 6)])
def test_prorated_two_components_may_not_be_missing(missing: tuple[int, ...]) -> None:
    assert score("basdai", without(*missing), variant="prorated") is None


@pytest.mark.parametrize(("missing", "prorated"), [((5,), 6), ((6,), 7), ((5, 6), None)])
def test_prorated_one_answer_on_stiffness_stands_for_both(missing: tuple[int, ...], prorated: int | None) -> None:
    assert score("basdai_inflammation", without(*missing)[4:], variant="prorated") == prorated


def test_a_score_names_its_rule_and_how_many_answers_there_were() -> None:
    scores = instruments()["basdai"].over(columns(ITEMS, FIRST, without(3), without(1, 2, 3, 4, 5, 6)))

    assert scores.rule == "basdai/1"
    assert scores.n_expected.tolist() == [6, 6, 6]
    assert scores.n_present.tolist() == [6, 5, 0]
    assert scores.values.known.tolist() == [True, False, False]


def test_a_prorated_score_has_a_rule_of_its_own() -> None:
    scores = instruments()["basdai"].over(columns(ITEMS, without(3)), variant="prorated")

    assert scores.rule == "basdai/1:prorated"
    assert scores.n_present.tolist() == [5]
    assert scores.values.doubles().tolist() == [6.625]
