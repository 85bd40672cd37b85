"""Clinical instruments: questionnaires and indices with their formulas, each a declared module in this folder.

    scores = instruments()["basdai"].over({"basdai_1": Values.of(["7"]), …})
    scores.values.doubles(), scores.rule, scores.n_present

Adding an instrument is adding one module here that defines `INSTRUMENTS`; it is found by itself. Nothing is
imported before it is asked for: the rules run on NumPy columns, and a start of the command line needs none.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from registry.catalogue.declared_modules import declared_in

if TYPE_CHECKING:
    from registry.catalogue.instruments.instrument import Instrument


@cache
def instruments() -> dict[str, Instrument]:
    """Return every instrument by the name of the measure that it yields, in the order of the names."""
    declared: list[Instrument] = declared_in(__name__, __path__, "INSTRUMENTS")
    return {instrument.name: instrument for instrument in sorted(declared, key=lambda instrument: instrument.name)}
