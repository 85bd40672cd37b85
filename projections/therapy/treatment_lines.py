"""One row per line of therapy: an episode of a targeted therapy, in the order in which a patient had them.

Lines are episodes (`treatment_episodes`) of the classes in `TARGETED_CLASSES`; conventional DMARDs, glucocorticoids,
NSAIDs and analgesics make none. They are numbered by their first day, then by reference. The line before is that of
the last day before on which one began, whether it was over or not; lines begun on one day have none before them but
those of an earlier day (`lines_before`), and are no switches. A biosimilar is the same agent as its originator, so that
an exchange of the two is no switch.

`failure` judges the line's own stop by its reason (`FAILURE_BY_STOP_REASON`): a planned end of a protocol is none. It
is null while the line goes on and where the reason does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import changes, coded
from projections.columns.partial_days import FOREVER, Partial
from projections.columns.tables import Table, day, declared, frame, number, text, word, yes_no
from projections.therapy import treatment_episodes
from projections.therapy.drug_courses import AGENT, ATC, DRUG_CLASS, PATIENT, drug_courses
from projections.therapy.lines_before import LinesBefore
from projections.therapy.treatment_episodes import EpisodeDays
from registry.catalogue import codes
from registry.catalogue.therapy_lines import BRIDGE, MAX_GAP_DAYS, Bridge, is_failure
from registry.domain.days import PRECISIONS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

KINDS: Final = ("first", "within-class", "between-classes", "restart", "same-day")
TREATMENT_LINES: Final[Table] = declared(
    "treatment_lines",
    "line of targeted therapy",
    order="patient line",
    columns=(
        PATIENT,
        number("line", "number of the line among the patient's, from 1; an agent begun anew is a line again"),
        number("n_agents", "number of different targeted agents that the patient has had up to this line"),
        AGENT,
        ATC,
        DRUG_CLASS,
        text("treatment_id", "reference of the first course; it names the episode"),
        day("started_on", "first day; the first day that a partial date can mean"),
        word("started_on_precision", "how precisely started_on is known", *PRECISIONS.values()),
        day("stopped_on", "last day, null while the line goes on at the point in time"),
        word("stopped_on_precision", "how precisely stopped_on is known", *PRECISIONS.values()),
        yes_no("ongoing", "whether the line goes on at the point in time"),
        word("stop_reason", "why it was stopped", *codes.STOP_REASONS),
        yes_no("failure", "whether it was stopped because the drug failed, null while it goes on or cannot be said"),
        word(
            "switch_kind",
            "restart of an agent that the patient has had; of another one: begun on the day of another line, which is "
            "no switch; first line; or a switch within the class of the line before or between classes",
            *KINDS,
        ),
        word("switch_from", "agent of the line before, null where several began on one day", listed=AGENT.listed),
        word(
            "previous_stop_reason",
            "why the line before was stopped, null where several began on one day",
            *codes.STOP_REASONS,
        ),
        number(
            "days_between",
            "from the stop of the line before to the start: negative where they overlap, null where that goes on or "
            "several began on one day",
            type_="int32",
            unit="d",
        ),
        number("days_between_min", "the least that days_between can be, where dates are partial", type_="int32"),
        number("days_between_max", "the most that days_between can be, where dates are partial", type_="int32"),
        yes_no("overlap", "whether the line before was still given after started_on"),
    ),
)


def treatment_lines(facts: Facts, *, max_gap_days: int = MAX_GAP_DAYS) -> pd.DataFrame:
    """Return the lines of therapy as a frame, one row a line; columns as declared in `TREATMENT_LINES`.

    `max_gap_days` is the longest gap that an episode bridges. Raises `RangeError` where it is negative.
    """
    return frame(table(facts, max_gap_days=max_gap_days))


def table(facts: Facts, *, max_gap_days: int = MAX_GAP_DAYS) -> ArrowTable:
    """Return the lines of therapy as an Arrow table by patient and line."""
    return with_days(facts, bridge=Bridge(max_gap_days))[0]


def with_days(facts: Facts, *, bridge: Bridge = BRIDGE, partial: Partial = "middle") -> tuple[ArrowTable, EpisodeDays]:
    """Return the lines of therapy as an Arrow table by patient and line, and the days of each."""
    courses = drug_courses(facts, facts.catalogue.targeted, partial=partial)
    found, days = treatment_episodes.with_days(facts, courses, bridge=bridge)
    return _lines(found, days), days


def _lines(found: ArrowTable, days: EpisodeDays) -> ArrowTable:
    """Return episodes of targeted therapies, by patient and start, as lines."""
    first = changes(coded(found["patient"]).codes)
    before = LinesBefore.of(found, days.started)
    previous = found.take(pa.array(np.arange(len(first)) - 1, mask=~before.one))
    return TREATMENT_LINES.of(
        {
            **{name: found[name] for name in found.column_names if name in TREATMENT_LINES.schema.names},
            "patient": found["patient"].cast(pa.string()),
            "line": pa.array(_counted(np.ones(len(first), dtype=np.int64), first)),
            "n_agents": pa.array(_counted((found["episode"].to_numpy() == 1).astype(np.int64), first)),
            "failure": _failure(found["stop_reason"]),
            "switch_kind": _kinds(found, before),
            "switch_from": previous["agent"],
            "previous_stop_reason": previous["stop_reason"],
            **_between(days, before.one),
        }
    )


def _counted(ones: npt.NDArray[np.int64], first: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the running sum over the lines of each patient."""
    summed = np.cumsum(ones)
    offset = np.maximum.accumulate(np.where(first, summed - ones, 0))
    return np.asarray(summed - offset, dtype=np.int64)


def _failure(reasons: ArrowArray) -> ArrowArray:
    judged = pa.array([is_failure(reason) for reason in codes.STOP_REASONS], pa.bool_())
    return judged.take(pc.index_in(reasons.cast(pa.string()), value_set=pa.array(list(codes.STOP_REASONS))))


def _kinds(found: ArrowTable, before: LinesBefore) -> ArrowArray:
    cases = [found["episode"].to_numpy() > 1, before.together, before.first, before.same_class]
    kinds = np.select(cases, ["restart", "same-day", "first", "within-class"], default="between-classes")
    return pa.array(kinds.tolist(), pa.string())


def _between(days: EpisodeDays, after_one: npt.NDArray[np.bool_]) -> dict[str, ArrowArray]:
    """Return the days between the end of the one line before and the start, with what partial dates leave open."""
    before = EpisodeDays(*(np.append(np.int64(0), each)[: len(each)] for each in days))
    goes_on = before.stopped == FOREVER
    none = ~after_one | goes_on
    ranges = {
        "": days.started - before.stopped,
        "_min": days.started_from - before.stopped_by,
        "_max": days.started_by - before.stopped_from,
    }
    return {
        **{f"days_between{suffix}": pa.array(np.where(none, 0, each), mask=none) for suffix, each in ranges.items()},
        "overlap": pa.array(goes_on | (before.stopped > days.started), mask=~after_one),
    }
