"""What a response criterion or flare definition is: which values at which visits, and when it is met.

The answer has three values: where the values that are missing could turn it either way it is open, and never a no.
Counting an open answer as no response is a choice of an analysis and is not made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.criteria.change import paired
from registry.catalogue.instruments.instrument import Columns, how_many_known
from registry.catalogue.instruments.truths import Truths, how_many

Kernel = Callable[[Columns, Columns], tuple[Truths, Sequence[Truths]]]

BASELINE: Final = "baseline"  # the visit from which a treatment is judged
REFERENCE: Final = "reference visit"  # as the last visit on the drug; for a flare it is not the baseline
PREVIOUS: Final = "previous visit"  # of the same series
NOTHING: Final = "nothing"  # a state, judged at one visit


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgement:
    """What a criterion says, one answer a row.

    `n_improved` counts the parts that were met for certain, as the domains of ASAS20 that improved; `n_known` the
    inputs that were there at both visits (for a state: at the one), of `n_expected`.
    """

    rule: str
    met: Truths
    n_improved: NDArray[np.int16]
    n_known: NDArray[np.int16]
    n_expected: int


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion in one edition: `rule` is its id, `inputs` are names of measures or instruments.

    `against` says with which visit the present one is compared. The kernel takes the columns of that visit and of the
    present one, and returns whether the criterion is met and whether each of its parts is.
    """

    name: str
    rule: str
    title: str
    source: str
    against: str
    inputs: tuple[str, ...]
    kernel: Kernel

    def over(self, now: Columns, *, before: Columns | None = None) -> Judgement:
        """Return the answers of all rows; `now` and `before` hold every input, all of one length.

        `before` is the visit that `against` names; a state needs none.

        Raises:
            KeyError: where an input does not exist.
        """
        earlier = now if self.against == NOTHING else before or {}
        inputs = [paired(earlier[name], now[name])[0] for name in self.inputs]
        met, parts = self.kernel(earlier, now)
        return Judgement(
            rule=self.rule,
            met=met,
            n_improved=how_many(parts).astype(np.int16),
            n_known=how_many_known(inputs).astype(np.int16),
            n_expected=len(self.inputs),
        )
