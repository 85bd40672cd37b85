"""What happened to a patient as a whole and to no fact: two pseudonyms became one, or two; somebody was erased."""

from __future__ import annotations

from typing import Final

import msgspec

from registry.domain.events import ERASURE, PatientErased
from registry.domain.registry_streams import ABOUT_REGISTRY, RegistryEvent

REST_ERASURE: Final = "FormerNameErased"
ERASURES: Final = (ERASURE, REST_ERASURE)  # the topics of the events that say why others have no payload any more
MERGE: Final = "PatientMerged"
UNMERGE: Final = "PatientUnmerged"


class FormerNameErased(PatientErased, frozen=True, kw_only=True, gc=False):
    """A patient was erased of whom this stream said something: what came by a merge until that was undone, or rows."""


class Merging(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What becomes of two pseudonyms of one person; it stands in the stream of each, `patient` being whose that is."""

    patient: str
    merged: str
    into: str
    actor: str
    source: str
    reason: str


class PatientMerged(Merging, frozen=True, kw_only=True, gc=False):
    """The pseudonym `merged` is another one of the patient `into`, to whom its facts went, and what is said of them."""


class PatientUnmerged(Merging, frozen=True, kw_only=True, gc=False):
    """The pseudonym `merged` is a patient of its own after all; what came from it to `into` went back."""


ABOUT_STREAMS: Final[dict[str, type[Merging | PatientErased]]] = {  # by topic
    ERASURE: PatientErased,
    REST_ERASURE: FormerNameErased,
    MERGE: PatientMerged,
    UNMERGE: PatientUnmerged,
}
ABOUT_NO_FACT: Final[dict[str, type[Merging | PatientErased | RegistryEvent]]] = {**ABOUT_STREAMS, **ABOUT_REGISTRY}
