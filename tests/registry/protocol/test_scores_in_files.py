"""Scores in a protocol's file: of which items they can be, and in which range."""

from __future__ import annotations

import pytest

from registry.catalogue.protocol import (
    MissingItems,
)
from tests.registry.protocol.given import ITEMS, MEAN, SMOKING, problems, protocol

NO_NUMBERS = {"on_what_day": "partial-day", "in_words": "text"}


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (("item_2", "both"), "scores[1].items: 'both' is the score itself"),
        (('"item_1", ', '"asdas_crp", '), "scores[1].items: 'asdas_crp' is a score"),
        (("item_2", "item_3"), "scores[1].items: 'item_3' is no measure"),
        (('"item_1", ', '"smoking", '), "scores[1].items: 'smoking' holds codes and no number"),
        (('"item_1", ', '"crp", '), "scores[1].items: are in mg/l and score, which a weighted score alone may"),
        (('["item_1", "item_2"]', "[]"), "scores[1].items: is empty"),
        (('"mean"', '"median"'), "scores[1].rule: 'median' is not 'sum', 'mean', 'weighted' or 'max'"),
        (('"mean"', '"weighted"'), "scores[1].weights: has none of item_1 or item_2; write one of every item"),
        (('"mean"', '"sum"\nweights = { item_1 = 2 }'), 'scores[1].weights: is of rule = "weighted" only'),
        (('"mean"', '"sum"\nconstant = 0'), 'scores[1].constant: is of rule = "weighted" only'),
        (
            ('"mean"', '"weighted"\nweights = { item_1 = 1, item_2 = 1, item_3 = 1 }'),
            "scores[1].weights.item_3: is not one of the items",
        ),
        (
            ('"item_1", ', '"patient_globl", '),
            "scores[1].items: 'patient_globl' is no measure; did you mean 'patient_g",
        ),
        (('"item_1", ', '"on_what_day", '), "scores[1].items: 'on_what_day' holds partial-day and no number"),
        (('"item_1", ', '"in_words", '), "scores[1].items: 'in_words' holds text and no number"),
        (('"mean"', '"mean"\nreverse = ["crp"]'), "scores[1].reverse: 'crp' is not one of the items"),
        (
            ('"mean"', '"mean"\nmissing = { at_most = 2, then = "mean-of-others" }'),
            "scores[1].missing.at_most: 2",
        ),
        (
            ('"mean"', '"mean"\nrange = [0, 2]'),
            "scores[1].range: 0 to 2 is narrower than what the items can give, 0 to 3",
        ),
        (
            ('"mean"', '"mean"\nrange = [1, 3]'),
            "scores[1].range: 1 to 3 is narrower than what the items",
        ),
        (("edition = 1", "edition = 0"), "scores[1].edition: '0' is not a whole number from 1 to 999"),
    ],
)
def test_a_score_is_of_measures_in_one_unit_and_never_of_itself(score: tuple[str, str], told: str) -> None:
    others = [f'[[measures]]\nname = "{name}"\nlabel = "x"\nholds = "{holds}"\n' for name, holds in NO_NUMBERS.items()]

    assert problems(ITEMS, SMOKING, *others, MEAN.replace(*score))[0].startswith(told)


