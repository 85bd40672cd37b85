"""The statistical options of a cohort: one named variant for each test, interval, denominator and duration.

Every option has a default that is printed with the result, and every figure names the variant that made it. The
reconciliation of printed figures varies these options, one at a time; `VARIED` is the list of what it tries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from projections.statistics.cluster_bootstrap import RESAMPLED, SEED
from projections.statistics.mcnemar import VARIANTS as MCNEMAR_VARIANTS
from projections.statistics.mcnemar import Variant as McNemarVariant
from projections.statistics.proportion_intervals import METHODS as PROPORTION_METHODS
from projections.statistics.proportion_intervals import Method as ProportionMethod
from projections.statistics.results import LEVEL
from projections.statistics.risk_table import INTERVALS, Interval
from projections.statistics.signed_rank import PS_FROM, ZERO_HANDLINGS, PFrom, ZeroHandling
from projections.statistics.spearman import VARIANTS as SPEARMAN_VARIANTS
from projections.statistics.spearman import Variant as SpearmanVariant
from registry.toml_keys import Keys

Denominator = Literal["assessed", "all", "complete-patients"]
Change = Literal["as-counted", "assessed-at-both"]
Duration = Literal["years", "whole-years", "calendar-years"]

DENOMINATORS: Final[dict[Denominator, str]] = {
    "assessed": "locations of which the state could be said",
    "all": "every location of the patients read, assessed or not",
    "complete-patients": "locations of patients of whom every location could be said",
}
CHANGES: Final[dict[Change, str]] = {
    "as-counted": "each time point counts what was assessed then",
    "assessed-at-both": "only locations that could be assessed at both time points count",
}
DURATIONS: Final[dict[Duration, str]] = {
    "years": "days / 365.25, partial dates as their first day, a birth year as its 1 July",
    "whole-years": "completed years, partial dates and birth years as their first day",
    "calendar-years": "the difference of the calendar years",
}


class StatisticalOptions(NamedTuple):
    """How figures are made; the words are those of the statistics' own modules."""

    level: float = LEVEL
    mcnemar: McNemarVariant = MCNEMAR_VARIANTS[0]
    zeros: ZeroHandling = ZERO_HANDLINGS[0]
    correction: bool = False
    signed_rank: PFrom = PS_FROM[0]
    proportion: ProportionMethod = PROPORTION_METHODS[0]
    denominator: Denominator = "assessed"
    change: Change = "as-counted"
    spearman: SpearmanVariant = SPEARMAN_VARIANTS[0]
    duration: Duration = "years"
    survival: Interval = INTERVALS[0]
    resamples: int = RESAMPLED
    seed: int = SEED


VARIED: Final[dict[str, tuple[Any, ...]]] = {
    "mcnemar": MCNEMAR_VARIANTS,
    "zeros": ZERO_HANDLINGS,
    "correction": (False, True),
    "signed_rank": PS_FROM,
    "proportion": PROPORTION_METHODS,
    "denominator": tuple(DENOMINATORS),
    "change": tuple(CHANGES),
    "spearman": SPEARMAN_VARIANTS,
    "duration": tuple(DURATIONS),
    "survival": INTERVALS,
}


def read_options(keys: Keys) -> StatisticalOptions:
    """Return the options of a file's table `statistics`, the defaults for what it leaves open."""
    usual = StatisticalOptions()
    options = StatisticalOptions(
        mcnemar=keys.word("mcnemar", MCNEMAR_VARIANTS, usual.mcnemar),
        zeros=keys.word("zeros", ZERO_HANDLINGS, usual.zeros),
        signed_rank=keys.word("signed_rank", PS_FROM, usual.signed_rank),
        proportion=keys.word("proportion", PROPORTION_METHODS, usual.proportion),
        denominator=keys.word("denominator", DENOMINATORS, usual.denominator),
        change=keys.word("change", CHANGES, usual.change),
        spearman=keys.word("spearman", SPEARMAN_VARIANTS, usual.spearman),
        duration=keys.word("duration", DURATIONS, usual.duration),
        survival=keys.word("survival", INTERVALS, usual.survival),
        level=keys.share("level", usual.level),
        correction=keys.yes_no("correction", usual.correction),
        resamples=keys.number("resamples", usual.resamples, low=100, high=1_000_000),
        seed=keys.number("seed", usual.seed, low=0, high=2**32 - 1),
    )
    keys.end()
    return options


def varied(options: StatisticalOptions) -> Iterator[tuple[str, StatisticalOptions]]:
    """Yield other options than the given, each with the name of what is different.

    One difference at a time; and every treatment of zeros with an exact p and with a correction, for they go together.
    """
    for name, variants in VARIED.items():
        for value in variants:
            if value != getattr(options, name):
                yield (
                    f"{name} = {str(value).lower() if isinstance(value, bool) else value}",
                    options._replace(**{name: value}),
                )
    for zeros in ZERO_HANDLINGS:
        if zeros != options.zeros:
            yield f"zeros = {zeros}, signed_rank = exact", options._replace(zeros=zeros, signed_rank="exact")
            yield f"zeros = {zeros}, correction = true", options._replace(zeros=zeros, correction=True)
