"""The final score of a study, by every rule and every pattern of votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from projections.campaigns.exact_values import ExactValues
from projections.campaigns.final_rules import REASONS, RULES, FinalValues, Votes, final_values

Said = int | Fraction | str | None  # a value, "unread", "not his", or None for a reading without a value
Outcome = tuple[Fraction | str, list[int]]  # the final score or why there is none, and whose readings make it

UNREAD = "unread"
NOT_HIS = "not his"


def said(*readings: Said, adjudicator: bool = False, differs: bool = False) -> Votes:
    """The votes on one study, one a reader."""
    return votes([readings], adjudicator=adjudicator, differs=[differs])


def votes(studies: Sequence[Sequence[Said]], *, adjudicator: bool, differs: Sequence[bool]) -> Votes:
    """The votes on several studies."""
    values = [[Fraction(each if isinstance(each, int | Fraction) else 0) for each in study] for study in studies]
    read = np.array([[each not in (UNREAD, NOT_HIS) for each in study] for study in studies])
    known = np.array([[isinstance(each, int | Fraction) for each in study] for study in studies])
    numerators, denominators = (
        np.array([[getattr(each, part) for each in study] for study in values]) for part in ("numerator", "denominator")
    )
    due = np.array([[each != NOT_HIS for each in study] for study in studies])
    return Votes(ExactValues.of(numerators, denominators, known), due, read, np.array(differs), adjudicator)


def outcome(found: FinalValues, study: int = 0) -> Outcome:
    """The final score of a study or the reason why there is none, and whose readings make it."""
    used = np.flatnonzero(found.used[study]).tolist()
    if found.reasons[study] >= 0:
        assert not found.values.known[study]
        return REASONS[found.reasons[study]], used
    assert found.values.known[study]
    return Fraction(int(found.values.numerators[study]), int(found.values.denominators[study])), used


def final(
    rule: str, *readings: Said, adjudicator: bool = False, differs: bool = False
) -> tuple[Fraction | str, list[int]]:
    """The outcome of the votes on one study."""
    return outcome(final_values(said(*readings, adjudicator=adjudicator, differs=differs), rule))


def test_the_mean_of_two_readers_can_be_a_half() -> None:
    assert final("mean", 4, 5) == (Fraction(9, 2), [0, 1])


def test_the_mean_is_exact_where_readings_have_imputed_fractions() -> None:
    assert final("mean", Fraction(7, 3), Fraction(5, 4), 1) == (Fraction(55, 36), [0, 1, 2])


def test_the_mean_of_an_adjudicated_case_is_that_of_everybody_who_read_it() -> None:
    assert final("mean", 4, 12, 11, adjudicator=True, differs=True) == (9, [0, 1, 2])


def test_two_readers_are_the_two_closest() -> None:
    assert final("mean-of-two-closest", 4, 9, NOT_HIS, adjudicator=True) == (Fraction(13, 2), [0, 1])


@pytest.mark.parametrize(
    ("readings", "value", "used"),
    [
        ((4, 12, 11), Fraction(23, 2), [1, 2]),
        ((4, 12, 6), 5, [0, 2]),
        ((12, 11, 4), Fraction(23, 2), [0, 1]),
        ((4, 4, 9), 4, [0, 1]),
        ((4, 9, 9), 9, [1, 2]),
        ((7, 7, 7), 7, [0, 1, 2]),
        ((4, 12, 8), 8, [0, 1, 2]),
        ((8, 4, 12), 8, [0, 1, 2]),
        ((Fraction(1, 3), Fraction(2, 3), 1), Fraction(2, 3), [0, 1, 2]),
    ],
)
def test_of_three_the_two_closest_count_and_at_equal_distances_all(
    readings: tuple[int, ...], value: Fraction | int, used: list[int]
) -> None:
    assert final("mean-of-two-closest", *readings, adjudicator=True, differs=True) == (value, used)


def test_at_equal_distances_the_mean_is_the_middle_reading_whatever_the_order() -> None:
    for low, step in product(range(5), range(1, 5)):
        for readings in ((low, low + step, low + 2 * step), (low + 2 * step, low, low + step)):
            assert final("mean-of-two-closest", *readings)[0] == sorted(readings)[1]


def test_the_two_closest_are_found_as_by_looking_at_every_pair() -> None:
    for readings in product(range(5), repeat=4):
        pairs = {pair: abs(readings[pair[0]] - readings[pair[1]]) for pair in combinations(range(4), 2)}
        nearest = sorted({place for pair, far in pairs.items() if far == min(pairs.values()) for place in pair})
        mean = Fraction(sum(readings[place] for place in nearest), len(nearest))

        assert final("mean-of-two-closest", *readings) == (mean, nearest)


@pytest.mark.parametrize("pattern", [*product((0, 1, None), repeat=3)], ids=str)
def test_a_verdict_is_what_two_of_three_say(pattern: tuple[int | None, ...]) -> None:
    said_by = Counter(vote for vote in pattern if vote is not None)
    value, number = max(said_by.items(), key=lambda item: item[1], default=(0, 0))

    found = final("majority-2-of-3", *pattern)

    if number >= 2:
        assert found == (value, [place for place, vote in enumerate(pattern) if vote == value])
    else:
        assert found == ("not-complete", [])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ((1, 1, NOT_HIS), (1, [0, 1])),
        ((0, 0, NOT_HIS), (0, [0, 1])),
        ((0, 1, 1), (1, [1, 2])),
        ((1, 0, 0), (0, [1, 2])),
        ((1, 0, None), ("not-complete", [])),
        ((1, 0, UNREAD), ("not-adjudicated", [])),
        ((1, 0, NOT_HIS), ("not-adjudicated", [])),
    ],
)
def test_a_third_reader_decides_where_two_differ(pattern: tuple[Said, ...], expected: object) -> None:
    differs = pattern[0] != pattern[1]

    assert final("majority-2-of-3", *pattern, adjudicator=True, differs=differs) == expected


def test_grades_that_all_differ_have_no_majority() -> None:
    assert final("majority-2-of-3", 3, 4, 9) == ("no-majority", [])
    assert final("majority-2-of-3", 3, 4) == ("no-majority", [])
    assert final("majority-2-of-3", 3, 4, 3) == (3, [0, 2])


@pytest.mark.parametrize("rule", ["adjudicator", "consensus"])
def test_the_adjudicator_decides_alone_and_readers_who_agree_by_their_mean(rule: str) -> None:
    assert final(rule, 4, 12, 11, adjudicator=True, differs=True) == (11, [2])
    assert final(rule, 4, 5, NOT_HIS, adjudicator=True) == (Fraction(9, 2), [0, 1])
    assert final(rule, None, 12, 11, adjudicator=True) == (11, [2])
    assert final(rule, 4, 12, None, adjudicator=True, differs=True) == ("not-complete", [])


@pytest.mark.parametrize("rule", RULES)
def test_why_there_is_no_final_score_is_said_by_the_first_reason_that_holds(rule: str) -> None:
    assert final(rule, UNREAD, UNREAD) == ("nobody-read", [])
    assert final(rule, 4, UNREAD) == ("reader-missing", [])
    assert final(rule, 4, None) == ("not-complete", [])
    assert final(rule, 4, 12, NOT_HIS, adjudicator=True, differs=True) == ("not-adjudicated", [])
    assert final(rule, 4, UNREAD, NOT_HIS, adjudicator=True, differs=True) == ("reader-missing", [])


@pytest.mark.parametrize("rule", ["mean", "adjudicator", "consensus"])
def test_a_reader_to_whom_a_study_was_not_given_is_not_missing(rule: str) -> None:
    assert final(rule, 4, NOT_HIS, 6) == (5, [0, 2])


def test_one_reader_of_a_campaign_makes_the_final_score_alone() -> None:
    for rule in RULES:
        assert final(rule, 4) == (4, [0])


def test_each_study_of_many_has_its_own_outcome() -> None:
    found = final_values(
        votes(
            [(4, 12, 11), (4, 5, NOT_HIS), (UNREAD, 5, NOT_HIS), (2, None, NOT_HIS)],
            adjudicator=True,
            differs=[True, False, False, False],
        ),
        "mean-of-two-closest",
    )

    assert [outcome(found, study) for study in range(4)] == [
        (Fraction(23, 2), [1, 2]),
        (Fraction(9, 2), [0, 1]),
        ("reader-missing", []),
        ("not-complete", []),
    ]


def test_nothing_read_has_no_outcome() -> None:
    for rule in RULES:
        nothing = ExactValues.of(*(np.zeros((0, 3), dtype=np.int64),) * 2, np.zeros((0, 3), dtype=np.bool_))
        none = np.zeros((0, 3), dtype=np.bool_)
        assert len(final_values(Votes(nothing, none, none, none[:, 0], True), rule).reasons) == 0


def test_fractions_beyond_64_bits_stay_exact() -> None:
    primes = (10007, 10009, 10037, 10039, 10061)
    readings = tuple(Fraction(prime - 1, prime) for prime in primes)

    assert final("mean", *readings)[0] == sum(readings) / 5
