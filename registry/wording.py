"""How messages put values and lists of words: on one line, cut where they are long, with the nearest known word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from unicodedata import category

from registry.spelling import nearest

VALUE_AT_MOST: Final = 200  # characters of a refused cell, for machines
KEY_AT_MOST: Final = 120  # characters of a key in a message
LISTED_AT_MOST: Final = 20
SPACE: Final = "Zs"  # the Unicode category of spaces, no-break ones among them, which Python calls unprintable
UNSEEN: Final = re.compile(  # letters and marks to Unicode, nothing to the eye: fillers, joiners, chosen variants
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\U000e0100-\U000e01ef]"
)


def is_printable(sign: str) -> bool:
    """Return whether a sign is printed and does nothing else; a space is."""
    return sign.isprintable() or category(sign) == SPACE


def is_seen(sign: str) -> bool:
    """Return whether a sign is printed and there is something to see, or a space."""
    return is_printable(sign) and not UNSEEN.match(sign)


def visible(text: str) -> str:
    r"""Return a text of which every sign is seen, on one line: what is not printed stands as Python writes it.

    Those are controls, line breaks, what turns the direction of writing, signs without width, and halves of signs that
    come from names of files. A text that has none is as it was, its backslashes too.

    >>> print(visible("rash\x1b[31m\nof \u202egrade\u200b 2"))
    rash\x1b[31m\nof \u202egrade\u200b 2
    """
    if text.isprintable() and (text.isascii() or not UNSEEN.search(text)):
        return text
    return "".join(sign if is_seen(sign) else sign.encode("unicode_escape").decode() for sign in text)


def printable(text: str) -> str:
    """Return what a library says of bytes; a sign that is not printed becomes the sign for that."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def shown(value: object) -> str:
    """Return a value as it may stand in a message: quoted, on one line, cut where it is long."""
    text = repr(str(value)[:VALUE_AT_MOST])
    return text if len(text) <= 60 else f"{text[:57]}…'"


def key_told(key: str) -> str:
    """Return a key of a file as it may stand in a message: on one line, every sign seen, cut where it is long."""
    return visible(key if len(key) <= KEY_AT_MOST else f"{key[:KEY_AT_MOST]}…")


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


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "study", "studies"), counted(1200, "reading")
    ('1 study', '1,200 readings')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
