"""From when to when each patient was under observation: one or more spans, on the clinical clock.

A span opens at enrolment, or where follow-up is resumed. It ends at the recorded end of follow-up, else at the last
contact (`contacts`): what is recorded of a patient proves that somebody saw the patient until then, and nothing proves
more. A death, `lost` or `moved` recorded for a day later than the last contact and `lost_after` extends nothing: time
that ends in nothing but an event is counted for those who had it alone (Lesko CR et al. Am J Epidemiol 2018;187:2256–9;
Lesko CR et al. Epidemiology 2019). `as_of` cuts spans, and never extends one, unless `until` is `as-of`: a registry
that learns of every stop by linkage sees everybody until that day, and believes every end. `grace` is added after a
last contact, never past `as_of`, a recorded end or the next span. A silence longer than `gap` ends a span at the
contact before it and opens one at the contact after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.columns.coded import (
    Coded,
    Codes,
    Rows,
    Truth,
    changes,
    coded,
    day_number,
    day_numbers,
    end_to_end,
    in_order,
    moments,
)
from projections.columns.partial_days import FOREVER, Days, Partial
from projections.observation.contacts import Contacts
from projections.observation.durations import Duration
from registry.errors import ConflictingOptionsError

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Until = Literal["last-contact", "as-of"]

UNTIL: Final[tuple[Until, ...]] = ("last-contact", "as-of")
LOST_AFTER: Final = Duration(months=18)
NO_GRACE: Final = Duration()
UNSEEN_ENDS: Final = ("died", "lost", "moved")  # reasons for an end that nobody need have seen
ENDED_BY: Final = ("follow-up-end", "last-contact", "as-of", "silence")
FOLLOW_UP_END, LAST_CONTACT, AS_OF, SILENCE = range(len(ENDED_BY))
DAYS_IN_A_YEAR: Final = 365.25
PARTIAL_TOLD: Final = {  # every rule but the usual one
    "first": ", partial days as their first",
    "last": ", partial days as their last",
    "shortest": ", what has partial days as short as it can be",
    "longest": ", what has partial days as long as it can be",
}


class Observation(NamedTuple):
    """What counts as observed: the choices that stand beside every figure that rests on observed time."""

    until: Until = "last-contact"
    grace: Duration = NO_GRACE
    gap: Duration | None = None
    lost_after: Duration = LOST_AFTER
    partial: Partial = "middle"

    def __str__(self) -> str:
        grace = f" + {self.grace}" if self.grace != NO_GRACE else ""
        gap = f", silences over {self.gap} left out" if self.gap else ""
        lost = f", unseen ends within {self.lost_after}" if self.lost_after != LOST_AFTER else ""
        partial = PARTIAL_TOLD.get(self.partial, "")
        until = "as_of" if self.until == "as-of" else "the last contact"
        return f"observed until {until}{grace}{gap}{lost}{partial}"


OBSERVED: Final = Observation()


class ObservedSpans(NamedTuple):
    """Spans by patient and day: whose each is, its first and last day since 1970, and what ended it.

    `later` are the spans that open after their patient's time began: what happens on the day on which one opens has
    brought the patient back, and counts nowhere. `unseen_ends` is how many recorded ends extended nothing. `partial` is
    the rule for partial days by which they were made: what is laid beside them counts by the same. `handed_on` are the
    spans of whose last day the events belong to what follows, be it among the spans or not; None where no span's do.
    """

    patient: Coded
    began: Days
    ended: Days
    ended_by: Codes
    later: Truth
    partial: Partial
    unseen_ends: int = 0
    handed_on: Truth | None = None

    @property
    def days(self) -> Days:
        """How long each span is, in days."""
        return self.ended - self.began

    @property
    def n_patients(self) -> int:
        """How many patients have a span."""
        return len(np.unique(self.patient.codes))

    def take(self, rows: Rows) -> Self:
        """Return some of the spans."""
        return self._replace(
            patient=self.patient.take(rows),
            began=self.began[rows],
            ended=self.ended[rows],
            ended_by=self.ended_by[rows],
            later=self.later[rows],
            handed_on=None if self.handed_on is None else self.handed_on[rows],
        )

    def until(self, day: Days) -> Self:
        """Return each span up to a day of the own; a last day that is new is handed on to nobody."""
        handed_on = None if self.handed_on is None else self.handed_on & (day >= self.ended)
        return self._replace(ended=np.minimum(self.ended, day), handed_on=handed_on)

    def at(self, patient: Coded, day: Days) -> Rows:
        """Return the span in which each day of a patient lies, -1 where in none.

        The last day of a span is in it, unless it is handed on; so is its first, unless it is a later one.
        """
        whose = self._codes_of(patient)
        span = np.searchsorted(moments(self.patient.codes, self.began), moments(whose, day), side="right") - 1
        before = np.where(self._within(span, whose, day), span, np.maximum(span - 1, -1))
        return np.where(self._within(before, whose, day), before, -1)

    def _within(self, span: Rows, whose: Rows, day: Days) -> Truth:
        """Return whether each day of a patient lies in the span of the row beside it."""
        owner, began, ended, later = (
            np.append(column, 0)[span] for column in (self.patient.codes, self.began, self.ended, self.later)
        )
        within: Truth = (span >= 0) & (whose >= 0) & (owner == whose) & (day <= ended) & ((day > began) | (later == 0))
        return within if self.handed_on is None else within & ~(np.append(self.handed_on, False)[span] & (day == ended))

    def holds(self, patient: Coded, day: Days) -> Truth:
        """Return whether each day of a patient lies in a span, the first day of a later one included."""
        held: Truth = self._replace(later=np.zeros(len(self.later), dtype=bool)).at(patient, day) >= 0
        return held

    def joined(self, patient: Coded) -> tuple[Rows, Rows]:
        """Return each row of a column of patients with each span of that patient: rows, and spans."""
        whose = self._codes_of(patient)
        first = np.searchsorted(self.patient.codes, whose)
        sizes = np.where(whose >= 0, np.searchsorted(self.patient.codes, whose, side="right") - first, 0)
        rows = np.repeat(np.arange(len(whose)), sizes)
        return rows, np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes - first, sizes)

    def _codes_of(self, patient: Coded) -> npt.NDArray[np.int64]:
        known = pc.index_in(patient.words, value_set=self.patient.words).fill_null(-1).to_numpy(zero_copy_only=False)
        return np.append(known, -1)[patient.codes].astype(np.int64)


class _Stated(NamedTuple):
    """Spans as they were stated, by patient and day: `end` is FOREVER where none was; `unseen` may be nobody's word."""

    patient: Coded
    opened: Days
    end: Days
    unseen: Truth


