"""One row per measure and visit label, and word of a list: how values were distributed over the visits of that label.

Columns: measure, visit (label), unit (canonical), n_visits (visits of that label), n (of them with a value), median,
low, high, mean, sd (sample standard deviation, null for fewer than two values); median_comparator, low_comparator and
high_comparator (`<`, `≤`, `>` or `≥` where limits, as a CRP of `<5`, make the number one, `<>` where they leave it open
on both sides, null where it is the number); n_below and n_above (of n how many have the mark `<` or `>`: limits, and
what was computed from one); of words of a list a row a word that occurs: code (the word) and n_code (of n how
many have it), and no other statistics. All numbers take limits as they stand. Which value counts is said by the one
rule of `projections.clinical.visit_values`: an index computed with all its inputs, else the reported total; a BASMI by
version. Order: measure in the catalogue's order, instruments after, then words of lists in the order of each list;
labels by the median day since each patient's first visit. Statistics are exact, and the doubles nearest to them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from projections.clinical.censored_values import CensoredValue, censored_quantile
from projections.clinical.taken_measures import NONE
from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Codes, Rows, coded, day_numbers
from registry.catalogue.instruments.values import ABOVE, BELOW, Values

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

NO_LABEL = -1
OPEN: Final = "<>"  # of a number that limits leave open on both sides
STATISTICS: Final = ("median", "low", "high", "mean", "sd")
UNDESCRIBED: Final[dict[str, Any]] = {  # what is said of words, which are no numbers
    **dict.fromkeys((*STATISTICS, "median_comparator", "low_comparator", "high_comparator")),
    "n_below": 0,
    "n_above": 0,
}
RANKED: Final = {"median": Fraction(1, 2), "low": Fraction(0), "high": Fraction(1)}


class VisitSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One measure, or one word of its list, at the visits of one label."""

    measure: str
    visit: str
    unit: str
    n_visits: int
    n: int
    median: float | None
    low: float | None
    high: float | None
    mean: float | None
    sd: float | None
    median_comparator: str | None
    low_comparator: str | None
    high_comparator: str | None
    n_below: int
    n_above: int
    code: str | None = None
    n_code: int | None = None


def visit_summaries(facts: Facts, *, patients: Collection[str] | None = None) -> pd.DataFrame:
    """Return the summaries as a frame, one row a measure and visit label; of some patients only, where given."""
    import pandas as pd

    rows = [msgspec.structs.asdict(row) for row in summaries(facts, patients=patients)]
    return pd.DataFrame(rows, columns=list(VisitSummary.__struct_fields__))


def summaries(
    facts: Facts, *, patients: Collection[str] | None = None, measures: Collection[str] = ()
) -> list[VisitSummary]:
    """Return how each measure was distributed at the visits of each label, in the table's order.

    Of some patients and measures only, where they are given.
    """
    inputs = CriterionInputs(VisitValues(facts))
    labelled = Labelled.of(inputs.visits, patients)
    coded = frozenset(facts.catalogue.coded)
    return [
        summary
        for name in facts.catalogue.described
        if not measures or name in measures
        for summary in (_of_codes if name in coded else _summaries)(name, inputs, labelled)
    ]


class Labelled(NamedTuple):
    """Visits by label: `labels` in their order, how many visits each has, and of each visit its label, -1 for none."""

    labels: list[str]
    n_visits: list[int]
    of_visit: Rows

    @classmethod
    def of(cls, visits: ArrowTable, patients: Collection[str] | None) -> Labelled:
        """Return the visits of some patients by label, the labels by the median day since each patient's first."""
        patient, label = coded(visits["patient"]), coded(visits["visit"].cast(pa.string()).fill_null(""))
        wanted = np.ones(len(patient.codes), dtype=bool)
        if patients is not None:
            wanted = np.array([*(word in patients for word in patient.words.to_pylist()), False])[patient.codes]
        rows = np.flatnonzero(wanted)
        days = day_numbers(visits["visited_on"])[rows].astype(np.int64)
        _, first, of_row = np.unique(patient.codes[rows], return_index=True, return_inverse=True)  # visits are by day
        since = days - days[first][of_row]
        words = label.words.to_pylist()
        apart = _by_number(label.codes[rows], len(words))
        there = [number for number in range(len(words)) if len(apart[number])]
        there.sort(key=lambda number: (float(np.median(since[apart[number]])), words[number]))
        rank = np.full(len(words) + 1, NO_LABEL)
        rank[there] = np.arange(len(there))
        of_visit = np.where(wanted, rank[label.codes], NO_LABEL)
        return cls([words[number] for number in there], [len(apart[number]) for number in there], of_visit)


