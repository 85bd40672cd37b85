"""The modified New York criteria: definite ankylosing spondylitis.

van der Linden S, Valkenburg HA, Cats A. Arthritis Rheum 1984;27:361-8. Verified: sacroiliitis on radiographs of grade
2 or more on both sides or of grade 3 or 4 on one, and at least one of three clinical criteria. Grades of a joint,
from memory: 0 normal, 1 suspicious, 2 minimal, 3 definite, 4 ankylosis.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.criteria.classification import Classification, Features
from registry.catalogue.instruments.truths import Truths, at_least
from registry.catalogue.instruments.values import Values

RADIOGRAPHIC: Final = "radiographic_sacroiliitis"
CLINICAL: Final = {
    "low_back_pain": "low back pain and stiffness for more than 3 months, better by exercise, not relieved by rest",
    "limited_lumbar_motion": "limited lumbar motion in the sagittal and the frontal plane",
    "limited_chest_expansion": "limited chest expansion for age and sex",
}
BILATERAL: Final = 2
UNILATERAL: Final = 3


def radiographic_sacroiliitis(left: Values, right: Values) -> Truths:
    """Return whether the grades (0-4) of both joints amount to definite sacroiliitis; one of grade 3 suffices."""
    return ((left >= BILATERAL) & (right >= BILATERAL)) | (left >= UNILATERAL) | (right >= UNILATERAL)


def modified_new_york(features: Features) -> Truths:
    """Return whether the radiographic criterion and a clinical one are met."""
    return features[RADIOGRAPHIC] & at_least(1, [features[name] for name in CLINICAL])


CLASSIFICATIONS: Final = (
    Classification(
        name="mNY",
        rule="mNY/1984",
        title="modified New York criteria, definite ankylosing spondylitis",
        source="van der Linden et al., Arthritis Rheum 1984;27:361-8",
        features=(RADIOGRAPHIC, *CLINICAL),
        kernel=modified_new_york,
    ),
)
