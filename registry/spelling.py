"""When two words are one word spelt in two ways, and when one is safely the slip of another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final
from unicodedata import normalize

LABELS_REMEMBERED: Final = 4096
LOOKED_AT_MOST: Final = 100  # characters of a word for which the nearest known one is looked for
ONE_SLIP_FROM: Final = 6  # letters of the longer word
TWO_SLIPS_FROM: Final = 9  # letters of the shorter word
ONE_SLIP: Final = 1
TWO_SLIPS: Final = 2
NUMBER: Final = re.compile(r"\d+")
ACCENTS: Final = re.compile("[\u0300-\u036f]")
JOINTS: Final = str.maketrans("", "", "-–_/")


@lru_cache(LABELS_REMEMBERED)
def label_key(label: str) -> str:
    """Return what labels are compared by: neither case, nor blanks, nor the form of Unicode makes two of one label.

    This is the caseless match of Unicode (D146 of its standard), without blanks.

    >>> label_key("Week 12") == label_key("week\u00a012") == label_key("WEEK12")
    True
    """
    folded = normalize("NFKC", normalize("NFKC", normalize("NFD", label).casefold()).casefold())
    return normalize("NFKC", "".join(folded.split()))


def unit_key(unit: str) -> str:
    """Return what units are compared by: as labels are, and the sign of micro, of which there are two, is a u.

    >>> unit_key("\u00b5g/g") == unit_key("\u03bcg/g") == unit_key("ug/G")
    True
    """
    return label_key(unit).replace("μ", "u")


def word_key(word: str) -> str:
    """Return what words of a list are compared by: as labels are, and without what joins their parts.

    >>> word_key("Visited-On"), word_key("C2/3")
    ('visitedon', 'c23')
    """
    return label_key(word).translate(JOINTS)


def unaccented(word: str) -> str:
    """Return a word without the marks of its letters: nobody means another drug by an accent.

    >>> unaccented("étanercept")
    'etanercept'
    """
    return normalize("NFC", ACCENTS.sub("", normalize("NFD", word)))


def nearest(word: str, known: Iterable[str], *, meaning: Callable[[str], str] = str) -> str | None:
    """Return the known word of which this is a slip of the pen, None where there is none, or two that are as near.

    A slip is a letter too many, too few, in the place of another, or two in each other's place: one in a word of 6
    letters or more, two in one of 9. The first letter and all numbers are the same: `basdai_7` is no slip of
    `basdai_6`, nor `changed` of `unchanged`. By `meaning`, words of one meaning are no two, and one that means nothing
    ("") is never suggested: it keeps away what is as near to it.

    >>> nearest("basline", ("baseline", "week 12")), nearest("week 13", ("baseline", "week 12"))
    ('baseline', None)
    """
    asked, numbers = word_key(word), NUMBER.findall(word)
    if not asked or len(word) > LOOKED_AT_MOST:
        return None
    best, found = TWO_SLIPS, list[str]()
    for candidate in known:
        away = _slips(asked, word_key(candidate)) if numbers == NUMBER.findall(candidate) else None
        if away is not None and away <= best:
            best, found = away, [*(found if away == best else ()), candidate]
    means = set(map(meaning, found))
    return found[0] if len(means) == 1 and means != {""} else None


def _slips(word: str, other: str) -> int | None:
    """Return how many slips one word is from another, None where these are more than words of their length may have."""
    if word == other:
        return 0
    at_most = _allowed(word, other)
    if not at_most or word[0] != other[:1] or abs(len(word) - len(other)) > at_most:
        return None
    away = _distance(word, other)
    return away if away <= at_most else None


def _allowed(word: str, other: str) -> int:
    letters = sorted(sum(map(str.isalpha, each)) for each in (word, other))
    if letters[0] >= TWO_SLIPS_FROM:
        return TWO_SLIPS
    return ONE_SLIP if letters[1] >= ONE_SLIP_FROM else 0


def _distance(word: str, other: str) -> int:
    """Return the optimal string alignment distance of two words: Levenshtein's, and two letters exchanged are one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(word, 1):
        two_before, before, row = before, row, [number]
        for place, there in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != there))
            if number > 1 and place > 1 and letter == other[place - 2] and word[number - 2] == there:
                cost = min(cost, two_before[place - 2] + 1)
            row.append(cost)
    return row[-1]
