"""The Ankylosing Spondylitis Disease Activity Score, with CRP or with the erythrocyte sedimentation rate.

Lukas C, Landewé R, Sieper J, et al. Ann Rheum Dis 2009;68:18-24; van der Heijde D, Lie E, Kvien TK, et al. Ann Rheum
Dis 2009;68:1811-8; states and names: Machado P, Landewé R, Lie E, et al. Ann Rheum Dis 2011;70:47-53, and Machado PM,
Landewé R, van der Heijde D. Ann Rheum Dis 2018;77:1539-40 ("low" was "moderate" before). Coefficients, the floor and
the cut-offs were verified in publications that print them. ASDAS-CRP and ASDAS-ESR are two measures; no change mixes
them.

Back pain is BASDAI 2, peripheral pain BASDAI 3, duration of morning stiffness BASDAI 6, each 0-10; the patient's
global, in mm, counts a tenth. CRP in mg/l, ESR in mm/h. A CRP below 2 counts as 2 (Machado P, Navarro-Compán V,
Landewé R, et al. Arthritis Rheumatol 2015;67:408-13), and so does every CRP given as below a limit, `<5` and the less
telling `<10` alike. A CRP given as above a limit, and an ESR with either mark, count as they stand. Rows with a mark
are `censored`. Where an input is missing there is no value.

The two-decimal coefficients that also circulate are a variant: they change the state of about one score in a hundred.
Everything but the logarithm and the root is exact, and these are the nearest 1e-9, by which scores agree between
machines and 2.0 -> 2.9 is a change of 0.9.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.instruments.instrument import Columns, Instrument, total
from registry.catalogue.instruments.truths import how_many
from registry.catalogue.instruments.values import BELOW, Values

TWO_DECIMAL: Final = "two-decimal"
CRP_FLOOR: Final = 2  # mg/l
NANO: Final = 10**9
DOUBTFUL: Final = 1e-4  # of 1e-9: a double this near to a tie is computed again with more digits


class Coefficients(NamedTuple):
    """What each point of 0-10 adds, and each unit of the transformed acute-phase value."""

    back_pain: str
    stiffness: str
    patient_global: str
    peripheral: str
    acute_phase: str


CRP_COEFFICIENTS: Final = Coefficients("0.121", "0.058", "0.110", "0.073", "0.579")  # times ln(CRP + 1)
ESR_COEFFICIENTS: Final = Coefficients("0.079", "0.069", "0.113", "0.086", "0.293")  # times the root of the ESR
CRP_TWO_DECIMAL: Final = Coefficients("0.12", "0.06", "0.11", "0.07", "0.58")
ESR_TWO_DECIMAL: Final = Coefficients("0.08", "0.07", "0.11", "0.09", "0.29")

ACTIVITY_STATES: Final = ("inactive", "low", "high", "very high")
INACTIVE_BELOW, LOW_BELOW, HIGH_UP_TO = (Fraction(limit) for limit in ("1.3", "2.1", "3.5"))


def asdas_crp(columns: Columns, *, coefficients: Coefficients = CRP_COEFFICIENTS) -> Values:
    """Return the ASDAS-CRP of each visit."""
    crp = columns["crp"]
    low = (crp < CRP_FLOOR).certain | (crp.bound == BELOW)
    floored = crp.otherwise(CRP_FLOOR, low)
    return _patient_part(columns, coefficients) + _term(
        floored + 1, Decimal(coefficients.acute_phase), np.log, lambda value: value.ln()
    )


def asdas_esr(columns: Columns, *, coefficients: Coefficients = ESR_COEFFICIENTS) -> Values:
    """Return the ASDAS-ESR of each visit."""
    return _patient_part(columns, coefficients) + _term(
        columns["esr"], Decimal(coefficients.acute_phase), np.sqrt, lambda value: value.sqrt()
    )


def activity_states(asdas: Values) -> NDArray[np.int8]:
    """Return the place of each score's state in `ACTIVITY_STATES`, -1 where it is unknown.

    Inactive below 1.3, low from 1.3 and below 2.1, high from 2.1 to 3.5 inclusive, very high above 3.5.
    """
    reached = how_many((asdas >= INACTIVE_BELOW, asdas >= LOW_BELOW, asdas > HIGH_UP_TO))
    return np.where(asdas.known, reached, -1).astype(np.int8)


def _patient_part(columns: Columns, coefficients: Coefficients) -> Values:
    rated = (columns["basdai_2"], columns["basdai_6"], columns["patient_global"] / 10, columns["basdai_3"])
    return total([value * Fraction(weight) for value, weight in zip(rated, coefficients[:4])])


def _term(
    inner: Values,
    weight: Decimal,
    roughly: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    closely: Callable[[Decimal], Decimal],
) -> Values:
    """Return the weight times a function of each value, to the nearest 1e-9."""
    estimate = float(weight * NANO) * roughly(np.where(inner.known, inner.doubles(), 1.0))
    nearest = np.rint(estimate)
    numerator = nearest.astype(np.int64)
    doubtful = np.flatnonzero(inner.known & (abs(abs(estimate - nearest) - 0.5) < DOUBTFUL))
    with localcontext(prec=50):
        for row, value in zip(doubtful, inner.take(doubtful).fractions()):
            assert value is not None
            argument = Decimal(value.numerator) / Decimal(value.denominator)
            numerator[row] = int((weight * NANO * closely(argument)).to_integral_value())
    return Values.counted(numerator, denominator=NANO, known=inner.known)


def _asdas(acute_phase: str, kernel: Callable[..., Values], two_decimal: Coefficients) -> Instrument:
    return Instrument(
        name=f"asdas_{acute_phase}",
        edition=1,
        title=f"ASDAS-{acute_phase.upper()}",
        source="Lukas et al., Ann Rheum Dis 2009;68:18-24",
        unit="score",
        low=0,
        high=None,
        inputs=("basdai_2", "basdai_6", "patient_global", "basdai_3", acute_phase),
        kernel=kernel,
        variants={TWO_DECIMAL: partial(kernel, coefficients=two_decimal)},
    )


INSTRUMENTS: Final = (_asdas("crp", asdas_crp, CRP_TWO_DECIMAL), _asdas("esr", asdas_esr, ESR_TWO_DECIMAL))