def observed_spans(facts: Facts, observation: Observation = OBSERVED) -> ObservedSpans:
    """Return the observed spans of all patients enrolled at the point in time, by patient and day.

    Raises `ConflictingOptionsError` for `until = "as-of"` where the point in time has no `as_of`, or with a `gap`, a
    `grace` or a `lost_after`, which mean nothing then.
    """
    _check(facts, observation)
    stated = _stated(facts)
    contact_span, contact_day = _contacts_within(facts, stated, observation.partial)
    spans = _ended(stated, contact_span, contact_day, observation, facts)
    if facts.at.as_of is None:
        return spans
    as_of = day_number(facts.at.as_of)
    spans = spans.take(np.flatnonzero(spans.began <= as_of))
    cut = spans.ended > as_of
    return spans._replace(ended=np.where(cut, as_of, spans.ended), ended_by=np.where(cut, AS_OF, spans.ended_by))


def _check(facts: Facts, observation: Observation) -> None:
    if observation.until == "as-of":
        if facts.at.as_of is None:
            raise ConflictingOptionsError("until", "as-of", "an as_of, the day until which everybody is known")
        if observation.gap is not None or observation.grace != NO_GRACE or observation.lost_after != LOST_AFTER:
            why = "neither gap nor grace nor lost_after: silence says nothing then"
            raise ConflictingOptionsError("until", "as-of", why)


