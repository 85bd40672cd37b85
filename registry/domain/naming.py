"""Whether a text names somebody: what stays in the log for ever may not have the pseudonym of who is erased."""

from __future__ import annotations

from typing import Final

WITHIN_NUMBERS: Final = "-."  # as in 2017-03-02, 02.03.2017 and 1.5


def is_named_in(pseudonym: str, text: str) -> bool:
    """Return whether a text has a pseudonym as a word, in capitals or not.

    A word ends where its letters end, or its digits: `P-001` stands in `P-001s` and in `visit/P-001/2020-01-15`, and
    not in `P-0012`. A pseudonym without letters is a number, which goes on over a `-` or `.` to the next digit.

    >>> is_named_in("17", "request of 2017-03-02"), is_named_in("02", "request of 2017-03-02")
    (False, False)
    >>> is_named_in("17", "Art. 17 GDPR"), is_named_in("17", "visit/17/2020-01-15")
    (True, True)
    """
    name, text = pseudonym.casefold(), text.casefold()
    is_number = not any(map(str.isalpha, name))
    place = text.find(name) if name else -1
    while place >= 0:
        before, after = text[:place][::-1], text[place + len(name) :]
        if not (_goes_on(name[0], before, is_number=is_number) or _goes_on(name[-1], after, is_number=is_number)):
            return True
        place = text.find(name, place + 1)
    return False


def _goes_on(edge: str, beyond: str, *, is_number: bool) -> bool:
    """Return whether a word that has come to an edge goes on in what stands beyond it, the nearest sign first."""
    if edge.isalpha():
        return beyond[:1].isalpha()
    if is_number and beyond[:1] in WITHIN_NUMBERS:
        return beyond[1:2].isdecimal()
    return edge.isdecimal() and beyond[:1].isdecimal()
