"""Withdrawn consent: who withdrew it and did not consent anew since, and what then becomes of their facts."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from registry.domain.follow_up import WITHDRAWN
from registry.errors import UnknownCodeError

KEEP: Final = "keep"
POLICIES: Final = (KEEP, "exclude")  # what becomes of patients who withdrew their consent


def check_policy(withdrawn: str) -> None:
    """Raise `UnknownCodeError` where that is none of the policies."""
    if withdrawn not in POLICIES:
        raise UnknownCodeError("withdrawn", withdrawn, POLICIES, what="policy")


def without_consent(enrolled: ArrowTable, resumed: ArrowTable) -> ArrowArray:
    """Return the pseudonyms of the patients who had withdrawn their consent, and had not consented anew since.

    `enrolled` are the `patients` at a point in time, `resumed` their `follow_ups`.
    """
    withdrawals = pa.concat_tables(
        [
            _withdrawals(enrolled, "follow_up_ended_on", "follow_up_end_reason"),
            _withdrawals(resumed, "ended_on", "end_reason"),
        ]
    )
    if not withdrawals.num_rows:  # no engine of joins is loaded for nobody
        return withdrawals["patient"].combine_chunks()
    last = withdrawals.group_by("patient").aggregate([("withdrawn_on", "max")])
    last = last.join(enrolled.select(["patient", "consented_on"]), "patient")
    is_anew = pc.fill_null(pc.greater(last["consented_on"], last["withdrawn_on_max"]), False)
    return last.filter(pc.invert(is_anew))["patient"].combine_chunks()


def _withdrawals(facts: ArrowTable, day: str, reason: str) -> ArrowTable:
    """Return the `patient` and the day, `withdrawn_on`, of each end of follow-up that was a withdrawal of consent."""
    withdrawn = facts.filter(pc.equal(facts[reason], WITHDRAWN))
    return withdrawn.select(["patient", day]).rename_columns(["patient", "withdrawn_on"])
