"""What was measured, as exact columns over the visits: the form in which instruments and criteria take it.

One row a visit, by patient, day and reference as in the table `visits`; one column a measure, in its canonical unit,
with the comparator of laboratory values. Nothing is rounded and nothing is filled in.

`CriterionInputs` is the one rule of which value counts: an index computed with all its inputs, from the rows of one day
where one row does not have them all; else the total that the source reported; else, where it was asked for by name, a
prorated one; else none. One item never hides a reported total. A reported BASMI is a total of its version; one whose
version was not said is the measure `basmi`, and neither stands for the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from projections.clinical.joined_inputs import JoinedInputs, VisitDays, joined_inputs
from projections.clinical.taken_measures import NONE, Taken
from projections.columns.coded import Rows, Truth, day_number, day_numbers
from projections.columns.partial_days import Days
from projections.errors import not_collected
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.instruments.instrument import PRORATED, Scores
from registry.catalogue.instruments.values import Values

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Origins = npt.NDArray[np.int8]
BASMI: Final = "basmi"
BASMI_OF_VERSION: Final = {"2-step": "basmi_2step", "10-step": "basmi_10step", "linear": "basmi_linear"}
VERSION_OF_BASMI: Final = {name: version for version, name in BASMI_OF_VERSION.items()}

NO_VALUE, CAPTURED_VALUE, COMPUTED, COMPUTED_OF_DAY, COMPUTED_OF_DAYS, REPORTED, PRORATED_VALUE = range(7)
"""How a value came about: as it was taken, computed from one row, from rows of one day, from several days, as the
source reported it, prorated."""


class ValueRule(NamedTuple):
    """What an analysis may choose: how many days values may lie apart of which an index is made; what is prorated."""

    combine_days: int = 0
    prorate: tuple[str, ...] = ()


STRICT: Final = ValueRule()


def prorated_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the instruments for which a rule to prorate is known."""
    return tuple(name for name, each in catalogue.computable.items() if PRORATED in each.variants)


class VisitValues(Mapping[str, Values]):
    """The captured measures of all visits at a point in time, by name; `visits` are the visits as facts, in order.

    A column is kept only as long as somebody holds it: most are asked for once, for an index, and made quickly.
    One that nobody collected then, as before a protocol had it, raises `UnknownCodeError`.
    """

    def __init__(self, facts: Facts) -> None:
        self.catalogue = facts.catalogue
        self.taken = Taken.of(facts)
        self.visits = self.taken.visits
        self._held: WeakValueDictionary[str, Values] = WeakValueDictionary()
        self._exact: dict[tuple[str, str | None], tuple[Rows, Values]] = {}

    def __getitem__(self, name: str) -> Values:
        column = self._held.get(name)
        if column is None:
            if name not in self.catalogue.measures:
                raise not_collected("measure", name, self.catalogue.measures)
            column = self._held[name] = self._column(name)
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(self.catalogue.measures)

    def __len__(self) -> int:
        return len(self.catalogue.measures)

    def codes(self, name: str) -> Rows:
        """Return by visit which code of its list a measure had, by its place in the list; -1 for none."""
        numbers, listed = self.taken.numbers_of(name), self.catalogue.measures[name].codes
        places = {code: place for place, code in enumerate(listed)}
        said = [places.get(self.taken.distinct[number].code or "", NONE) for number in numbers.tolist()]
        return np.array([*said, NONE])[self.taken.among(numbers, name)]

    def reported(self, instrument: str) -> Values:
        """Return the totals that the source gave for an instrument, of a BASMI those of exactly this version."""
        if instrument in self.catalogue.measures:
            return self[instrument]
        if instrument in VERSION_OF_BASMI:
            return self._column(BASMI, VERSION_OF_BASMI[instrument])
        return Values.counted(np.zeros(self.visits.num_rows, np.int64), known=np.zeros(self.visits.num_rows, bool))

    def _column(self, name: str, version: str | None = None) -> Values:
        if (name, version) not in self._exact:
            self._exact[name, version] = self._exact_of(name, version)
        numbers, exact = self._exact[name, version]
        return exact.take(self.taken.among(numbers, name))

    def _exact_of(self, name: str, version: str | None) -> tuple[Rows, Values]:
        """Return which of the distinct measurements are numbers of a measure, and these numbers."""
        taken, numbers = self.taken, self.taken.numbers_of(name)
        of_version = [number for number in numbers.tolist() if taken.distinct[number].version == version]
        cells = {number: cell for number in of_version if (cell := taken.cells[number]) is not None}
        exact = Values.of(
            [cell.value for cell in cells.values()], comparators=[cell.comparator for cell in cells.values()]
        )
        return np.array(list(cells), dtype=np.intp), exact


