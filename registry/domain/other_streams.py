"""How a patient's stream speaks of another one: by that stream and not by its pseudonym, which an erasure must reach.

`moved_from`, `moved_to` and `under` of events have `stream=` and a UUID where a reference, or they, had the pseudonym
of the other patient until schema 0006. What says that name in an older event is read as before.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote
from uuid import UUID

from registry.domain.events import stream_of
from registry.domain.references import quoted

OF_STUDIES: Final = frozenset({"imaging", "assignment", "reading", "lesion"})  # kinds whose references name no patient
UNNAMED: Final = re.compile(r"stream=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def unnamed(pseudonym: str) -> str:
    """Return what stands for a pseudonym: its stream; what stands for one already is left as it is.

    >>> unnamed("BAR1-01")
    'stream=3ff5c286-1843-5bec-b207-4e40de81d90e'
    """
    return pseudonym if UNNAMED.fullmatch(pseudonym) else f"stream={stream_of(pseudonym)}"


def unnamed_fact(fact: str) -> str:
    """Return a reference with the stream in the place of the pseudonym.

    >>> unnamed_fact("visit/BAR1-01/id=17"), unnamed_fact("imaging/MR-1")
    ('visit/stream=3ff5c286-1843-5bec-b207-4e40de81d90e/id=17', 'imaging/MR-1')
    """
    kind, _, rest = fact.partition("/")
    if kind in OF_STUDIES:
        return fact
    whose, *key = rest.split("/")
    return "/".join((kind, unnamed(unquote(whose)), *key))


def named_fact(fact: str, pseudonym: str) -> str:
    """Return a reference with a pseudonym in the place of its stream.

    >>> named_fact("visit/stream=3ff5c286-1843-5bec-b207-4e40de81d90e/id=17", "BAR1-01")
    'visit/BAR1-01/id=17'
    """
    return fact.replace(unnamed(pseudonym), quoted(pseudonym), 1)


def stream_told(told: str) -> UUID:
    """Return the stream that is told, by itself or in an older event by its pseudonym."""
    of_stream = UNNAMED.fullmatch(told)
    return UUID(of_stream[1]) if of_stream else stream_of(told)


def stream_of_fact(fact: str) -> UUID | None:
    """Return the stream that a reference tells, None where it names a study."""
    kind, _, rest = fact.partition("/")
    return None if kind in OF_STUDIES else stream_told(unquote(rest.partition("/")[0]))
