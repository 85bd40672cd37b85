"""Are hazards proportional? The score test that no coefficient of Cox's model changes with time.

Grambsch PM, Therneau TM. Biometrika 1994;81:515–26, as R's cox.zph has it since survival 3.0: the score test of each
covariate times a function of time, here 1 − Kaplan–Meier just before each event (`transform = "km"`), its information
not approximated. Ties by Efron.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from projections.statistics.chi_squared_of import chi_squared_of
from projections.statistics.cox import Episodes, Prepared, fit, prepare, unfittable
from projections.statistics.late_entry import Entry
from projections.statistics.newton import DEPENDENT_BELOW
from projections.statistics.ordering import Floats
from projections.statistics.results import ZERO_VARIANCE, Outcome
from projections.statistics.risk_sets import information, moments
from projections.statistics.risk_table import risk_table


class ProportionalHazards(NamedTuple):
    """A test of each term, in their order, and of all together."""

    terms: tuple[Outcome, ...]
    together: Outcome


def proportional_hazards(episodes: Episodes, *, terms: Sequence[Sequence[int]] | None = None) -> ProportionalHazards:
    """Return the tests of proportional hazards of a Cox model; the statistics are chi-squared.

    A term is a covariate by its columns from 0, of which one of several categories has some; by default each column is
    a term. What `cox` cannot fit has no test, with the same reason; clusters change nothing else of it.

    Raises:
        ValueError: as `cox` does.
    """
    prepared = prepare(episodes)
    columns = [[column] for column in range(len(prepared.ranges))] if terms is None else [list(term) for term in terms]
    blank = Outcome("proportional hazards", "score test, km", prepared.n, prepared.n)
    reason = unfittable(prepared)[0]
    found = None if reason else fit(prepared)
    if found is None or found.reason:
        missing = blank._replace(reason=reason or (found and found.reason))
        return ProportionalHazards((missing,) * len(columns), missing)
    score, variance = _with_time(prepared, found.at, _shares_before(episodes))
    every = [column for term in columns for column in term]
    tests = [_tested(blank, score, variance, chosen) for chosen in [*columns, every]]
    return ProportionalHazards(tuple(tests[:-1]), tests[-1])


def _shares_before(episodes: Episodes) -> tuple[Floats, Floats]:
    """The event times of all strata together, and the share with the event before each, by Kaplan–Meier."""
    entry = Entry(episodes.entries)
    risk = risk_table(episodes.times, np.asarray(episodes.events, dtype=np.bool_), entry=entry)
    survival = np.cumprod(1 - risk.all_events / risk.at_risk)
    return risk.times, 1 - np.append(1.0, survival[:-1])


def _with_time(prepared: Prepared, at: Floats, shares: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """The score of covariates times the centred function of time, and its variance, given the coefficients estimated.

    Where time does not vary, or all that varies with it is in the coefficients, the variance is 0.
    """
    times, before = shares
    at_events = [before[np.searchsorted(times, sets.times)][sets.place] for sets in prepared.sets]
    mean = float(np.concatenate(at_events).mean())
    p = len(at)
    score, sums = np.zeros(p), np.zeros((3, p, p))
    for sets, values in zip(prepared.sets, at_events):
        found, time = moments(sets, at), values - mean
        score += time @ (sets.covariates[sets.deaths] - found.means)
        sums += [information(sets, found, time**power) for power in (0, 1, 2)]
    plain, mixed, twice = sums
    variance: Floats = twice - mixed @ np.linalg.solve(plain, mixed)
    varies = np.diag(variance) > DEPENDENT_BELOW * np.diag(plain)
    return score * varies, variance * np.outer(varies, varies)


def _tested(blank: Outcome, score: Floats, variance: Floats, columns: list[int]) -> Outcome:
    from scipy.special import chdtrc

    chi2, df = chi_squared_of(score[columns], variance[np.ix_(columns, columns)])
    if not df:
        return blank._replace(reason=ZERO_VARIANCE)
    return blank._replace(statistic=chi2, p=float(chdtrc(df, chi2)), df=df)