class Computed(NamedTuple):
    """An instrument over all visits by its default rule, and where its inputs come from several rows, None nowhere."""

    scores: Scores
    joined: JoinedInputs | None


class CriterionInputs(Mapping[str, Values]):
    """The value of every measure and instrument at every visit, by the one rule of which value counts.

    Of a measure whose values are words of a list it is the place of the word in the list.
    """

    def __init__(self, values: VisitValues, rule: ValueRule = STRICT) -> None:
        self.visits, self.rule, self.catalogue = values.visits, rule, values.catalogue
        self._values = values
        self._columns: dict[str, tuple[Values, Origins]] = {}

    def __getitem__(self, name: str) -> Values:
        if name in self.catalogue.coded:
            places = self.codes(name)
            return Values.counted(np.maximum(places, 0).astype(np.int64), known=places != NONE)
        return self._column(name)[0] if name in self.catalogue.computable else self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.catalogue.valued)

    def __len__(self) -> int:
        return len(self.catalogue.valued)

    def codes(self, name: str) -> Rows:
        """Return by visit which code of its list a measure had, by its place in the list; -1 for none."""
        return self._values.codes(name)

    @cached_property
    def visited_on(self) -> Days:
        """The day of each visit, in days since 1970."""
        return day_numbers(self.visits["visited_on"]).astype(np.int64)

    @cached_property
    def days(self) -> VisitDays:
        """The days on which patients have visits."""
        return VisitDays.of(self.visits)

    def computed(self, name: str) -> Computed:
        """Return an instrument over all visits by its default rule, its inputs joined where several rows give them.

        It is computed anew each time.
        """
        instrument, columns = self.catalogue.instruments[name], self._inputs(name)
        joined = joined_inputs(
            [each.known for each in columns.values()],
            self.days,
            reported=self._values.reported(name).known,
            combine_days=self.rule.combine_days,
            may_lack=instrument.may_lack,
        )
        if joined is not None:
            columns = {each: column.take(rows) for (each, column), rows in zip(columns.items(), joined.rows)}
        return Computed(instrument.over(columns), joined)

    def origins(self, name: str) -> Origins:
        """Return how the value of each visit came about: `NO_VALUE`, `CAPTURED_VALUE`, `COMPUTED`, …"""
        if name in self.catalogue.computable:
            return self._column(name)[1]
        return np.where(self[name].known, CAPTURED_VALUE, NO_VALUE).astype(np.int8)

    def _inputs(self, name: str) -> dict[str, Values]:
        """Return the inputs of an instrument at every visit, none at those from the day on which it ended."""
        instrument = self.catalogue.instruments[name]
        columns = {each: self._values[each] for each in instrument.inputs}
        if instrument.until is None:
            return columns
        before = day_numbers(self.visits["visited_on"]) < day_number(instrument.until)
        return {each: column.where(before) for each, column in columns.items()}

    def _column(self, name: str) -> tuple[Values, Origins]:
        """Return the values of an instrument and how they came about; both are kept, what they are made of is not."""
        if name not in self._columns:
            computed, reported = self.computed(name), self._values.reported(name)
            values = computed.scores.values.resting_on(computed.scores.marks).or_else(reported)
            if name in self.rule.prorate:
                prorated = self.catalogue.instruments[name].over(self._values, variant=PRORATED)
                values = values.or_else(prorated.values.resting_on(prorated.marks))
            self._columns[name] = values, _origins(values.known, computed, reported.known)
        return self._columns[name]


def _origins(known: Truth, computed: Computed, reported: Truth) -> Origins:
    scored, joined = computed.scores.values.known, computed.joined
    of_day, of_days = (False, False) if joined is None else (joined.same_day, joined.several_days)
    cases = (~known, scored & of_day, scored & of_days, scored, reported)
    said = (NO_VALUE, COMPUTED_OF_DAY, COMPUTED_OF_DAYS, COMPUTED, REPORTED)
    return np.select(cases, said, PRORATED_VALUE).astype(np.int8)
