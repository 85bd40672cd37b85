"""Which figures of a cohort were revised between two points in time, and which events revised them.

The way leads from the earlier state of knowledge to the later, on the earlier's clinical day, and then to the other
day. Along it the figures are made again: before and after each event about a member, found by halving the stretches in
which something changed. So what an event is said to have revised is what the figures were before and after it, in the
order in which the registry learnt of it; the steps of a figure add up to the whole. A stretch in which nothing changed
on the whole is not looked into. After so many recalculations what is left stays as it is, a stretch with its events.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.all_tables import figures
from projections.cohort.figures.address import Address
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
ByAddress = dict[Address, Figure]
Progress = Callable[[int], None]


class Revision(NamedTuple):
    """A figure that is not the same at two points; `before` or `after` is None where there is no such figure."""

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

    @property
    def of_footnote(self) -> bool:
        """Whether only the footnote was revised, the note on the denominator: the figure itself is what it was."""
        if self.before is None or self.after is None:
            return False
        return self.before == self.after._replace(denominator_note=self.before.denominator_note)


class Step(NamedTuple):
    """A stretch of the way in which figures were revised: the events after one position and up to another.

    `events` are those about members of either cohort, as rows of the table `events`; none of them where others
    revised the figures, or where nothing but the clinical day is another.
    """

    after: int
    until: int
    events: list[dict[str, Any]]
    revised: list[Revision]


class Revisions(NamedTuple):
    """What is not the same at the later point; `events` are all between the two about members of either cohort."""

    before: Cohort
    after: Cohort
    joined: list[str]
    left: list[str]
    n_figures: int
    revised: list[Revision]
    steps: list[Step]
    events: list[dict[str, Any]]

    @property
    def figures(self) -> list[Revision]:
        """The revised figures themselves."""
        return [each for each in self.revised if not each.of_footnote]

    @property
    def footnotes(self) -> list[Revision]:
        """The figures of which nothing but the footnote was revised."""
        return [each for each in self.revised if each.of_footnote]

    def steps_of(self, address: Address) -> list[Step]:
        """Return the steps in which a figure was revised."""
        return [step for step in self.steps if any(revision.address == address for revision in step.revised)]


def revisions(
    definition: Definition,
    before: Facts,
    after: Facts,
    columns: LogColumns,
    *,
    only: Collection[str] = (),
    recalculations: int = RECALCULATIONS,
    progress: Progress = lambda done: None,
) -> Revisions:
    """Return what was revised between the facts at two points of one log, which `columns` holds; the earlier first.

    Earlier is what was known earlier, then the earlier clinical day. `only` are tables, all where it is empty;
    `progress` is called with the number of recalculations done. Raises what the figures raise, where they do at one of
    the points.
    """
    if _order(after.at) < _order(before.at):
        before, after = after, before
    cohorts = [Cohort.of(definition, facts) for facts in (before, after)]
    first, last = (_by_address(cohort, only) for cohort in cohorts)
    members = [set(cohort.members) for cohort in cohorts]
    events = _events(before, after, members[0] | members[1])
    revised = list(_revised(first, last))

    def recalculated(position: int) -> ByAddress:
        facts = facts_at(columns, as_of=before.at.as_of, known_at=position, withdrawn=before.withdrawn)
        return _by_address(Cohort.of(definition, facts), only)

    way = _Way(recalculated, progress)
    way.known[before.at.position] = first
    if before.at.as_of == after.at.as_of:
        way.known[after.at.position] = last
    return Revisions(
        cohorts[0],
        cohorts[1],
        sorted(members[1] - members[0]),
        sorted(members[0] - members[1]),
        len(first.keys() | last.keys()),
        revised,
        _steps(way, before.at, (after.at, last), events, recalculations) if revised else [],
        events,
    )


class _Way:
    """The positions on the earlier point's clinical day, with the figures at each that was looked at."""

    def __init__(self, recalculated: Callable[[int], ByAddress], progress: Progress) -> None:
        self._recalculated, self._progress = recalculated, progress
        self.known: dict[int, ByAddress] = {}

    def figures(self, position: int) -> ByAddress:
        """Return the figures at a position; none where the definition cannot be answered there."""
        if position not in self.known:
            try:
                self.known[position] = self._recalculated(position)
            except (CohortError, UnknownCodeError):
                self.known[position] = {}
            self._progress(len(self.known))
        return self.known[position]

    def stretches(self, ends: list[int], recalculations: int) -> list[tuple[int, int]]:
        """Return the stretches between `ends` in which figures changed, halved as long as recalculations are left."""
        to_look_at, stretches = [(0, len(ends) - 1)], []
        while to_look_at:
            to_look_at.sort(key=lambda stretch: stretch[0] - stretch[1])
            low, high = to_look_at.pop(0)
            if self.figures(ends[low]) == self.figures(ends[high]):
                continue
            if high - low == 1 or len(self.known) >= recalculations:
                stretches.append((ends[low], ends[high]))
                continue
            middle = (low + high) // 2
            to_look_at += [(low, middle), (middle, high)]
        return sorted(stretches)


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
        steps.append(Step(low, high, within, list(_revised(way.figures(low), way.figures(high)))))
    if before.as_of != after.as_of:
        revised = list(_revised(way.figures(after.position), last))
        steps += [Step(after.position, after.position, [], revised)] if revised else []
    return steps


def _by_address(cohort: Cohort, only: Collection[str]) -> ByAddress:
    return {placed.address: placed.figure for placed in figures(cohort, only=only)}


def _revised(before: ByAddress, after: ByAddress) -> Iterator[Revision]:
    """Yield the figures that differ, in the order of the later tables; those that are gone come last."""
    for address in dict.fromkeys((*after, *before)):
        one, two = before.get(address), after.get(address)
        if one != two:
            yield Revision(address, one, two)


def _events(before: Facts, after: Facts, members: set[str]) -> list[dict[str, Any]]:
    """Return the events between two points about some patients, without their payloads."""
    events = recorded(after.log, after=before.at.position, until=after.at.position).drop_columns(["payload", "digest"])
    mine = pc.is_in(events["patient"].cast(pa.string()), value_set=pa.array(sorted(members), pa.string()))
    rows: list[dict[str, Any]] = events.filter(mine).to_pylist()
    return rows


def _order(at: PointInTime) -> tuple[int, bool, Any]:
    return at.position, at.as_of is None, at.as_of
