"""What a criterion over readings is: by which methods, what it requires, whose rule it is, what was not verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.catalogue.imaging_criteria.requirements import COMPLETE_ONLY, Became, Changed, Requirement, ScoreIs

if TYPE_CHECKING:
    from registry.catalogue.imaging.method import Method

OF_TWO: Final = (Changed, Became)


@dataclass(frozen=True, kw_only=True, eq=False)
class ImagingCriterion:
    """A criterion in one edition over readings by some methods: of one reading, or of two of one patient.

    Two readings are by one reader and one method in one session, the later of a later day. The answer has three values:
    where what was not assessed could turn it, it is open, and never a no. `unverified` tells what of the rule was not
    found at its source.
    """

    name: str
    version: int
    title: str
    source: str
    methods: tuple[str, ...]
    requires: Requirement
    unverified: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule and its edition, as tables say it."""
        return f"{self.name}/{self.version}"

    @property
    def of_two(self) -> bool:
        """Whether it compares two readings."""
        return isinstance(self.requires, OF_TWO)

    def policy(self, method: Method) -> str:
        """Return what becomes of locations that were not assessed, by one of the methods, as tables say it."""
        match self.requires:
            case ScoreIs(score=name) | Changed(score=name):
                score = method.score_named(name)
                of_change = "" if score.change is None or not self.of_two else f"{score.change.name}, "
                return f"{of_change}{score.policy.name}"
            case Became(missing=missing) if missing is not None:
                return missing.name
            case _:
                return COMPLETE_ONLY
