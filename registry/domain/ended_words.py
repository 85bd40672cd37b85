"""What a protocol has ended: drugs, products, arms and centres that may not be named from a clinical day on.

What was stated before stays as it was: judged is a word that a statement has and the fact did not have before.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from registry.catalogue.catalogue import Catalogue
from registry.domain.days import first_day
from registry.domain.events import Event, StatementEvent
from registry.domain.statements import AdverseEvent, Enrolment, Statement, Treatment
from registry.errors import RefusalError

NAMED: Final[dict[type[Statement], tuple[str, tuple[str, ...]]]] = {  # the day of a statement, the words that can end
    Enrolment: ("enrolled_on", ("centre",)),
    Treatment: ("started_on", ("agent", "product", "arm")),
    AdverseEvent: ("started_on", ("agent",)),
}


def why_ended(stated: Statement, before: Statement | None, catalogue: Catalogue) -> RefusalError | None:
    """Return why a statement may not say what it does in the place of one `before`, None where it may.

    A partial day may be any that it can mean.
    """
    if not catalogue.ended:
        return None
    field, columns = NAMED.get(type(stated), ("", ()))
    for column in columns:
        word, ended = getattr(stated, column), catalogue.ended.get(column, {})
        if word not in ended or getattr(before, column, None) == word:
            continue
        day = getattr(stated, field)
        if _first(day) >= ended[word]:
            why = f"{column}: {word} ended on {ended[word]}, and {field} is {day}; give another, or an earlier day"
            return RefusalError(why, field=column, value=word)
    return None


def stated_before(event: Event, standing: Statement | None) -> Statement | None:
    """Return what had been stated of a fact before an event; one that comes from elsewhere had said there what it says.

    `standing` is what stands of the fact here.
    """
    return event.statement if isinstance(event, StatementEvent) and event.moved_from is not None else standing


def _first(day: date | str) -> date:
    return first_day(day) if isinstance(day, str) else day
