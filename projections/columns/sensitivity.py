"""What a column can betray about whom: the word by which each column of an exported table is told.

A column that is told by none is taken for a text that anybody may have written anything into, the most that there can
be. What becomes of each is said by whoever hands tables out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from registry.catalogue.measures import Measure

Sensitivity = Literal[
    "identifier",  # the pseudonym of a patient
    "reference",  # what names a fact, a study or a unit of a patient, and may hold pseudonym, days and texts
    "person",  # the code of somebody who works: a reader
    "place",  # where somebody works: a centre
    "name",  # what somebody called a piece of work: a session, a campaign, a cohort
    "day",  # a day of a patient
    "clock",  # a day or an instant of the registry's own work, alike of many patients
    "cut",  # days up to the point in time, alike of all patients, or from or to a day that may be partial
    "birth",  # the year of birth
    "quasi",  # what an acquaintance knows: sex, criteria, HLA-B27, why follow-up ended
    "open",  # a word of no closed list
    "measured",  # what the measure of the row holds
    "text",  # free text, and all that nobody has told
    "none",  # what is known of nobody but by who has the rest: measures, grades, closed lists
]
SENSITIVITIES: Final[tuple[Sensitivity, ...]] = get_args(Sensitivity)
UNTOLD: Final[Sensitivity] = "text"
OF_HELD: Final[dict[str, Sensitivity]] = {
    "number": "none",
    "count": "none",
    "yes-no": "none",
    "codes": "none",
    "partial-day": "day",
    "text": "text",
}


def sensitivity_of(measure: Measure) -> Sensitivity:
    """Return what the values of a measure can betray, by what it holds; the most, where that is not told here."""
    return OF_HELD.get(measure.holds, UNTOLD)
