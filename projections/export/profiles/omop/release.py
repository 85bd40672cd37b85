"""One data set of OMOP of the work of an export: its tables, range of patients by range, and then what is of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from projections.columns.tables import tabled
from projections.export.dictionary import described_table
from projections.export.manifest import FORMAT, StatedProfile, registry_id
from projections.export.pieces import Piece
from projections.export.profiles.omop.concepts import CDM_5_4, concept_rows, vocabulary_rows
from projections.export.profiles.omop.counts import Counts
from projections.export.profiles.omop.declared import CDM, LENGTHS
from projections.export.profiles.omop.filled import NAME
from projections.export.profiles.omop.rows import MADE, RowsOfPersons

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.columns.tables import Table
    from projections.export.manifest import Choices
    from projections.export.pieces import Work

EDITION: Final = 1  # of what rows come of the tables, and of the standard codes
VERSION: Final = "5.4"
NOBODY_SAID: Final = "not told"


class OmopRelease:
    """A data set: the tables of the model, and the report of its concepts."""

    def __init__(self, choices: Choices, work: Work) -> None:
        self._choices, self._work = choices, work
        self.tables: dict[str, Table] = dict(CDM)
        self._counts = Counts()

    def __len__(self) -> int:
        return len(MADE) * len(self._work.ranges) + len(CDM) - len(MADE)

    def pieces(self) -> Iterator[Piece]:
        """Yield the rows of every range, then care sites, the source and the vocabulary."""
        self._counts = Counts()
        sites: dict[str, int] = {}
        for number, patients in enumerate(self._work.ranges):
            facts = self._work.facts.among(patients)
            made = RowsOfPersons(facts, self._work.names, sites, self._counts).tables()
            yield from (_piece(name, number, rows) for name, rows in made.items())
        for name, rows in self._of_all(sites).items():
            yield _piece(name, 0, tabled(CDM[name], (_whole(name, row) for row in rows)))

    def dictionary(self) -> dict[str, object]:
        """Return its dictionary."""
        tables = {name: described_table(table, self._work.facts) for name, table in CDM.items()}
        return {"format": FORMAT, "tables": tables}

    def files(self) -> Mapping[str, bytes]:
        """Return none: it has no files beside its tables."""
        return {}

    def stated(self) -> StatedProfile:
        """Return what the manifest says of it."""
        return StatedProfile(
            name=NAME,
            edition=EDITION,
            of=self._work.names,
            choices=self._choices,
            report=self._counts.report,
        )

    def _of_all(self, sites: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
        concepts = concept_rows(self._counts.concepts)
        of_sites = [
            {"care_site_id": number, "care_site_name": centre, "care_site_source_value": centre}
            for centre, number in sites.items()
        ]
        return {
            "care_site": of_sites,
            "cdm_source": [self._source()],
            "concept": concepts,
            **vocabulary_rows(concepts),
        }

    def _source(self) -> dict[str, Any]:
        facts = self._work.facts
        at, protocol = facts.at, facts.catalogue.protocol
        as_of = "" if at.as_of is None else f", as of {at.as_of}"
        return {
            "cdm_source_name": protocol.title if protocol else f"spondyl {registry_id(facts.log, at.position)}",
            "cdm_source_abbreviation": protocol.protocol if protocol else "spondyl",
            "cdm_holder": NOBODY_SAID,
            "source_description": f"spondyl export --profile {NAME}, known at @{at.position}{as_of}",
            "source_release_date": facts.today,
            "cdm_release_date": facts.today,
            "cdm_version": VERSION,
            "cdm_version_concept_id": CDM_5_4,
            "vocabulary_version": NOBODY_SAID,
        }


def _whole(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with every column of its table, texts no longer than allowed."""
    return {column.name: _short(row.get(column.name), LENGTHS[name].get(column.name)) for column in CDM[name].columns}


def _short(value: Any, limit: int | None) -> Any:
    return value[:limit] if isinstance(value, str) else value


def _piece(name: str, number: int, rows: ArrowTable) -> Piece:
    return Piece(name, number, [rows] if rows.num_rows else None)
