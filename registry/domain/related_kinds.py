"""Which kinds of facts must be known to decide about a kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from registry.domain.kinds import KINDS

OBSERVED: Final = frozenset({"patient", "follow-up"})  # the kinds of facts that say when a patient was followed
# The kinds of facts of which deciding about a kind takes account, beside those of `OBSERVED` and the kind itself: on
# what it rests, and what rests on it. Everything rests on an enrolment and on the resumptions of follow-up.
RELATED_KINDS: Final[dict[str, Collection[str]]] = {
    "patient": KINDS,
    "follow-up": KINDS,
    "imaging": ("assignment", "reading", "lesion"),
    "assignment": ("imaging", "reading", "lesion"),
    "reading": ("imaging", "assignment"),
    "lesion": ("imaging", "assignment"),
}


def kinds_to_know(deciding: Iterable[str]) -> set[str]:
    """Return the kinds of which all facts of a patient must be known, to decide about facts of some kinds.

    >>> sorted(kinds_to_know(["flare"])), sorted(kinds_to_know(["lesion"])), kinds_to_know(["patient"]) == set(KINDS)
    (['flare', 'follow-up', 'patient'], ['assignment', 'follow-up', 'imaging', 'lesion', 'patient'], True)
    """
    deciding = set(deciding)
    return {*OBSERVED}.union(deciding, *(RELATED_KINDS.get(kind, ()) for kind in deciding))
