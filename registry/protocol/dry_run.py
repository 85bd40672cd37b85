"""Which stored values a protocol would not take if they came today: they stay as they are, and are counted.

Ranges only widen and words stay, so there are two kinds: what lies on or after the day from which a thing is collected
no more, and the codes of centres and arms that a new list of them lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from registry.catalogue.protocol import Protocol
from registry.protocol.editions import NAMED_BY
from registry.protocol.problems import placed
from registry.protocol.stored import Use

WITH_FACTS: Final = (
    "measures",
    "agents",
    "products",
    "arms",
    "conditions",
    "centres",
)  # tables that facts have words of
LISTS: Final = ("centres", "arms")  # whose words are taken only from the list, where there is one


class NotTaken(NamedTuple):
    """What so many standing facts have and a new edition would not take; the last of their clinical days."""

    key: str
    value: str
    n_facts: int
    last_day: date


def ends(protocol: Protocol) -> dict[tuple[str, str], tuple[str, date]]:
    """Return, by table and word, the key of the file that ends a thing, and the day from which it is taken no more."""
    found = {}
    for table in WITH_FACTS:
        for place, record in placed(table, getattr(protocol, table)):
            if record.until is not None:
                found[table, getattr(record, NAMED_BY[table])] = (f"{place}.until", record.until)
    for place, measure in placed("measures", protocol.measures):
        for word, until in measure.ended_codes.items():
            found["codes", f"{measure.name}.{word}"] = (f"{place}.ended_codes.{word}", until)
    return found


def tables_listed(protocol: Protocol, held: Protocol | None) -> set[str]:
    """Return the tables of which a protocol has a list and the one before had none."""
    return {table for table in LISTS if getattr(protocol, table) and not (held and getattr(held, table))}


def tables_ended(protocol: Protocol, held: Protocol | None) -> set[str]:
    """Return the tables of which a protocol ends something that the one before did not, or on another day."""
    before, after = {} if held is None else ends(held), ends(protocol)
    return {table for table, word in after if after[table, word][1:] != before.get((table, word), ("",))[1:]}


def not_taken(protocol: Protocol, uses: Iterable[Use]) -> list[NotTaken]:
    """Return what standing facts have that a protocol would not take if it came today, in the order of the keys."""
    last_days = ends(protocol)
    listed = {table: getattr(protocol, table) for table in LISTS}
    words = {table: {each.code.lower(): each.code for each in codes} for table, codes in listed.items() if codes}
    found: dict[tuple[str, str], list[date]] = {}
    for use in uses:
        if key := _why_not(use, last_days, words):
            found.setdefault((key, use.word), []).append(use.day)
    return [NotTaken(key, word, len(days), max(days)) for (key, word), days in sorted(found.items())]


def _why_not(
    use: Use, last_days: Mapping[tuple[str, str], tuple[str, date]], words: Mapping[str, Mapping[str, str]]
) -> str | None:
    """Return the key by which a use would be refused today, None where it would be taken.

    `words` are the codes of each list, by how they are read: without regard to case.
    """
    word = words[use.table].get(use.word.lower()) if use.table in words else use.word
    if word is None:
        return use.table
    key, until = last_days.get((use.table, word), (None, None))
    return key if until is not None and use.day >= until else None
