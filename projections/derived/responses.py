"""One row per course of treatment, later visit and response criterion: whether the response was there.

Judged are the courses of immunomodulating agents, each from its own baseline: the last visit in a window of
`BASELINE_WINDOW_DAYS` at or before the start of the course at which some input of the criterion is known; never simply
the patient's first visit. Followed are the visits after the start, also after the stop, until another immunomodulating
course starts. A criterion without any known input at the visit, or a course without a baseline, has no row. Scores are
computed from their items where all are there, else taken as reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, day, declared, frame, number, word, yes_no

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

BASELINE_WINDOW_DAYS: Final = 90
RESPONSES: Final[Table] = declared(
    "responses",
    "course of treatment, later visit and response criterion",
    key="patient treatment_id visited_on criterion",
    edition=2,
    columns=(
        word("patient", "pseudonym"),
        word("treatment_id", "reference of the course of treatment"),
        day("visited_on", "day of the visit that is judged"),
        word("criterion", "the response criterion"),
        word("baseline_visit_id", "reference of the visit that it is judged against"),
        word("visit_id", "reference of the visit that is judged"),
        day("baseline_on", "day of the baseline visit"),
        yes_no("met", "whether the criterion is met, null where the values that are missing could turn it"),
        number("n_improved", "number of its parts that are met for certain, as domains that improved"),
        number("n_known", "number of its inputs that are known, at both visits where it compares two"),
        word("rule", "the rule and its edition"),
        number("baseline_window_days", "how long before the start a baseline visit may lie", unit="d"),
        word("comparator", "marks of laboratory values on which the answer rests, at either visit", "<", ">", "<>"),
    ),
)


def responses(facts: Facts, *, baseline_window_days: int = BASELINE_WINDOW_DAYS) -> pd.DataFrame:
    """Return the responses as a frame, one row a course, visit and criterion; columns as declared in `RESPONSES`."""
    return frame(table(facts, baseline_window_days=baseline_window_days))


def table(facts: Facts, *, baseline_window_days: int = BASELINE_WINDOW_DAYS) -> ArrowTable:
    """Return the responses as an Arrow table by patient, treatment_id, visited_on, criterion."""
    from projections.clinical.judged_responses import judged_responses

    return RESPONSES.of(judged_responses(facts, baseline_window_days))
