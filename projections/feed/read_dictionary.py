"""What a `dictionary.json` says of tables, read for those who describe them to somebody else's software."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from projections.errors import FeedError
from projections.export.manifest import FORMAT
from projections.feed.batch_files import BYTES_AT_MOST, FEED
from registry.given_files import given_bytes
from registry.new_files import why_of

DICTIONARY: Final = "dictionary.json"
Name = Annotated[str, msgspec.Meta(pattern="^[a-z_][a-z0-9_]{0,62}\\Z")]


class DescribedColumn(msgspec.Struct, frozen=True):
    """A column: `codes` is the closed list of its values where there is one."""

    name: Name
    type: str
    nullable: bool
    meaning: str
    codes: tuple[str, ...] | None


class DescribedReference(msgspec.Struct, frozen=True):
    """Columns that are null, one of them, or stand together in the columns `references` of a row of another table."""

    columns: tuple[Name, ...]
    table: Name
    references: tuple[Name, ...]


class DescribedTable(msgspec.Struct, frozen=True):
    """A table: what a row is, the columns that no two rows have alike, what it refers to, its columns in order."""

    rows: str
    key: tuple[Name, ...]
    foreign_keys: tuple[DescribedReference, ...]
    columns: tuple[DescribedColumn, ...]

    @property
    def nullable(self) -> frozenset[str]:
        """The names of the columns that need not have a value."""
        return frozenset(column.name for column in self.columns if column.nullable)


class _Dictionary(msgspec.Struct, frozen=True):
    format: int
    tables: dict[Name, DescribedTable]


class Described(NamedTuple):
    """The tables of a dictionary by name, and whether they are those of a feed, whose targets have a row key."""

    tables: dict[str, DescribedTable]
    is_of_feed: bool


def read_dictionary(place: Path) -> Described:
    """Return what a dictionary says: a file, or that in the folder of a feed or of an export.

    Raises `FeedError` where there is none, where it is none, or is of a later format.
    """
    file = place
    try:
        file = place / DICTIONARY if place.is_dir() else place
        found = msgspec.json.decode(given_bytes(file, at_most=BYTES_AT_MOST), type=_Dictionary)
    except OSError as error:
        raise FeedError(file, f"cannot be read: {why_of(error)}") from None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise FeedError(file, f"is not a dictionary: {error}") from None
    if found.format > FORMAT:
        raise FeedError(file, f"has format {found.format}, this spondyl knows {FORMAT}; use a newer spondyl")
    return Described(dict(found.tables), (file.parent / FEED).is_file())
