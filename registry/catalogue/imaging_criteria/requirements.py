"""What a criterion can require of one reading or of two: each kind is an object that says itself in words.

Of one reading: `ScoreIs`, `Found`, `InARow`, `ByGrades`, and `AnyOf` several of these. Of two: `Changed`, `Became`.
Limits are whole numbers or fractions, and a value at the limit is judged as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from registry.catalogue.instruments.truths import Truths

Relation = Literal["below", "at most", "at least"]
Limit = int | Fraction
COMPLETE_ONLY: Final = "complete-only"


class Place(NamedTuple):
    """Where something is graded: a location of a method by its name, and what is graded there."""

    location: str
    item: str | None = None


Places = tuple[Place, ...]


class Days(NamedTuple):
    """How many days the later reading's study may lie after the earlier one's, both ends included."""

    least: int
    most: int


@dataclass(frozen=True)
class ScoreIs:
    """A score of the method is below, at most or at least a limit."""

    score: str
    relation: Relation
    limit: Limit

    @property
    def told(self) -> str:
        """What it requires, in words."""
        return f"{self.score} {self.relation} {number_told(self.limit)}"


@dataclass(frozen=True)
class Found:
    """So many places at least are of a grade or a higher one: of all, or of those of one slice where they are several.

    `groups` are the places that count together, `what` is what they are called.
    """

    groups: tuple[Places, ...]
    at_least: int
    what: str
    grade: int = 1

    @property
    def told(self) -> str:
        """What it requires, in words."""
        return f"{self.at_least} or more {self.what}"


@dataclass(frozen=True)
class InARow:
    """One of some sites is of a grade or a higher one on so many consecutive slices; a site is its places in order."""

    sites: tuple[Places, ...]
    slices: int
    what: str
    grade: int = 1

    @property
    def told(self) -> str:
        """What it requires, in words."""
        return f"{self.what} on {self.slices} or more consecutive slices"


@dataclass(frozen=True)
class ByGrades:
    """What a rule says of the grades of some places, in their order."""

    places: Places
    rule: Callable[..., Truths]
    told: str


@dataclass(frozen=True)
class AnyOf:
    """One of several at least; the number that is told is that of the first."""

    alternatives: tuple[ScoreIs | Found | InARow, ...]

    @property
    def told(self) -> str:
        """What it requires, in words."""
        return ", or ".join(each.told for each in self.alternatives)


@dataclass(frozen=True)
class Changed:
    """A score rises by so much at least, or falls where that is negative.

    `within` are the days for which it is a rule: of readings at another distance nothing can be said, and no change is
    extrapolated. Without it any two readings are judged.
    """

    score: str
    by: Limit
    within: Days | None = None

    @property
    def told(self) -> str:
        """What it requires, in words."""
        verb = "rises" if self.by > 0 else "falls"
        said = f"{self.score} {verb} by {number_told(max(self.by, -self.by))} or more"
        if self.within is None:
            return said
        return f"{said} between studies {self.within.least} to {self.within.most} days apart; not extrapolated"


@dataclass(frozen=True)
class Shared:
    """Only locations that both readings have count, where at most so many of each segment are not had by both."""

    at_most: int

    @property
    def name(self) -> str:
        """What tables say."""
        return f"shared(at most {self.at_most} missing a segment)"


@dataclass(frozen=True)
class Became:
    """So many locations at least went from one of some grades to one of others, of a method that grades one thing.

    A location that either reading lacks is never counted. Whether it leaves the answer open is said by `missing`:
    without it, wherever it could have changed so.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    what: str
    missing: Shared | None = None
    at_least: int = 1

    @property
    def told(self) -> str:
        """What it requires, in words."""
        before, after = (" or ".join(map(str, grades)) for grades in (self.before, self.after))
        return f"{self.at_least} or more {self.what} that both films show went from grade {before} to {after}"


Requirement = ScoreIs | Found | InARow | ByGrades | AnyOf | Changed | Became


def score_of(requires: Requirement) -> str | None:
    """Return the score that is judged, None where places are; a verdict is a score of the same name."""
    match requires:
        case ScoreIs(score=score) | Changed(score=score):
            return score
        case ByGrades(places=(only,)):
            return only.item
        case _:
            return None


def number_told(limit: Limit) -> str:
    """Return a limit as it is written in rules.

    >>> number_told(Fraction(5, 2)), number_told(2)
    ('2.5', '2')
    """
    return f"{float(limit):g}"
