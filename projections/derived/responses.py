"""One row per episode of treatment, later visit and response criterion: whether the response was there.

Judged are the episodes of targeted therapy (`therapy`: of all immunomodulating agents), in which a row for each dose is
one treatment, each from its own baseline: the last visit in a window of `BASELINE_WINDOW_DAYS` at or before the start
that has all the inputs of the criterion, or, where none has all, the last of those that have most; never simply the
patient's first visit. Followed are the visits after the start, also after the stop, until the next episode of targeted
therapy starts, that day included; steroids, csDMARDs and NSAIDs given beside neither begin nor end it. A criterion
without any known input at the visit, or an episode without a baseline, has no row. Scores are computed from their
items where all are there, else taken as reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.columns.arrow import ArrowTable
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, refers, word, yes_no

if TYPE_CHECKING:
    import pandas as pd

    from projections.clinical.judged_responses import Therapy
    from projections.point_in_time import Facts

BASELINE_WINDOW_DAYS: Final = 90
RESPONSES: Final[Table] = declared(
    "responses",
    "episode of treatment, later visit and response criterion",
    order="patient treatment_id visited_on criterion",
    edition=2,
    function_of="patient and protocol",
    columns=(
        word("patient", "pseudonym"),
        word("treatment_id", "reference of the first course of the episode of treatment"),
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
).keyed(
    "patient treatment_id visit_id criterion",
    OF_PATIENT,
    refers("patient treatment_id", "treatments"),
    refers("patient visit_id", "visits"),
    refers("patient baseline_visit_id", "visits", "patient visit_id"),
    never_null="visited_on baseline_visit_id baseline_on n_improved n_known rule baseline_window_days",
    betrays={
        "identifier": "patient",
        "reference": "treatment_id baseline_visit_id visit_id",
        "day": "visited_on baseline_on",
        "none": "criterion met n_improved n_known rule baseline_window_days comparator",
    },
)


def responses(
    facts: Facts, *, baseline_window_days: int = BASELINE_WINDOW_DAYS, therapy: Therapy = "targeted"
) -> pd.DataFrame:
    """Return the responses as a frame, one row an episode, visit and criterion; columns as declared in `RESPONSES`.

    `therapy` is `targeted`, or `immunomodulating` for the episodes of all immunomodulating agents.
    """
    return frame(table(facts, baseline_window_days=baseline_window_days, therapy=therapy))


def table(
    facts: Facts, *, baseline_window_days: int = BASELINE_WINDOW_DAYS, therapy: Therapy = "targeted"
) -> ArrowTable:
    """Return the responses as an Arrow table by patient, treatment_id, visited_on, criterion."""
    from projections.clinical.judged_responses import judged_responses

    return RESPONSES.of(judged_responses(facts, baseline_window_days, therapy))
