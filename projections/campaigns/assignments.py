"""One row per assignment: a study that a reader is to read in a campaign, whether it is read, and whether it is late.

A study that was withdrawn since it was assigned keeps its rows. Today is `as_of`, else the day (UTC) on which the last
event that was known was recorded: what is not read by then is overdue where the day by which all should be read lies
before it. Whoever sees this table is not blinded, but for case codes, letters and orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import up_to
from projections.columns.tables import (
    LOGICAL_TYPES,
    OF_PATIENT,
    Column,
    Table,
    day,
    declared,
    frame,
    text,
    word,
    yes_no,
)
from registry.campaigns.design import ADJUDICATOR, READER
from registry.domain.campaigns import PAIRED_LESIONS, REPEAT

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

INSTANT: Final = "timestamp[us, UTC]"
ASSIGNMENTS: Final[Table] = declared(
    "assignments",
    "study that a reader is to read in a campaign",
    order="patient performed_on study campaign reader repeat",
    function_of="today",
    columns=(
        word("patient", "pseudonym"),
        day("performed_on", "day of the examination; of one that was retracted, as it was known last"),
        word("study", "the examination's code"),
        word("campaign", "name of the campaign; with +repeat for a repeat it is the session of the reading"),
        word("reader", "the reader's code"),
        yes_no("repeat", "whether it comes to the reader a second time"),
        text("assignment_id", "reference of the assignment"),
        word("role", "why it comes to that reader", READER, ADJUDICATOR),
        text("unit", "what it is shown with, one name for all studies of a unit"),
        Column("assigned_at", INSTANT, "instant at which the study was assigned, on the recorded clock"),
        yes_no("is_read", "whether it is read"),
        Column("read_at", INSTANT, "instant at which the registry first learnt of the reading; null without one"),
        day("due", "the day by which all should be read, as the campaign's file says it"),
        yes_no("overdue", "whether it is not read though that day is past, and no study of its case was retracted"),
        yes_no("study_retracted", "whether the study was retracted since: its case is read no more, and never overdue"),
    ),
).keyed(
    "patient assignment_id",
    OF_PATIENT,
    never_null="study campaign reader repeat role unit assigned_at is_read overdue study_retracted",
    betrays={
        "identifier": "patient",
        "reference": "study assignment_id unit",
        "person": "reader",
        "name": "campaign",
        "day": "performed_on",
        "clock": "assigned_at read_at due",
        "cut": "is_read overdue",
        "none": "repeat role study_retracted",
    },
)
ASSIGNED: Final = ["patient", "campaign", "study", "reader", "repeat"]
CASE: Final = ["campaign", "reader", "role", "unit", "repeat"]
READ: Final = ["patient", "study", "reader", "session"]


def assignments(facts: Facts) -> pd.DataFrame:
    """Return the assignments as a frame, one row an assignment; columns as declared in `ASSIGNMENTS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the assignments as an Arrow table by patient, performed_on, study, campaign, reader, repeat."""
    assigned = _with_studies(facts)
    session = pc.binary_join_element_wise(assigned["campaign"], pc.if_else(assigned["repeat"], REPEAT, ""), "")
    assigned = assigned.append_column("session", session).join(_read(facts), READ, join_type="left outer")
    assigned = _of_campaigns(facts, assigned)
    is_read = pc.is_valid(assigned["read_at"])
    is_late = pc.fill_null(pc.less(assigned["due"], pa.scalar(facts.today, pa.date32())), False)
    is_waited_for = pc.invert(pc.or_(is_read, _of_cases_with_retracted(assigned)))
    assigned = assigned.append_column("is_read", is_read)
    assigned = assigned.append_column("overdue", pc.and_(is_late, is_waited_for))
    order = [(name, "ascending") for name in (*ASSIGNMENTS.order, "assignment_id")]
    return ASSIGNMENTS.of(assigned.sort_by(order).combine_chunks())


def _with_studies(facts: Facts) -> ArrowTable:
    """Return the assignments that are known, each with the day of its study, and whether that was withdrawn."""
    known = facts.known("assignments").select([*ASSIGNED, "fact", "unit", "role", "recorded_at"])
    known = known.filter(pa.array(~facts.of_strangers(known["patient"])))
    known = known.rename_columns({"fact": "assignment_id"})
    known = known.join(facts.known("imaging").select(["patient", "study", "performed_on"]), ["patient", "study"])
    known = known.join(_withdrawn_days(facts), ["patient", "study"])
    retracted = pc.is_null(known["performed_on"])
    performed_on = pc.coalesce(known["performed_on"], known["last_on"])
    known = known.drop_columns(["performed_on", "last_on"]).append_column("performed_on", performed_on)
    known = known.append_column("study_retracted", retracted)
    if facts.at.as_of is None:
        return known
    return known.filter(pc.or_(pc.is_null(performed_on), up_to(performed_on, facts.at.as_of)))


def _of_cases_with_retracted(assigned: ArrowTable) -> ArrowArray:
    """Return which assignments are of a case that is read no more, for one of its studies was retracted since."""
    case = pc.binary_join_element_wise(*(assigned[name].cast(pa.string()) for name in CASE), "\n")
    return pc.is_in(case, value_set=case.filter(assigned["study_retracted"]).combine_chunks())


def _withdrawn_days(facts: Facts) -> ArrowTable:
    """Return each study of which an earlier version was known, and its day as it was known last, `last_on`."""
    earlier = facts.earlier("imaging").sort_by("position")
    last = earlier.group_by(["patient", "study"], use_threads=False).aggregate([("performed_on", "last")])
    return last.rename_columns({"performed_on_last": "last_on"})


def _read(facts: Facts) -> ArrowTable:
    """Return what is read: patient, study, reader and session, and `read_at`, when the registry first learnt of it."""
    standing, ever = [_said(facts.known("readings"), READ)], [_said(facts.earlier("readings"), READ)]
    if any(state.begun.campaign.method == PAIRED_LESIONS for state in facts.campaigns.values()):
        for study in ("baseline_study", "followup_study"):
            columns = ["patient", study, "reader", "session"]
            standing.append(_said(facts.known("lesions"), columns))
            ever.append(_said(facts.earlier("lesions"), columns))
    first = pa.concat_tables([*standing, *ever]).group_by(READ).aggregate([("read_at", "min")])
    stands = pa.concat_tables(standing).group_by(READ).aggregate([])
    return stands.join(first.rename_columns({"read_at_min": "read_at"}), READ)


def _said(versions: ArrowTable, columns: list[str]) -> ArrowTable:
    """Return of versions of readings, or of verdicts on one of their studies, what was read, and when."""
    return versions.select([*columns, "recorded_at"]).rename_columns([*READ, "read_at"])


def _of_campaigns(facts: Facts, assigned: ArrowTable) -> ArrowTable:
    """Return assignments with what their campaigns say: when readers got them, and by which day all should be read."""
    states = facts.campaigns.values()
    which = pc.index_in(assigned["campaign"].combine_chunks(), value_set=pa.array(list(facts.campaigns), pa.string()))
    started = pa.array([state.started.recorded_at for state in states], pa.int64()).cast(LOGICAL_TYPES[INSTANT])
    due = pa.array([state.begun.campaign.due for state in states], pa.date32())
    is_reader = pc.equal(assigned["role"], READER)  # an assignment that came by a merge was recorded anew since
    assigned_at = pc.coalesce(pc.if_else(is_reader, started.take(which), None), assigned["recorded_at"])
    return assigned.append_column("assigned_at", assigned_at).append_column("due", due.take(which))
