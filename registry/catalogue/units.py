"""Units and the exact conversions between them.

A conversion is a ratio of whole numbers, so that 2.47 mg/dl is 24.7 mg/l and not 24.700000000000003.
A unit without a row here cannot be converted, and is refused rather than guessed.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final

from registry.spelling import unit_key

CONVERSIONS: Final = {  # (captured unit, canonical unit): factor; canonical = captured x factor
    ("mg/dl", "mg/l"): Decimal(10),
    ("nrs", "mm"): Decimal(10),
    ("min", "s"): Decimal(60),
}

UNITS: Final = {  # unit, as it is written here: the same in UCUM, the Unified Code for Units of Measure, case-sensitive
    "score": "{score}",
    "nrs": "{nrs}",  # a numerical rating scale from 0 to 10
    "count": "{count}",
    "titre": "{titer}",  # the reciprocal of the last dilution that is positive: 40 of 1/40
    "%": "%",
    "mm": "mm",
    "cm": "cm",
    "m": "m",
    "deg": "deg",
    "s": "s",
    "min": "min",
    "h": "h",
    "days": "d",
    "weeks": "wk",
    "months": "mo",
    "years": "a",
    "h/week": "h/wk",
    "mg": "mg",
    "g": "g",
    "kg": "kg",
    "kg/m2": "kg/m2",
    "ml": "mL",
    "l": "L",
    "mm/h": "mm/h",
    "1/min": "/min",
    "mmhg": "mm[Hg]",
    "celsius": "Cel",
    "g/l": "g/L",
    "g/dl": "g/dL",
    "mg/l": "mg/L",
    "mg/dl": "mg/dL",
    "ug/l": "ug/L",
    "ug/g": "ug/g",
    "pg/ml": "pg/mL",
    "mg/g": "mg/g",
    "mmol/l": "mmol/L",
    "umol/l": "umol/L",
    "nmol/l": "nmol/L",
    "mmol/mol": "mmol/mol",
    "u/l": "U/L",
    "u/ml": "U/mL",
    "iu/ml": "[IU]/mL",
    "10^9/l": "10*9/L",
    "10^12/l": "10*12/L",
    "ml/min/1.73m2": "mL/min/{1.73_m2}",
    "pack-years": "{pack}.a",
    "units/week": "{unit}/wk",
}

EXACT: Final = Context(prec=60)  # digits; of a number of 30 none is lost


BY_KEY: Final = {unit_key(unit): unit for unit in UNITS}


def same_unit(one: str, other: str) -> bool:
    """Return whether two texts write the same unit: upper and lower case make no difference.

    >>> same_unit("mg/L", "mg/l"), same_unit("mg/dl", "mg/l")
    (True, False)
    """
    return unit_key(one) == unit_key(other)


def known_unit(written: str) -> str:
    """Return a unit as it is written here, whatever the case it came in; as it came where there is none.

    >>> known_unit("mg/dL"), known_unit("parsec")
    ('mg/dl', 'parsec')
    """
    return BY_KEY.get(unit_key(written), written)


def convertible(captured_unit: str, canonical_unit: str) -> bool:
    """Return whether a value in `captured_unit` can be given exactly in `canonical_unit`."""
    return captured_unit == canonical_unit or (captured_unit, canonical_unit) in CONVERSIONS


def in_unit(value: Decimal, captured_unit: str, canonical_unit: str) -> Decimal:
    """Return `value`, captured in `captured_unit`, in `canonical_unit`.

    >>> in_unit(Decimal("24.7"), "mg/dl", "mg/l")
    Decimal('247.0')
    """
    if captured_unit == canonical_unit:
        return value
    return EXACT.multiply(value, CONVERSIONS[captured_unit, canonical_unit])


def conversions_to(canonical_unit: str) -> dict[str, Decimal]:
    """Return every other unit that can be captured for `canonical_unit`, with what a value in it is multiplied by.

    >>> conversions_to("mg/l")
    {'mg/dl': Decimal('10')}
    """
    return {captured: factor for (captured, canonical), factor in CONVERSIONS.items() if canonical == canonical_unit}
