"""Flare definitions: by the ASDAS, after withdrawal, and the twelve preliminary ones of ASAS.

Not used: the anakinra study's "symptomatic flare", which has no threshold and is recorded as reported; and the 27
definitions of the older trials, of which only summaries are printed.
"""

from __future__ import annotations

import numpy as np
import pytest

from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.flare_withdrawal import withdrawal_flares
from registry.catalogue.instruments import instruments
from tests.spec.criteria.judging import Change, met
from tests.spec.instruments.columns import Cell, column, columns, rounded

ON_THE_DRUG = ("3", "2", "30", "1", "4.9")  # week 12: back pain, stiffness, global in mm, peripheral pain, CRP
OFF_THE_DRUG = ("6", "6", "70", "3", "22")  # week 14


def test_the_worked_example_is_a_flare_by_either_definition() -> None:
    asdas = instruments()["asdas_crp"]
    week_12, week_14 = asdas.over(columns(asdas.inputs, ON_THE_DRUG, OFF_THE_DRUG)).values.fractions()

    assert week_12 is not None
    assert week_14 is not None
    assert rounded(week_14 - week_12) == "1.9688"
    assert met("flare-asdas-crp-09", asdas_crp=(week_12, week_14)) is True
    assert met("flare-withdrawal", asdas_crp=(week_12, week_14)) is True


@pytest.mark.parametrize("acute_phase", ["crp", "esr"])
@pytest.mark.parametrize(
    ("before", "now", "answer"),
    [("2.0", "2.9", True), ("2.0", "2.899999999", False), ("2.9", "2.0", False), (None, "2.9", None)],
)
def test_a_rise_of_the_asdas_by_0_9_is_a_flare(acute_phase: str, before: Cell, now: Cell, answer: bool | None) -> None:
    assert met(f"flare-asdas-{acute_phase}-09", **{f"asdas_{acute_phase}": (before, now)}) is answer


@pytest.mark.parametrize(
    ("scores", "answers"),
    [
        (["2.0", "2.2", "2.0", "2.3"], [False, False, False, False]),
        (["2.0", "2.1", "2.1", "1.0"], [False, False, True, False]),
        (["2.0", "2.099999999", "2.1"], [False, False, False]),
        (["3.5", "1.0"], [False, False]),
        (["3.500000001", "1.0"], [True, False]),
        (["1.0", None, "2.3", "1.0"], [False, None, None, False]),
        (["2.3", None, "2.3"], [False, None, None]),
        ([], []),
    ],
)
def test_after_withdrawal_2_1_twice_in_a_row_or_more_than_3_5_once_is_a_flare(
    scores: list[Cell], answers: list[bool | None]
) -> None:
    series = np.zeros(len(scores), int)

    assert withdrawal_flares(column(scores), series=series).answers() == answers


def test_the_last_visit_of_one_patient_and_the_first_of_the_next_are_not_consecutive() -> None:
    asdas, patients = column(["1.0", "2.5", "2.5", "2.5"]), np.array(["TAN-1", "TAN-1", "TAN-2", "TAN-2"])

    assert withdrawal_flares(asdas, series=patients).answers() == [False, False, False, True]


PAIN, BASDAI, ASDAS = "total_back_pain", "basdai", "asdas_crp"


@pytest.mark.parametrize(
    ("number", "name", "at_the_limit", "just_below"),
    [
        (1, PAIN, ("20", "40"), ("20.1", "40")),
        (1, PAIN, ("20", "40"), ("19", "39.9")),
        (2, PAIN, ("0", "30"), ("0.1", "30")),
        (3, PAIN, ("20", "40"), ("20.1", "40")),
        (3, PAIN, ("9", "39"), ("9.1", "39")),
        (4, BASDAI, ("0", "2"), ("0.1", "2")),
        (5, BASDAI, ("2", "4"), ("1.9", "3.9")),
        (5, BASDAI, ("4.5", "6.5"), ("4.6", "6.5")),
        (6, BASDAI, ("0", "3"), ("0.1", "3")),
        (7, BASDAI, ("1", "4"), ("0.5", "3.9")),
        (7, BASDAI, ("2.2", "5.2"), ("2.3", "5.2")),
        (8, BASDAI, ("2", "4"), ("1.9", "3.9")),
        (8, BASDAI, ("0.5", "3.5"), ("0.6", "3.5")),
        (9, ASDAS, ("0.7", "1.3"), ("0.7", "1.299999999")),
        (10, ASDAS, ("2.0", "2.9"), ("2.0", "2.899999999")),
        (11, ASDAS, ("2.2", "3.3"), ("2.2", "3.299999999")),
        (12, ASDAS, ("0.7", "1.3"), ("0.6", "1.299999999")),
        (12, ASDAS, ("1.5", "2.1"), ("1.5", "2.099999999")),
    ],
)
def test_a_preliminary_definition_is_met_at_its_limit_and_not_below(
    number: int, name: str, at_the_limit: Change, just_below: Change
) -> None:
    assert met(f"flare-asas-prelim-{number}", **{name: at_the_limit}) is True
    assert met(f"flare-asas-prelim-{number}", **{name: just_below}) is False


def test_the_preliminary_definitions_are_three_of_pain_five_of_the_basdai_and_four_of_the_asdas() -> None:
    inputs = [criteria()[f"flare-asas-prelim-{number}"].inputs for number in range(1, 13)]

    assert inputs == [(PAIN,)] * 3 + [(BASDAI,)] * 5 + [(ASDAS,)] * 4


def test_without_the_reference_value_a_flare_is_open_unless_the_later_value_is_too_low_for_it() -> None:
    assert met("flare-asas-prelim-5", basdai=(None, "5")) is None
    assert met("flare-asas-prelim-5", basdai=(None, "3.9")) is False
    assert met("flare-asas-prelim-5", basdai=("3", None)) is None


def test_every_flare_names_the_visit_that_it_is_judged_against() -> None:
    against = {name: one.against for name, one in criteria().items() if name.startswith("flare-")}

    assert against.pop("flare-withdrawal") == "previous visit"
    assert set(against.values()) == {"reference visit"}
