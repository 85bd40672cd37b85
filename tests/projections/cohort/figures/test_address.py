"""Addresses of figures: unique whatever their parts are called, and read back as they were."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from projections.cohort.figures.address import VERSUS, Address, set_apart, without
from registry.catalogue.agents import AGENTS
from registry.catalogue.measures import MEASURES
from registry.catalogue.methods import methods

NASTY = st.text(alphabet=" /\\v:→a", max_size=6)


@given(NASTY, NASTY, NASTY, NASTY, NASTY)
@example("safety", "/", "/ /", "\\/", "")
@example("safety", "a / b", "a \\/ b", " / ", "/ a")
def test_an_address_is_read_back_from_its_text_whatever_its_parts_are_called(
    table: str, row: str, timepoint: str, statistic: str, group: str
) -> None:
    address = Address(table, row, timepoint, statistic, group)

    assert Address.of(str(address)) == address


@given(st.tuples(NASTY, NASTY), st.tuples(NASTY, NASTY))
@example(("a v b", "c"), ("a", "b v c"))
def test_pairs_of_names_are_joined_to_texts_as_different_as_they_are(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    texts = [VERSUS.join(without(VERSUS, name) for name in pair) for pair in (one, other)]

    assert (texts[0] == texts[1]) == (one == other)


def test_a_word_that_a_table_has_is_set_apart_and_so_is_what_it_becomes() -> None:
    words = ("any", "term: any", "term: term: any", "rash")

    assert [set_apart(word, {"any"}, "term") for word in words] == [
        "term: any",
        "term: term: any",
        "term: term: term: any",
        "rash",
    ]


def test_names_of_the_catalogue_that_stand_in_one_column_of_addresses_are_distinct() -> None:
    """Classes of drugs stand beside agents; `asspimri v basmi` is a method with a measure, or two methods."""
    assert not AGENTS.keys() & {agent.drug_class for agent in AGENTS.values()}
    assert not methods().keys() & MEASURES.keys()
