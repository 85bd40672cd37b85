"""What is told of a data set of OMOP: rows with and without a standard concept, what is left out, what is shortened."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray


class Counts:
    """Counts that are added up over ranges of patients."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.shortened: Counter[str] = Counter()
        self.concepts: set[int] = {0}
        self._with: Counter[str] = Counter()
        self._without: dict[str, Counter[str]] = {}

    def concept(self, column: str, ids: ArrowArray, words: ArrowArray) -> None:
        """Count the rows of a column of concepts, those that are 0 by the word that has none."""
        standard = pc.greater(ids, 0)
        self._with[column] += pc.sum(standard).as_py() or 0
        self.concepts.update(pc.unique(pc.drop_null(ids)).to_pylist())
        without = words.filter(pc.equal(ids, 0))
        counted = pc.value_counts(without.cast(pa.string())).to_pylist()
        self._without.setdefault(column, Counter()).update({each["values"]: each["counts"] for each in counted})

    @property
    def report(self) -> dict[str, Any]:
        """Everything, in an order that follows from the words."""
        return {
            "rows": dict(sorted(self.rows.items())),
            "with_standard_concept": dict(sorted(self._with.items())),
            "without_standard_concept": {
                column: dict(sorted(words.items())) for column, words in sorted(self._without.items())
            },
            "left_out": dict(sorted((what, n) for what, n in self.left_out.items() if n)),
            "shortened": dict(sorted(self.shortened.items())),
        }
