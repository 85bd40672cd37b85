"""Names and labels made comparable: without case, accents, signs, and the ways in which umlauts are spelt."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

SPELT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "o"})
PARTS: Final = re.compile(r"[^\W\d_]+|\d+")
IN_BRACKETS: Final = re.compile(r"[\[(]([^\[\]()]*)[\])]\s*\Z")
LOOKED_AT: Final = 300  # characters of a label; a longer one is an explanation
REMEMBERED: Final = 65_536


@lru_cache(REMEMBERED)
def folded(text: str) -> str:
    """Return the words and numbers of a text, in small letters without accents, a blank between.

    >>> folded("CRP_Wert (mg/l)"), folded("Größe"), folded("basdai07"), folded("Numéro du patient")
    ('crp wert mg l', 'groesse', 'basdai 7', 'numero du patient')
    """
    spelt = normalize("NFC", text[:LOOKED_AT]).casefold().translate(SPELT)
    bare = "".join(sign for sign in normalize("NFD", spelt) if not combining(sign))
    return " ".join(part.lstrip("0") or "0" for part in PARTS.findall(bare))


def closed(text: str) -> str:
    """Return a folded text without its blanks, as names are written together or apart.

    >>> closed("Visit Date") == closed("visitdate") == closed("visit_date")
    True
    """
    return folded(text).replace(" ", "")


def has_words(text: str, words: str) -> bool:
    """Return whether a folded text has some folded words in it, one after the other.

    >>> has_words("lab crp week 12", "crp"), has_words("escrpt", "crp")
    (True, False)
    """
    return f" {words} " in f" {text} "


def without_unit(name: str) -> str:
    """Return a header without what stands in brackets at its end.

    >>> without_unit("CRP [mg/l]"), without_unit("BSG (mm/h) ")
    ('CRP', 'BSG')
    """
    return IN_BRACKETS.sub("", name).strip()


def unit_in(text: str) -> str:
    """Return what stands in brackets at the end of a header or a label, empty where nothing does."""
    found = IN_BRACKETS.search(text.strip())
    return found[1].strip() if found else ""
