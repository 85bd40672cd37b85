"""Names of columns as Stata and SPSS take them: letters, digits and underscores, at most 32 of them, none twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 32  # characters of a variable's name in Stata; SPSS takes 64
RESERVED: Final = frozenset(  # words of Stata and of SPSS
    (
        "_all",
        "_b",
        "byte",
        "_coef",
        "_cons",
        "double",
        "float",
        "if",
        "in",
        "int",
        "long",
        "_n",
        "_N",
        "_pi",
        "_pred",
        "_rc",
        "_skip",
        "str",
        "strL",
        "using",
        "with",
        "all",
        "and",
        "by",
        "eq",
        "ge",
        "gt",
        "le",
        "lt",
        "ne",
        "not",
        "or",
        "to",
    )
)


def written_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each name one that Stata and SPSS take, in order; what is cut or met twice is numbered.

    >>> list(written_names(["crp at week 12", "crp at week-12", "with", "2 years"]).values())
    ['crp_at_week_12', 'crp_at_week_12_2', 'with_', 'v2_years']
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", name) or "v"
        plain = plain if re.match(r"[A-Za-z]", plain) else f"v{plain}"
        plain = f"{plain}_" if plain in RESERVED or plain.casefold() in RESERVED else plain
        own, number = plain[:LONGEST].rstrip("_") if len(plain) > LONGEST else plain, 1
        while own.casefold() in taken:
            number += 1
            tail = f"_{number}"
            own = f"{plain[: LONGEST - len(tail)]}{tail}"
        taken.add(own.casefold())
        found[name] = own
    return found
