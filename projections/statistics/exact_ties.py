"""Cox's exact likelihood: that of d tied events, these d patients of all choices of d from the risk set had them.

Cox DR. J R Stat Soc B 1972;34:187–220, section 6: the discrete logistic model, R's `ties = "exact"`. The sum over all
choices is an elementary symmetric polynomial of the hazard ratios; polynomials of halves of the risk set are multiplied
together with their derivatives, up to the degree d.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from projections.statistics.newton import Slope, beyond
from projections.statistics.ordering import Floats
from projections.statistics.risk_sets import RiskSets, slope


class _Polynomials(NamedTuple):
    """Several polynomials × their degrees, with the first and the second derivatives by the coefficients."""

    values: Floats
    slopes: Floats
    curves: Floats


def exact_slope(sets: RiskSets, coefficients: Floats) -> Slope:
    """Return the exact partial likelihood of one stratum."""
    counts = np.bincount(sets.place, minlength=len(sets.times))
    alone = counts[sets.place] == 1
    found = slope(
        sets._replace(deaths=sets.deaths[alone], place=sets.place[alone], left_out=sets.left_out[alone]), coefficients
    )
    for place in np.flatnonzero(counts > 1).tolist():
        if not np.isfinite(found.value):
            return beyond(len(coefficients))
        chosen = sets.covariates[sets.deaths[sets.place == place]]
        at_risk = sets.covariates[(sets.first <= place) & (place < sets.last)]
        value, score, information = _of_choices(at_risk, coefficients, len(chosen))
        found = Slope(
            found.value + float((chosen @ coefficients).sum()) - value,
            found.score + chosen.sum(axis=0) - score,
            found.information + information,
        )
    return found


def work(sets: RiskSets) -> int:
    """Return about how many numbers the exact likelihood has to make at each step."""
    counts = np.bincount(sets.place, minlength=len(sets.times))
    places = np.flatnonzero(counts > 1)
    choices = sum(int(((sets.first <= place) & (place < sets.last)).sum() * counts[place]) for place in places)
    return choices * int(sets.covariates.shape[1]) ** 2


def _of_choices(covariates: Floats, coefficients: Floats, size: int) -> tuple[float, Floats, Floats]:
    """The logarithm of the sum over all choices of a size, its gradient, and its second derivatives."""
    predictor = covariates @ coefficients
    greatest = float(predictor.max())
    scale = greatest + float(np.log(np.exp(predictor - greatest).sum() / size))
    risks = np.exp(predictor - scale)
    ones, zeros = np.ones(len(risks)), np.zeros_like(covariates)
    squares = np.einsum("i,ij,ik->ijk", risks, covariates, covariates)
    found = _Polynomials(
        np.stack([ones, risks], axis=1),
        np.stack([zeros, risks[:, None] * covariates], axis=1),
        np.stack([np.zeros_like(squares), squares], axis=1),
    )
    while len(found.values) > 1:
        found = _multiplied(found, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        total, first, second = found.values[0, size], found.slopes[0, size], found.curves[0, size]
        mean = first / total
        return float(np.log(total)) + size * scale, mean, second / total - np.outer(mean, mean)


def _multiplied(of: _Polynomials, size: int) -> _Polynomials:
    """Pairs of polynomials as one, without what is beyond the degree; the last stays as it is where it has no other."""
    pairs, degree = len(of.values) // 2, of.values.shape[1] - 1
    one, other = (_Polynomials(*(each[side : 2 * pairs : 2] for each in of)) for side in (0, 1))
    highest = min(2 * degree, size)
    values, slopes, curves = (np.zeros((pairs + len(of.values) % 2, highest + 1, *each.shape[2:])) for each in of)
    for i in range(degree + 1):
        for j in range(min(degree, highest - i) + 1):
            a, b = one.values[:, i, None], other.values[:, j, None]
            values[:pairs, i + j] += one.values[:, i] * other.values[:, j]
            slopes[:pairs, i + j] += a * other.slopes[:, j] + b * one.slopes[:, i]
            mixed = one.slopes[:, i, :, None] * other.slopes[:, j, None, :]
            own = a[..., None] * other.curves[:, j] + b[..., None] * one.curves[:, i]
            curves[:pairs, i + j] += own + mixed + mixed.transpose(0, 2, 1)
    for whole, each in zip((values, slopes, curves), of):
        whole[pairs:, : degree + 1] = each[2 * pairs :, : highest + 1]
    return _Polynomials(values, slopes, curves)
