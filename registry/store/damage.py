"""What a verification finds wrong."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

import msgspec

PROBLEMS_AT_MOST: Final = 100


class Damage(msgspec.Struct, frozen=True):
    """What is wrong, and at which position; None where it is no event but the database that is wrong."""

    position: int | None
    what: str

    def __str__(self) -> str:
        return f"the database: {self.what}" if self.position is None else f"@{self.position}: {self.what}"


class Inspection(msgspec.Struct, frozen=True):
    """What of a database is not as the migrations made it.

    `problems` can change what is read or what may be written; `notes` cannot, as an analyst's own view.
    """

    problems: tuple[Damage, ...] = ()
    notes: tuple[Damage, ...] = ()

    @classmethod
    def of(cls, problems: Iterable[Damage], notes: Iterable[Damage]) -> Inspection:
        """Return an inspection of at most a hundred problems and as many notes."""
        return cls(tuple(islice(problems, PROBLEMS_AT_MOST)), tuple(islice(notes, PROBLEMS_AT_MOST)))
