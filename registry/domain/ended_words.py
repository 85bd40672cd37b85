"""What a protocol has ended: measures, codes and conditions that may not be stated anew from a clinical day on.

What was stated before stays as it was: judged is what a statement says and the fact did not say before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.domain.days import first_day
from registry.domain.statement_cells import cells_of, same_cell
from registry.domain.statements import Condition, Statement, Visit
from registry.errors import ClinicalDayError, RefusalError


class _Said(NamedTuple):
    """What of a statement can end: the field to name in a refusal, what is said, its day, and the day of its end."""

    field: str
    what: str
    day: date | str
    until: date


def why_ended(stated: Statement, before: Statement | None, catalogue: Catalogue) -> RefusalError | None:
    """Return why a statement may not say what it does in the place of one `before`, None where it may.

    A partial day may be any that it can mean; what has no day may lie before any.
    """
    for said in _ended(stated, before, catalogue):
        if _first(said.day) >= said.until:
            why = f"does not lie before {said.until}, from which day on {said.what} is collected no more"
            return ClinicalDayError(said.field, said.day, why)
    return None


def _ended(stated: Statement, before: Statement | None, catalogue: Catalogue) -> Iterator[_Said]:
    """Yield what a statement says that has an end and was not said before."""
    match stated:
        case Visit() if catalogue.ending:
            yield from _measures(stated, before, catalogue)
        case Condition(condition=condition, started_on=str(started_on)):
            until = catalogue.conditions[condition].until
            stood = isinstance(before, Condition) and (before.condition, before.started_on) == (condition, started_on)
            if until is not None and not stood:
                yield _Said("started_on", condition, started_on, until)


def _measures(stated: Visit, before: Statement | None, catalogue: Catalogue) -> Iterator[_Said]:
    known = {} if before is None else cells_of(before)
    for taken in stated.measures:
        measure = catalogue.ending.get(taken.measure)
        until = None if measure is None or taken.missing else measure.ended_on(taken.code)
        if measure is not None and until is not None and not same_cell(taken.measure, known.get(taken.measure), taken):
            what = "it" if until == measure.until else f"the code {taken.code}"
            yield _Said(taken.measure, what, stated.visited_on, until)


def _first(day: date | str) -> date:
    return first_day(day) if isinstance(day, str) else day
