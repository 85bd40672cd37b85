"""The ASAS 5/6 improvement criterion; its one vector is used."""

from __future__ import annotations

import pytest

from registry.catalogue.criteria.asas_5_of_6 import crp_improved, mobility_improved
from tests.spec.criteria.judging import Change, judged, on_domains, one
from tests.spec.instruments.columns import Cell

MEDIANS: list[Change] = [("67", "41"), ("65", "41"), ("58.8", "36.3"), ("56.3", "34.8")]
SAME: Change = ("50", "50")
GAIN: Change = ("50", "40")
LESS: Change = ("50", "40.1")


def six(domains: list[Change], crp: Change, flexion: Change) -> dict[str, Change]:
    return on_domains(domains) | {"crp": crp, "lateral_lumbar_flexion": flexion}


def test_the_medians_of_the_anakinra_study_improved_in_six_of_six() -> None:
    judgement = judged("asas-5-of-6", six(MEDIANS, ("31", "17"), ("7.14", "9.69")))

    assert judgement.met.answers() == [True]
    assert judgement.n_improved.tolist() == judgement.n_known.tolist() == [6]
    assert judgement.rule == "asas-5-of-6/1"


@pytest.mark.parametrize(
    ("domains", "crp", "flexion", "answer"),
    [
        ([GAIN] * 4, ("10", "8"), ("10", "12"), True),
        ([GAIN] * 4, ("10", "8"), ("10", "10"), True),
        ([GAIN] * 4, ("10", "100"), ("10", "12"), True),
        ([GAIN] * 4, ("10", "8.1"), ("10", "11.9"), False),
        ([GAIN] * 3 + [LESS], ("10", "8"), ("10", "11.9"), False),
        ([GAIN] * 4, (None, "8"), ("10", "12"), True),
        ([GAIN] * 4, (None, "8"), ("10", "10"), None),
        ([GAIN] * 3 + [SAME], (None, "8"), ("10", "10"), False),
        ([GAIN] * 3 + [(None, None)], (None, None), ("10", "12"), None),
        ([("5", "4")] * 4, ("1", "0.8"), ("10", "10"), True),
        ([("100", "0")] * 4, ("100", "0"), ("1", "20"), True),
    ],
)
def test_five_domains_have_to_gain_20_percent_and_the_last_may_do_anything(
    domains: list[Change], crp: Change, flexion: Change, answer: bool | None
) -> None:
    assert judged("asas-5-of-6", six(domains, crp, flexion)).met.answers() == [answer]


@pytest.mark.parametrize(
    ("before", "now", "answer"),
    [
        ("31", "<5", True),
        ("6.25", "<5", True),
        ("6.2", "<5", None),
        ("5", "<5", None),
        ("0", "<5", False),
        ("<5", "<5", None),
        ("<5", "3", None),
        ("<5", "4", False),
        ("<5", "31", False),
        (">200", "160", True),
        (">200", "161", None),
        (">200", ">200", None),
        ("200", ">200", False),
        ("250", ">200", False),
        ("251", ">200", None),
        (None, "<5", None),
    ],
)
def test_a_crp_beyond_a_limit_stands_for_every_value_beyond_it(before: Cell, now: Cell, answer: bool | None) -> None:
    assert crp_improved(one(before), one(now)).answers() == [answer]


@pytest.mark.parametrize(
    ("before", "now", "answer"),
    [("10", "12", True), ("10", "11.9", False), ("0", "0", False), ("0", "0.1", True), ("10", "8", False)],
)
def test_mobility_improves_upwards(before: Cell, now: Cell, answer: bool) -> None:
    assert mobility_improved(one(before), one(now)).answers() == [answer]
