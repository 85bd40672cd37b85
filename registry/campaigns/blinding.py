"""What a reader sees instead of studies: case codes, letters and an order of one's own, all from the campaign's key.

Each is an HMAC-SHA256 of what it is for, the campaign, the reader, the unit, and whether it is a repeat: never of a
day, an order in time, an arm or an earlier score. So whoever has no key learns nothing from them, and whoever has it
can make them again; they are stored nowhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from string import ascii_uppercase
from typing import Final, NamedTuple

import msgspec

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U; five bits a character
VALUE_OF: Final = {sign: value for value, sign in enumerate(CROCKFORD)} | {"I": 1, "L": 1, "O": 0}
GROUP: Final = 4  # characters of a case code that stand together
SHORTEST: Final = 8  # characters of a case code, the last of which checks the others
SEAL: Final = 32  # hexadecimal digits of a seal
LETTERS: Final = ascii_uppercase
FIELD: Final = 0b100101  # x^5 + x^2 + 1, by which the field of 32 elements counts


class CaseKey(NamedTuple):
    """What a case is: one unit that is shown to one reader, the first time or again."""

    reader: str
    unit: str
    repeat: bool = False


class Blinding:
    """The blinding of one campaign, by its key of 32 bytes."""

    def __init__(self, key: bytes, campaign: str) -> None:
        self._key, self._campaign = key, campaign

    def code(self, case: CaseKey, *, length: int = SHORTEST) -> str:
        """Return the code of a case, with so many characters in groups of four; each group has a digit.

        The last character checks the others; a longer code begins otherwise than a shorter one.
        """
        for attempt in count():
            drawn = self._mac("case", case, attempt, length)
            signs = [CROCKFORD[byte & 0b11111] for byte in drawn[: length - 1]]
            signs.append(check_character(signs))
            groups = ["".join(signs[start : start + GROUP]) for start in range(0, length, GROUP)]
            if all(any(map(str.isdigit, group)) for group in groups):  # so that no group is a word
                return "-".join(groups)
        raise AssertionError("one of the draws has a digit")

    def letters(self, case: CaseKey, studies: Iterable[str]) -> dict[str, str]:
        """Return the letter of each study of a case, `A` for the one that comes first: by the key, not by any day."""
        ranked = [(self._mac("letter", case, place), study) for place, study in enumerate(sorted(studies))]
        return {study: letter_of(place) for place, (_, study) in enumerate(sorted(ranked))}

    def rank(self, case: CaseKey) -> bytes:
        """Return by what a reader's cases are ordered."""
        return self._mac("order", case)

    def draw(self, purpose: str, unit: str, reader: str = "") -> bytes:
        """Return by what units, or readers for a unit, are drawn for a purpose that no reader sees."""
        return self._mac(purpose, CaseKey(reader, unit))

    def seal(self, reader: str, *said: str | int) -> str:
        """Return the seal of what a file says that goes to a reader: nobody can change that and make the seal anew."""
        return self._mac("seal", CaseKey(reader, ""), *said).hex()[:SEAL]

    def proof(self, purpose: str, reader: str, *said: str | int) -> str:
        """Return what proves that a server gave something to a reader, as a session: nobody else can make it."""
        return self._mac(f"proof of {purpose}", CaseKey(reader, ""), *said).hex()

    def _mac(self, purpose: str, case: CaseKey, *more: str | int) -> bytes:
        said = msgspec.json.encode([purpose, self._campaign, case.reader, case.unit, case.repeat, *more])
        return hmac.digest(self._key, said, "sha256")


def code_length(blinding: Blinding, cases: Sequence[CaseKey]) -> int:
    """Return how many characters case codes need so that no two cases have one alike; 8 as good as always."""
    for length in count(SHORTEST, GROUP):
        if len({blinding.code(case, length=length) for case in cases}) == len(cases):
            return length
    raise AssertionError("codes of 32 characters are as many as there are cases")


def check_character(signs: Sequence[str]) -> str:
    """Return the character that checks others: it tells any one that is wrong, and any two that were exchanged.

    It is the sum of their values, each multiplied by a power of x of its own in the field of 32 elements.
    """
    checked = 0
    for sign in signs:
        checked = _times_x(checked ^ VALUE_OF[sign])
    return CROCKFORD[checked]


def read_code(typed: str) -> str | None:
    """Return a case code as it is written, from one that somebody typed; None where it is none, or has a slip.

    >>> read_code(" 7k3mq9xv ")
    """
    signs = [CROCKFORD[VALUE_OF[sign]] for sign in _signs(typed) if sign in VALUE_OF]
    if len(signs) != len([*_signs(typed)]) or len(signs) < SHORTEST or check_character(signs[:-1]) != signs[-1]:
        return None
    return "-".join("".join(signs[start : start + GROUP]) for start in range(0, len(signs), GROUP))


def letter_of(place: int) -> str:
    """Return the letter of a place, from 0: A, B, … Z, AA, AB.

    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'AA')
    """
    before, last = divmod(place, len(LETTERS))
    return (letter_of(before - 1) if before else "") + LETTERS[last]


def _signs(typed: str) -> Iterator[str]:
    return (sign for sign in typed.upper() if sign not in " -")


def _times_x(value: int) -> int:
    """Return a value of the field of 32 elements, multiplied by x."""
    doubled = value << 1
    return doubled ^ FIELD if doubled > 0b11111 else doubled
