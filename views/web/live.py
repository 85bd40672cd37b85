"""The registry that is shown: opened to be read only, in columns that are kept and grow with the log.

At every request the end of the log is asked for, and that it still is the log that was read. What happened since is
read then, so that it is seen at once. What was computed of a point in time is kept, as it never changes; but as soon as
somebody is erased, or withdraws consent, nothing that was computed before is shown any more. Of whoever has withdrawn
by now nothing is shown at any point in time, under any name (`withheld`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTimeError
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple, TypeVar

import pyarrow as pa

from projections import LogColumns, facts_at, facts_of
from projections.log.extended_columns import extended
from projections.point_in_time import Facts
from registry import Registry
from registry.audit.told_part import Part
from registry.catalogue.catalogue import Catalogue
from registry.domain.stream_events import ERASURES
from registry.protocol.adopted import catalogue_at
from registry.store.head import Head
from views.served.same_registry import SameRegistry
from views.web.memory import give_back
from views.web.withheld import Withheld

KEPT_AT_MOST: Final = 40  # of what was computed
LARGE_AT_MOST: Final = 4  # of that, what takes long to make and much room: cohorts, warnings
MINIMUM: Final = 5  # patients
EXCLUDE: Final = "exclude"
Made = TypeVar("Made")


class NotYetError(Exception):
    """What was asked for is being computed, and will be there in a while."""


class WithdrawnError(Exception):
    """Somebody has withdrawn consent, and nothing of them is shown."""


class Point(NamedTuple):
    """A point in time as every address names it: a day, and a position of the log."""

    as_of: date
    position: int


class Live:
    """The registry at a path or a URL, with the folder in which definitions of `cohorts` lie.

    Numbers of fewer patients than `minimum` are hidden in cohorts. `patience` is how long, in s, a request waits for
    all that is computed for it.
    """

    def __init__(
        self, place: str, *, cohorts: Path | None = None, minimum: int = MINIMUM, patience: float = 0.35
    ) -> None:
        self.cohorts, self.minimum, self.patience = cohorts, minimum, patience
        self.registry = Registry.open_to_read(place)
        self.log = self.registry.log
        self._same = SameRegistry(self.log)
        self._columns = LogColumns.read(self.log, to_grow=True)
        self._withheld = self._without_consent()
        self._kept: OrderedDict[tuple[object, ...], Future[Any]] = OrderedDict()
        self._lock = RLock()
        give_back()
        self._quick, self._long = (ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("quick", "long"))

    def close(self) -> None:
        """Let go of the database and of all that was computed."""
        for worker in (self._quick, self._long):
            worker.shutdown(wait=True, cancel_futures=True)
        self.registry.close()

    def head(self) -> Head:
        """Return the present end of the log, once all up to it was read. Raises `RegistryChangedError`."""
        with self._lock:
            before = self._columns.head
            self._same.check(before)
            if self.log.head().position != before.position:
                self._grow(before)
            return self._columns.head

    def facts(self, point: Point) -> Facts:
        """Return the facts of everybody at a point in time, anew: what they keep goes with them.

        Raises `UnknownPointError`.
        """
        with self._lock:
            made = facts_at(self._columns, as_of=point.as_of, known_at=point.position, withdrawn=EXCLUDE)
            return self._shown(made, point)

    def facts_of(self, patient: str, point: Point) -> Facts:
        """Return the facts of one patient. Raises `WithdrawnError` for who is not shown, `UnknownPointError`."""
        self.check_shown(patient, point.position)
        made = facts_of(self.registry, patient, as_of=point.as_of, known_at=point.position, withdrawn=EXCLUDE)
        return self._shown(made, point)

    def catalogue_at(self, position: int) -> Catalogue:
        """Return what could be recorded at a position of the log, and in which words."""
        return catalogue_at(self.log, position)

    @property
    def withheld(self) -> Withheld:
        """Who is not shown."""
        return self._withheld

    def check_shown(self, patient: str, position: int) -> None:
        """Raise `WithdrawnError` where nothing is shown of a pseudonym at a position of the log."""
        if patient in self._withheld.at(position):
            raise WithdrawnError

    def owner(self, reference: str, position: int) -> str:
        """Return the pseudonym of the patient to whom a reference belonged at a position of the log.

        Raises `WithdrawnError` where nothing is shown of them, or of who has it now, `UnknownStudyError` or
        `UnknownFactError` where nobody had it by then.
        """
        self.check_shown(self.registry.owner(reference), position)
        owner = self.registry.owner(reference, until=position)
        self.check_shown(owner, position)
        return owner

    def told_part(self, until: int | None) -> Part:
        """Return the log up to a position, None for its end, but for what is not shown."""
        return Part(until=until, is_told=self._withheld.shows)

    def made(
        self,
        name: str,
        point: Point,
        make: Callable[[Facts], Made],
        *,
        patience: float | None = None,
        is_large: bool = False,
    ) -> Made:
        """Return what is made of the facts at a point in time, kept by its name.

        Who has no `patience`, in s, waits for it. What `is_large` is made one at a time, beside the rest, and few of it
        are kept. Raises `NotYetError` where it takes longer.
        """
        key = (is_large, name, point)
        with self._lock:
            future: Future[Made] | None = self._kept.get(key)
            if future is None:
                worker = self._long if is_large else self._quick
                future = self._kept[key] = worker.submit(self._computed, point, make)
            self._kept.move_to_end(key)
            self._let_go()
        try:
            return future.result(patience)
        except NotInTimeError:
            raise NotYetError(name) from None
        except Exception:
            self._kept.pop(key, None)
            raise

    def _let_go(self) -> None:
        """Let go of what was asked for longest ago, where more is kept than there is room for."""
        large = [key for key in self._kept if key[0]]
        for key in large[: max(len(large) - LARGE_AT_MOST, 0)]:
            del self._kept[key]
        while len(self._kept) > KEPT_AT_MOST:
            self._kept.popitem(last=False)

    def _computed(self, point: Point, make: Callable[[Facts], Made]) -> Made:
        """Return what is made of everybody's facts, and give back the memory that it took."""
        try:
            return make(self.facts(point))
        finally:
            give_back()

    def _grow(self, before: Head) -> None:
        was_erased = any(self.log.positions_of(topic, after=before.position) for topic in ERASURES)
        self._columns = extended(self._columns, self.log)
        withheld = self._without_consent()
        if was_erased or withheld != self._withheld:
            self._kept.clear()
        self._withheld = withheld

    def _without_consent(self) -> Withheld:
        return Withheld.of(self.log, facts_at(self._columns).without_consent.to_pylist())

    def _shown(self, facts: Facts, point: Point) -> Facts:
        """Return the facts but those of whoever is not shown."""
        return facts.without(pa.array(sorted(self._withheld.at(point.position)), pa.string()))
