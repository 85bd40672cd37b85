"""What a page rests on, at its head and at its foot: the registry, the point in time, the edition of spondyl."""

from __future__ import annotations

from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.audit.kept_roots import kept_root

if TYPE_CHECKING:
    from projections.point_in_time import Facts

UNNAMED: Final = "Registry of axial spondyloarthritis"


class Origin(NamedTuple):
    """Where a page comes from; `root` stands for all events up to `position`, empty where it is not told.

    `also` has what the head adds.
    """

    registry: str
    as_of: date | None
    position: int
    recorded_at: datetime | None
    digest: str
    root: str
    withdrawn: str
    version: str
    definition: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def as_of_told(self) -> str:
        """The clinical day, in words where there is no limit."""
        return "all days known" if self.as_of is None else self.as_of.isoformat()

    @property
    def entries(self) -> list[tuple[str, object]]:
        """The lines of the foot: a name and what stands there."""
        lines: list[tuple[str, object]] = [
            ("registry", self.registry),
            ("as of", self.as_of_told),
            ("known at", f"@{self.position}"),
            ("recorded", self.recorded_at),
            ("digest", self.digest),
            *([("root", self.root)] if self.root else []),
            ("withdrawn consent", WITHDRAWN[self.withdrawn]),
        ]
        if self.definition:
            lines.append(("definition, SHA-256", self.definition))
        return [*lines, ("made by", f"spondyl {self.version}")]


WITHDRAWN: Final = {
    "keep": "what was recorded until that day is kept",
    "exclude": "patients who withdrew are left out",
}


def origin_of(facts: Facts, *, definition: str = "", also: tuple[tuple[str, str], ...] = ()) -> Origin:
    """Return what a page about some facts rests on; `definition` is the hash of a cohort's file, in hexadecimal."""
    at = facts.at
    protocol = facts.catalogue.protocol
    return Origin(
        UNNAMED if protocol is None else protocol.title,
        at.as_of,
        at.position,
        at.recorded_at,
        at.digest.hex(),
        kept_root(facts.log, at.position).hex(),
        facts.withdrawn,
        version("spondyl"),
        definition,
        also,
    )
