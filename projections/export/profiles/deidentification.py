"""One de-identified release of the work of an export: what is counted over all patients first, and then its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.export.manifest import StatedProfile
from projections.export.pieces import Piece
from projections.export.profiles.groups import quasi_identifiers, report
from projections.export.profiles.rare_words import Column, Words, counted, summed
from projections.export.profiles.released_columns import OLDEST, Choice, released_rows, released_table
from projections.export.profiles.released_dictionary import released_dictionary
from projections.export.profiles.sorted_anew import PutAside, sorted_rows
from projections.stated.patients import PATIENTS
from projections.tables import project

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.export.manifest import Choices
    from projections.export.pieces import Work
    from projections.export.profiles.release_key import ReleaseKey
    from projections.point_in_time import Facts

NAME: Final = "deidentified"
EDITION: Final = 1  # of what becomes of the columns
RARE: Final = 5  # patients: a word of an open list that fewer have is hidden
CODES: Final = (("treatments", "agent"), ("treatments", "product"), ("conditions", "condition"))
OF_METHODS: Final = ("lesion_courses", "location")  # the words of methods, beside those of verdicts
MEASURES: Final = "measures"


class Deidentification:
    """A release: its tables, the report of its groups, and its rows."""

    def __init__(self, key: ReleaseKey, choices: Choices, work: Work) -> None:
        self._key = key
        self._work = work
        self._choices = choices
        self._at_least = max(RARE, choices.minimum or 0)
        self.tables: dict[str, Table] = {
            name: released_table(table, choices.without, band=choices.band) for name, table in work.tables.items()
        }
        catalogue, born_from = work.facts.catalogue, work.facts.today.year - OLDEST
        choice = Choice(key, choices.band, born_from, {}, catalogue)
        self._words, self._patients = self._counted(choice)
        frequent = {column: self._words.frequent(column, at_least=self._at_least) for column in self._open}
        if OF_METHODS in frequent:
            places = (location.name for method in catalogue.methods.values() for location in method.locations)
            frequent[OF_METHODS].update(places)
        self._choice = choice._replace(frequent=frequent)

    def __len__(self) -> int:
        return len(self.tables) * len(self._work.ranges)

    @cached_property
    def report(self) -> dict[str, Any]:
        """How small the groups of patients are, and how many words few of them have: hidden ones, codes that stay."""
        quasi = quasi_identifiers(self.tables[PATIENTS.name]) if PATIENTS.name in self.tables else ()
        return {
            **report(self._patients, quasi),
            "words_of_at_least": self._at_least,
            "hidden_words": self._n_rare(self._open),
            "rare_codes": self._n_rare(CODES),
        }

    def pieces(self) -> Iterator[Piece]:
        """Yield the tables, each in the order of the new pseudonyms, in as many parts as there are ranges."""
        n = len(self._work.ranges)
        if n == 1:
            facts = self._work.facts.among(self._work.ranges[0])
            yield from (self._piece(name, 0, self._released(name, facts)) for name in self.tables)
            return
        aside = PutAside(n)
        for number, patients in enumerate(self._work.ranges):
            facts = self._work.facts.among(patients)
            aside.put(number, ((name, self._released(name, facts)) for name in self.tables))
        for name in self.tables if n else ():
            for part in range(n):
                yield self._piece(name, part, aside.taken(name, part))

    def dictionary(self) -> dict[str, object]:
        """Return its dictionary."""
        return released_dictionary(self.tables, self._work.facts, self._key)

    def files(self) -> Mapping[str, bytes]:
        """Return none: it has no files beside its tables."""
        return {}

    def stated(self) -> StatedProfile:
        """Return what the manifest says of it."""
        return StatedProfile(
            name=NAME,
            edition=EDITION,
            of=tuple(self.tables),
            choices=self._choices,
            fingerprint=self._key.fingerprint,
            report=self.report,
        )

    @property
    def _open(self) -> tuple[Column, ...]:
        return tuple(
            (name, column.name)
            for name, table in self.tables.items()
            for column in table.columns
            if column.sensitivity == "open"
        )

    def _counted(self, choice: Choice) -> tuple[Words, ArrowTable]:
        """Return the words of all patients, and the patients as they are released."""
        columns = (*self._open, *(column for column in CODES if column[0] in self.tables))
        ranges, patients = [], [self._empty_patients()]
        for each in self._work.ranges:
            facts = self._work.facts.among(each)
            ranges.append(counted(facts, columns))
            patients.append(self._of_patients(facts, choice))
        return summed(ranges, columns), pa.concat_tables(patients).unify_dictionaries()

    def _empty_patients(self) -> ArrowTable:
        return self.tables.get(PATIENTS.name, PATIENTS).schema.empty_table()

    def _of_patients(self, facts: Facts, choice: Choice) -> ArrowTable:
        released = self.tables.get(PATIENTS.name, PATIENTS)
        return released_rows(project(PATIENTS.name, facts), PATIENTS, released, choice)

    def _released(self, name: str, facts: Facts) -> ArrowTable:
        rows, exported = project(name, facts), self._work.tables[name]
        if name == MEASURES and self._choices.without:
            rows = _without(rows, self._choices.without)
        return released_rows(rows, exported, self.tables[name], self._choice)

    def _piece(self, name: str, number: int, rows: ArrowTable) -> Piece:
        return Piece(name, number, [sorted_rows(rows, self.tables[name])] if rows.num_rows else None)

    def _n_rare(self, columns: Collection[Column]) -> Mapping[str, int]:
        return self._words.n_rare(columns, below=self._at_least)


def _without(measured: ArrowTable, names: Collection[str]) -> ArrowTable:
    """Return the values of measures without those of some."""
    return measured.filter(pc.invert(pc.is_in(measured["measure"].cast(pa.string()), pa.array([*names], pa.string()))))