def _by_number(numbers: Rows | Codes, n: int) -> list[Rows]:
    """Return the rows that have each number from 0 to n - 1."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.searchsorted(numbers[order], np.arange(1, n)))


def _summaries(name: str, inputs: CriterionInputs, labelled: Labelled) -> Iterator[VisitSummary]:
    """Yield how a measure was distributed at the visits of each label at which it has a value."""
    values = inputs[name]
    rows = np.flatnonzero(values.known & (labelled.of_visit != NO_LABEL))
    if not len(rows):
        return
    for place, taken in enumerate(_by_number(labelled.of_visit[rows], len(labelled.labels))):
        if len(taken):
            yield VisitSummary(
                measure=name,
                visit=labelled.labels[place],
                unit=inputs.catalogue.unit_of(name),
                n_visits=labelled.n_visits[place],
                n=len(taken),
                **_described(values.take(rows[taken])),
            )


def _of_codes(name: str, inputs: CriterionInputs, labelled: Labelled) -> Iterator[VisitSummary]:
    """Yield how often each word of a measure's list was said at the visits of each label at which one was.

    The words come in the order of their list, each with all its labels.
    """
    said = inputs.codes(name)
    rows = np.flatnonzero((said != NONE) & (labelled.of_visit != NO_LABEL))
    taken = _by_number(labelled.of_visit[rows], len(labelled.labels)) if len(rows) else []
    codes = inputs.catalogue.measures[name].codes
    counts = [np.bincount(said[rows[those]], minlength=len(codes)).tolist() for those in taken]
    for number, code in enumerate(codes):
        for place, those in enumerate(taken):
            if counts[place][number]:
                yield VisitSummary(
                    measure=name,
                    visit=labelled.labels[place],
                    unit=inputs.catalogue.unit_of(name),
                    n_visits=labelled.n_visits[place],
                    n=len(those),
                    **UNDESCRIBED,
                    code=code,
                    n_code=counts[place][number],
                )


def _described(values: Values) -> dict[str, Any]:
    """Return what is said of known values: their statistics, with the marks that limits give them."""
    return {
        **_statistics(values),
        **_comparators(values),
        "n_below": int((values.marks == BELOW).sum()),
        "n_above": int((values.marks == ABOVE).sum()),
    }


def _statistics(values: Values) -> dict[str, float | None]:
    """Return median, low, high, mean and sd of known values, each the double nearest to the exact number."""
    numbers, times = np.unique(values.numerator, return_counts=True)
    distinct, counts = numbers.tolist(), times.tolist()
    n, scale = len(values), values.denominator
    total = sum(number * count for number, count in zip(distinct, counts))
    squares = sum(number * number * count for number, count in zip(distinct, counts))
    ordered = np.repeat(np.arange(len(numbers)), times)[[(n - 1) // 2, n // 2]]
    return {
        "median": float(Fraction(sum(distinct[place] for place in ordered), 2 * scale)),
        "low": float(Fraction(distinct[0], scale)),
        "high": float(Fraction(distinct[-1], scale)),
        "mean": float(Fraction(total, n * scale)),
        "sd": _root(Fraction(n * squares - total * total, n * (n - 1) * scale * scale)) if n > 1 else None,
    }


def _comparators(values: Values) -> dict[str, str | None]:
    """Return what limits among known values make of median, low and high."""
    names = {f"{name}_comparator": share for name, share in RANKED.items()}
    if not values.censored.any():
        return dict.fromkeys(names)
    censored = [CensoredValue(*each) for each in zip(values.numerator.tolist(), values.bound.tolist())]
    said = {name: censored_quantile(censored, share) for name, share in names.items()}
    return {name: OPEN if each is None else each.sign or None for name, each in said.items()}


def _root(square: Fraction) -> float:
    with localcontext(prec=60):
        return float((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())
