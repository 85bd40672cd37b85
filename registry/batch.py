"""Many patients at once: they decide together, and what they decided is stored all or nothing.

A command of `Registry` is about one patient; what an import, or a program of one's own, states of hundreds is decided
here. `Registry.patient_batch` gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from registry.domain.events import KINDS
from registry.domain.patient import Patient
from registry.streams import Decided, PatientStreams


class PatientBatch:
    """The patients of a registry, to be asked for, to decide, and to be saved together."""

    def __init__(self, streams: PatientStreams) -> None:
        self._streams = streams

    def patients(self, pseudonyms: Iterable[str], deciding: Iterable[str] = KINDS) -> dict[str, Patient]:
        """Return the patients of the pseudonyms; they know what takes `deciding` about facts of some kinds."""
        return self._streams.patients(pseudonyms, deciding)

    def holders_of_studies(self, codes: Collection[str]) -> dict[str, str]:
        """Return whose each study is now: pseudonyms by code; a code that nobody has is left out."""
        return self._streams.holders_of_studies(codes)

    def save(self, decided: Decided) -> int:
        """Store the events that were collected from patients, encoded, all or nothing; return their number.

        Raises `ConcurrentChangeError` where somebody recorded about these patients in between, and
        `AlreadyRecordedError` for a study code that another patient has.
        """
        return self._streams.store(decided)
