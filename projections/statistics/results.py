"""What a statistic answers with: a figure that names how it was made, or a reason why there is none.

`Outcome` is the answer of a test, `Estimate` that of a figure with or without an interval. Neither ever holds a NaN:
what is undefined is None, and `reason` is one of `REASONS`. Where a convention gives a p of 1 although nothing could be
tested, as where all differences are 0, the reason says so too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

LEVEL: Final = 0.95

NOTHING_GIVEN: Final = "nothing-given"
ONE_VALUE: Final = "one-value-only"
TOO_FEW: Final = "too-few-values"
TOO_MANY: Final = "too-many-for-exact"
NO_DIFFERENCE: Final = "all-differences-zero"
NO_DISCORDANCE: Final = "no-discordant-pairs"
ALL_TIED: Final = "all-values-equal"
ZERO_VARIANCE: Final = "zero-variance"
PERFECT: Final = "perfect-agreement"
EXPECTED_ZERO: Final = "category-expected-never"
RESAMPLES: Final = "undefined-in-resamples"
NOT_REACHED: Final = "not-reached"
BEYOND: Final = "beyond-follow-up"
BEFORE: Final = "before-first-day"  # of a conditional curve
EMPTIED: Final = "risk-set-emptied"  # by events, and others entered later
NO_LIMITS: Final = "limits-undefined"
CENSORED: Final = "limits-of-detection"
ONE_GROUP: Final = "one-group-only"
EMPTY_GROUP: Final = "group-without-values"
NO_EVENTS: Final = "no-events"
NO_EVENTS_IN_REFERENCE: Final = "no-events-in-reference"
NO_TIME: Final = "no-time-under-observation"
NEVER_TOGETHER: Final = "never-at-risk-together"  # at the time of any event
LATE_ENTRIES: Final = "late-entries"
FEWER_EVENTS: Final = "fewer-events-than-parameters"
ONE_OUTCOME: Final = "outcome-of-one-value"
CONSTANT: Final = "covariate-of-one-value"  # in a stratified model also: within every stratum
DEPENDENT: Final = "covariates-depend-on-each-other"
SEPARATED: Final = "separation"  # the likelihood grows for ever with a coefficient
NOT_CONVERGED: Final = "not-converged"
NO_REPEATS: Final = "no-repeated-values"
NO_MORE_CLUSTERS: Final = "no-more-clusters-than-parameters"
FEW_CLUSTERS: Final = "fewer-than-40-clusters"
ROWS_DEPENDENT: Final = "rows-not-independent"  # a patient has several
IMPUTED: Final = "imputed-answers"
MISSING_FOR_ALL: Final = "covariate-missing-for-all"
REASONS: Final = (
    NOTHING_GIVEN,
    ONE_VALUE,
    TOO_FEW,
    TOO_MANY,
    NO_DIFFERENCE,
    NO_DISCORDANCE,
    ALL_TIED,
    ZERO_VARIANCE,
    PERFECT,
    EXPECTED_ZERO,
    RESAMPLES,
    NOT_REACHED,
    BEYOND,
    BEFORE,
    EMPTIED,
    NO_LIMITS,
    CENSORED,
    ONE_GROUP,
    EMPTY_GROUP,
    NO_EVENTS,
    NO_EVENTS_IN_REFERENCE,
    NO_TIME,
    NEVER_TOGETHER,
    LATE_ENTRIES,
    FEWER_EVENTS,
    ONE_OUTCOME,
    CONSTANT,
    DEPENDENT,
    SEPARATED,
    NOT_CONVERGED,
    NO_REPEATS,
    NO_MORE_CLUSTERS,
    FEW_CLUSTERS,
    ROWS_DEPENDENT,
    IMPUTED,
    MISSING_FOR_ALL,
)


def why_not_compared(sizes: Sequence[int]) -> str | None:
    """Return why groups of so many values cannot be compared, None where they can: the same words for every test.

    >>> why_not_compared([3, 0]), why_not_compared([0, 0]), why_not_compared([3]), why_not_compared([3, 4])
    ('group-without-values', 'nothing-given', 'one-group-only', None)
    """
    if not any(sizes):
        return NOTHING_GIVEN
    if len(sizes) == 1:
        return ONE_GROUP
    return None if all(sizes) else EMPTY_GROUP


class Outcome(NamedTuple):
    """The answer of a two-sided test.

    `n` values or pairs were given and `n_used` counted; `zeros` of them were differences of 0, or pairs that agree,
    and `ties` of those that counted share their rank with another. `statistic` is the one that the test's docstring
    names, `p` from 0 to 1, `df` the degrees of freedom where the test has any, of an F those between groups, and
    `df_within` those of its denominator.
    """

    test: str
    variant: str
    n: int
    n_used: int
    zeros: int = 0
    ties: int = 0
    df_within: float | None = None
    statistic: float | None = None
    p: float | None = None
    df: float | None = None
    reason: str | None = None


class Estimate(NamedTuple):
    """A figure in the unit of what it was made of, and its limits; `interval` names the method of the limits."""

    name: str
    variant: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str | None = None
    reason: str | None = None
