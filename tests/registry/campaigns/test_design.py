"""Who reads what, who reads what again, and in which order: balanced, and drawn by the key."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.campaigns.blinding import Blinding, CaseKey
from registry.campaigns.design import first_cases, in_order, possible_cases
from registry.domain.campaigns import Adjudication, Campaign
from tests.registry.campaigns.given import KEY, campaign

keys = st.binary(min_size=32, max_size=32)
unit_names = st.lists(st.integers(0, 999).map("MR-{:03}".format), min_size=1, max_size=40, unique=True)


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """Any campaign's readers, how many of them read each unit, and the share of repeats."""
    readers = tuple(f"R{number}" for number in range(draw(st.integers(1, 6))))
    return campaign(
        readers=readers,
        readers_per_unit=draw(st.integers(1, len(readers))),
        repeats=draw(st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("0.5"), Decimal(1)])),
        design=draw(st.sampled_from(["random", "latin-square"] if len(readers) > 1 else ["random"])),
    )


@given(of=campaigns(), units=unit_names, key=keys)
def test_every_unit_is_read_by_so_many_and_no_two_readers_differ_by_more_than_one(
    of: Campaign, units: list[str], key: bytes
) -> None:
    first = [case for case in first_cases(of, units, Blinding(key, of.campaign)) if not case.repeat]

    assert len(set(first)) == len(first)
    assert Counter(case.unit for case in first) == dict.fromkeys(units, of.readers_per_unit)
    load = [sum(case.reader == reader for case in first) for reader in of.readers]
    assert max(load) - min(load) <= 1


@given(of=campaigns(), units=unit_names, key=keys)
def test_repeats_are_of_what_a_reader_has_and_at_least_the_share(of: Campaign, units: list[str], key: bytes) -> None:
    cases = first_cases(of, units, Blinding(key, of.campaign))

    for reader in of.readers:
        own = {case.unit for case in cases if case.reader == reader and not case.repeat}
        again = [case.unit for case in cases if case.reader == reader and case.repeat]
        assert set(again) <= own
        assert len(again) == len(set(again)) == ceil(of.repeats * len(own))


@given(of=campaigns(), units=unit_names, key=keys)
def test_the_order_in_which_units_are_listed_changes_nothing(of: Campaign, units: list[str], key: bytes) -> None:
    blinding = Blinding(key, of.campaign)

    assert first_cases(of, units[::-1], blinding) == first_cases(of, units, blinding)


@given(of=campaigns(), units=unit_names, key=keys)
def test_each_reader_has_every_case_once_in_an_order_of_the_key(of: Campaign, units: list[str], key: bytes) -> None:
    blinding = Blinding(key, of.campaign)
    cases = first_cases(of, units, blinding)

    for reader in of.readers:
        own = [case for case in cases if case.reader == reader]
        ordered = in_order(of, own, units, blinding)
        assert sorted(ordered) == sorted(own)
        assert in_order(of, own[::-1], units[::-1], blinding) == ordered


def test_pairs_of_readers_come_together_as_often_as_each_other() -> None:
    of = campaign(readers=("R1", "R2", "R3", "R4"), readers_per_unit=2)

    cases = first_cases(of, [f"MR-{n}" for n in range(60)], Blinding(KEY, "x"))

    readers = [tuple(sorted(case.reader for case in cases if case.unit == f"MR-{n}")) for n in range(60)]
    together = Counter(readers)
    assert len(together) == 6
    assert max(together.values()) - min(together.values()) <= 2


@pytest.mark.parametrize("n_readers", [2, 3, 5])
def test_in_a_latin_square_each_block_has_each_place_once(n_readers: int) -> None:
    readers = tuple(f"R{number}" for number in range(n_readers))
    of, blinding = campaign(readers=readers, design="latin-square"), Blinding(KEY, "x")
    units = [f"MR-{number}" for number in range(n_readers * 4)]
    orders = {
        reader: [case.unit for case in in_order(of, [CaseKey(reader, unit) for unit in units], units, blinding)]
        for reader in readers
    }

    blocks = {reader: [frozenset(orders[reader][at : at + 4]) for at in range(0, len(units), 4)] for reader in readers}
    assert len({block for each in blocks.values() for block in each}) == n_readers
    for place in range(n_readers):
        assert len({blocks[reader][place] for reader in readers}) == n_readers


def test_every_case_that_there_can_be_has_a_place_for_its_code() -> None:
    of = campaign(adjudicate=Adjudication(to="R3", status=Decimal(5)))

    assert possible_cases(of, ["a"]) == [
        CaseKey("R1", "a", repeat=False),
        CaseKey("R1", "a", repeat=True),
        CaseKey("R2", "a", repeat=False),
        CaseKey("R2", "a", repeat=True),
        CaseKey("R3", "a", repeat=False),
    ]
