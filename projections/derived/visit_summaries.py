"""One row per measure and visit label: how its values were distributed over the visits of that label.

Columns: measure, visit (label), unit (canonical), n_visits (visits of that label), n (of them with a value), median,
low, high, mean, sd (sample standard deviation, null for fewer than two values). Captured values and, where no value was
captured under the name, computed ones. Order: measure in the catalogue's order, instruments after; labels by the median
day since each patient's first visit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from statistics import mean, median, stdev
from typing import TYPE_CHECKING, Any

import msgspec

from projections.derived import measures
from projections.stated import visits
from registry.catalogue.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

Values = Mapping[str, float]  # by reference of the visit


class VisitSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One measure at the visits of one label."""

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


def visit_summaries(facts: Facts, *, patients: Collection[str] | None = None) -> pd.DataFrame:
    """Return the summaries as a frame, one row a measure and visit label; of some patients only, where given."""
    import pandas as pd

    rows = [msgspec.structs.asdict(row) for row in summaries(facts, patients=patients)]
    return pd.DataFrame(rows, columns=list(VisitSummary.__struct_fields__))


def summaries(facts: Facts, *, patients: Collection[str] | None = None) -> list[VisitSummary]:
    """Return how each measure was distributed at the visits of each label, in the table's order."""
    labels = _labels(visits.table(facts).to_pylist(), patients)
    values: defaultdict[str, dict[str, float]] = defaultdict(dict)
    units: dict[str, str] = {}
    for row in measures.table(facts).to_pylist():  # a captured value stands before the computed one
        if row["value"] is not None:
            values[row["measure"]].setdefault(row["visit_id"], row["value"])
            units[row["measure"]] = row["unit"]
    order = {name: place for place, name in enumerate(MEASURES)}
    return [
        _summary(measure, label, units[measure], [taken[visit] for visit in visits if visit in taken], len(visits))
        for measure, taken in sorted(values.items(), key=lambda each: (order.get(each[0], len(order)), each[0]))
        for label, visits in labels.items()
        if any(visit in taken for visit in visits)
    ]


def _labels(visits: list[dict[str, Any]], patients: Collection[str] | None) -> dict[str, list[str]]:
    """Return the visits of each label, the labels by the median day since each patient's first visit."""
    first: dict[str, date] = {}
    since: defaultdict[str, list[int]] = defaultdict(list)
    by_label: defaultdict[str, list[str]] = defaultdict(list)
    for row in visits:
        if patients is None or row["patient"] in patients:
            day = row["visited_on"]
            label = row["visit"] or ""
            since[label].append((day - first.setdefault(row["patient"], day)).days)
            by_label[label].append(row["visit_id"])
    return {label: by_label[label] for label in sorted(by_label, key=lambda label: (median(since[label]), label))}


def _summary(measure: str, visit: str, unit: str, values: list[float], n_visits: int) -> VisitSummary:
    return VisitSummary(
        measure=measure,
        visit=visit,
        unit=unit,
        n_visits=n_visits,
        n=len(values),
        median=median(values) if values else None,
        low=min(values, default=None),
        high=max(values, default=None),
        mean=mean(values) if values else None,
        sd=stdev(values) if len(values) > 1 else None,
    )
