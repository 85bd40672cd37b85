"""Which figures of a cohort moved between two points in time, and which events moved them.

The way leads from the earlier state of knowledge to the later, on the earlier's clinical day, and then to the other
day. Along it the figures are made again: before and after each event about a member, found by halving the stretches in
which something moved. So what an event is said to have moved is what the figures were before and after it, in the order
in which the registry learnt of it; the steps of a figure add up to the whole. A stretch in which nothing moved on the
whole is not looked into. After so many recalculations what is left stays as it is, a stretch with all its events.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.all_tables import figures
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import CohortError
from projections.point_in_time import facts_at
from projections.stated.events import recorded
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.log.log_columns import LogColumns
    from projections.point_in_time import Facts, PointInTime

RECALCULATIONS: Final = 60
Address = tuple[str, str, str, str]
ByAddress = dict[Address, Figure]
Told = Callable[[int], None]


class Moved(NamedTuple):
    """A figure that is not the same at two points: `address` is its table, row, timepoint and statistic.

    `before` or `after` is None where there is no such figure.
    """

    address: Address
    before: Figure | None
    after: Figure | None

    @property
    def change(self) -> float | None:
        """The later less the earlier, of a test its p, of anything else its value; None where one of them is not."""
        one, two = ((None, None) if each is None else (each.value, each.p_value) for each in (self.before, self.after))
        place = 1 if one[1] is not None or two[1] is not None else 0
        earlier, later = one[place], two[place]
        return None if earlier is None or later is None else later - earlier


class Step(NamedTuple):
    """A stretch of the way in which figures moved: the events after one position and up to another.

    `events` are those about members of either cohort, as rows of the table `events`; none of them where others moved
    the figures, or where nothing but the clinical day is another.
    """

    after: int
    until: int
    events: list[dict[str, Any]]
    moved: list[Moved]


class Movements(NamedTuple):
    """What is not the same at the later point; `events` are all between the two about members of either cohort."""

    before: Cohort
    after: Cohort
    joined: list[str]
    left: list[str]
    n_figures: int
    moved: list[Moved]
    steps: list[Step]
    events: list[dict[str, Any]]

    def movers(self, address: Address) -> list[Step]:
        """Return the steps in which a figure moved."""
        return [step for step in self.steps if any(moved.address == address for moved in step.moved)]


def movements(
    definition: Definition,
    before: Facts,
    after: Facts,
    columns: LogColumns,
    *,
    only: Collection[str] = (),
    recalculations: int = RECALCULATIONS,
    told: Told = lambda done: None,
) -> Movements:
    """Return what moved between the facts at two points of the same log, which `columns` holds; the earlier first.

    Earlier is what was known earlier, then the earlier clinical day. `only` are tables, all where it is empty; `told`
    is called with the number of recalculations done. Raises what the figures raise, where they do at one of the points.
    """
    if _order(after.at) < _order(before.at):
        before, after = after, before
    cohorts = [Cohort.of(definition, facts) for facts in (before, after)]
    first, last = (_by_address(cohort, only) for cohort in cohorts)
    members = [set(cohort.members) for cohort in cohorts]
    events = _events(before, after, members[0] | members[1])
    moved = list(_moved(first, last))
    way = _Way(definition, columns, before.at.as_of, only, told)
    way.known[before.at.position] = first
    if before.at.as_of == after.at.as_of:
        way.known[after.at.position] = last
    return Movements(
        cohorts[0],
        cohorts[1],
        sorted(members[1] - members[0]),
        sorted(members[0] - members[1]),
        len(first.keys() | last.keys()),
        moved,
        _steps(way, before.at, (after.at, last), events, recalculations) if moved else [],
        events,
    )


class _Way:
    """The positions on the earlier point's clinical day, with the figures at each that was looked at."""

    def __init__(
        self, definition: Definition, columns: LogColumns, as_of: date | None, only: Collection[str], told: Told
    ) -> None:
        self._definition, self._columns, self._as_of = definition, columns, as_of
        self._only, self._told = only, told
        self.known: dict[int, ByAddress] = {}

    def figures(self, position: int) -> ByAddress:
        """Return the figures at a position; none where the definition cannot be answered there."""
        if position not in self.known:
            facts = facts_at(self._columns, as_of=self._as_of, known_at=position)
            try:
                self.known[position] = _by_address(Cohort.of(self._definition, facts), self._only)
            except (CohortError, UnknownCodeError):
                self.known[position] = {}
            self._told(len(self.known))
        return self.known[position]

    def stretches(self, ends: list[int], recalculations: int) -> list[tuple[int, int]]:
        """Return the stretches between `ends` in which figures moved, halved as long as recalculations are left."""
        to_look_at, found = [(0, len(ends) - 1)], []
        while to_look_at:
            to_look_at.sort(key=lambda stretch: stretch[0] - stretch[1])
            low, high = to_look_at.pop(0)
            if self.figures(ends[low]) == self.figures(ends[high]):
                continue
            if high - low == 1 or len(self.known) >= recalculations:
                found.append((ends[low], ends[high]))
                continue
            middle = (low + high) // 2
            to_look_at += [(low, middle), (middle, high)]
        return sorted(found)


def _steps(
    way: _Way,
    before: PointInTime,
    end: tuple[PointInTime, ByAddress],
    events: list[dict[str, Any]],
    recalculations: int,
) -> list[Step]:
    """Return the steps of the way from one point to the other, whose figures are given with it."""
    after, last = end
    places = {event["position"] for event in events}
    ends = sorted({before.position, after.position, *places, *(place - 1 for place in places)})
    steps = []
    for low, high in way.stretches(ends, recalculations):
        within = [event for event in events if low < event["position"] <= high]
        steps.append(Step(low, high, within, list(_moved(way.figures(low), way.figures(high)))))
    if before.as_of != after.as_of:
        moved = list(_moved(way.figures(after.position), last))
        steps += [Step(after.position, after.position, [], moved)] if moved else []
    return steps


def _by_address(cohort: Cohort, only: Collection[str]) -> ByAddress:
    found = {}
    for table, figure in figures(cohort, only=only):
        found[table, figure.row, figure.timepoint, figure.statistic] = figure
    return found


def _moved(before: ByAddress, after: ByAddress) -> Iterator[Moved]:
    """Yield the figures that differ, in the order of the later tables; those that are gone come last."""
    for address in dict.fromkeys((*after, *before)):
        one, two = before.get(address), after.get(address)
        if one != two:
            yield Moved(address, one, two)


def _events(before: Facts, after: Facts, members: set[str]) -> list[dict[str, Any]]:
    """Return the events between two points about some patients, without their payloads."""
    found = recorded(after.log, after=before.at.position, until=after.at.position).drop_columns(["payload", "digest"])
    mine = pc.is_in(found["patient"].cast(pa.string()), value_set=pa.array(sorted(members), pa.string()))
    rows: list[dict[str, Any]] = found.filter(mine).to_pylist()
    return rows


def _order(at: PointInTime) -> tuple[int, bool, Any]:
    return at.position, at.as_of is None, at.as_of
