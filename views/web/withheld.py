"""Who is not shown: whoever has withdrawn consent by now, under every pseudonym under which they ever stood.

A pseudonym that was merged is a name of the same person, also where an address shows what was known before the merge.
While somebody who withdrew was taken for somebody else, by a merge that was undone since, nobody can tell whose a fact
was that stood under their names: nothing is shown of either from the merge to its end.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple, Self
from uuid import UUID

from registry.domain.events import stream_of
from registry.store.mergings import Mergings, Span

if TYPE_CHECKING:
    from registry.store.log import EventLog


class Withheld(NamedTuple):
    """The pseudonyms of those who have withdrawn consent by now, `names`, and the merges by which others shared them.

    `streams` are those of the names.

    >>> parted = Withheld.under({"P-2"}, [Span("P-2", "P-1", 7, 20)])
    >>> sorted(parted.at(6)), sorted(parted.at(7)), sorted(parted.at(20))
    (['P-2'], ['P-1', 'P-2'], ['P-2'])
    """

    names: frozenset[str]
    streams: frozenset[UUID]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, log: EventLog, withdrawn: Collection[str]) -> Self:
        """Return who is not shown, of the patients who have withdrawn, given by their present pseudonyms."""
        if not withdrawn:
            return cls.under((), ())
        mergings = Mergings.read(log)
        return cls.under({name for patient in withdrawn for name in mergings.names(patient)}, mergings.spans)

    @classmethod
    def under(cls, names: Collection[str], spans: Collection[Span]) -> Self:
        """Return who is not shown, given all present names of theirs, and all merges that ever were."""
        own = frozenset(names)
        survivors = own | {span.into for span in spans if span.merged in own}
        return cls(own, frozenset(map(stream_of, own)), tuple(span for span in spans if span.into in survivors))

    def at(self, position: int) -> frozenset[str]:
        """Return the pseudonyms of which nothing is shown at a position of the log."""
        standing = [span for span in self.spans if span.holds(position)]
        survivors = {span.into for span in standing if not self.names.isdisjoint(span[:2])}
        return self.names | survivors | {span.merged for span in standing if span.into in survivors}

    def shows(self, stream: UUID, position: int) -> bool:
        """Return whether an event at a position of the log is shown that stands in a stream, or tells of it."""
        if stream in self.streams:
            return False
        return not self.spans or stream not in map(stream_of, self.at(position) - self.names)
