"""The statistical choices of a cohort: one named variant for each test, interval, denominator and duration.

Every choice has a default that is printed with the result, and every figure names the variant that made it. The
reconciliation of printed figures varies these choices, one at a time; `VARIED` is the list of what it tries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from projections.cohort.definition.keys import Keys
from projections.statistics.cluster_bootstrap import RESAMPLED, SEED
from projections.statistics.mcnemar import VARIANTS as MCNEMAR_VARIANTS
from projections.statistics.proportion_intervals import METHODS
from projections.statistics.results import LEVEL
from projections.statistics.risk_table import INTERVALS
from projections.statistics.signed_rank import PS_FROM, ZERO_HANDLINGS
from projections.statistics.spearman import VARIANTS as SPEARMAN_VARIANTS

DENOMINATORS: Final = {
    "assessed": "locations of which the state could be said",
    "all": "every location of the patients read, assessed or not",
    "complete-patients": "locations of patients of whom every location could be said",
}
CHANGES: Final = {
    "as-counted": "each time point counts what was assessed then",
    "assessed-at-both": "only locations that could be assessed at both time points count",
}
DURATIONS: Final = {
    "years": "days / 365.25, partial dates as their first day, a birth year as its 1 July",
    "whole-years": "completed years, partial dates and birth years as their first day",
    "calendar-years": "the difference of the calendar years",
}


class Choices(NamedTuple):
    """How figures are made; the words are those of the statistics' own modules."""

    level: float = LEVEL
    mcnemar: str = MCNEMAR_VARIANTS[0]
    zeros: str = ZERO_HANDLINGS[0]
    correction: bool = False
    signed_rank: str = PS_FROM[0]
    proportion: str = METHODS[0]
    denominator: str = "assessed"
    change: str = "as-counted"
    spearman: str = SPEARMAN_VARIANTS[0]
    duration: str = "years"
    survival: str = INTERVALS[0]
    resamples: int = RESAMPLED
    seed: int = SEED


ALLOWED: Final[dict[str, tuple[Any, ...]]] = {
    "mcnemar": MCNEMAR_VARIANTS,
    "zeros": ZERO_HANDLINGS,
    "correction": (False, True),
    "signed_rank": PS_FROM,
    "proportion": METHODS,
    "denominator": tuple(DENOMINATORS),
    "change": tuple(CHANGES),
    "spearman": SPEARMAN_VARIANTS,
    "duration": tuple(DURATIONS),
    "survival": INTERVALS,
}


def read_choices(keys: Keys | None, defaults: list[tuple[str, str]]) -> Choices:
    """Return the choices of a file's table `statistics`, the defaults for what it leaves open."""
    keys = keys or Keys({}, "statistics", [], defaults)
    usual = Choices()
    words = {
        name: keys.word(name, allowed, getattr(usual, name))
        for name, allowed in ALLOWED.items()
        if name != "correction"
    }
    found = usual._replace(
        **words,
        level=keys.share("level", usual.level),
        correction=keys.yes_no("correction", usual.correction),
        resamples=keys.number("resamples", usual.resamples, low=100, high=1_000_000),
        seed=keys.number("seed", usual.seed, low=0, high=2**32 - 1),
    )
    keys.end()
    return found


def varied(choices: Choices) -> Iterator[tuple[str, Choices]]:
    """Yield other choices than the given, each with the name of what is different.

    One difference at a time; and every treatment of zeros with an exact p and with a correction, for they go together.
    """
    for name, allowed in ALLOWED.items():
        for value in allowed:
            if value != getattr(choices, name):
                yield (
                    f"{name} = {str(value).lower() if isinstance(value, bool) else value}",
                    choices._replace(**{name: value}),
                )
    for zeros in ZERO_HANDLINGS:
        if zeros != choices.zeros:
            yield f"zeros = {zeros}, signed_rank = exact", choices._replace(zeros=zeros, signed_rank="exact")
            yield f"zeros = {zeros}, correction = true", choices._replace(zeros=zeros, correction=True)