@pytest.mark.parametrize(
    ("ends", "rule", "told"),
    [
        (
            ("[0, inf]", "[0, 3]"),
            'rule = "sum"\nrange = [0, 19]',
            "0 to 19 is narrower than what the items can give, 0 and above",
        ),
        (
            ("[0, inf]", "[0, 3]"),
            'rule = "max"\nrange = [0, 19]',
            "0 to 19 is narrower than what the items can give, 0 and above",
        ),
        (
            ("[-inf, 3]", "[0, 3]"),
            'rule = "mean"\nrange = [0, 3]',
            "0 to 3 is narrower than what the items can give, 3 and below",
        ),
        (
            ("[-inf, 3]", "[0, 3]"),
            'rule = "max"\nrange = [1, 3]',
            "1 to 3 is narrower than what the items can give, 0 to 3",
        ),
        (
            ("[0, inf]", "[0, 3]"),
            'rule = "weighted"\nweights = { item_1 = -1, item_2 = 1 }\nrange = [0, 3]',
            "0 to 3 is narrower than what the items can give, 3 and below",
        ),
        (
            ("[0, 10]", "[0, 10]"),
            'rule = "sum"\nrange = [0, 19]',
            "0 to 19 is narrower than what the items can give, 0 to 20",
        ),
        (
            ("[0, 10]", "[0, 100]"),
            'rule = "sum"\nrange = [0, 110]\nmissing = { at_most = 1, then = "mean-of-others" }',
            "0 to 110 is narrower than what the items can give, 0 to 200",
        ),
        (
            ("[0, 10]", "[5, 10]"),
            'rule = "max"\nrange = [5, 10]\nmissing = { at_most = 1, then = "mean-of-others" }',
            "5 to 10 is narrower than what the items can give, 0 to 10",
        ),
        (
            ("[0, 1e28]", "[0, 3]"),
            'rule = "sum"\nrange = [0, 3]',
            "0 to 3 is narrower than what the items can give, 0 to 1",
        ),
    ],
)
def test_the_range_of_a_score_leaves_out_nothing_that_its_items_can_give(
    ends: tuple[str, str], rule: str, told: str
) -> None:
    items = ITEMS.replace("[0, 3]", "A", 1).replace("[0, 3]", ends[1]).replace("A", ends[0], 1)

    [problem] = problems(items, MEAN.replace('rule = "mean"', rule))

    assert problem.startswith(f"scores[1].range: {told}")


@pytest.mark.parametrize("weights", ["{ item_1 = 1, item_2 = 0 }", "{ item_1 = 0.5, item_2 = 0.0 }"])
def test_an_item_that_weighs_nothing_limits_no_range(weights: str) -> None:
    items = ITEMS.replace("[0, 3]", "A", 1).replace("[0, 3]", "[0, inf]").replace("A", "[0, 3]", 1)

    assert protocol(items, MEAN.replace('rule = "mean"', f'rule = "weighted"\nweights = {weights}\nrange = [0, 3]'))


def test_a_score_is_never_of_another_score_of_the_file() -> None:
    of_both = MEAN.replace('"both"', '"more"', 1).replace('"item_2"', '"both"')

    assert problems(ITEMS, MEAN, of_both) == [
        "scores[2].items: 'both' is a score; write the measures that it is made of"
    ]


def test_a_score_of_one_item_has_no_other_that_could_stand_for_it() -> None:
    of_one = MEAN.replace(', "item_2"', "")

    assert problems(ITEMS, of_one, "missing = { at_most = 1 }\n") == [
        "scores[1].missing: is of scores with other items, whose mean stands for the missing one; remove it"
    ]


def test_a_missing_item_counts_as_the_mean_of_the_others_without_anybody_saying_so() -> None:
    [score] = protocol(ITEMS, MEAN, "missing = { at_most = 1 }\n").scores

    assert score.missing == MissingItems(at_most=1, then="mean-of-others")


def test_an_item_is_turned_round_only_where_its_range_has_two_ends() -> None:
    [told] = problems(ITEMS.replace("[0, 3]", "[0, inf]"), MEAN, 'reverse = ["item_1"]\n')

    assert told == "scores[1].reverse: 'item_1' has no range with two ends, by which it could be turned round"


def test_a_score_can_stand_in_several_editions_each_once() -> None:
    second = MEAN.replace("edition = 1", "edition = 2").replace('"mean"', '"sum"')

    assert [score.edition for score in protocol(ITEMS, MEAN, second).scores] == [1, 2]
    assert problems(ITEMS, MEAN, MEAN) == ["scores[2].edition: 'both/1' stands in scores[1] already; remove one"]
