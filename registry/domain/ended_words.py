"""What a protocol has ended: what may not be said any more of facts from a clinical day on.

What was stated before stays as it was: judged is a word that a statement has and the fact did not have before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.domain.days import first_day
from registry.domain.statement_cells import cells_of, same_cell
from registry.domain.statements import AdverseEvent, Condition, Enrolment, Statement, Treatment, Visit
from registry.errors import RefusalError

NAMED: Final[dict[type[Statement], tuple[str, tuple[str, ...]]]] = {  # the day of a statement, the words that can end
    Enrolment: ("enrolled_on", ("centre",)),
    Treatment: ("started_on", ("agent", "product", "arm")),
    AdverseEvent: ("started_on", ("agent",)),
    Condition: ("started_on", ("condition",)),
}


class _Ended(NamedTuple):
    """A word of a statement that has an end: its column, the word or None of a whole column, and the day of the end."""

    column: str
    word: str | None
    until: date


def why_ended(stated: Statement, before: Statement | None, catalogue: Catalogue) -> RefusalError | None:
    """Return why a statement may not say what it does in the place of one `before`, None where it may.

    A partial day may be any that it can mean, and no day may be any at all.
    """
    if not (catalogue.ended or catalogue.ending):
        return None
    field, new = _new_words(stated, before, catalogue)
    day = getattr(stated, field, None)
    for column, word, until in new:
        if day is not None and _first(day) >= until:
            ended, mend = ("it", "leave it empty") if word is None else (word, "give another")
            why = f"{column}: {ended} ended on {until}, and {field} is {day}; {mend}, or an earlier day"
            return RefusalError(why, field=column, value=word)
    return None


def _new_words(stated: Statement, before: Statement | None, catalogue: Catalogue) -> tuple[str, Iterator[_Ended]]:
    """Return the field that has the day of a statement, and what it says of words with an end, and `before` did not."""
    if isinstance(stated, Visit):
        return "visited_on", _measures(stated, before, catalogue)
    field, columns = NAMED.get(type(stated), ("", ()))
    return field, _words(stated, before, {column: catalogue.ended.get(column, {}) for column in columns})


def _words(stated: Statement, before: Statement | None, ends: Mapping[str, Mapping[str, date]]) -> Iterator[_Ended]:
    for column, ended in ends.items():
        word = getattr(stated, column)
        if word in ended and getattr(before, column, None) != word:
            yield _Ended(column, word, ended[word])


def _measures(stated: Visit, before: Statement | None, catalogue: Catalogue) -> Iterator[_Ended]:
    known = {} if before is None else cells_of(before)
    for taken in stated.measures:
        measure = catalogue.ending.get(taken.measure)
        until = None if measure is None or taken.missing else measure.ended_on(taken.code)
        if measure is not None and until is not None and not same_cell(taken.measure, known.get(taken.measure), taken):
            yield _Ended(taken.measure, None if until == measure.until else taken.code, until)


def _first(day: date | str) -> date:
    return first_day(day) if isinstance(day, str) else day
