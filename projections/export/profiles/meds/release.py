"""One data set of MEDS of the work of an export: its events part by part, and the files beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowTable
from projections.export.dictionary import described_table
from projections.export.manifest import FORMAT, StatedProfile, as_json, registry_id
from projections.export.pieces import Piece
from projections.export.profiles.meds.codes import code_rows
from projections.export.profiles.meds.declared import DATA, MODIFIERS, OTHERS
from projections.export.profiles.meds.rows import rows_of
from projections.export.profiles.meds.stretches import SCHEMA
from projections.export.profiles.meds.subjects import NAME, part_of, splits, subject_ids
from projections.export.profiles.sorted_anew import PutAside

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.export.manifest import Choices
    from projections.export.pieces import Work
    from projections.export.profiles.release_key import ReleaseKey
    from projections.point_in_time import Facts

EDITION: Final = 1  # of what events come of the tables
MEDS_VERSION: Final = "0.4.1"  # of the format
CODES: Final = pa.schema(
    {"code": pa.string(), "description": pa.string(), "parent_codes": pa.list_(pa.string())}
)  # of the columns
SPLITS: Final = pa.schema(
    [pa.field("subject_id", pa.int64(), nullable=False), pa.field("split", pa.string(), nullable=False)]
)


class MedsRelease:
    """A data set: the table `data`, and beside it dataset.json, codes.parquet and subject_splits.parquet."""

    def __init__(self, key: ReleaseKey, choices: Choices, work: Work) -> None:
        self._key, self._choices, self._work = key, choices, work
        self.tables: dict[str, Table] = {DATA.name: DATA}
        self._subjects = subject_ids(key, work.facts.events_by_patient()["patient"].to_pylist())
        self._forget()

    def __len__(self) -> int:
        return len(self._work.ranges)

    def pieces(self) -> Iterator[Piece]:
        """Yield the rows by subject, time, position and code, in as many parts as there are ranges."""
        self._forget()
        n = len(self._work.ranges)
        if n == 1:
            yield _piece(0, self._rows(self._work.facts.among(self._work.ranges[0])))
            return
        aside = PutAside(n, part_of=part_of)
        for number, patients in enumerate(self._work.ranges):
            aside.put(number, [(DATA.name, self._rows(self._work.facts.among(patients)))])
        for part in range(n):
            yield _piece(part, aside.taken(DATA.name, part))

    def dictionary(self) -> dict[str, object]:
        """Return its dictionary."""
        return {"format": FORMAT, "tables": {DATA.name: described_table(DATA, self._work.facts)}}

    def files(self) -> Mapping[str, bytes]:
        """Return what MEDS wants beside the data; the codes and subjects are those of the pieces."""
        there = [row for row in splits(self._key, self._subjects) if row["subject_id"] in self._written]
        codes = code_rows(self._codes, self._work.facts.catalogue)
        return {
            "metadata/dataset.json": as_json(self._dataset()),
            "metadata/codes.parquet": _parquet(pa.Table.from_pylist(codes, CODES)),
            "metadata/subject_splits.parquet": _parquet(pa.Table.from_pylist(there, SPLITS)),
        }

    def stated(self) -> StatedProfile:
        """Return what the manifest says of it: how many subjects and codes, and how many codes have a parent."""
        rows = code_rows(self._codes, self._work.facts.catalogue)
        return StatedProfile(
            name=NAME,
            edition=EDITION,
            of=self._work.names,
            choices=self._choices,
            fingerprint=self._key.fingerprint,
            report={
                "subjects": len(self._written),
                "codes": len(rows),
                "codes_with_parents": sum(bool(row["parent_codes"]) for row in rows),
            },
        )

    def _forget(self) -> None:
        self._codes: set[str] = set()
        self._written: set[int] = set()

    def _rows(self, facts: Facts) -> ArrowTable:
        """Return the rows of one range, in any order, and keep in mind which codes and subjects there are."""
        found = rows_of(facts, self._work.names, available_at=self._choices.available_at)
        rows = pa.concat_tables([SCHEMA.empty_table(), *found])
        distinct = rows["patient"].dictionary_encode().combine_chunks()
        names = distinct.dictionary if len(distinct) else pa.array([], pa.string())
        numbers = [self._subjects[patient] for patient in names.to_pylist()]
        self._written.update(numbers)
        self._codes.update(pc.unique(rows["code"]).to_pylist())
        subjects = pa.array(numbers, pa.int64()).take(distinct.indices) if len(distinct) else pa.array([], pa.int64())
        return DATA.of({"subject_id": subjects, **{name: rows[name] for name in rows.column_names}})

    def _dataset(self) -> dict[str, Any]:
        at, facts = self._work.facts.at, self._work.facts
        protocol = facts.catalogue.protocol
        as_of = "" if at.as_of is None else f", as of {at.as_of}"
        return {
            "dataset_name": protocol.title if protocol else f"spondyl {registry_id(facts.log, at.position)}",
            "dataset_version": f"@{at.position}{as_of}",
            "etl_name": f"spondyl export --profile {NAME}",
            "etl_version": str(EDITION),
            "meds_version": MEDS_VERSION,
            "code_modifier_columns": MODIFIERS,
            "other_extension_columns": OTHERS,
        }


def _piece(number: int, rows: ArrowTable) -> Piece:
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending", "at_start") for name in DATA.order])
    return Piece(DATA.name, number, [DATA.of(rows.take(order))] if rows.num_rows else None)


def _parquet(rows: ArrowTable) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())
