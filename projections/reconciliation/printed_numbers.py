"""The numbers in a text as a paper prints it: `0.042`, `<0.001`, `31 (14–65)`, `6 (86)`, `no dagger`.

A number keeps its decimals, for they say how it was rounded. `1,012` is one thousand and twelve, a middle dot is a
decimal point. A hyphen between two numbers is a range; before one it is its sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

WORDS: Final = {  # as papers say that a test decided, or did not, at 0.05
    "no dagger": (">=", "0.05"),
    "no asterisk": (">=", "0.05"),
    "not significant": (">=", "0.05"),
    "n.s.": (">=", "0.05"),
    "ns": (">=", "0.05"),
    "dagger": ("<", "0.05"),
    "asterisk": ("<", "0.05"),
    "significant": ("<", "0.05"),
}
LIMITS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}
NUMBER: Final = re.compile(
    r"(?P<limit>[<>≤≥]=?)?\s*"
    r"(?P<sign>(?<![\d.])[-−])?"
    r"(?P<size>(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)"
)
EXACT: Final = Context(prec=60)
Value = Fraction | Decimal


class Number(NamedTuple):
    """A number as it is printed; `limit` is `<`, `<=`, `>` or `>=` where only a limit is printed, else empty."""

    value: Decimal
    limit: str = ""

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        return -int(self.value.as_tuple().exponent)

    def fits(self, value: Value, rounding: str = ROUND_HALF_UP) -> bool:
        """Return whether a value would be printed so.

        >>> numbers("64.5")[0].fits(Fraction(22000, 341)), numbers("<0.001")[0].fits(Decimal("0.0018"))
        (True, False)
        """
        if self.limit:
            return LIMITS[self.limit](exact(value), self.value)
        return self.rounded(value, rounding) == self.value

    def rounded(self, value: Value, rounding: str = ROUND_HALF_UP) -> Decimal:
        """Return a value with as many decimals as are printed here."""
        return exact(value).quantize(Decimal(1).scaleb(-self.decimals), rounding, EXACT)


def numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers of a printed text, none of a text without any.

    >>> [str(number.value) for number in numbers("31 (14–65)")], numbers("<0.001")
    (['31', '14', '65'], (Number(value=Decimal('0.001'), limit='<'),))
    """
    said = WORDS.get(text.strip().casefold())
    if said is not None:
        return (Number(Decimal(said[1]), said[0]),)
    printed = []
    for each in NUMBER.finditer(text.replace("·", ".")):
        limit = (each["limit"] or "").replace("≤", "<=").replace("≥", ">=")
        sign = "-" if each["sign"] else ""
        printed.append(Number(Decimal(sign + each["size"].replace(",", "")), limit))
    return tuple(printed)


def exact(value: Value) -> Decimal:
    """Return a value as a decimal; a fraction that does not end to more digits than anything is rounded at."""
    if isinstance(value, Decimal):
        return value
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
