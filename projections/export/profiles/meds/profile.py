"""The profile `meds`: a data set of the Medical Event Data Standard 0.4, without leakage from after its `known_at`.

One row an event of a subject, in the order of subject and time. What it says is what was known at the point in time,
so that no later correction stands in it, and each row has the instant at which it was recorded. Days are exact and
words as they are: it is for those who may have the export itself. What it loses stands in docs/profiles.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from projections.errors import ProfileError
from projections.export.profiles.meds.release import MedsRelease
from projections.export.profiles.meds.rows import TABLES_OF_MEDS
from projections.export.profiles.meds.subjects import NAME
from projections.export.profiles.release_key import NO_KEY, ReleaseKey, read_key

if TYPE_CHECKING:
    from projections.export.manifest import Choices
    from projections.export.pieces import Work

TAKES: Final = ("available_at",)  # of what can be chosen
LEFT_OUT: Final = "no event of MEDS comes of it"


def profile(choices: Choices, key_file: Path | None) -> Meds:
    """Return the profile with what was chosen.

    Raises `ProfileError` without a key, `ReleaseKeyError` for a file that is none.
    """
    if key_file is None:
        raise ProfileError(NAME, NO_KEY)
    return Meds(read_key(key_file), choices)


class Meds:
    """The profile with its key and when scores are there."""

    name = NAME

    def __init__(self, key: ReleaseKey, choices: Choices) -> None:
        self.key = key
        self.choices = choices

    def why_left_out(self, table: str) -> str | None:
        """Return why nothing of a table of an export is in it, None for one of which something is."""
        return None if table in TABLES_OF_MEDS else LEFT_OUT

    def release(self, work: Work) -> MedsRelease:
        """Return what is written. Raises `ProfileError` where two patients would be one subject."""
        return MedsRelease(self.key, self.choices, work)
