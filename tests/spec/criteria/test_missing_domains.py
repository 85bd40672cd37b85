"""Who counts in a rate of responders: with values missing completely at random, complete cases keep the true rate.

A "no" needs fewer known domains than a "yes": two that did not gain settle it, where a "yes" needs all four. So the
rate of those whose answer is known is too low, although nothing about a patient says what is missing. Expected values:
see tests/data/missing_domains.py.
"""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest
from numpy.typing import NDArray

from registry.catalogue.criteria import criteria
from registry.catalogue.criteria.criterion import Judgement
from registry.catalogue.instruments.values import Values
from tests.projections.statistics.expected import rows
from tests.spec.criteria.judging import DOMAINS
from tests.spec.criteria.simulated_domains import SEEDS, Domains, simulated_domains

DENOMINATORS = {"patient_global": 1, "total_back_pain": 1, "basfi": 10, "basdai_inflammation": 10}
EXPECTED = {row["missing"]: {name: float(cell) for name, cell in row.items()} for row in rows("missing_domains.csv")}


@pytest.fixture(scope="module")
def simulated() -> Domains:
    """The domains of 500 patients of each of 400 seeds."""
    return simulated_domains()


def columns(values: NDArray[np.int64], known: NDArray[np.bool_]) -> dict[str, Values]:
    """The columns of one visit: two domains from 0 to 100, two from 0 to 10 in tenths."""
    return {
        name: Values.counted(
            values[..., place].ravel(), denominator=DENOMINATORS[name], known=known[..., place].ravel()
        )
        for place, name in enumerate(DOMAINS)
    }


def asas20(simulated: Domains, percent_missing: int) -> Judgement:
    """What ASAS20 says of all patients with so many of their values missing."""
    before, after = simulated.known(percent_missing)
    return criteria()["asas20"].over(columns(simulated.after, after), before=columns(simulated.before, before))


def rate(said: Judgement, counted: NDArray[np.bool_]) -> float:
    """The mean over seeds of the percentage of responders among those who count."""
    by_seed = zip(said.met.certain.reshape(len(SEEDS), -1), counted.reshape(len(SEEDS), -1))
    return fmean(100 * float(met[counts].mean()) for met, counts in by_seed)


@pytest.mark.parametrize("percent_missing", [0, 5, 10, 20])
def test_complete_cases_keep_the_rate_of_responders_and_known_answers_do_not(
    simulated: Domains, percent_missing: int
) -> None:
    expected = EXPECTED[str(percent_missing)]
    said = asas20(simulated, percent_missing)

    complete, known = rate(said, said.n_known == said.n_expected), rate(said, said.met.known)

    assert complete == pytest.approx(expected["complete"], abs=1e-9)
    assert known == pytest.approx(expected["known"], abs=1e-9)
    assert abs(complete - expected["truth"]) <= 0.5
    assert percent_missing == 0 or known < expected["truth"] - 5


def test_who_is_counted_as_known_but_not_as_complete_is_never_a_responder(simulated: Domains) -> None:
    said = asas20(simulated, 10)

    incomplete = said.met.known & (said.n_known < said.n_expected)

    assert incomplete.sum() > 25_000
    assert not said.met.certain[incomplete].any()
