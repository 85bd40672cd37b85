"""A law of merges: whatever happened to two patients, one and two again, they are what a slow oracle says, at any time.

The oracle keeps visits as objects in lists and what a source said of each, under which name; it knows no event, no
reference and no stream.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from projections import facts_at, project
from registry import BatchRefusedError, MergeRefusedError, Registry, import_batch
from registry.domain.statements import Visit

OLD, SURVIVOR = "P-2", "P-1"
DAYS = [f"2020-0{month}-01" for month in range(1, 6)]
Row = tuple[str, str, str]  # under which name, on which day, with which CRP


class RefusedByOracleError(Exception):
    """What was asked cannot be."""


@dataclass(eq=False)
class Seen:
    """A visit: CRP, None where it was withdrawn; what the source said of it last under each name."""

    owner: str
    day: str
    crp: str | None
    said: dict[str, str] = field(default_factory=dict)
    came: bool = False  # under the merged name
    moved: bool = False  # by the merge itself
    was: Seen | None = None  # what a visit of both is under the merged name


class Oracle:
    """Two patients, of whom one may be a name of the other."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.set_aside: list[Seen] = []  # visits under the merged name that both have, or that were withdrawn
        self.is_merged = False

    def standing(self, name: str) -> list[tuple[str, str]]:
        return sorted((each.day, each.crp) for each in self.seen if each.owner == name and each.crp is not None)

    def at(self, name: str, day: str) -> list[Seen]:
        return [each for each in self.seen if (each.owner, each.day) == (name, day) and each.crp is not None]

    def record(self, name: str, day: str, crp: str) -> None:
        self.seen.append(Seen(name, day, crp))

    def merge(self) -> None:
        moving = [each for each in self.seen if each.owner == OLD and each.crp is not None]
        for each in moving:
            others = self.at(SURVIVOR, each.day)
            if others and each.crp not in {other.crp for other in others}:
                raise RefusedByOracleError
        remembered = {each.day for each in self.seen if each.owner == SURVIVOR and SURVIVOR in each.said}
        for each in [each for each in self.seen if each.owner == OLD]:
            alike = [other for other in self.at(SURVIVOR, each.day) if each.crp == other.crp and not other.came]
            if each.crp is None or alike:
                self.seen.remove(each)
                self.set_aside.append(each)
                each.was = alike[0] if each.crp is not None else None
            else:
                each.owner, each.came, each.moved = SURVIVOR, True, True
                if OLD in each.said and each.day not in remembered:
                    each.said[SURVIVOR] = each.said.pop(OLD)
        self.is_merged = True

    def unmerge(self) -> None:
        for each in [each for each in self.seen if each.came]:
            each.owner, each.came, each.moved = OLD, False, False
            if SURVIVOR in each.said:
                each.said[OLD] = each.said.pop(SURVIVOR)
        for each in self.set_aside:
            each.crp = None if each.was is None else each.was.crp
            each.was = None
        self.seen += self.set_aside
        self.set_aside = []
        self.is_merged = False

    def deliver(self, rows: list[Row]) -> None:
        remembered: list[tuple[Seen, str]] = []
        todo: dict[str, tuple[str, bool]] = {}  # what is the survivor's, by day, and whether under the merged name only
        for name, day, crp in sorted(rows, key=lambda row: row[0] == OLD):
            if not self.is_merged:
                self._apply(name, day, crp)
            elif name == OLD and (each := self._remembered(day, crp)):
                remembered.append((each, crp))
            elif todo.setdefault(day, (crp, name == OLD))[0] != crp:
                raise RefusedByOracleError
        changed = [self._apply(SURVIVOR, day, crp, under=under) for day, (crp, under) in todo.items()]
        for each, crp in remembered:
            if each.said[OLD] == crp:
                continue
            each.said[OLD] = crp
            stands = each.was if each in self.set_aside else each
            if stands is not None and stands.crp is not None and stands.crp != crp:
                if stands in changed:
                    raise RefusedByOracleError
                stands.crp = crp

    def _remembered(self, day: str, crp: str) -> Seen | None:
        """Return what the source said on a day under the merged name; forget it where it was withdrawn and changes."""
        for each in [*self.set_aside, *self.seen]:
            if each.day == day and OLD in each.said:
                stands = each.was if each in self.set_aside else each
                if crp != each.said[OLD] and (stands is None or stands.crp is None):
                    del each.said[OLD]
                    return None
                return each
        return None

    def _apply(self, name: str, day: str, crp: str, *, under: bool = False) -> Seen | None:
        """Apply a row of a patient's; return the visit where that changed it."""
        known = [each for each in self.seen if (each.owner, each.day) == (name, day) and name in each.said]
        standing = self.at(name, day)
        if not known and len(standing) > 1:
            raise RefusedByOracleError
        if not known and not standing:
            self.seen.append(Seen(name, day, crp, {name: crp}, came=under))
            return self.seen[-1]
        [each] = known or standing
        before = each.said.get(name, each.crp)
        each.said[name] = crp
        if crp == before:
            return None
        was, each.crp = each.crp, crp
        if was is None and each.came and not under:  # stated anew under the patient's own name: it is of both
            each.came = False
            if each.moved:
                self.set_aside.append(Seen(OLD, day, None, was=each))
        return each if was != crp else None


