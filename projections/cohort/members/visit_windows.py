"""Which of several visits, studies or readings stands for a patient at a time point.

What lies in a time point's window (both days inclusive, days after the anchor) is put in the order in which it is
preferred; the first for which something is known is chosen, or, for a criterion, the first of those at which most of
its inputs are known. Of two equally near the earlier comes first, then the one with the smaller reference, so that the
choice never depends on how the log was written. At a baseline what lies on or before day 0 precedes all that comes
after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from projections.clinical.judged_visits import with_most
from projections.cohort.definition.definition import TimePoint
from projections.cohort.members.members import Members
from projections.columns.coded import Coded, Rows, Truth, changes
from projections.columns.partial_days import FOREVER, Days
from registry.spelling import label_key

NONE = -1
AFTER_ALL = 1 << 32  # more than any preference: two days apart can be less


class Dated(NamedTuple):
    """What is dated and may stand for a member: whose it is (row of the members), its row and its day.

    Rows are in the order of their references. `label` is the label of each visit, by its row, where there are labels.
    """

    member: Rows
    row: Rows
    day: Days
    label: Coded | None = None

    @classmethod
    def of(cls, members: Members, patient: Coded, day: Days, label: Coded | None = None) -> Self:
        """Return rows of patients with their days, each for every member of its patient whose time it lies in."""
        member, row = members.rows_of(patient)
        within = day[row] <= members.until[member]
        member, row = member[within], row[within]
        return cls(member, row, day[row], label)

    def where(self, counts: Truth) -> Self:
        """Return those of the rows that count."""
        kept = counts[self.row]
        return self._replace(member=self.member[kept], row=self.row[kept], day=self.day[kept])


class Candidates(NamedTuple):
    """What may stand for a member at a time point: `member`, `place` of the time point, `row`.

    They are in the order of members and time points, and then the preferred first.
    """

    member: Rows
    place: Rows
    row: Rows
    n_members: int
    n_places: int

    @classmethod
    def of(cls, dated: Dated, time_points: Sequence[TimePoint], anchors: Sequence[Days]) -> Candidates:
        """Return the candidates of all time points; `anchors` has each time point's day 0 of every member."""
        member, place, row, preference = [], [], [], []
        for at, (point, anchor) in enumerate(zip(time_points, anchors)):
            since = dated.day - anchor[dated.member]
            there = (since >= point.first) & (since <= point.last) & (anchor[dated.member] != FOREVER)
            places = np.flatnonzero(there & _labelled(dated, point.visit))
            since = since[places]
            preferred = {"nearest": np.abs(since - point.day) * 2 + (since > point.day), "first": since, "last": -since}
            member.append(dated.member[places])
            place.append(np.full(len(places), at))
            row.append(dated.row[places])
            preference.append(preferred[point.prefer] + np.where(point.is_baseline & (since > 0), AFTER_ALL, 0))
        members, places, rows = (np.concatenate(each).astype(np.intp) for each in (member, place, row))
        order = np.lexsort((rows, np.concatenate(preference), members * len(time_points) + places))
        return cls(members[order], places[order], rows[order], len(anchors[0]), len(time_points))

    def chosen(self, known: Truth) -> Rows:
        """Return the row that stands for each member at each time point (members × time points), -1 for none.

        `known` says of every row whether it has what is asked for.
        """
        has = np.flatnonzero(known[self.row]) if len(self.row) else np.zeros(0, dtype=np.intp)
        has = has[changes(self._cells[has])]
        return self._placed(self._cells[has], self.row[has])

    def with_most(self, n_known: npt.NDArray[np.int64]) -> Rows:
        """Return the row that stands as `chosen` does: the preferred of those of which most is known, if anything is.

        `n_known` says of every row how much of what is asked for it has.
        """
        return self._placed(*with_most(self._cells, self.row, n_known))

    @property
    def _cells(self) -> Rows:
        return self.member * self.n_places + self.place

    def _placed(self, cells: Rows, chosen: Rows) -> Rows:
        rows = np.full(self.n_members * self.n_places, NONE, dtype=np.intp)
        rows[cells] = chosen
        return rows.reshape(self.n_members, self.n_places)


def _labelled(dated: Dated, visit: str | None) -> Truth:
    """Return which rows have the label, however it is written; all where none is asked for."""
    if visit is None or dated.label is None:
        return np.ones(len(dated.row), dtype=bool)
    same = [label_key(word) == label_key(visit) for word in dated.label.words.to_pylist()]
    return np.array([*same, False], dtype=bool)[dated.label.codes[dated.row]]
