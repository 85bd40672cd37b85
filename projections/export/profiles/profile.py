"""What a profile of an export is: it makes other tables, and other files, of the tables that an export has.

A profile is given the work that an export would be, range of patients by range, and gives a release: the declarations
of its tables and the pieces of their rows in order. What stands beside them in the folder are its files. All else is
as in any export: parts, hashes, the manifest, and that it can be made again from the log. Each profile is a module of
this room, named in `projections/export/profiles/known.py`; what it loses stands in docs/profiles.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.export.manifest import StatedProfile
    from projections.export.pieces import Piece, Work


class Written(Protocol):
    """What is written: tables by name, in the order in which they are told, and the pieces of their rows.

    Its length is the number of pieces. The work of an export without a profile is one itself.
    """

    @property
    def tables(self) -> Mapping[str, Table]:
        """The declarations of the tables that are written."""

    def pieces(self) -> Iterator[Piece]:
        """Yield the rows, those of one table in the order of its parts."""

    def __len__(self) -> int: ...


class Release(Written, Protocol):
    """What is written of an export by a profile."""

    def dictionary(self) -> dict[str, object]:
        """Return what `dictionary.json` says."""

    def files(self) -> Mapping[str, bytes]:
        """Return the other files by their paths in the folder; asked for when the tables are written."""

    def stated(self) -> StatedProfile:
        """Return what the manifest says: the edition, of what it was made, what was chosen, and what came of it."""


class Profile(Protocol):
    """What an export is made into."""

    @property
    def name(self) -> str:
        """Its name, as `--profile` takes it."""

    def why_left_out(self, table: str) -> str | None:
        """Return why a table of an export is not in it, None for one that is, or of which something in it is made."""

    def release(self, work: Work) -> Release:
        """Return what is written of the work of an export. Raises what forbids to hand it out."""
