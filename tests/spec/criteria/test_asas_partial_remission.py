"""ASAS partial remission, with its limit read in both ways; its one vector is used."""

from __future__ import annotations

import pytest

from registry.catalogue.criteria import criteria
from tests.spec.criteria.judging import Change, judged, on_domains
from tests.spec.instruments.columns import Cell

LE, LT = "asas-partial-remission", "asas-partial-remission-lt"


@pytest.mark.parametrize(
    ("now", "not_above", "below"),
    [
        (("20", "20", "20", "20"), True, False),
        (("19.9", "19.9", "19.9", "19.9"), True, True),
        (("0", "0", "0", "0"), True, True),
        (("20.1", "0", "0", "0"), False, False),
        (("0", "0", "0", "20.1"), False, False),
        (("0", "0", "0", None), None, None),
        (("20", "0", "0", None), None, False),
        (("100", None, None, None), False, False),
    ],
)
def test_all_four_domains_have_to_be_low(now: tuple[Cell, ...], not_above: bool | None, below: bool | None) -> None:
    changes = on_domains([(None, value) for value in now])

    assert judged(LE, changes).met.answers() == [not_above]
    assert judged(LT, changes).met.answers() == [below]


def test_it_is_a_state_that_needs_no_baseline() -> None:
    changes: list[Change] = [(None, "10"), (None, "30"), (None, "10"), (None, None)]
    judgement = judged(LE, on_domains(changes))

    assert criteria()[LE].against == "nothing"
    assert judgement.n_improved.tolist() == [2]
    assert judgement.n_known.tolist() == [3]


def test_both_readings_of_the_limit_are_named_rules() -> None:
    assert criteria()[LE].rule == "asas-partial-remission/le"
    assert criteria()[LT].rule == "asas-partial-remission/lt"