def _stated(facts: Facts) -> _Stated:
    """Return the spans that enrolments and resumptions open, whether they begin by `as_of` or not."""
    parts = [
        (facts.known("patients"), "enrolled_on", "follow_up_ended_on", "follow_up_end_reason"),
        (facts.known("follow_ups"), "resumed_on", "ended_on", "end_reason"),
    ]
    patient = coded(end_to_end(*(rows["patient"] for rows, *_ in parts)))
    opened = np.concatenate([day_numbers(rows[began]).astype(np.int64) for rows, began, *_ in parts])
    end = np.concatenate([_ends(rows[ended]) for rows, _, ended, _ in parts])
    unseen_ends = pa.array(UNSEEN_ENDS)
    unseen = np.concatenate([truth(pc.is_in(rows[reason], value_set=unseen_ends)) for rows, *_, reason in parts])
    order = in_order(patient, opened)
    return _Stated(patient.take(order), opened[order], end[order], unseen[order])


def _ends(ended_on: ArrowArray) -> Days:
    """Return recorded ends as days since 1970; FOREVER where none is recorded."""
    return np.where(truth(pc.is_null(ended_on)), FOREVER, day_numbers(ended_on).astype(np.int64))


def _contacts_within(facts: Facts, stated: _Stated, partial: Partial) -> tuple[Rows, Days]:
    """Return the contacts that lie in a stated span, its opening among them, by span and day."""
    contacts = Contacts.of(facts, partial=partial)
    nothing, never = np.zeros(0, np.int32), np.zeros(len(stated.opened), dtype=bool)
    everything = ObservedSpans(stated.patient, stated.opened, stated.end, nothing, never, partial)
    span = everything.at(contacts.patient, contacts.day)
    inside = span >= 0
    spans = np.concatenate([np.arange(len(stated.opened)), span[inside]])
    days = np.concatenate([stated.opened, contacts.day[inside]])
    return spans, days


def _ended(
    stated: _Stated, contact_span: Rows, contact_day: Days, observation: Observation, facts: Facts
) -> ObservedSpans:
    last = stated.opened.copy()
    np.maximum.at(last, contact_span, contact_day)
    recorded = stated.end != FOREVER
    beyond = recorded & stated.unseen & (stated.end > observation.lost_after.after(last))
    beyond &= observation.until == "last-contact"  # a registry that is told of every stop is told of these too
    until_contact = np.minimum(observation.grace.after(last), stated.end)
    open_end, open_by = until_contact, LAST_CONTACT
    if observation.until == "as-of":
        assert facts.at.as_of is not None
        open_end, open_by = np.maximum(day_number(facts.at.as_of), last), AS_OF
    ended = np.where(beyond, until_contact, np.where(recorded, stated.end, open_end))
    ended_by = np.where(beyond, LAST_CONTACT, np.where(recorded, FOLLOW_UP_END, open_by))
    spans = ObservedSpans(
        stated.patient,
        stated.opened,
        ended,
        ended_by.astype(np.int32),
        ~changes(stated.patient.codes),
        observation.partial,
        int(beyond.sum()),
    )
    if observation.gap is None:
        return spans
    return _without_silences(spans, contact_span, contact_day, observation)


def _without_silences(
    spans: ObservedSpans, contact_span: Rows, contact_day: Days, observation: Observation
) -> ObservedSpans:
    """Return spans broken where nobody saw the patient for longer than `gap`."""
    assert observation.gap is not None
    order = in_order(contact_span, contact_day)
    span, day = contact_span[order], contact_day[order]
    follows = np.append(span[1:] == span[:-1], False)[: len(span)]
    until = np.where(follows, np.append(day[1:], 0)[: len(day)], spans.ended[span])
    silent = until > observation.gap.after(day)
    opens = np.append(True, silent[:-1] | ~follows[:-1])[: len(span)]
    closes = silent | ~follows
    began, last = np.flatnonzero(opens), np.flatnonzero(closes)
    whole = ~silent[last]
    graced = np.minimum(observation.grace.after(day[last]), until[last])
    broken = spans.take(span[began])
    return broken._replace(
        began=day[began],
        ended=np.where(whole, until[last], graced),
        ended_by=np.where(whole, broken.ended_by, SILENCE).astype(np.int32),
        later=~changes(broken.patient.codes),
    )
