"""Proportions and their exact intervals.

Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika
1934;26:404–13. The limits are quantiles of beta distributions and always cover at least the stated level. They take
every unit as independent; several lesions of one patient are not, and an interval over lesions does not know of it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

CLOPPER_PEARSON: Final = "clopper-pearson"
LEVEL: Final = 0.95


class Interval(NamedTuple):
    """The two limits of an interval, from 0 to 1."""

    low: float
    high: float


class Proportion(NamedTuple):
    """How many of how many; nothing can be said where `of` is 0."""

    n: int
    of: int

    @property
    def percent(self) -> float | None:
        """The percentage, 0 to 100, as the nearest double."""
        return 100 * self.n / self.of if self.of else None

    @property
    def whole_percent(self) -> int | None:
        """The percentage rounded half up to a whole number, from the counts and not from the double.

        >>> Proportion(11, 31).whole_percent, Proportion(1, 8).whole_percent
        (35, 13)
        """
        return (200 * self.n + self.of) // (2 * self.of) if self.of else None

    def interval(self, level: float = LEVEL) -> Interval | None:
        """Return the exact interval (Clopper–Pearson), None where there is nothing to count."""
        return clopper_pearson(self.n, self.of, level=level) if self.of else None


def clopper_pearson(n: int, of: int, *, level: float = LEVEL) -> Interval:
    """Return the exact interval of a proportion; `of` is at least 1, `n` from 0 to `of`.

    >>> low, high = clopper_pearson(23, 38)
    >>> f"{100 * low:.1f}–{100 * high:.1f}"
    '43.4–76.0'
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(n, of - n + 1, tail)) if n else 0.0
    high = float(betaincinv(n + 1, of - n, 1 - tail)) if n < of else 1.0
    return Interval(low, high)
