"""Visits of one patient that may be one visit: on one day, or on days that follow each other under one label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from projections.checks.findings import findings
from projections.columns.coded import Codes, Rows, coded, day_numbers, in_order
from registry.catalogue.plausible_days import DAYS_UNDER_ONE_LABEL
from registry.spelling import label_key

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts


def on_one_day(checked: CheckedFacts) -> Any:
    """Return each visit on a day on which the patient has another before it, in the order of the references."""
    visits = checked.visits
    patient, day = coded(visits["patient"]).codes, day_numbers(visits["visited_on"])
    same = (patient[1:] == patient[:-1]) & (day[1:] == day[:-1])
    rows = np.flatnonzero(same) + 1
    return _beside(visits, rows, rows - 1, "on the day of")


def on_following_days(checked: CheckedFacts) -> Any:
    """Return each visit a day after another of the patient under the same label, however that is written."""
    visits = checked.visits
    patient, label, day = coded(visits["patient"]).codes, _labels(visits["visit"]), day_numbers(visits["visited_on"])
    order = in_order(patient, label, day)
    patient, label, day = patient[order], label[order], day[order]
    apart = day[1:] - day[:-1]
    same = (patient[1:] == patient[:-1]) & (label[1:] == label[:-1]) & (label[1:] >= 0)
    later = np.flatnonzero(same & (apart >= 1) & (apart <= DAYS_UNDER_ONE_LABEL)) + 1
    return _beside(visits, order[later], order[later - 1], "on the day after")


def _labels(column: Any) -> Codes:
    """Return a number for each label that is the same for all its spellings, -1 for none."""
    labels = coded(column)
    numbers: dict[str, int] = {}
    of_words = [numbers.setdefault(label_key(word), len(numbers)) for word in labels.words.to_pylist()]
    return np.array([*of_words, -1], dtype=np.int32)[labels.codes]


def _beside(visits: Any, rows: Rows, others: Rows, how: str) -> Any:
    doubted, other = visits.take(pa.array(rows)), visits["fact"].take(pa.array(others)).to_pylist()
    return findings(
        patient=doubted["patient"],
        reference=doubted["fact"],
        on=["visited_on"] * len(rows),
        says=[f"{how} {reference}" for reference in other],
    )
