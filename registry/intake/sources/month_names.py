"""The names of months in German, French and Dutch, as whole words and cut short, for days that are written with them.

They are those of Unicode's CLDR (de, de-AT, fr, nl), and `Mrz` and `Feber`, which German files have too; accents may
be left out. No name is that of two months, in whichever of these languages and of English; so which language it is
need not be said. What would be two, as French `jui`, is not here.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

from registry.spelling import ACCENTS

WHOLE: Final = {  # by the name that strptime knows
    "January": "januar janner janvier januari",
    "February": "februar feber fevrier februari",
    "March": "marz maerz mars maart",
    "April": "april avril",
    "May": "mai mei",
    "June": "juni juin",
    "July": "juli juillet",
    "August": "august aout augustus",
    "September": "september septembre",
    "October": "oktober octobre",
    "November": "november novembre",
    "December": "dezember decembre december",
}
SHORT: Final = {
    "Jan": "jan janv",
    "Feb": "feb fevr",
    "Mar": "mar mrz mrt mars marz maerz",
    "Apr": "apr avr",
    "May": "mai mei",
    "Jun": "jun juni juin",
    "Jul": "jul juli juil",
    "Aug": "aug aout",
    "Sep": "sep sept",
    "Oct": "okt oct",
    "Nov": "nov",
    "Dec": "dez dec",
}
NAMES: Final = {  # of strptime, by sign and by each name here
    "%B": {name: english for english, names in WHOLE.items() for name in names.split()},
    "%b": {name: english for english, names in SHORT.items() for name in names.split()},
}
WORD: Final = re.compile(r"[^\W\d_]+")


def in_english(text: str, way: str) -> str:
    """Return a text with the English name of a month where a way to write days has a name of one.

    >>> in_english("3. März 2020", "%d. %B %Y"), in_english("3 févr. 2020", "%d %b. %Y"), in_english("März", "%b")
    ('3. March 2020', '3 Feb. 2020', 'Mar')
    """
    names = next((NAMES[sign] for sign in NAMES if sign in way), None)
    if names is None:
        return text
    return WORD.sub(lambda word: names.get(_folded(word[0]), word[0]), normalize("NFC", text))


def _folded(word: str) -> str:
    return ACCENTS.sub("", normalize("NFD", word.casefold()))
