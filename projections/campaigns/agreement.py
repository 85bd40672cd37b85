"""One row per figure of how far the readers of a campaign agree: by score and segment, in status and in change.

Independent readings only: those of the readers before anybody adjudicated. `readers` says whose: `R1 v R2` for every
two, `R1 v R1+repeat` for what one reader said twice, all names where there are more than two, `mean of 3 pairs`
for the mean of the figures of every two. Differences are first minus second. Status is of one study, change between
two that follow one another in their unit; a study by itself has none. Of what is yes or no there are the share of equal
answers and kappa; of other scores:

ICC(2,1), ICC(3,1)              Shrout and Fleiss 1979, with limits by F; also of all readers where there are more
kappa                           with quadratic weights; unweighted where it is yes or no
bias, lower limit, upper limit  Bland and Altman, 95% of the differences; and their SD
sdc/loa-95, sdc/loa-80          smallest detectable change, for `k` readers whose mean is reported

Intervals are of 95%, and take studies as independent, also of one patient. `order` says whether readers knew which
study came first: published figures are of one or the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.campaigns.ratings import CHANGE, RATINGS, STATUS, Ratings, agreement_columns, matrix, ratings
from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import methods
from projections.columns.coded import Codes
from projections.columns.tables import Table, declared, frame, number, tabled, word
from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.detectable_change import FORMULAS, sdc_from_change, sdc_from_status, sdc_with_limits
from projections.statistics.intraclass import icc
from projections.statistics.kappa import NOTHING_READ, ONE_CATEGORY
from projections.statistics.kappa_of_values import kappa_of_values
from projections.statistics.ordering import Floats
from projections.statistics.proportion_intervals import proportion
from projections.statistics.results import REASONS, Estimate
from registry.campaigns.file import ORDERS
from registry.domain.campaigns import PAIRED_LESIONS, REPEAT, Campaign

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts
    from registry.catalogue.imaging.method import Method

FORMS: Final = ("2,1", "3,1")
AVERAGED: Final = ("kappa", *FORMULAS)  # over every two of more than two readers
SDC: Final = {STATUS: sdc_from_status, CHANGE: sdc_from_change}
AGREEMENT: Final[Table] = declared(
    "agreement",
    "campaign, score, readers and figure of their agreement",
    order="campaign score source readers statistic k",
    columns=(
        word("campaign", "name of the campaign"),
        word("method", "code of the method", listed=methods),
        number("method_version", "edition of the method's declaration by which the campaign reads"),
        word("score", "which score; of one segment as cervical or total:cervical"),
        word("source", "of a study, or between two that follow one another in their unit", STATUS, CHANGE),
        word("readers", "whose readings: R1 v R2, R1 v R1+repeat, all names, or mean of 3 pairs"),
        word("statistic", "which figure; of a smallest detectable change its formula"),
        number("k", "of how many readers' mean it holds; 1 where it is one reader's"),
        word("variant", "how it was made, as the statistic's own module names it"),
        number("n", "number of studies, or of changes, that all of these readers have a value of", type_="int64"),
        number("n_patients", "of how many patients these are", type_="int64"),
        number("value", "the figure, null where there is none", type_="double"),
        number("low", "lower limit of the interval of 95%", type_="double"),
        number("high", "upper limit of the interval of 95%", type_="double"),
        word("interval", "the method of the limits, null where there are none"),
        word("order", "whether the readers knew which study came first", *ORDERS),
        word("reason", "why there is no value, or no limits", *REASONS, NOTHING_READ, ONE_CATEGORY),
    ),
).keyed(
    "campaign score source readers statistic k",
    never_null="method method_version variant n n_patients order",
    betrays={
        "name": "campaign",
        "text": "readers",
        "none": "method method_version score source statistic k variant "
        "n n_patients value low high interval order reason",
    },
)


class Told(NamedTuple):
    """A figure of agreement, for the mean of `k` readers, of so many patients."""

    readers: str
    statistic: str
    k: int
    estimate: Estimate
    n_patients: int


class Asked(NamedTuple):
    """What is told of ratings: of status or change, of yes or no, of a mean of `k` readers, by whose names."""

    source: str
    is_yes_or_no: bool
    k: int
    names: Sequence[str]


def agreement(facts: Facts) -> pd.DataFrame:
    """Return the agreement of campaigns as a frame, one row a figure; columns as declared in `AGREEMENT`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the agreement of campaigns as an Arrow table by campaign, score, source, readers, statistic, k."""
    return of_ratings(facts, [ratings(facts)])


def of_ratings(facts: Facts, ranges: Iterable[ArrowTable]) -> ArrowTable:
    """Return the table from the ratings of ranges of patients; of `facts` only the campaigns and methods are read."""
    everything = pa.concat_tables([RATINGS.empty_table(), *ranges])
    found: list[dict[str, object]] = []
    for name, state in facts.campaigns.items():
        campaign = state.begun.campaign
        if campaign.method != PAIRED_LESIONS:
            own = everything.filter(pc.equal(everything["campaign"], name))
            found += _rows(campaign, facts.catalogue.methods[campaign.method], own)
    found.sort(key=lambda row: tuple(row[column] for column in AGREEMENT.order))
    return tabled(AGREEMENT, found)


def _rows(campaign: Campaign, method: Method, own: ArrowTable) -> Iterator[dict[str, object]]:
    sources = (STATUS,) if campaign.unit == "study" else (STATUS, CHANGE)
    for column in agreement_columns(method):
        of_score = own.filter(pc.equal(own["score"], column.name))
        for source in sources:
            read = matrix(of_score.filter(pc.equal(of_score["source"], source)), len(campaign.readers))
            asked = Asked(source, column.score.is_yes_or_no, campaign.readers_per_unit, campaign.readers)
            for told in agreements(read, asked):
                yield _row(campaign, column.name, source, told)


def _row(campaign: Campaign, score: str, source: str, told: Told) -> dict[str, object]:
    estimate = told.estimate
    return {
        "campaign": campaign.campaign,
        "method": campaign.method,
        "method_version": campaign.method_version,
        "score": score,
        "source": source,
        "readers": told.readers,
        "statistic": told.statistic,
        "k": told.k,
        "variant": estimate.variant,
        "n": estimate.n,
        "n_patients": told.n_patients,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "interval": None if estimate.low is None else estimate.interval,
        "order": campaign.order,
        "reason": estimate.reason,
    }


def agreements(read: Ratings, asked: Asked) -> Iterator[Told]:
    """Yield how far readers agree: every two, each with itself where it read again, all, and the mean of every two."""
    pairs = []
    for one, other in combinations(range(len(asked.names)), 2):
        both = np.stack([read.first[:, one], read.first[:, other]], axis=1)
        pairs.append(list(_of_two(f"{asked.names[one]} v {asked.names[other]}", both, read.patients, asked)))
        yield from pairs[-1]
    for place, name in enumerate(asked.names):
        twice = np.stack([read.first[:, place], read.again[:, place]], axis=1)
        if not np.isnan(read.again[:, place]).all():
            yield from _of_two(f"{name} v {name}{REPEAT}", twice, read.patients, asked._replace(k=1))
    if len(pairs) > 1:
        if not asked.is_yes_or_no:
            yield from _correlations(", ".join(asked.names), *_complete(read.first, read.patients))
        yield from _means(pairs)


def _complete(table: Floats, patients: Codes) -> tuple[Floats, int]:
    """Return the rows of which every value is known, and of how many patients they are."""
    whole = ~np.isnan(table).any(axis=1)
    return table[whole], len(np.unique(patients[whole]))


def _of_two(readers: str, both: Floats, patients: Codes, asked: Asked) -> Iterator[Told]:
    whole, n_patients = _complete(both, patients)
    first, second = whole.T
    yield Told(readers, "kappa", 1, kappa_of_values(first, second), n_patients)
    if asked.is_yes_or_no:
        same = proportion(int((first == second).sum()), len(first))
        yield Told(readers, "same answer", 1, same, n_patients)
        return
    yield from _correlations(readers, whole, n_patients)
    limits = limits_of_agreement(first, second)
    for estimate in (limits.bias, limits.lower, limits.upper):
        yield Told(readers, estimate.name, 1, estimate, n_patients)
    spread = Estimate("", "n - 1", len(first), limits.sd, reason=limits.bias.reason if limits.sd is None else None)
    yield Told(readers, "SD of differences", 1, spread, n_patients)
    for formula, level in FORMULAS.items():
        for k in sorted({1, asked.k}):
            sdc = sdc_with_limits(SDC[asked.source](first, second, readers=k, level=level))
            yield Told(readers, formula, k, sdc, n_patients)


def _correlations(readers: str, whole: Floats, n_patients: int) -> Iterator[Told]:
    for form in FORMS:
        yield Told(readers, f"ICC({form})", 1, icc(whole, form=form), n_patients)


def _means(pairs: Sequence[Sequence[Told]]) -> Iterator[Told]:
    """Yield the mean over every two readers of the figures that are averaged; none where one of them fails."""
    for figures in zip(*pairs, strict=True):
        first = figures[0]
        if first.statistic not in AVERAGED:
            continue
        values = [each.estimate.value for each in figures]
        missing = next((each.estimate.reason for each in figures if each.estimate.value is None), None)
        mean = None if missing else float(np.mean(np.array(values, dtype=np.float64)))
        least = min(each.estimate.n for each in figures)
        estimate = Estimate("mean", first.estimate.variant, least, mean, reason=missing)
        n_patients = min(each.n_patients for each in figures)
        yield Told(f"mean of {len(pairs)} pairs", first.statistic, first.k, estimate, n_patients)
