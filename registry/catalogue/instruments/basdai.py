"""The Bath Ankylosing Spondylitis Disease Activity Index, 0-10, and its part on morning stiffness.

Garrett S, Jenkinson T, Kennedy LG, Whitelock H, Gaisford P, Calin A. J Rheumatol 1994;21:2286-91; the ASAS handbook,
Ann Rheum Dis 2009;68 Suppl II. Six questions about the past week, each 0-10 (numerical rating scale, or a visual
analogue scale for questions 1 to 5); the last, duration of stiffness, has 2 hours or more at 10. It is not the
mean of six: the two questions on stiffness count as one component of five. The formula was verified in
publications that print it. ASAS criteria call the mean of questions 5 and 6 inflammation.

Missing answers: the value stands only where all six are there. The prorated variant is the habit of trials' analysis
plans, from memory and not verified: of questions 5 and 6 the one that was answered stands for both, and of the five
components one may be missing and the mean is that of the other four.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.instruments.instrument import PRORATED, Columns, Instrument, mean, numbered
from registry.catalogue.instruments.values import Values

ITEMS: Final = numbered("basdai", 6)
COMPONENTS: Final = 5
SOURCE: Final = "Garrett et al., J Rheumatol 1994;21:2286-91"


def basdai(columns: Columns) -> Values:
    """Return the BASDAI of each visit with all six answers."""
    return _mean_of_components(columns, stiffness=inflammation(columns), required=COMPONENTS)


def basdai_prorated(columns: Columns) -> Values:
    """Return the BASDAI of each visit that lacks one component at most, one answer on stiffness standing for both."""
    return _mean_of_components(columns, stiffness=inflammation_prorated(columns), required=COMPONENTS - 1)


def inflammation(columns: Columns) -> Values:
    """Return the mean of severity and duration of morning stiffness, questions 5 and 6."""
    return mean([columns["basdai_5"], columns["basdai_6"]], required=2)


def inflammation_prorated(columns: Columns) -> Values:
    """Return the mean of questions 5 and 6, or the one that was answered."""
    return mean([columns["basdai_5"], columns["basdai_6"]], required=1)


def _mean_of_components(columns: Columns, *, stiffness: Values, required: int) -> Values:
    return mean([*(columns[item] for item in ITEMS[:4]), stiffness], required=required)


INSTRUMENTS: Final = (
    Instrument(
        name="basdai",
        edition=1,
        title="BASDAI",
        source=SOURCE,
        unit="score",
        low=0,
        high=10,
        inputs=ITEMS,
        kernel=basdai,
        variants={PRORATED: basdai_prorated},
    ),
    Instrument(
        name="basdai_inflammation",
        edition=1,
        title="BASDAI, mean of severity and duration of morning stiffness",
        source=SOURCE,
        unit="score",
        low=0,
        high=10,
        inputs=ITEMS[4:],
        kernel=inflammation,
        variants={PRORATED: inflammation_prorated},
    ),
)
