"""How a source was read, where its file does not say: the keys of `[source]` by which it would be read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from registry.intake.sources.foreign_source import ForeignSource


@runtime_checkable
class FoundTraits(Protocol):
    """A source that found out how it is to be read."""

    @property
    def traits(self) -> Mapping[str, str | int]:
        """What was found, by the keys of `[source]`: delimiter, encoding, decimal, header_row, sheet."""


def traits_of(source: ForeignSource) -> dict[str, str | int]:
    """Return how a source was read, by the keys of `[source]`; nothing of one whose kind says it all."""
    return dict(source.traits) if isinstance(source, FoundTraits) else {}
