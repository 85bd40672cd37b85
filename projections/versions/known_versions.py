"""From which position of the log until which each version of a fact was the current one, and what its event says.

A version is the current one at a position p exactly while `_known_from_position` ≤ p < `_known_to_position`, or has no
`_known_to_position`. What superseded it is a new version of the fact, or its retraction; what comes after the point in
time has not happened. Days are data here: `as_of` leaves nothing out and masks nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.tables import Column, number, refers, text, word
from projections.log.layouts import LAYOUTS
from projections.stated.events import noted
from registry.domain.events import stream_of

if TYPE_CHECKING:
    from projections.point_in_time import Facts

FROM, TO = "_known_from_position", "_known_to_position"
INSTANT: Final = "timestamp[us, UTC]"
SPAN: Final = (
    number(FROM, "position of the event from which on this was the current version", type_="int64"),
    number(
        TO,
        "position of the event that ended that: a later version, or the retraction; null while it is the current one",
        type_="int64",
    ),
    Column("_known_from", INSTANT, "instant at which the registry learnt of it"),
    Column("_known_to", INSTANT, "instant at which the registry learnt that it is otherwise, null with the position"),
)
NEVER_NULL: Final = f"{FROM} _known_from"
OF_EVENTS: Final = (refers(FROM, "events", "position"), refers(TO, "events", "position"))


def notes_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns that say what the event of a version says beside it."""
    return (
        word("event", "what happened", *LAYOUTS[kind].statement_names),
        text("reason", "why, for amendments"),
        word("actor", "who recorded it"),
        text("source", "whence, as visits.csv:17"),
    )


class KnownVersions:
    """The versions of the facts of some patients that were recorded up to a point in time.

    Left out are those under the pseudonyms `excluded`, an Arrow array.
    """

    def __init__(self, facts: Facts, excluded: ArrowArray) -> None:
        self.facts = facts
        self._excluded = excluded

    def of(self, kind: str) -> ArrowTable:
        """Return the versions of one kind, by patient and position, as the log's columns have them."""
        return self.included(self.facts.versions(kind))

    def measured(self) -> ArrowTable:
        """Return the versions of visits as `of` does, with what was measured at each in `measures`."""
        return self.included(self.facts.versions("visits").append_column("measures", self.facts.measures_of_versions))

    def included(self, rows: ArrowTable) -> ArrowTable:
        """Return rows without those of patients who are left out."""
        if not len(self._excluded):
            return rows
        return rows.filter(pc.invert(pc.is_in(rows["patient"].cast(pa.string()), value_set=self._excluded)))

    def spans(self, versions: ArrowTable) -> dict[str, ArrowArray]:
        """Return from when until when each version was the current one, by column."""
        ended = versions["superseded_by"]
        ended = pc.if_else(pc.less_equal(ended, self.facts.at.position), ended, None)
        return {
            FROM: versions["position"],
            TO: ended,
            "_known_from": versions["recorded_at"],
            "_known_to": self._said_at(ended)["recorded_at"],
        }

    def notes(self, versions: ArrowTable) -> dict[str, ArrowArray]:
        """Return what the event of each version says beside it, by column."""
        said = self._said_at(versions["position"])
        return {name: said[name] for name in ("event", "reason", "actor", "source")}

    def _said_at(self, positions: ArrowArray) -> ArrowTable:
        return self._notes.take(pc.index_in(positions, value_set=self._notes["position"]))

    @cached_property
    def _notes(self) -> ArrowTable:
        """What all events of these patients say beside their statements."""
        patients = {name for kind in LAYOUTS for name in self.of(kind)["patient"].unique().to_pylist()}
        streams = [stream_of(name) for name in sorted(patients)]
        return noted(self.facts.log, until=self.facts.at.position, streams=streams).combine_chunks()
