"""What is not the same at two positions of the log: rows of the tables of a feed, with what was done to their facts.

It is the net change. What was recorded and retracted again between the two is in neither, and `spondyl history` has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from projections.changes.change import Change
from projections.changes.compared import COMPARED
from projections.changes.of_patients import ChangesOfPatients
from projections.feed.happened import Happened, assigned, erasures, latest_events
from projections.feed.steps import PATIENTS_AT_ONCE, Sides, Step, ranges_of
from projections.known_at import head_at
from projections.log.log_columns import LogColumns
from projections.point_in_time import facts_at
from projections.stated.events import recorded_stretches
from registry.domain.days import instant
from registry.domain.events import stream_of
from registry.errors import UnknownCodeError, UnknownFactError

if TYPE_CHECKING:
    from projections.known_at import KnownAt
    from registry import Registry
    from registry.store.head import Head


class Place(NamedTuple):
    """A place on the recorded clock: a position of the log, and its instant; None for the beginning."""

    position: int
    recorded_at: datetime | None

    @classmethod
    def of(cls, head: Head) -> Place:
        """Return the place of the last event that was known."""
        return cls(head.position, None if head.recorded_at is None else instant(head.recorded_at))


class Places(NamedTuple):
    """Two places of one log, the earlier first, and whether they were named in the other order."""

    earlier: Place
    later: Place
    is_reversed: bool


class ChangesBetween:
    """What is not the same at two places of a log, from the earlier to the later, made whenever it is gone through.

    Some patients are held at a time, however many there are.
    """

    def __init__(self, step: Step, places: Places, tables: tuple[str, ...], patient: str | None) -> None:
        self.earlier, self.later, self.is_reversed = places
        self.tables = tables
        self._step, self._patient = step, patient

    @property
    def n_events(self) -> int:
        """The number of events between the two, whatever they are about."""
        return self.later.position - self.earlier.position

    @cached_property
    def n_erased(self) -> int:
        """The number of patients erased after the earlier place, up to now: at neither place is anything of them."""
        until = self._step.log.head().position
        erased = erasures(self._step.log, after=self.earlier.position, until=until).to_pylist()
        return len({each["stream"] for each in erased if not each["remains"]})

    @property
    def protocol_moved(self) -> bool:
        """Whether the protocol is another one, on which rows of everybody depend."""
        return self.n_events > 0 and self._happened.is_wide("patient and protocol")

    def parts(self) -> Iterator[ChangesOfPatients]:
        """Yield the changes of some patients at a time, in the order of pseudonyms."""
        return (ChangesOfPatients(self._step, sides, self.tables) for sides in self._sides())

    def __iter__(self) -> Iterator[Change]:
        """Yield every change by patient, table and key."""
        return (change for part in self.parts() for change in part)

    def counts(self) -> Counter[tuple[str, str]]:
        """Return how many rows there are by table and by what was done to their facts."""
        counted: Counter[tuple[str, str]] = Counter()
        for part in self.parts():
            counted += part.counts
        return counted

    def _sides(self) -> Iterator[Sides]:
        step = self._step
        if not self.n_events:
            return
        if self._patient is not None:
            yield self._sides_of([self._patient])
        elif not step.after or self.protocol_moved:
            columns = LogColumns.read(step.log, until=step.until)
            yield from (Sides.of(step, columns.of(patients)) for patients in ranges_of(columns))
        else:
            touched = self._touched()
            for first in range(0, len(touched), PATIENTS_AT_ONCE):
                yield self._sides_of(touched[first : first + PATIENTS_AT_ONCE])

    def _sides_of(self, patients: list[str]) -> Sides:
        streams = [*map(stream_of, patients)]
        return Sides.of(self._step, LogColumns.decoded(self._step.log, until=self._step.until, streams=streams))

    def _touched(self) -> list[str]:
        """Return the patients whose rows can have changed."""
        touched = set(self._happened.patients)
        if self._happened.is_wide("campaign"):
            touched |= assigned(self._step.log, until=self._step.until)
        return sorted(touched)

    @cached_property
    def _happened(self) -> Happened:
        stretches = recorded_stretches(self._step.log, after=self._step.after, until=self._step.until)
        return Happened(map(latest_events, stretches))


def changes_between(
    registry: Registry,
    known_at: KnownAt,
    versus: KnownAt = None,
    *,
    tables: Iterable[str] | None = None,
    patient: str | None = None,
    as_of: date | str | None = None,
    withdrawn: Literal["keep", "exclude"] = "keep",
) -> ChangesBetween:
    """Return what is not the same at two places on the recorded clock, by default from one to the end of the log.

    It is told from the earlier to the later, in whichever order they are given, on one clinical day `as_of` or on any.
    `tables` are by default all that are compared, as `COMPARED` has them; with `patient`, a pseudonym, only theirs.

    Raises as `facts_at` does, `UnknownCodeError` for a table that is not compared, and `UnknownFactError` for a patient
    of whom nothing is known at the later place.
    """
    chosen = _chosen(tables)
    heads = [(head_at(registry.log, place), place) for place in (known_at, versus)]
    is_reversed = heads[0][0].position > heads[1][0].position
    (earlier, _), (later, latest) = reversed(heads) if is_reversed else heads
    decoded = LogColumns.decoded(registry.log, until=later.position, streams=[stream_of(patient)] if patient else [])
    facts = facts_at(decoded, as_of=as_of, known_at=latest, withdrawn=withdrawn)
    if patient is not None and not facts.versions("patients").num_rows:
        raise UnknownFactError(f"patient {patient!r} at @{later.position:,}")
    step = Step(registry.log, earlier.position, later.position, withdrawn, facts.at.as_of)
    return ChangesBetween(step, Places(Place.of(earlier), Place.of(later), is_reversed), chosen, patient)


def _chosen(tables: Iterable[str] | None) -> tuple[str, ...]:
    asked = {*COMPARED} if tables is None else {*tables}
    for name in sorted(asked - {*COMPARED}):
        raise UnknownCodeError("table", name, COMPARED, what="table whose changes are found patient by patient")
    return tuple(name for name in COMPARED if name in asked)
