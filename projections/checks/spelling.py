"""When two names are one name written in two ways: by case, blanks, accents and zeros, or by a slip of one letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

LONG_WORD: Final = 5  # letters that one of two words must have, so that another letter in it may be a slip
LISTED: Final = 3  # names that are alike but for the letter at one place: they are a list, as SITEA, SITEB, SITEC
WORD: Final = re.compile(r"[^\W\d_]+|\d+")

Words = tuple[str, ...]


def one_name(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that seem to be one name, written in two ways, in the order of the names.

    >>> list(one_name(["Lindau", "LINDAU ", "Lindqu", "Lund", "C01", "C02"]))
    [('LINDAU ', 'Lindau'), ('LINDAU ', 'Lindqu'), ('Lindau', 'Lindqu')]
    """
    words = {name: _words(name) for name in sorted(names)}
    patterns = [pattern for each in {*words.values()} for pattern in _without_a_letter(each)]
    lists = {pattern for pattern in patterns if patterns.count(pattern) >= LISTED}
    for one, other in combinations(words, 2):
        if _same(words[one], words[other]) or _slip(words[one], words[other], lists):
            yield one, other


def _words(name: str) -> Words:
    """Return the words and numbers of a name, without case, accents and zeros before a number."""
    apart = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return tuple(word.lstrip("0") or "0" if word.isdecimal() else word for word in WORD.findall(bare))


def _same(one: Words, other: Words) -> bool:
    numbers = [[word for word in words if word.isdecimal()] for words in (one, other)]
    return one != () and numbers[0] == numbers[1] and "".join(one) == "".join(other)


def _slip(one: Words, other: Words, lists: set[Words]) -> bool:
    """Return whether two names differ by a letter in one long word, and do not stand in a list."""
    unlike = [pair for pair in zip(one, other) if pair[0] != pair[1]]
    if len(one) != len(other) or len(unlike) != 1 or any(word.isdecimal() for word in unlike[0]):
        return False
    if max(map(len, unlike[0])) < LONG_WORD or not _by_one_letter(*unlike[0]):
        return False
    return not lists.intersection(_without_a_letter(one)).intersection(_without_a_letter(other))


def _by_one_letter(one: str, other: str) -> bool:
    """Return whether one word becomes the other by one letter more, less or other, or by two that change places."""
    if abs(len(one) - len(other)) > 1:
        return False
    begin = next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    rest, of_other = one[begin:], other[begin:]
    if len(one) != len(other):
        return rest[1:] == of_other or rest == of_other[1:]
    return rest[1:] == of_other[1:] or (rest[1::-1] == of_other[:2] and rest[2:] == of_other[2:])


def _without_a_letter(words: Words) -> Iterator[Words]:
    """Yield what is left of a name when one letter after the other is hidden."""
    for number, word in enumerate(words):
        if not word.isdecimal():
            for place in range(len(word)):
                yield (*words[:number], f"{word[:place]}.{word[place + 1 :]}", *words[number + 1 :])
