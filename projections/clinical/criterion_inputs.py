"""What criteria look at, over the visits: scores from their items, else as reported, and measures as captured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from projections.clinical.visit_values import VisitValues
from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.values import Values
from registry.catalogue.measures import MEASURES


class CriterionInputs(Mapping[str, Values]):
    """What criteria look at, over the visits: scores from their items, else as reported, and measures as captured."""

    def __init__(self, values: VisitValues) -> None:
        self.visits = values.visits
        self._values = values
        self._columns: dict[str, Values] = {}

    def __getitem__(self, name: str) -> Values:
        if name not in self._columns:
            self._columns[name] = self._column(name)
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._values), **dict.fromkeys(instruments())})

    def __len__(self) -> int:
        return len(set(self._values) | set(instruments()))

    def _column(self, name: str) -> Values:
        instrument = instruments().get(name)
        if instrument is None or not instrument.computable:
            return self._values[name]
        scores = self._values.computed(name)
        if name not in MEASURES:
            return scores.values
        return scores.values.or_else(self._values[name].where(scores.n_present == 0))
