"""Changes and states of the ASDAS that count as improvement, low activity, or worsening.

Machado P, Landewé R, Lie E, et al. Ann Rheum Dis 2011;70:47-53: clinically important improvement, a fall of at least
1.1; major improvement, of at least 2.0; inactive disease, below 1.3. Low disease activity as trials use it, below
2.1, includes inactive disease. Molto A, Gossec L, Meghnathi B, et al. Ann Rheum Dis 2018;77:124-7: clinically
important worsening, a rise of at least 0.9. Cut-offs verified in publications that print them. Some trials also count
reaching the lowest possible value as major improvement; this is not done here.

ASDAS-CRP and ASDAS-ESR have their own criteria, so that no change mixes them. Scores are judged unrounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Final

from registry.catalogue.criteria.criterion import BASELINE, NOTHING, Criterion
from registry.catalogue.instruments.asdas import INACTIVE_BELOW, LOW_BELOW
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths

MACHADO: Final = "Machado et al., Ann Rheum Dis 2011;70:47-53"
MOLTO: Final = "Molto et al., Ann Rheum Dis 2018;77:124-7"

CHANGES: Final = {  # name: rise of the score, negative for a fall; title; source
    "cii": (Fraction("-1.1"), "clinically important improvement", MACHADO),
    "mi": (Fraction("-2.0"), "major improvement", MACHADO),
    "worsening": (Fraction("0.9"), "clinically important worsening", MOLTO),
}
STATES: Final = {  # name: limit that the score is below; title; source
    "inactive": (INACTIVE_BELOW, "inactive disease", MACHADO),
    "lda": (LOW_BELOW, "low disease activity or inactive disease", MACHADO),
}


def changed(before: Columns, now: Columns, *, score: str, rise: Fraction) -> tuple[Truths, list[Truths]]:
    """Return whether the score rose by at least `rise`, or fell by at least as much where that is negative."""
    change = now[score] - before[score]
    met = change >= rise if rise > 0 else change <= rise
    return met, [met]


def lower(_: Columns, now: Columns, *, score: str, limit: Fraction) -> tuple[Truths, list[Truths]]:
    """Return whether the score is below the limit."""
    met = now[score] < limit
    return met, [met]


def _of(acute_phase: str) -> Iterator[Criterion]:
    score, stem = f"asdas_{acute_phase}", f"asdas-{acute_phase}"
    title = f"ASDAS-{acute_phase.upper()}"
    for name, (rise, meaning, source) in CHANGES.items():
        yield Criterion(
            name=f"{stem}-{name}",
            rule=f"{stem}-{name}/1",
            title=f"{title} {meaning}",
            source=source,
            against=BASELINE,
            inputs=(score,),
            kernel=partial(changed, score=score, rise=rise),
        )
    for name, (limit, meaning, source) in STATES.items():
        yield Criterion(
            name=f"{stem}-{name}",
            rule=f"{stem}-{name}/1",
            title=f"{title} {meaning}",
            source=source,
            against=NOTHING,
            inputs=(score,),
            kernel=partial(lower, score=score, limit=limit),
        )


CRITERIA: Final = (*_of("crp"), *_of("esr"))
