"""The radiographic criterion of the modified New York criteria, from the grades of both sacroiliac joints.

van der Linden S, Valkenburg HA, Cats A. Arthritis Rheum 1984;27:361-8: grade 2 or more on both sides, or 3 or 4 on
one; verified. A definite ankylosing spondylitis needs a clinical criterion, too: that is a classification of a patient.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.criteria.modified_new_york import BILATERAL, UNILATERAL, radiographic_sacroiliitis
from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
from registry.catalogue.imaging_criteria.requirements import ByGrades, Place
from registry.catalogue.methods import mny_sij

CRITERIA: Final = (
    ImagingCriterion(
        name="mny-radiographic",
        version=1,
        title="Definite sacroiliitis on radiographs (modified New York)",
        source=mny_sij.METHOD.source,
        methods=(mny_sij.METHOD.code,),
        requires=ByGrades(
            tuple(Place(joint) for joint in mny_sij.JOINTS),
            radiographic_sacroiliitis,
            f"grade {BILATERAL} or more of both joints, or {UNILATERAL} or more of one",
        ),
    ),
)
