"""The interval of a proportion by a method of choice.

`clopper-pearson` (the default) is exact and never too narrow; `wilson` (Wilson EB. J Am Stat Assoc 1927;22:209–12) is
the score interval, close to its level on average; `wilson-corrected` is Wilson's with continuity correction (Newcombe
RG. Stat Med 1998;17:857–72). All take every unit as independent; `cluster_bootstrap` does not.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from projections.statistics.proportions import Interval, clopper_pearson
from projections.statistics.results import LEVEL, NOTHING_GIVEN, Estimate

Method = Literal["clopper-pearson", "wilson", "wilson-corrected"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
SCORE: Final = {"wilson": "wilson", "wilson-corrected": "wilsoncc"}  # SciPy's names


def proportion(n: int, of: int, *, method: Method = "clopper-pearson", level: float = LEVEL) -> Estimate:
    """Return n / of, from 0 to 1, with its interval; of nothing there is none.

    >>> interval = proportion(50, 107, method="wilson")
    >>> f"{100 * interval.value:.1f} ({100 * interval.low:.2f}–{100 * interval.high:.2f})"
    '46.7 (37.55–56.13)'

    Raises:
        ValueError: where n is not from 0 to `of`.
    """
    if not 0 <= n <= of:
        raise ValueError(f"{n} of {of} is no proportion; the first has to be from 0 to the second")
    blank = Estimate("proportion", "binomial", of, interval=method)
    if not of:
        return blank._replace(reason=NOTHING_GIVEN)
    limits = clopper_pearson(n, of, level=level) if method == "clopper-pearson" else _score(n, of, method, level)
    return blank._replace(value=n / of, low=limits.low, high=limits.high)


def _score(n: int, of: int, method: Method, level: float) -> Interval:
    from scipy.stats import binomtest

    limits = binomtest(n, of).proportion_ci(level, method=SCORE[method])
    return Interval(float(limits.low), float(limits.high))
