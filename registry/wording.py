"""How messages put values and lists of words: on one line, cut where they are long, with the nearest known word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from registry.spelling import nearest

VALUE_AT_MOST: Final = 200  # characters of a refused cell, for machines
LISTED_AT_MOST: Final = 12


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal: a sign that cannot be printed becomes the sign for that."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def shown(value: object) -> str:
    """Return a value as it may stand in a message: quoted, on one line, cut where it is long."""
    text = repr(str(value))
    return text if len(text) <= 60 else f"{text[:57]}…'"


def suggestion(value: str, known: Iterable[str], *, meaning: Callable[[str], str] = str) -> str:
    """Return the mend: the known word of which this is a slip of the pen, or all of them where they are few.

    `meaning` says what a word means, as in `registry.spelling.nearest`.
    """
    words = tuple(dict.fromkeys(known))
    near = nearest(value, words, meaning=meaning)
    if near is not None:
        return f"; did you mean {near!r}?"
    if words and len(words) <= LISTED_AT_MOST:
        return f"; write {listed(words)}"
    return ""


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words as a list in a sentence: `a, b or c`; of many the first twelve, and how many more there are."""
    words = list(words)
    if len(words) > LISTED_AT_MOST:
        words = [*words[:LISTED_AT_MOST], f"{len(words) - LISTED_AT_MOST:,} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
