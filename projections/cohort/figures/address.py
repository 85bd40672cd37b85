"""Where a figure stands: the address by which files, messages, exports and comparisons call it."""

from __future__ import annotations

from typing import Final, NamedTuple, Self

SEPARATOR: Final = " / "
ARROW: Final = " → "  # between the two time points of a comparison, and between two states of a location


class Address(NamedTuple):
    """The place of a figure; as a text `table / row / timepoint / statistic`.

    >>> str(Address("lesions", "erosions", "baseline", "n"))
    'lesions / erosions / baseline / n'
    """

    table: str
    row: str
    timepoint: str
    statistic: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the address that a text is. Raises `ValueError` where it has other than four parts.

        >>> Address.of("scores / berlin / baseline → 2 years / p").timepoint
        'baseline → 2 years'
        """
        parts = text.split(SEPARATOR)
        if len(parts) != len(cls._fields):
            raise ValueError(f"{text!r} has {len(parts)} parts, an address has {len(cls._fields)}")
        return cls(*parts)

    def __str__(self) -> str:
        return SEPARATOR.join(self)
