"""The ASAS score of NSAID intake, with the computed examples; all of its vectors are used."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from registry.catalogue.agents import AGENTS
from registry.catalogue.instruments.instrument import Scores
from registry.catalogue.instruments.nsaid_score import DAYS_A_WEEK, REFERENCE_DOSES, NsaidIntakes, nsaid_scores
from registry.catalogue.instruments.values import Values
from tests.spec.instruments.columns import Cell, rounded

Intake = tuple[str | None, Cell, Cell]


def scores_of(*periods: tuple[int, list[Intake]]) -> Scores:
    """Return the scores of periods, each by its days and its intakes: agent, mg on a day of intake, days of intake."""
    rows = [(place, *intake) for place, (_, intakes) in enumerate(periods) for intake in intakes]
    intakes = NsaidIntakes(
        period=np.array([row[0] for row in rows], np.intp),
        agent=[row[1] for row in rows],
        daily_mg=Values.of([row[2] for row in rows]),
        days=Values.of([row[3] for row in rows]),
    )
    return nsaid_scores(intakes, period_days=np.array([days for days, _ in periods]))


@pytest.mark.parametrize(
    ("days", "intakes", "score"),
    [
        (7, [("diclofenac", "100", 5)], "47.619"),
        (30, [("etoricoxib", "60", 30)], "66.667"),
        (14, [("naproxen", "1000", 14)], "100.000"),
        (182, [("ibuprofen", "1200", 60), ("celecoxib", "400", 30)], "32.967"),
        (90, [("diclofenac", "75", 10), ("etoricoxib", "120", 20)], "35.185"),
        (7, [("diclofenac", "150", 7), ("ibuprofen", "2400", 7)], "200.000"),
        (365, [], "0.000"),
    ],
)
def test_the_score_is_the_mean_daily_intake_in_percent_of_the_reference_dose(
    days: int, intakes: list[Intake], score: str
) -> None:
    (found,) = scores_of((days, intakes)).values.fractions()

    assert rounded(found, 3) == score


@pytest.mark.parametrize(
    ("agent", "milligrams"),
    [
        ("diclofenac", 150),
        ("naproxen", 1000),
        ("aceclofenac", 200),
        ("celecoxib", 400),
        ("etodolac", 600),
        ("etoricoxib", 90),
        ("flurbiprofen", 200),
        ("ibuprofen", 2400),
        ("indometacin", 150),
        ("ketoprofen", 200),
        ("meloxicam", 15),
        ("phenylbutazone", 400),
        ("piroxicam", 20),
        ("tenoxicam", 20),
    ],
)
def test_the_reference_dose_of_every_day_scores_100(agent: str, milligrams: int) -> None:
    assert scores_of((28, [(agent, milligrams, 28)])).values.fractions() == [100]


def test_every_drug_with_a_reference_dose_is_an_nsaid_of_the_catalogue() -> None:
    assert {AGENTS[agent].drug_class for agent in REFERENCE_DOSES} == {"NSAID"}
    assert len(REFERENCE_DOSES) == 14


@pytest.mark.parametrize(
    "unknown",
    [("diclofenac", None, 5), ("diclofenac", "100", None), ("nimesulide", "100", 5), (None, "100", 5)],
)
def test_an_unknown_drug_dose_or_number_of_days_leaves_the_period_without_a_score(unknown: Intake) -> None:
    scores = scores_of((7, [("naproxen", "500", 2), unknown]), (7, [("naproxen", "500", 7)]))

    assert scores.values.fractions() == [None, 50]
    assert scores.n_expected.tolist() == [2, 1]
    assert scores.n_present.tolist() == [1, 1]
    assert scores.rule == "nsaid_score/1"


def test_periods_of_any_length_are_scored_together() -> None:
    daily: list[Intake] = [("naproxen", "1000", 1)]

    found = scores_of(*((days, daily) for days in range(1, 200))).values.fractions()

    assert found == [Fraction(100, days) for days in range(1, 200)]


def test_categories_of_days_a_week_have_their_midpoints() -> None:
    assert [str(days) for days in DAYS_A_WEEK.values()] == ["1/2", "2", "4", "6", "7"]
    assert scores_of((7, [("naproxen", "1000", DAYS_A_WEEK["<1"])])).values.fractions() == [Fraction(100, 14)]
