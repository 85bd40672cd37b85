"""The last words on what rows of MEDS depend on beside their own fact: other visits of the day, consent, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Codes, coded_alike, day_numbers, moments
from projections.consent import KEEP
from projections.export.profiles.meds.stretches import RECORDED, SCHEMA
from registry.domain.days import instant
from registry.domain.follow_up import WITHDRAWN
from registry.protocol.adopted import adoptions, catalogue_at

if TYPE_CHECKING:
    from datetime import datetime

    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue

ENDS_OF_FOLLOW_UP: Final = {"patients": "follow_up_end_reason", "follow_ups": "end_reason"}  # kind of fact: why
OF_PATIENTS: Final = pa.schema([SCHEMA.field(name) for name in ("patient", *RECORDED)])


class Word(NamedTuple):
    """An event of the log: its position and its instant."""

    position: int
    recorded_at: datetime


def last_words_on_days(facts: Facts, visits: ArrowTable) -> ArrowTable:
    """Return of each of some visits the last event about any visit of the patient's on its day, also one not there now.

    What is computed of a visit takes inputs from others of the day, and stands at one of those that have all.
    """
    versions = facts.versions("visits")
    whose, of_versions = coded_alike(visits["patient"], versions["patient"])
    day, days = _on_days(whose, visits), _on_days(of_versions, versions)
    last = np.maximum(versions["position"].to_numpy(), _ended(versions, facts.at.position))
    known, place = np.unique(days, return_inverse=True)
    latest = np.zeros(len(known), dtype=np.int64)
    np.maximum.at(latest, place.reshape(-1), last)
    return _at(facts, ("visits",), pa.array(latest[np.searchsorted(known, day)]))


def last_words_on_consent(facts: Facts) -> ArrowTable:
    """Return who had ever withdrawn consent, with the last event about enrolment and follow-up; nobody who is kept.

    Where they are left out, who is in it again was not in it before.
    """
    if facts.withdrawn == KEEP:
        return OF_PATIENTS.empty_table()
    versions = {kind: facts.versions(kind) for kind in ENDS_OF_FOLLOW_UP}
    withdrew = pa.concat_arrays(
        [
            rows.filter(pc.equal(rows[reason], WITHDRAWN))["patient"].cast(pa.string()).combine_chunks()
            for rows, reason in zip(versions.values(), ENDS_OF_FOLLOW_UP.values())
        ]
    )
    about = pa.concat_tables([_of(rows, withdrew, facts.at.position) for rows in versions.values()])
    last = about.group_by("patient").aggregate([("position", "max")])
    known = _at(facts, tuple(versions), last["position_max"])
    return pa.table({"patient": last["patient"], **{name: known[name] for name in RECORDED}}, schema=OF_PATIENTS)


def last_words_on_rules(facts: Facts) -> dict[str, Word]:
    """Return the adoption of a protocol since which each instrument computes as it does; none of those that always did.

    It does where neither its declaration changed, nor unit and limits of its inputs.
    """
    until = facts.at.position
    adopted = [each for each in adoptions(facts.log) if each.position <= until][::-1]
    found: dict[str, Word] = {}
    for name in facts.catalogue.computable:
        now, since = _rule(facts.catalogue, name), None
        for adoption in adopted:
            since = adoption
            if _rule(catalogue_at(facts.log, adoption.position - 1), name) != now:
                found[name] = Word(since.position, instant(since.recorded_at))
                break
    return found


def _rule(catalogue: Catalogue, name: str) -> object:
    """Return by what an instrument computes, None where it does not; equal where it computes alike."""
    if name not in catalogue.computable:
        return None
    scores = () if catalogue.protocol is None else catalogue.protocol.scores
    own = max((each for each in scores if each.name == name), key=lambda each: each.edition, default=None)
    inputs = (catalogue.measures[each] for each in catalogue.computable[name].inputs)
    return own, name in catalogue.measures, [(each.name, each.unit, each.low, each.high) for each in inputs]


def _on_days(whose: Codes, visits: ArrowTable) -> np.ndarray:
    return moments(whose, day_numbers(visits["visited_on"]))


def _ended(versions: ArrowTable, until: int) -> np.ndarray:
    """Return the position at which each version was superseded, 0 where it is the current one."""
    superseded_by = versions["superseded_by"].to_numpy()
    return np.where(superseded_by <= until, superseded_by, 0)


def _of(versions: ArrowTable, patients: ArrowArray, until: int) -> ArrowTable:
    """Return the patients and last positions of the versions of some patients."""
    patient = versions["patient"].cast(pa.string())
    last = pa.array(np.maximum(versions["position"].to_numpy(), _ended(versions, until)))
    return pa.table({"patient": patient, "position": last}).filter(pc.is_in(patient, value_set=patients))


def _at(facts: Facts, kinds: tuple[str, ...], positions: ArrowArray) -> ArrowTable:
    """Return the instants and positions of events that stated facts of some kinds, or retracted any."""
    events = [facts.versions(kind).select(RECORDED) for kind in kinds]
    known = pa.concat_tables([*events, facts.retractions.select(RECORDED)])
    return known.take(pc.index_in(positions, value_set=known["position"].combine_chunks()))
