"""What holds of every criterion: its declaration, and that nothing is said where nothing is known."""

from __future__ import annotations

import pytest

from registry.catalogue.criteria import criteria
from registry.catalogue.instruments import instruments
from registry.catalogue.measures import MEASURES
from tests.spec.criteria.judging import judged


def test_the_criteria_are_found_by_their_names() -> None:
    responses = [name for name in criteria() if not name.startswith(("asdas-", "flare-"))]

    assert len(criteria()) == 34
    assert responses == [
        "asas-5-of-6",
        "asas-partial-remission",
        "asas-partial-remission-lt",
        "asas20",
        "asas40",
        "asas50",
        "asas70",
        "basdai-response-danbio",
        "basdai50",
    ]


def test_no_two_criteria_share_a_rule() -> None:
    assert len({criterion.rule for criterion in criteria().values()}) == len(criteria())


@pytest.mark.parametrize("name", criteria())
def test_every_input_is_a_measure_or_an_instrument(name: str) -> None:
    assert set(criteria()[name].inputs) <= set(MEASURES) | set(instruments())


@pytest.mark.parametrize("name", criteria())
def test_where_nothing_is_known_the_answer_is_open(name: str) -> None:
    judgement = judged(name, dict.fromkeys(criteria()[name].inputs, (None, None)))

    assert judgement.met.answers() == [None]
    assert judgement.n_improved.tolist() == judgement.n_known.tolist() == [0]
    assert judgement.n_expected == len(criteria()[name].inputs)
