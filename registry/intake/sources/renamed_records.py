"""Records that have another name at the source than they had: refused, as each would be a second patient of a person.

A new patient is taken for one of whom this source spoke before, and of whom this delivery says nothing, where

- the enrolments say the same, under each column of `PERSON` of which both speak (the centre is none: a record often
  changes its name as it goes to another one),
- the new one has at least three of four days on which the source had visits of the other, where the delivery has any,
- and what they share are at least two different days or years, of the enrolment (but for what the mapping says of all
  alike, as a constant) and of visits.

Sex and HLA-B27 must not differ and are no evidence. What changed in the same breath as the name is not found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from registry.batch import PatientBatch
from registry.domain.events import Confirmation, Retraction, StatementEvent
from registry.domain.memories import Memories
from registry.errors import BatchRefusedError
from registry.intake.batch import Batch
from registry.intake.sources import toml_words as toml
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.table_rows import PATIENT
from registry.places import Place, Problem

PERSON: Final = ("sex", "hla_b27", "birth_year", "symptom_onset", "diagnosed_on", "enrolled_on", "consented_on")
NO_EVIDENCE: Final = frozenset({"sex", "hla_b27"})
TELLING_AT_LEAST: Final = 2  # different days and years that two patients share
MOVED_ONE_OF: Final = 4  # days of visits that the one had, at most, the other has not
NAMES_AT_ONCE: Final = 200  # patients of whom visits are loaded
NAMED_AT_MOST: Final = 100
UNSAID: Final = object()  # of a column of which a source never spoke
Person = tuple[object, ...]  # what a source says under each column of `PERSON`
Days = Mapping[str, frozenset[str]]  # of visits, by patient


class NewPatient(NamedTuple):
    """What the batch says of a patient of whom the registry knows nothing, and where."""

    said: Person
    place: Place


class Alike(NamedTuple):
    """New patients and such who are gone, whose enrolments say the same; `shared` are the days and years among that."""

    new: list[str]
    gone: list[str]
    shared: frozenset[str]


def refuse_renamed(patients: PatientBatch, batch: Batch, mapped: MappedSource, *, source: str) -> None:
    """Refuse new patients who are others of their source under another name, all in one message.

    Beside it stands what is wrong with rows by themselves; what rests on these patients is not judged. The log is gone
    through once, and only where there are new patients. Raises `BatchRefusedError`.
    """
    unseen = patients.unseen(_enrolled(batch)) - {*mapped.said.patient.new}
    gone = _gone(patients, batch, source=source) if unseen else {}
    new = dict(_new(batch, unseen)) if gone else {}
    alike = [*_alike(new, gone, constant=_constant(mapped))]
    now: Days = {}
    before: Days = {}
    if alike and "visits" in batch.files:
        now = _days_now(batch, {name for each in alike for name in each.new})
        before = _days_before(patients, {name for each in alike for name in each.gone}, source=source)
    found = {name: other for each in alike for name, other in _renamed(each, now, before)}
    if found:
        renamed = {name: found[name] for name in new if name in found}
        first = new[next(iter(renamed))].place
        raise BatchRefusedError([*batch.problems, Problem(first, _message(renamed, new, mapped))])


def _enrolled(batch: Batch) -> Iterator[str]:
    stated = batch.staging.execute("SELECT patient FROM facts WHERE kind = 'patient' AND patient IS NOT NULL")
    return (name for (name,) in stated)


def _new(batch: Batch, unseen: Collection[str]) -> Iterator[tuple[str, NewPatient]]:
    """Yield what the batch says of the patients under whose pseudonyms nothing was ever recorded."""
    for _, staged in batch.staging.facts("WHERE kind = 'patient' ORDER BY row"):
        name, said = str(staged.value(PATIENT)), staged.cells
        if name in unseen:
            place = Place(staged.file, staged.line, PATIENT)
            yield name, NewPatient(tuple(said.get(column, UNSAID) for column in PERSON), place)


def _gone(patients: PatientBatch, batch: Batch, *, source: str) -> dict[str, Person]:
    """Return what a source said last of the enrolments that stand and of whose patients the batch says nothing."""
    survivors = patients.survivors()
    there = {survivors.get(name, name) for name in batch.staging.pseudonyms()}
    gone: dict[str, Person] = {}
    for event in patients.enrolments():
        if event.patient in there or batch.unresolved.about_patient(event.patient):
            continue
        if isinstance(event, Retraction):
            gone.pop(event.patient, None)
        elif isinstance(event, StatementEvent | Confirmation) and event.origin and event.origin.source == source:
            before = gone.pop(event.patient, (UNSAID,) * len(PERSON))
            memories = Memories()
            memories.take(event)
            if (said := memories.of(event.fact).get(source)) is not None:
                now = (said.cell(column) if column in said.columns else UNSAID for column in PERSON)
                gone[event.patient] = tuple(old if new is UNSAID else new for old, new in zip(before, now, strict=True))
    return gone


def _alike(new: Mapping[str, NewPatient], gone: Mapping[str, Person], *, constant: Collection[str]) -> Iterator[Alike]:
    """Yield those whose enrolments say the same under each column of which both speak."""
    of_new = _by_columns((name, each.said) for name, each in new.items())
    of_gone = _by_columns(gone.items())
    for columns, some in of_new.items():
        for others, before in of_gone.items():
            both = sorted(columns & others)
            telling = [PERSON[column] not in NO_EVIDENCE and PERSON[column] not in constant for column in both]
            now, then = (_by_cells(each, both) for each in (some, before))
            for cells in [each for each in now if each in then]:
                shared = {str(cell) for cell, tells in zip(cells, telling, strict=True) if tells and cell is not None}
                yield Alike(now[cells], then[cells], frozenset(shared))


def _by_columns(people: Iterable[tuple[str, Person]]) -> dict[frozenset[int], list[tuple[str, Person]]]:
    """Return people by the columns of which their source spoke; there are few kinds of them."""
    found: defaultdict[frozenset[int], list[tuple[str, Person]]] = defaultdict(list)
    for name, said in people:
        found[frozenset(column for column, cell in enumerate(said) if cell is not UNSAID)].append((name, said))
    return found


def _by_cells(people: Iterable[tuple[str, Person]], columns: Collection[int]) -> dict[Person, list[str]]:
    found: defaultdict[Person, list[str]] = defaultdict(list)
    for name, said in people:
        found[tuple(said[column] for column in columns)].append(name)
    return found


def _renamed(alike: Alike, now: Days, before: Days) -> Iterator[tuple[str, str]]:
    """Yield the new patients who are others under another name, each with another one as far as that goes."""
    without_visits = [name for name in alike.gone if not before.get(name)]
    had: defaultdict[str, list[str]] = defaultdict(list)
    for name in alike.gone:
        for day in before.get(name, ()):
            had[day].append(name)
    taken: set[str] = set()
    for name in alike.new:
        days = now.get(name, frozenset())
        met = Counter(other for day in days for other in had.get(day, ()))
        found = [
            other for other, times in met.items()
            if (len(before[other]) - times) * MOVED_ONE_OF <= len(before[other])
            and len(alike.shared | (days & before[other])) >= TELLING_AT_LEAST
        ]  # fmt: skip
        if without_visits and len(alike.shared) >= TELLING_AT_LEAST:
            found.append(without_visits.pop() if len(without_visits) > 1 else without_visits[0])
        if found:
            other = next((each for each in found if each not in taken), found[0])
            taken.add(other)
            yield name, other


def _days_now(batch: Batch, names: Collection[str]) -> Days:
    """Return the days on which the batch has visits of some patients."""
    days: defaultdict[str, set[str]] = defaultdict(set)
    for _, staged in batch.staging.facts("WHERE kind = 'visit'"):
        if (name := str(staged.value(PATIENT))) in names:
            days[name].add(str(staged.value("visited_on")))
    return {name: frozenset(some) for name, some in days.items()}


def _days_before(patients: PatientBatch, names: Collection[str], *, source: str) -> Days:
    """Return the days on which a source had visits of some patients, as it said last."""
    days: dict[str, frozenset[str]] = {}
    asked = sorted(names)
    for first in range(0, len(asked), NAMES_AT_ONCE):
        for name, patient in patients.patients(asked[first : first + NAMES_AT_ONCE], ("visit",)).items():
            said = (patient.memories.of(fact).get(source) for fact in patient.memories if fact.startswith("visit/"))
            days[name] = frozenset(str(each.cell("visited_on")) for each in said if each is not None)
    return days


def _constant(mapped: MappedSource) -> set[str]:
    """Return the columns of an enrolment of which the mapping says the same of all."""
    cells = (cell for each in mapped.said.tables if each.to == "patients" for cell in each.cells.items())
    return {column for column, cell in cells if not cell.fields}


def _message(renamed: Mapping[str, str], new: Mapping[str, NewPatient], mapped: MappedSource) -> str:
    """Return what is refused, with the places of all but the first, and the lines that say who they are."""
    named = dict(islice(renamed.items(), NAMED_AT_MOST))
    (name, other), *more = named.items()
    told = [f"{name} says what {other} said before"]
    told += [f"{each} ({new[each].place.file}:{new[each].place.line}) what {old} said" for each, old in more]
    if len(renamed) > len(named):
        told.append(f"{len(renamed) - len(named):,} more like these")
    names = f"renamed = {toml.words(named)}"
    if mapped.said.patient.mapped is not None:
        names = f"the old pseudonym of each in {toml.key(mapped.said.patient.mapped)}"
    return (
        f"{', '.join(told)}, who {'is' if len(renamed) == 1 else 'are'} not in this delivery: another name would make "
        f"a second patient of one; where they are the same, write {names}; where not, new = {toml.array(named)}, "
        "under [patient]"
    )
