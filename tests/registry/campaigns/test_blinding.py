"""What a reader sees follows from the key and from nothing else: codes, letters, orders."""

from __future__ import annotations

import hmac
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.campaigns.blinding import (
    CROCKFORD,
    Blinding,
    CaseKey,
    check_character,
    code_length,
    letter_of,
    read_code,
)
from tests.registry.campaigns.given import KEY

BLINDING = Blinding(KEY, "berlin-2014")
names = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+"), min_size=1, max_size=12)
cases = st.builds(CaseKey, names, names, st.booleans())


def test_a_code_has_two_groups_of_four_of_crockford_s_signs() -> None:
    code = BLINDING.code(CaseKey("R1", "MR-0001"))

    assert [len(group) for group in code.split("-")] == [4, 4]
    assert set(code) <= {*CROCKFORD, "-"}
    assert not {"I", "L", "O", "U"} & set(CROCKFORD)


@given(case=cases)
def test_each_group_has_a_digit_so_that_none_is_a_word(case: CaseKey) -> None:
    assert all(any(map(str.isdigit, group)) for group in BLINDING.code(case).split("-"))


@given(case=cases, length=st.sampled_from([8, 12, 16]))
def test_a_code_is_read_however_it_is_typed(case: CaseKey, length: int) -> None:
    code = BLINDING.code(case, length=length)

    assert read_code(f" {code.lower().replace('-', ' ')} ") == code
    assert read_code(code.replace("1", "l").replace("0", "o")) == code


@given(case=cases, place=st.integers(0, 7), sign=st.sampled_from(CROCKFORD))
def test_one_wrong_sign_is_told(case: CaseKey, place: int, sign: str) -> None:
    signs = list(BLINDING.code(case).replace("-", ""))
    is_other = signs[place] != sign
    signs[place] = sign

    assert (read_code("".join(signs)) is None) == is_other


@given(case=cases, place=st.integers(0, 6))
def test_two_exchanged_signs_are_told(case: CaseKey, place: int) -> None:
    signs = list(BLINDING.code(case).replace("-", ""))
    are_other = signs[place] != signs[place + 1]
    signs[place], signs[place + 1] = signs[place + 1], signs[place]

    assert (read_code("".join(signs)) is None) == are_other


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M-Q9X", "7K3M-Q9X!", "U000-0000"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_the_check_of_nothing_but_zeros_is_zero_and_of_a_last_one_two() -> None:
    assert check_character("0000000") == "0"
    assert check_character("0000001") == "2"  # one times x
    assert check_character("000000G") == "5"  # x^4 times x is x^2 + 1


@given(case=cases, days=st.permutations([1, 2, 3]), studies=st.lists(names, min_size=2, max_size=5, unique=True))
def test_letters_are_the_same_in_whatever_order_the_studies_come(
    case: CaseKey, days: list[int], studies: list[str]
) -> None:
    letters = BLINDING.letters(case, studies)

    assert BLINDING.letters(case, reversed(studies)) == letters
    assert sorted(letters.values()) == [letter_of(place) for place in range(len(studies))]


def test_letters_are_as_often_the_one_way_as_the_other() -> None:
    first = sum(BLINDING.letters(CaseKey("R1", f"{n}"), ["a", "b"])["a"] == "A" for n in range(2_000))

    assert 1_000 - 4 * 22.4 < first < 1_000 + 4 * 22.4  # four standard deviations of the binomial


def test_readers_and_repeats_have_letters_and_orders_of_their_own() -> None:
    keys = [CaseKey(reader, f"{n}", repeat) for reader in ("R1", "R2") for repeat in (False, True) for n in range(100)]
    ways = {
        (reader, repeat): [
            BLINDING.letters(key, ["a", "b"])["a"] for key in keys if (key.reader, key.repeat) == (reader, repeat)
        ]
        for reader in ("R1", "R2")
        for repeat in (False, True)
    }

    assert all(ways[one] != ways[other] for one, other in combinations(ways, 2))
    assert len({BLINDING.rank(key) for key in keys}) == len({BLINDING.code(key) for key in keys}) == len(keys)


@given(case=cases)
def test_another_key_gives_another_code(case: CaseKey) -> None:
    assert Blinding(bytes(32), "berlin-2014").code(case) != BLINDING.code(case)
    assert Blinding(KEY, "another").code(case) != BLINDING.code(case)


@given(one=cases, other=cases)
def test_two_cases_are_never_taken_for_one(one: CaseKey, other: CaseKey) -> None:
    assert (BLINDING.rank(one) == BLINDING.rank(other)) == (one == other)


def test_an_order_is_an_hmac_of_what_the_manual_says() -> None:
    said = b'["order","berlin-2014","R1","MR-0001",false]'

    assert BLINDING.rank(CaseKey("R1", "MR-0001")) == hmac.new(KEY, said, "sha256").digest()


def test_codes_are_longer_where_eight_characters_give_one_code_to_two_cases() -> None:
    class Colliding(Blinding):
        def code(self, case: CaseKey, *, length: int = 8) -> str:
            return super().code(CaseKey("R1", "all") if length == 8 else case, length=length)

    assert code_length(BLINDING, [CaseKey("R1", "a"), CaseKey("R1", "b")]) == 8
    assert code_length(Colliding(KEY, "x"), [CaseKey("R1", "a"), CaseKey("R1", "b")]) == 12


@settings(max_examples=20)
@given(n=st.integers(1, 300))
def test_no_two_cases_of_a_campaign_have_one_code(n: int) -> None:
    keys = [CaseKey(reader, f"MR-{number}") for reader in ("R1", "R2") for number in range(n)]
    length = code_length(BLINDING, keys)

    assert len({BLINDING.code(key, length=length) for key in keys}) == len(keys)
