"""What is told of freezes, in the stream of all freezes: each when it is made, and former ones in a list."""

from __future__ import annotations

import msgspec


class LogFrozen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The log was given a name as far as it went: `name` means `position`, that of the event before this one, for ever.

    Position 0 is that of an empty log. It names no patient; `note` is what the person who froze it wrote.
    """

    name: str
    position: int
    actor: str
    note: str | None


class ListedFreeze(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A freeze of which no event was made: `digest` is the chain's at its position, 64 hexadecimal digits.

    `recorded_at` is when it was made, recorded clock, µs UTC.
    """

    name: str
    position: int
    digest: str
    recorded_at: int
    actor: str
    note: str | None


class FreezesListed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The freezes that were made before freezes were events; `actor` brought the registry up to date."""

    actor: str
    freezes: tuple[ListedFreeze, ...]
