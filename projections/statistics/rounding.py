"""Rounding as papers do it: half up, on the decimals that a person sees, and only for display."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

EXACT: Final = Context(prec=60)  # digits; the largest numbers that are read have 30 before the point
FINE_UNITS: Final = ("cm",)


def decimals_of(unit: str) -> int:
    """Return with how many decimals papers print a mean in a unit: centimetres with two, all else with one.

    >>> decimals_of("cm"), decimals_of("mg/l")
    (2, 1)
    """
    return 2 if unit in FINE_UNITS else 1


def half_up(value: float | Fraction | None, decimals: int) -> str:
    """Return a value with at most so many decimals, without trailing zeros; a dot for nothing.

    >>> half_up(3.475, 2), half_up(60.0, 2), half_up(None, 2)
    ('3.48', '60', '·')
    """
    if value is None:
        return "·"
    text = fixed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: float | Fraction, decimals: int) -> str:
    """Return a value with exactly so many decimals, as papers print percentages and limits.

    >>> fixed(12.0, 1), fixed(Fraction(1, 8), 2), fixed(-0.04, 1)
    ('12.0', '0.13', '0.0')
    """
    exact = _rounded(value, decimals)
    return f"{exact if exact else abs(exact):f}"


def from_to(low: str, high: str) -> str:
    """Return two ends as papers print them: with a dash, below 0 with a word.

    >>> from_to("1.0", "2.5"), from_to("-1", "2")
    ('1.0–2.5', '-1 to 2')
    """
    return f"{low}{' to ' if low.startswith('-') else '–'}{high}"


def _rounded(value: float | Fraction, decimals: int) -> Decimal:
    """Return a value rounded half up: fractions exactly, doubles by the decimals that they print."""
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT)


def p_text(p: float | None) -> str:
    """Return a p as papers print it: three decimals, and a limit below that.

    >>> p_text(0.0027), p_text(0.00031), p_text(0.4404), p_text(None)
    ('0.003', '<0.001', '0.440', '·')
    """
    if p is None:
        return "·"
    return "<0.001" if p < 0.001 else fixed(p, 3)
