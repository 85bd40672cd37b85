"""Conditions of a patient that are stated twice at once: one began while another of its name, on its side, went on.

Nothing forbids it, since who reports an illness seldom says when it ended. Days count against a warning, as they do
for courses: two overlap where the later one began, at the latest, before the earlier one ended, at the earliest; on
the last day itself another may begin. What has no end goes on, but an event, which is over on its day. Both sides are
each of the two; of which no side is stated is beside others without one only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.checks.findings import findings
from projections.columns.coded import Rows, Truth, coded, combined, in_order, moments
from projections.columns.partial_days import EVER_BEFORE, FOREVER, Days, possible_days

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts

SIDES: Final = (("left", "both"), ("right", "both"), (None,))  # of a condition, which of its spells can meet
Pairs = tuple[Rows, Rows]  # a condition that is doubted, and the one that it is doubted beside


def twice_at_once(checked: CheckedFacts) -> Any:
    """Return the conditions that began while an earlier one of the same patient, name and side went on."""
    facts = checked.facts.of("conditions")
    patient, condition, reference = (coded(facts[name]) for name in ("patient", "condition", "fact"))
    start = possible_days(facts["started_on"], facts["started_on_precision"], without=EVER_BEFORE)
    facts = facts.take(pa.array(in_order(patient, condition, start.first, reference)))
    group = combined(coded(facts["patient"]), coded(facts["condition"]))
    beside: dict[int, int] = {}
    for sides in SIDES:
        there = np.flatnonzero(_of_sides(facts, sides))
        rows, others = _during(group[there], *_spells(checked, facts.take(pa.array(there))))
        beside |= dict(zip(there[rows].tolist(), there[others].tolist()))
    return _told(facts, sorted(beside.items()))


def _of_sides(facts: Any, sides: tuple[str | None, ...]) -> Truth:
    stated = facts["side"].cast(pa.string()).to_pylist()
    return np.array([side in sides for side in stated], dtype=bool)


def _spells(checked: CheckedFacts, facts: Any) -> tuple[Days, Days]:
    """Return by which day each condition began, and until which it went on at the least."""
    start = possible_days(facts["started_on"], facts["started_on_precision"], without=EVER_BEFORE)
    stop = possible_days(facts["ended_on"], facts["ended_on_precision"])
    started = np.maximum(np.minimum(start.last, stop.last), start.first)
    known = checked.facts.catalogue.conditions
    event = np.array([known[name].group == "event" for name in facts["condition"].to_pylist()], dtype=bool)
    over = event & (stop.first == FOREVER)
    return started, np.where(over, started, np.maximum(stop.first, start.first))


def _during(group: Days, started: Days, stopped: Days) -> Pairs:
    """Return the rows that began during an earlier one of their group, beside the one of these that goes on longest."""
    moment = moments(group, stopped)
    row = np.arange(len(moment))
    longest = np.maximum.accumulate(np.where(moment == np.maximum.accumulate(moment), row, 0))
    other = np.append(0, longest)[: len(moment)]
    rows = np.flatnonzero((other < row) & (group[other] == group) & (started < stopped[other]))
    return rows, other[rows]


def _told(facts: Any, pairs: list[tuple[int, int]]) -> Any:
    references = facts["fact"].to_pylist()
    open_ended = pc.is_null(facts["ended_on"]).to_pylist()
    rows = facts.take(pa.array([row for row, _ in pairs], pa.int64()))
    says = [f"{references[other]} {'has no end' if open_ended[other] else 'had not ended'}" for _, other in pairs]
    return findings(patient=rows["patient"], reference=rows["fact"], on=["started_on"] * len(pairs), says=says)
