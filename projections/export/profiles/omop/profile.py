"""The profile `omop`: the tables of OMOP's Common Data Model 5.4, at any point in time.

Pseudonyms, days and words are as they are: it is for those who may have the export itself. What has no standard concept
for sure goes out as concept 0 with the registry's own word, and is counted. What it loses stands in docs/profiles.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from projections.errors import ProfileError
from projections.export.profiles.omop.filled import NAME
from projections.export.profiles.omop.release import OmopRelease

if TYPE_CHECKING:
    from projections.export.manifest import Choices
    from projections.export.pieces import Work

TAKES: Final = ()  # of what can be chosen
LEFT_OUT: Final = "no table of OMOP comes of it"
TABLES_OF_OMOP: Final = (
    "patients",
    "follow_ups",
    "visits",
    "measures",
    "treatments",
    "flares",
    "adverse_events",
    "conditions",
    "imaging",
    "scores",
)


def profile(choices: Choices, key_file: Path | None) -> Omop:
    """Return the profile. Raises `ProfileError` with a key: nothing in it is made by one."""
    if key_file is not None:
        raise ProfileError(NAME, "takes no --key-file: pseudonyms stand in it as they are")
    return Omop(choices)


class Omop:
    """The profile, of which nothing can be chosen."""

    name = NAME

    def __init__(self, choices: Choices) -> None:
        self.choices = choices

    def why_left_out(self, table: str) -> str | None:
        """Return why nothing of a table of an export is in it, None for one of which something is."""
        return None if table in TABLES_OF_OMOP else LEFT_OUT

    def release(self, work: Work) -> OmopRelease:
        """Return what is written. Raises `ProfileError` without the table of patients, who are its persons."""
        if "patients" not in work.names:
            raise ProfileError(NAME, "needs the table patients: they are the persons of all other tables")
        return OmopRelease(self.choices, work)
