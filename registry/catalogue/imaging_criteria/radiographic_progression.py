"""Progression of the spine on radiographs, by two definitions: by the mSASSS, and by new syndesmophytes.

Hebeisen M et al., PLoS One 2020;15:e0230268: a rise of the mSASSS of 2 units or more in 2 years, in films taken every
2 years; verified, as is that the formation of a new syndesmophyte is the other definition (Baraliakos X et al. 2007).

Two years: studies counted their intervals as films taken every 2 years, and judged each interval by the change that
was seen in it, without dividing it by the time. How far from 2 years a film may lie is not printed in what was read.
Here it is half a year to both sides, 548 to 914 days; of two films at another distance nothing is said, be the change
as large as it may: if short intervals counted where they reach the limit, only those that reach it would count.

Corners that are missing: `msasss-progression` takes the totals of both films, each imputed by itself as the method's
total is; `-complete` complete films alone; `-carried` takes a corner that one film lacks from the other, which then
adds nothing to the change, and imputes what both lack.

New syndesmophytes: a corner of grade 0 or 1 that is 2 or 3 later; bridging: a corner of grade 2 that is 3 later,
reported by itself. Both from memory. A corner counts only where both films show it. The plain criteria are open where
a corner that was not shown could have become one; `-shared` looks at the shown corners alone, where of each segment at
most 3 are not shown by both, as for the total.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.catalogue.imaging.corners import MISSING_AT_MOST
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import Became, Changed, Days, Shared

HEBEISEN: Final = "Hebeisen et al., PLoS One 2020;15:e0230268"
BARALIAKOS: Final = "Baraliakos et al., Ann Rheum Dis 2007;66:910-5"
TWO_YEARS: Final = Days(548, 914)  # 18 to 30 months
PROGRESSION: Final = 2  # units of the mSASSS
SCORES: Final = {  # name, the score, what becomes of missing corners
    "": ("total", "corners imputed film by film"),
    "-complete": ("total-complete", "complete films only"),
    "-carried": ("total-carried", "missing corners taken from the other film"),
}
OF_CORNERS: Final = ("msasss", "msasss-ap", "rasss")
OF_SHOWN: Final[dict[str, tuple[Shared | None, str]]] = {  # name, what becomes of corners that a film does not show
    "": (None, "all corners"),
    "-shared": (Shared(MISSING_AT_MOST), "corners that both films show"),
}
SYNDESMOPHYTE: Final = ((0, 1), (2, 3))  # grades before and after
BRIDGING: Final = ((2,), (3,))


def _progression() -> Iterator[ImagingCriterion]:
    for ending, (score, told) in SCORES.items():
        yield ImagingCriterion(
            name=f"msasss-progression{ending}",
            version=1,
            title=f"mSASSS progression of 2 units or more in 2 years, {told}",
            source=HEBEISEN,
            methods=("msasss",),
            requires=Changed(score, PROGRESSION, TWO_YEARS),
            unverified=("half a year to both sides of 2 years",),
        )


def _formed(name: str, what: str, grades: tuple[tuple[int, ...], tuple[int, ...]]) -> Iterator[ImagingCriterion]:
    before, after = grades
    for ending, (missing, told) in OF_SHOWN.items():
        yield ImagingCriterion(
            name=f"{name}{ending}",
            version=1,
            title=f"{what} on radiographs, {told}",
            source=BARALIAKOS,
            methods=OF_CORNERS,
            requires=Became(before, after, "corners", missing),
            unverified=("grades before and after", *(() if missing is None else ("how many corners may be missing",))),
        )


CRITERIA: Final = (
    *_progression(),
    *_formed("new-syndesmophyte", "New syndesmophyte", SYNDESMOPHYTE),
    *_formed("new-bridging", "Bridging of a syndesmophyte", BRIDGING),
)
