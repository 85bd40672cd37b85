"""What was to be taken at expected visits, and whether it was.

A measure or a score was taken where it has a value at the visit: any row of its day, computed or reported as the one
rule of `projections.clinical.visit_values` has it, a code and a text as well as a number; a reason why it is missing is
no value. One that the registry collects no more from a day on is not wanted of visits due from that day on.

An examination was made where all its regions were examined by the modality on some days of the window, or on the day of
the visit; the whole spine is its cervical, thoracic and lumbar part together. With `every` it is wanted only where the
last one before the window, if there was any, lies that long back on the last day of the window.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowTable, truth
from projections.columns.coded import Rows, Truth, day_number, day_numbers, moments
from projections.columns.partial_days import Days
from projections.followed.expected import Expected
from projections.followed.spans import places
from projections.log.measurements import measurements
from projections.observation.durations import duration
from projections.stated.visits import with_measures

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue
    from registry.catalogue.protocol import ScheduledImaging

PARTS_OF_REGIONS: Final = {"cervical-spine": 1, "thoracic-spine": 2, "lumbar-spine": 4, "spine": 7, "sij": 8}  # bits
PARTS: Final = (1, 2, 4, 8)
NEVER: Final = -(1 << 31)


class Required(NamedTuple):
    """One thing that some visits require: `rows` are those visits, and `taken` whether each has it.

    `in_window` is whether it has it within the window. `place` is its number among what the schedule asks for.
    """

    what: str
    is_imaging: bool
    place: int
    rows: Rows
    taken: Truth
    in_window: Truth


def required(facts: Facts, expected: Expected) -> list[Required]:
    """Return what the expected visits require: by edition, measures and scores in their order, then imaging."""
    taken = _Taken(facts, expected)
    examined = _Examined.of(facts, expected)
    found: list[Required] = []
    for edition, asked in enumerate(facts.schedule):
        rows = np.flatnonzero(expected.visits.edition == edition)
        for name in asked.visit.requires:
            wanted = rows[_collected(facts.catalogue, name, expected.visits.due[rows])]
            has, came_in = taken.at(name)[wanted], expected.is_in_window[wanted]
            found.append(Required(name, False, len(found), wanted, has, has & came_in))
        for imaging in asked.visit.imaging:
            wanted = rows[examined.wanted(imaging, rows)]
            within, on_day = examined.made(imaging, wanted)
            found.append(Required(told(imaging), True, len(found), wanted, within | on_day, within))
    return found


def told(imaging: ScheduledImaging) -> str:
    """Return what an examination is called: `MRI spine+sij`."""
    return f"{imaging.modality} {'+'.join(imaging.regions)}"


def _collected(catalogue: Catalogue, name: str, due: Days) -> Truth:
    """Return on which days a measure or a score is collected, as far as the catalogue says."""
    until = (catalogue.measures.get(name) or catalogue.instruments[name]).until
    return np.ones(len(due), dtype=bool) if until is None else due < day_number(until)


class _Taken:
    """Which expected visits have a value of a measure or a score."""

    def __init__(self, facts: Facts, expected: Expected) -> None:
        self._facts, self._expected = facts, expected
        self._inputs: CriterionInputs | None = None
        self._known: dict[str, Truth] = {}
        lists = with_measures(facts)["measures"].combine_chunks()
        taken = lists.flatten()
        distinct = measurements(taken.dictionary)
        self._of_visit, codes = pc.list_parent_indices(lists).to_numpy(), taken.indices.to_numpy()
        is_value = [not (each.value is each.code is each.text is None) for each in distinct]
        self._numbers = {name: number for number, name in enumerate(dict.fromkeys(each.measure for each in distinct))}
        number = [self._numbers[each.measure] if known else -1 for each, known in zip(distinct, is_value)]
        self._number = np.array(number, dtype=np.int64)[codes]

    def at(self, name: str) -> Truth:
        """Return which expected visits have a value."""
        if name not in self._known:
            self._known[name] = self._at_visits(name)
        return self._known[name]

    def _at_visits(self, name: str) -> Truth:
        of_days = self._expected.days.of_any(self._of_rows(name))
        taken: Truth = np.append(of_days, False)[self._expected.day]
        return taken

    def _of_rows(self, name: str) -> Truth:
        if name in self._facts.catalogue.computable:
            if self._inputs is None:
                self._inputs = CriterionInputs(VisitValues(self._facts))
            return self._inputs[name].known
        known = np.zeros(self._expected.days.visited.num_rows, dtype=bool)
        known[self._of_visit[self._number == self._numbers.get(name, -2)]] = True
        return known


class _Examined(NamedTuple):
    """Examinations: whose each is, on which day, what it was, and which parts of the body it shows."""

    expected: Expected
    patient: Rows
    day: Days
    studies: ArrowTable
    parts: Rows

    @classmethod
    def of(cls, facts: Facts, expected: Expected) -> _Examined:
        studies = facts.of("imaging").combine_chunks()
        patient = places(studies["patient"], expected.spans.patients).astype(np.int64)
        lists = studies["regions"].combine_chunks()
        bits = pa.array([*PARTS_OF_REGIONS.values()], pa.int64())
        named = pc.index_in(lists.flatten(), value_set=pa.array([*PARTS_OF_REGIONS]))
        parts = np.zeros(studies.num_rows, dtype=np.int64)
        shown = bits.take(named).fill_null(0).to_numpy(zero_copy_only=False)
        np.bitwise_or.at(parts, pc.list_parent_indices(lists).to_numpy(), shown)
        return cls(expected, patient, day_numbers(studies["performed_on"]).astype(np.int64), studies, parts)

    def wanted(self, imaging: ScheduledImaging, rows: Rows) -> Truth:
        """Return of which visits an examination is wanted."""
        if imaging.every is None:
            return np.ones(len(rows), dtype=bool)
        visits = self.expected.visits
        patient, before = visits.patient[rows], visits.window_from[rows] - 1
        last = np.min([self._last(at, patient, before) for at in self._moments(imaging)], axis=0)
        again = duration("every", imaging.every).after(np.maximum(last, -(1 << 24)))
        wanted: Truth = (last == NEVER) | (again <= visits.window_to[rows])
        return wanted

    def made(self, imaging: ScheduledImaging, rows: Rows) -> tuple[Truth, Truth]:
        """Return of which visits an examination was made within the window, and of which on the day of the visit."""
        visits, days = self.expected.visits, self.expected.days
        patient, came = visits.patient[rows], self.expected.came[rows]
        on = np.append(days.day, 0)[self.expected.day[rows]]
        within, on_day = np.ones(len(rows), dtype=bool), came.copy()
        for at in self._moments(imaging):
            within &= _any(at, moments(patient, visits.window_from[rows]), moments(patient, visits.window_to[rows]))
            on_day &= _any(at, moments(patient, on), moments(patient, on))
        return within, on_day

    def _moments(self, imaging: ScheduledImaging) -> list[Days]:
        """Return, for each part of the body that is to be shown, the sorted moments at which it was."""
        wanted = reduce(or_, (PARTS_OF_REGIONS[region] for region in imaging.regions))
        modality = truth(pc.equal(self.studies["modality"], imaging.modality))
        shown = [modality & (self.parts & part != 0) for part in PARTS if wanted & part]
        return [np.sort(moments(self.patient[each], self.day[each])) for each in shown]

    def _last(self, at: Days, patient: Days, before: Days) -> Days:
        """Return the last day up to one on which something was shown of each patient, NEVER where it never was."""
        asked, start = moments(patient, before), moments(patient, np.full(len(patient), NEVER + 1))
        last = np.append(at, NEVER)[np.searchsorted(at, asked, side="right") - 1]
        return np.where(last >= start, last - moments(patient, np.zeros(1, dtype=np.int64)), NEVER)


def _any(at: Days, first: Days, last: Days) -> Truth:
    """Return whether a moment lies between two others, both included."""
    some: Truth = np.searchsorted(at, last, side="right") > np.searchsorted(at, first)
    return some
