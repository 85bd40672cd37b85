"""What becomes of a score where locations could not be assessed: each way is an object with a name.

The name stands beside every value. Status and change are different questions: `Carry` answers the second.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CompleteOnly:
    """No value unless every location counts."""

    @property
    def name(self) -> str:
        """What tables say."""
        return "complete-only"


@dataclass(frozen=True)
class Assessed:
    """The value over the locations that count, none where none does."""

    @property
    def name(self) -> str:
        """What tables say."""
        return "assessed"


@dataclass(frozen=True)
class Impute:
    """A missing location adds the mean of its segment's other ones, where at most so many of a segment are missing.

    One location of a segment at least has to count.
    """

    at_most: int

    @property
    def name(self) -> str:
        """What tables say."""
        return f"impute(segment-mean, at most {self.at_most} missing a segment)"


@dataclass(frozen=True)
class Prorate:
    """The sum is taken for all locations in the proportion of those that count, where so many do at least."""

    at_least: int

    @property
    def name(self) -> str:
        """What tables say."""
        return f"prorate(at least {self.at_least} assessed)"


@dataclass(frozen=True)
class Selected:
    """The reader names so many groups, as the most affected levels; no value unless every location of these counts.

    What was not named is no part of the reading: neither 0 nor missing.
    """

    groups: int

    @property
    def name(self) -> str:
        """What tables say."""
        return f"selected({self.groups})"


@dataclass(frozen=True)
class Carry:
    """Of a change: a location that is missing in one reading of a pair counts as in the other, so that it adds none."""

    @property
    def name(self) -> str:
        """What tables say."""
        return "carry(paired)"


Policy = CompleteOnly | Assessed | Impute | Prorate | Selected
