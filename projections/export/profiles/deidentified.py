"""The profile `deidentified`: an export for a partner who is to tell nobody by it.

Pseudonyms, references and names are a keyed hash, days are moved by a keyed number a patient, the year of birth stands
in bands, open words that few patients have are hidden, and texts, instants, and days counted to the point in time or
from or to a partial day are left out; `projections.export.profiles.released_columns` has what becomes of which column.
Rows are sorted anew. What can still be found out stands in docs/profiles.md.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from projections.errors import ProfileError, SmallGroupsError
from projections.export.cohorts import OF_COHORTS
from projections.export.profiles.deidentification import NAME, Deidentification
from projections.export.profiles.release_key import NO_KEY, ReleaseKey, read_key
from projections.stated.patients import PATIENTS
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.export.manifest import Choices
    from projections.export.pieces import Work

VERSIONS: Final = "_versions"  # ends the names of tables of what was known when
LEFT_OUT: Final = {
    "events": "it is the log, with every text",
    "assignments": "it tells when the registry worked, alike for many patients, which would tell how far days moved",
    "expected_visits": "its states turn on the point in time, which would tell how far days moved",
    "agreement": "it names readers; make it anew of scores",
    "completeness": "it counts small groups, by centre and true year",
    **dict.fromkeys(OF_COHORTS, "figures of small groups, by true days; make them of the release"),
}
TAKES: Final = ("minimum", "band", "without")  # of what can be chosen


def profile(choices: Choices, key_file: Path | None) -> Deidentified:
    """Return the profile with what was chosen.

    Raises `ProfileError` without a key, `ReleaseKeyError` for a file that is none.
    """
    if key_file is None:
        raise ProfileError(NAME, NO_KEY)
    return Deidentified(read_key(key_file), choices)


class Deidentified:
    """The profile with its key and what was chosen: the smallest group, the band of years, what is left out."""

    name = NAME

    def __init__(self, key: ReleaseKey, choices: Choices) -> None:
        self.key = key
        self.choices = choices

    def why_left_out(self, table: str) -> str | None:
        """Return why a table of an export is not in a release, None for one that is."""
        if table.endswith(VERSIONS):
            return "it tells when everything was recorded, and whence"
        return LEFT_OUT.get(table)

    def release(self, work: Work) -> Deidentification:
        """Return what is written.

        Raises `SmallGroupsError` where a group is smaller than was asked for, `UnknownCodeError` for what is to be left
        out and is nothing of the kind.
        """
        _check_without(self.choices.without, work)
        release = Deidentification(self.key, self.choices, work)
        found, minimum = release.report, self.choices.minimum
        if minimum is not None and found["patients"] and found["smallest_group"] < minimum:
            raise SmallGroupsError(NAME, minimum, found)
        return release


def _check_without(names: Collection[str], work: Work) -> None:
    """Refuse to leave out what is neither a column, in no table part of a key, nor a measure."""
    keys = {name for table in work.tables.values() for name in table.key}
    columns = (column.name for table in (PATIENTS, *work.tables.values()) for column in table.columns)
    known = dict.fromkeys((*(name for name in columns if name not in keys), *work.facts.catalogue.measures))
    for name in names:
        if name not in known:
            raise UnknownCodeError("without", name, known)