class Undertaking:
    """The same done to a registry and to the oracle."""

    def __init__(self, registry: Registry, folder: Path, random: Random) -> None:
        self.registry, self.folder, self.random = registry, folder, random
        self.oracle = Oracle()
        self.told: list[tuple[int, dict[str, list[tuple[str, str]]]]] = []

    def step(self) -> None:
        verbs = (self.record, self.amend, self.retract, self.deliver, self.deliver, self.turn)
        self.random.choice(verbs)()
        self.told.append((self.registry.head.position, {name: self.oracle.standing(name) for name in (OLD, SURVIVOR)}))

    def record(self) -> None:
        name, day, crp = self._row()
        if not any((each.owner, each.day) == (name, day) for each in [*self.oracle.seen, *self.oracle.set_aside]):
            note(f"record {name} {day} {crp}")
            self.registry.record_visit(name, visited_on=day, measures={"crp": crp})
            self.oracle.record(name, day, crp)

    def amend(self) -> None:
        for reference, seen in self._only_one():
            crp = self._value()
            note(f"amend {reference} to {crp}")
            self.registry.amend(reference, {"crp": crp}, reason="misread")
            seen.crp = crp

    def retract(self) -> None:
        for reference, seen in self._only_one():
            note(f"retract {reference}")
            self.registry.retract(reference, reason="never took place")
            seen.crp = None

    def deliver(self) -> None:
        rows = {(name, day): crp for name, day, crp in (self._row(any_name=True) for _ in range(5))}
        batch = [(name, day, crp) for (name, day), crp in rows.items()]
        note(f"deliver {batch}")
        (self.folder / "visits.csv").write_text(
            "\n".join(["patient,visited_on,crp", *map(",".join, batch)]) + "\n", "utf-8"
        )
        self._both(lambda: import_batch(self.registry, self.folder), lambda: self.oracle.deliver(batch))

    def turn(self) -> None:
        note("unmerge" if self.oracle.is_merged else "merge")
        if self.oracle.is_merged:
            self.registry.unmerge_patients(OLD, reason="two persons")
            self.oracle.unmerge()
        else:
            self._both(lambda: self.registry.merge_patients(OLD, into=SURVIVOR, reason="one person"), self.oracle.merge)

    def _both(self, ours: Callable[[], object], theirs: Callable[[], None]) -> None:
        """Do something in both, or let both refuse it, and leave all as it was."""
        before = deepcopy(self.oracle)
        try:
            theirs()
        except RefusedByOracleError:
            note("refused")
            self.oracle = before
            head = self.registry.head
            with pytest.raises((BatchRefusedError, MergeRefusedError)):
                ours()
            assert self.registry.head == head
        else:
            ours()

    def _row(self, *, any_name: bool = False) -> Row:
        names = [SURVIVOR] if self.oracle.is_merged and not any_name else [OLD, SURVIVOR]
        return self.random.choice(names), self.random.choice(DAYS), self._value()

    def _value(self) -> str:
        return self.random.choice(["5", "6", "7"])

    def _only_one(self) -> Iterator[tuple[str, Seen]]:
        """Yield a visit by its reference, where only one stands on the day that is drawn."""
        name, day, _ = self._row()
        facts = self.registry.patient_batch.patients([name])[name].facts.items()
        found = [fact for fact, said in facts if isinstance(said, Visit) and said.visited_on.isoformat() == day]
        seen = self.oracle.at(name, day)
        assert len(found) == len(seen)
        if len(found) == 1:
            yield found[0], seen[0]


@given(seed=st.integers(0, 2**32 - 1), steps=st.integers(3, 25))
@settings(max_examples=60)
def test_two_patients_are_at_any_time_what_the_oracle_says(empty: Path, seed: int, steps: int) -> None:
    with TemporaryDirectory() as folder:
        place = str(shutil.copy(empty, Path(folder) / "registry.db"))
        with Registry.open(place, actor="tester") as registry:
            for name in (OLD, SURVIVOR):
                registry.enrol_patient(name, enrolled_on="2020-01-01")
            (Path(folder) / "rows").mkdir()
            undertaking = Undertaking(registry, Path(folder) / "rows", Random(seed))
            for _ in range(steps):
                undertaking.step()
            for position, told in undertaking.told:
                assert visits(registry, position) == told
            assert registry.verify().is_whole


@pytest.fixture(scope="module")
def empty(sqlite_template: Path) -> Path:
    """An empty registry, to be copied."""
    return sqlite_template


def visits(registry: Registry, position: int) -> dict[str, list[tuple[str, str]]]:
    """The visits of both that stand at a position: day and CRP."""
    rows = project("measures", facts_at(registry, known_at=position)).to_pylist()
    found: dict[str, list[tuple[str, str]]] = {OLD: [], SURVIVOR: []}
    for row in rows:
        found[row["patient"]].append((row["visited_on"].isoformat(), row["captured_value"]))
    return {name: sorted(seen) for name, seen in found.items()}
