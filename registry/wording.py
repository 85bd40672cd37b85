"""How messages put values and lists of words: on one line, cut where they are long, with the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

VALUE_AT_MOST: Final = 200  # characters of a refused cell, for machines
LISTED_AT_MOST: Final = 12
SUGGESTED_AT_MOST: Final = 100  # characters of a word for which the nearest known one is looked for


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal: a sign that cannot be printed becomes the sign for that."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def shown(value: object) -> str:
    """Return a value as it may stand in a message: quoted, on one line, cut where it is long."""
    text = repr(str(value)[:VALUE_AT_MOST])
    return text if len(text) <= 60 else f"{text[:57]}…'"


def suggestion(value: str, known: Iterable[str]) -> str:
    """Return the mend: the nearest of the known words, or all of them where they are few."""
    known = list(known)
    near = nearest(value, known)
    if near is not None:
        return f"; did you mean {near!r}?"
    words = {word.lower(): word for word in known}
    return f"; write {listed(words.values())}" if 0 < len(words) <= LISTED_AT_MOST else ""


def nearest(value: str, known: Iterable[str]) -> str | None:
    """Return the known word that a word may be a slip of, if there is one."""
    by_lower = {word.lower(): word for word in known}
    near = [] if len(value) > SUGGESTED_AT_MOST else get_close_matches(value.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words as a list in a sentence: `a, b or c`; of many the first twelve, and how many more there are."""
    words = list(words)
    if len(words) > LISTED_AT_MOST:
        words = [*words[:LISTED_AT_MOST], f"{len(words) - LISTED_AT_MOST:,} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
