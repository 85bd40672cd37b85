"""What a cohort file says, as records: who, day 0, time points, observed time, imaging, tables, statistics.

All days count from day 0 on the clinical clock. `projections.cohort.definition_file` reads the file.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from projections.clinical.visit_values import STRICT, ValueRule
from projections.cohort.definition.comparisons import Comparison
from projections.cohort.definition.groups import Groups
from projections.cohort.definition.spans import Span
from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.observation.observed_spans import OBSERVED, Observation
from registry.catalogue.criteria.criterion import Criterion
from registry.catalogue.therapy_lines import BRIDGE, Bridge

DayZeroEvent = Literal[
    "course", "line", "enrolment", "first-study", "first-visit", "episode", "condition", "switch", "dose-change"
]
Which = Literal["first", "last", "all"]
DoseDirection = Literal["any", "down", "up"]
Withdrawn = Literal["keep", "exclude"]
Anchor = Literal["day-0", "stop", "switch"]
Preference = Literal["nearest", "first", "last"]
ReaderRule = Literal["one", "mean", "consensus", "final"]
LateEntry = Literal["delayed", "incident", "from-start"]

DAYS_ZERO: Final[dict[DayZeroEvent, str]] = {
    "course": "the first day of a course of an agent or class",
    "line": "the first day of a line of targeted therapy",
    "enrolment": "the day of enrolment",
    "first-study": "the day of the first imaging study",
    "first-visit": "the day of the first visit",
    "episode": "the first day of an episode of treatment, its gaps bridged",
    "condition": "the first day of a condition",
    "switch": "the day of a switch to another targeted agent or product",
    "dose-change": "the first day of another dose or frequency within an episode of treatment",
}
BEGIN_TREATMENT: Final[tuple[DayZeroEvent, ...]] = ("course", "line", "episode", "switch", "dose-change")
NEEDS_TREATMENT: Final = f"needs day0.event = {', '.join(map(repr, BEGIN_TREATMENT[:-1]))} or {BEGIN_TREATMENT[-1]!r}"
OF_SEVERAL: Final[tuple[DayZeroEvent, ...]] = (*BEGIN_TREATMENT, "condition")  # a patient may have more than one


class Who(NamedTuple):
    """Who is in the cohort; an empty tuple or None asks nothing. Each condition is a step of the flow.

    `with_conditions` are what a patient had one of before day 0, `without_conditions` what none of; with
    `conditions_ever` at any time. `age` is in completed years on day 0. `baseline` compares values at the first time
    point.
    """

    centres: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    hla_b27: tuple[str, ...] = ()
    consent: bool = False
    withdrawn: Withdrawn = "keep"
    exposed_to: tuple[str, ...] = ()
    with_conditions: tuple[str, ...] = ()
    without_conditions: tuple[str, ...] = ()
    visits_at: tuple[str, ...] = ()
    readings_at: tuple[str, ...] = ()
    without_criteria: tuple[str, ...] = ()
    naive_to: tuple[str, ...] = ()
    age: Span | None = None
    baseline: tuple[Comparison, ...] = ()
    conditions_ever: bool = False


class DayZero(NamedTuple):
    """Which day is day 0: `event` of `DAYS_ZERO`, `of` agents, classes, products or conditions, `which` of several.

    `lines` are the numbers of lines of targeted therapy that count, None for any; `between` the first and the last day,
    in days since 1970; `bridge` says which gaps are within an episode. `returns`: a return to an agent or product
    given earlier is a switch too, here and wherever a definition speaks of one. `direction` is of a change of the dose,
    to less a day or to more.
    """

    event: DayZeroEvent
    of: tuple[str, ...] = ()
    lines: Span | None = None
    which: Which = "first"
    between: tuple[int, int] | None = None
    bridge: Bridge = BRIDGE
    returns: bool = False
    direction: DoseDirection = "any"

    @property
    def starts_treatment(self) -> bool:
        """Whether day 0 begins a treatment, or a dose of it, which can be stopped."""
        return self.event in BEGIN_TREATMENT

    @property
    def several(self) -> bool:
        """Whether a patient may have several days 0: rows are then patient × episode."""
        return self.which == "all"


class TimePoint(NamedTuple):
    """A time point: a target day and a window, both in days after the anchor, the window inclusive.

    `anchor` is day 0, the last day of the course that began then, or the first switch after day 0. `prefer` says which
    value counts of several in the window: the one nearest to the target (of two as near, the earlier), the first or
    the last. `visit` keeps to visits of a label. Studies and visits are chosen apart; a measure is taken from the
    visits that have it. A baseline, whose target is day 0, prefers what lies on or before that day to anything after.
    """

    name: str
    day: int
    first: int
    last: int
    anchor: Anchor = "day-0"
    prefer: Preference = "nearest"
    visit: str | None = None

    @property
    def is_baseline(self) -> bool:
        """Whether it stands for day 0 itself."""
        return self.day == 0 and self.anchor == "day-0"


class Imaging(NamedTuple):
    """Whose readings count: of one reader, the mean of `readers` (empty: all there are), or consensus; of a session.

    By the rule `final` the final scores of a campaign count, whose name is the `session` of its readings.
    """

    rule: ReaderRule = "one"
    readers: tuple[str, ...] = ()
    session: str | None = None

    @property
    def campaign(self) -> str | None:
        """The campaign whose final scores count, None where readings do."""
        return self.session if self.rule == "final" else None


class ObservedTime(NamedTuple):
    """What counts as observed, and what becomes of courses that began before observation did.

    `entry`: at risk from the start of observation, left out of the cohort, or at risk from day 0 as if they had been
    seen. `bounds`: every figure twice, each duration with partial days the shortest and the longest it can have been.
    """

    observation: Observation = OBSERVED
    entry: LateEntry = "delayed"
    bounds: bool = False

    def __str__(self) -> str:
        return f"{self.observation}; entry {self.entry}"


class TableRequest(NamedTuple):
    """A table that is wanted, by name, and what is asked of it: the record of the table's own module."""

    name: str
    asked: tuple[Any, ...]


class Definition(NamedTuple):
    """A cohort as it was defined; `defaults` are the keys that were left open, each with what then holds.

    `values` says of what an index may be made, `criteria` are the file's own, `groups` by what the members are told
    apart in every table. `labels` are what tables for people call rows, `order` the rows that come first in them; no
    figure depends on either.
    """

    name: str
    title: str
    who: Who
    day_zero: DayZero
    time_points: tuple[TimePoint, ...]
    imaging: Imaging
    tables: tuple[TableRequest, ...]
    options: StatisticalOptions
    observed: ObservedTime = ObservedTime()
    defaults: tuple[tuple[str, str], ...] = ()
    values: ValueRule = STRICT
    criteria: tuple[Criterion, ...] = ()
    groups: Groups | None = None
    labels: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()

    @property
    def baseline(self) -> TimePoint | None:
        """The first time point that stands for day 0, None where none does."""
        return next((point for point in self.time_points if point.is_baseline), None)

    @property
    def landmark(self) -> int:
        """The day after day 0 from which time counts: 0, unless groups are known only later."""
        return 0 if self.groups is None else self.groups.landmark

    def place(self, time_point: str) -> int:
        """Return the place of a time point, from 0."""
        return [point.name for point in self.time_points].index(time_point)
