"""One row per pair of studies that a reader judged: what became of the lesions, beside the change of a symptom.

The symptom is a measure in its canonical unit, by default night back pain: BASDAI and BASFI by the one rule of which
value counts, `basmi` a total whose version was not said. For each study it is taken from
the visit nearest to it that has it, at most `window_days` days away; of two that are equally near, from the earlier.
The change is that of the follow-up study less that of the baseline study, exact in `change_text`; it is null, with
the reason in `missing`, where a value is not there, is a limit of detection only, or would be one and the same
visit's. All days are on the clinical clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from projections.clinical.symptom_change import DIRECTIONS, MISSING, Value, change, nearest
from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, frame, number, tabled, text, word
from projections.lesions.paired_verdicts import (
    CONSENSUS,
    OF_THE_CONSENSUS,
    PAIR_COLUMNS,
    VerdictSelection,
    verdicts_of,
)
from registry.catalogue.instruments.values import COMPARATOR_OF
from registry.catalogue.verdicts import NEW, RESPONDING, SCALE
from registry.errors import RangeError, UnknownCodeError

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from projections.point_in_time import Facts

NIGHT_BACK_PAIN: Final = "night_back_pain"
WINDOW_DAYS: Final = 28
PAIR: Final = ("patient", "baseline_on", "baseline_study", "performed_on", "followup_study")

VERDICT_SYMPTOMS: Final[Table] = declared(
    "verdict_symptoms",
    "pair of studies that a reader judged",
    order="patient baseline_on baseline_study followup_on followup_study",
    columns=(
        *PAIR_COLUMNS,
        word("reader", "whose verdicts"),
        number("n_baseline", "number of lesions at the earlier examination", type_="int32"),
        *(number(f"n_{verdict}", f"number of them judged: {verdict}", type_="int32") for verdict in SCALE),
        number("n_responding", "number of them that resolved or improved", type_="int32"),
        number("n_new", "number of new lesions", type_="int32"),
        word("measure", "what was measured"),
        word("unit", "canonical unit of the measure"),
        number("window_days", "how far a visit may be from its study", type_="int32", unit="d"),
        text("baseline_visit_id", "reference of the visit nearest to the earlier examination"),
        number("baseline_days", "that visit - the examination; negative before it", type_="int32", unit="d"),
        number("baseline_value", "value at that visit", type_="double", unit="as in unit"),
        word("baseline_comparator", "mark of that value, where it is a limit or rests on one", "<", ">"),
        text("followup_visit_id", "reference of the visit nearest to the later examination"),
        number("followup_days", "that visit - the examination; negative before it", type_="int32", unit="d"),
        number("followup_value", "value at that visit", type_="double", unit="as in unit"),
        word("followup_comparator", "mark of that value, where it is a limit or rests on one", "<", ">"),
        number("change", "followup_value - baseline_value", type_="double", unit="as in unit"),
        text("change_text", "the change as an exact decimal number"),
        word("direction", "whether the value went up, down, or stayed the same", *DIRECTIONS),
        word(
            "missing", "why there is no change: which value is not there, or why the two cannot be compared", *MISSING
        ),
    ),
)


def verdict_symptoms(
    facts: Facts,
    measure: str = NIGHT_BACK_PAIN,
    *,
    reader: str = CONSENSUS,
    session: str | None = None,
    patients: Collection[str] | None = None,
    window_days: int = WINDOW_DAYS,
) -> pd.DataFrame:
    """Return the pairs as a frame, one row a pair of studies; columns as declared in `VERDICT_SYMPTOMS`."""
    return frame(table(facts, measure, selection=VerdictSelection(reader, session, patients), window_days=window_days))


def table(
    facts: Facts,
    measure: str = NIGHT_BACK_PAIN,
    *,
    selection: VerdictSelection = OF_THE_CONSENSUS,
    window_days: int = WINDOW_DAYS,
) -> ArrowTable:
    """Return the pairs as an Arrow table by patient, days and codes of the studies.

    Raises `UnknownCodeError` for what is neither a measure of numbers nor an instrument of the catalogue, `RangeError`
    for a negative window, and what `verdicts_of` raises.
    """
    if measure not in facts.catalogue.valued:
        raise UnknownCodeError("measure", measure, facts.catalogue.valued)
    if window_days < 0:
        raise RangeError("window_days", str(window_days), "0 and above")
    verdicts = verdicts_of(facts, selection)
    pairs: dict[tuple[Any, ...], Counter[str]] = {}
    for *pair, verdict in zip(*(verdicts[name].to_pylist() for name in (*PAIR, "verdict"))):
        pairs.setdefault(tuple(pair), Counter())[verdict] += 1
    values = _values(facts, measure)
    shared = {
        "reader": selection.reader,
        "measure": measure,
        "unit": facts.catalogue.unit_of(measure),
        "window_days": window_days,
    }
    return tabled(
        VERDICT_SYMPTOMS,
        (
            {
                **dict(zip(VERDICT_SYMPTOMS.order, pair)),
                **shared,
                **_lesions(said),
                **_changed(values[pair[0]], pair, window_days),
            }
            for pair, said in pairs.items()
        ),
    )


def _changed(values: list[Value], pair: tuple[Any, ...], window_days: int) -> dict[str, object]:
    """Return the columns of the change of a measure between the two studies of a pair."""
    _, baseline_on, _, followup_on, _ = pair
    baseline, followup = (nearest(values, to, window_days=window_days) for to in (baseline_on, followup_on))
    changed = change(baseline, followup)
    return {
        **_at("baseline", baseline, baseline_on),
        **_at("followup", followup, followup_on),
        "change": None if changed.amount is None else float(changed.amount),
        "change_text": changed.text,
        "direction": changed.direction,
        "missing": changed.missing,
    }


def _at(study: str, value: Value | None, performed_on: date) -> dict[str, object]:
    return {
        f"{study}_visit_id": value.visit_id if value else None,
        f"{study}_days": (value.visited_on - performed_on).days if value else None,
        f"{study}_value": float(value.value) if value else None,
        f"{study}_comparator": COMPARATOR_OF[value.mark] if value else None,
    }


def _lesions(said: Mapping[str, int]) -> dict[str, int]:
    counts = {f"n_{verdict}": said.get(verdict, 0) for verdict in (*SCALE, NEW)}
    baseline = sum(said.get(verdict, 0) for verdict in SCALE)
    return {**counts, "n_baseline": baseline, "n_responding": sum(said.get(verdict, 0) for verdict in RESPONDING)}


def _values(facts: Facts, measure: str) -> defaultdict[str, list[Value]]:
    """Return the values of a measure by patient, in the order of their visits."""
    inputs = CriterionInputs(VisitValues(facts))
    rows = np.flatnonzero(inputs[measure].known)
    visited = inputs.visits.select(["patient", "visited_on", "fact"]).take(pa.array(rows)).to_pylist()
    marks = inputs[measure].marks[rows].tolist()
    values: defaultdict[str, list[Value]] = defaultdict(list)
    for row, exact, mark in zip(visited, inputs[measure].take(rows).fractions(), marks):
        assert exact is not None
        number = Decimal(exact.numerator) / Decimal(exact.denominator)  # ends: totals are of tenths
        values[row["patient"]].append(Value(row["visited_on"], row["fact"], number, mark))
    return values
