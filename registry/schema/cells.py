"""Reading one cell: from the text that a person or a file gave to the value that a statement holds.

One reader a kind of column. A reader gets stripped, non-empty text and returns the value, or raises the refusal that
says what would be right. Nothing is guessed: a comma is not a decimal point and 03/04/2005 is not a day. Sets of words
come in the order of their lists, so that another order at the source is no other statement. Numbers are read in
`registry.schema.numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from registry.catalogue.agent_words import AgentWords
from registry.domain.days import EARLIEST, day, first_day, is_partial_day
from registry.domain.statements import Measurement
from registry.domain.texts import free_text
from registry.errors import FormatError, RangeError, RefusalError, UnknownCodeError
from registry.schema.numbers import integer, number, year
from registry.schema.tables import Column
from registry.wording import suggestion

CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
NO_AGENT: Final = "; declare it under [[agents]] or [[products]] of the protocol"
NO_PRODUCT: Final = "; leave it empty, or declare it under [[products]] of the protocol"
DECLARED: Final = {  # columns whose words a protocol may have beside those that are many to tell
    "condition": "; declare it under [[conditions]] of the protocol",
    "centre": "; declare it under [[centres]] of the protocol",
    "arm": "; declare it under [[arms]] of the protocol",
}
SINGULAR: Final = {"regions": "region", "criteria": "classification criterion"}  # of lists, for a refusal
CellReader = Callable[[str], object]


def cell_reader(column: Column) -> CellReader:
    """Return the function that reads the cells of a column that is not a measure."""
    name, words, agents = column.name, column.words, column.agents
    if agents is not None:
        read = {"agent": agent, "product": product}[column.holds]
        return lambda text: read(name, text, agents)
    readers: dict[str, CellReader] = {
        "pseudonym": lambda text: pseudonym(name, text),
        "day": lambda text: whole_day(name, text),
        "partial day": lambda text: partial_day(name, text),
        "year": lambda text: year(name, text),
        "integer": lambda text: integer(name, text),
        "number": lambda text: number(name, text),
        "text": lambda text: free_text(name, text),
        "word": _word_reader(name, words, column.synonyms),
        "words": _words_reader(name, words, is_open=False),
        "open words": _words_reader(name, words, is_open=True),
    }
    return readers[column.holds]


def pseudonym(name: str, text: str) -> str:
    """Return a code of 1 to 64 characters; what is no code may be a name, and is not repeated in the refusal."""
    if not CODE.fullmatch(text):
        raise RefusalError(f"{name} must be 1 to 64 of A-Z a-z 0-9 . _ -, never a name", field=name)
    return text


def whole_day(name: str, text: str) -> date:
    """Return a calendar day."""
    read = day(text)
    if read is None:
        raise FormatError(name, text, "a day of the calendar; write YYYY-MM-DD")
    _check_age(name, text, read)
    return read


def partial_day(name: str, text: str) -> str:
    """Return a day, a month or a year, as it was written."""
    if not is_partial_day(text):
        raise FormatError(name, text, "a day of the calendar; write YYYY-MM-DD, YYYY-MM or YYYY")
    _check_age(name, text, first_day(text))
    return text


def agent(name: str, text: str, words: AgentWords) -> str:
    """Return the international name of the drug that a name, a synonym, a product or an ATC code means."""
    known = words.agent_named(text)
    if known is None:
        mend = suggestion(text, words.meanings, meaning=words.meanings.__getitem__) or NO_AGENT
        raise UnknownCodeError(name, text, words.agents, mend=mend)
    return known


def product(name: str, text: str, words: AgentWords) -> str:
    """Return the name of a product, in the spelling of the catalogue."""
    known = words.product_named(text)
    if known is None:
        substance = words.agent_named(text)
        mend = f"; it is the substance {substance}, which stands under agent" if substance else None
        near = {word: word if word in words.products else "" for word in words.meanings}
        mend = mend or suggestion(text, near, meaning=near.__getitem__) or NO_PRODUCT
        raise UnknownCodeError(name, text, words.products, mend=mend)
    return known.name


def _word_reader(name: str, words: tuple[str, ...], synonyms: Mapping[str, str]) -> CellReader:
    by_lower = {said.lower(): word for said, word in synonyms.items()} | {word.lower(): word for word in words}

    def word(text: str) -> str:
        known = by_lower.get(text.lower())
        if known is None:
            raise UnknownCodeError(name, text, words, mend=suggestion(text, words) or DECLARED.get(name))
        return known

    return word


def _words_reader(name: str, words: tuple[str, ...], *, is_open: bool) -> CellReader:
    by_lower = {word.lower(): word for word in words}
    places = {word: place for place, word in enumerate(words)}

    def listed(text: str) -> tuple[str, ...] | None:
        text = free_text(name, text)
        chosen: set[str] = set()
        for word in filter(None, (part.strip() for part in text.split(";"))):
            if word.lower() not in by_lower and not is_open:
                raise UnknownCodeError(name, word, words, what=SINGULAR.get(name))
            chosen.add(by_lower.get(word.lower(), word))
        return tuple(sorted(chosen, key=lambda word: (places.get(word, len(words)), word))) or None

    return listed


def _check_age(name: str, text: str, first: date) -> None:
    """Refuse a clinical day on which nobody who is in a registry today can have been observed."""
    if first < EARLIEST:
        raise RangeError(name, text, f"{EARLIEST} and later")


def as_written(value: object) -> str:
    """Return the text that a file would hold of the value of a cell.

    >>> [as_written(value) for value in (1980, date(2024, 1, 2), ("mNY", "ASAS-axSpA"))]
    ['1980', '2024-01-02', 'mNY;ASAS-axSpA']
    """
    if isinstance(value, Measurement):
        return value.said
    return ";".join(value) if isinstance(value, tuple) else str(value)
