"""The ASAS classification criteria for axial spondyloarthritis, with their two arms.

Rudwaleit M, van der Heijde D, Landewé R, et al. Ann Rheum Dis 2009;68:777-83. Verified: back pain for 3 months or
more that began before the age of 45; then sacroiliitis on imaging (active inflammation on MRI, or radiographs by the
modified New York criteria) and one feature or more, or HLA-B27 and two other features or more. HLA-B27 is a feature
in the imaging arm and not in the clinical one. Inflammatory back pain by the experts' definition (Sieper J, van der
Heijde D, Landewé R, et al. Ann Rheum Dis 2009;68:784-8): four of five.

Radiographic and non-radiographic disease divide those who meet the criteria by the radiographic criterion; this is
common usage, from memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from registry.catalogue.criteria.classification import Classification, Features
from registry.catalogue.criteria.modified_new_york import RADIOGRAPHIC
from registry.catalogue.instruments.truths import Truths, at_least
from registry.catalogue.instruments.values import Values

MONTHS: Final = 3
ONSET_BEFORE: Final = 45  # years
IBP_WANTED: Final = 4
IBP_ONSET_BEFORE: Final = 40  # years

ENTRY: Final = "chronic_back_pain_before_45"
MRI: Final = "sacroiliitis_mri"
HLA_B27: Final = "hla_b27"
OTHER_FEATURES: Final = {
    "inflammatory_back_pain": "inflammatory back pain",
    "arthritis": "arthritis, past or present, diagnosed by a physician",
    "heel_enthesitis": "enthesitis of the heel",
    "uveitis": "anterior uveitis, confirmed by an ophthalmologist",
    "dactylitis": "dactylitis, past or present, diagnosed by a physician",
    "psoriasis": "psoriasis, past or present, diagnosed by a physician",
    "inflammatory_bowel_disease": "Crohn's disease or ulcerative colitis, past or present, diagnosed by a physician",
    "good_nsaid_response": "back pain much better or gone 24 to 48 hours after a full dose of an NSAID",
    "family_history": "AS, psoriasis, uveitis, reactive arthritis or IBD in a first- or second-degree relative",
    "elevated_crp": "CRP above the upper limit of normal with back pain, other causes excluded",
}
FEATURES: Final = (*OTHER_FEATURES, HLA_B27)
IBP_PARAMETERS: Final = (
    "onset_before_40",
    "insidious_onset",
    "improves_with_exercise",
    "no_improvement_with_rest",
    "night_pain_improving_on_getting_up",
)


def chronic_back_pain_before_45(months: Values, age_at_onset: Values) -> Truths:
    """Return whether the entry criterion is met, by months of back pain and age at its onset in years."""
    return (months >= MONTHS) & (age_at_onset < ONSET_BEFORE)


def inflammatory_back_pain(parameters: Features) -> Truths:
    """Return whether four of the experts' five parameters are present."""
    return at_least(IBP_WANTED, [parameters[name] for name in IBP_PARAMETERS])


def imaging_arm(features: Features) -> Truths:
    """Return whether there is sacroiliitis on imaging and a feature, after the entry criterion."""
    sacroiliitis = features[MRI] | features[RADIOGRAPHIC]
    return features[ENTRY] & sacroiliitis & at_least(1, [features[name] for name in FEATURES])


def clinical_arm(features: Features) -> Truths:
    """Return whether HLA-B27 is positive and two other features are present, after the entry criterion."""
    return features[ENTRY] & features[HLA_B27] & at_least(2, [features[name] for name in OTHER_FEATURES])


def asas_axspa(features: Features) -> Truths:
    """Return whether either arm is met."""
    return imaging_arm(features) | clinical_arm(features)


def radiographic(features: Features) -> Truths:
    """Return whether the criteria are met with the radiographic criterion."""
    return asas_axspa(features) & features[RADIOGRAPHIC]


def non_radiographic(features: Features) -> Truths:
    """Return whether the criteria are met without the radiographic criterion."""
    seen = features[RADIOGRAPHIC]
    return asas_axspa({**features, RADIOGRAPHIC: Truths.of([False] * len(seen))}) & ~seen


def _classification(name: str, title: str, kernel: Callable[[Features], Truths]) -> Classification:
    return Classification(
        name=name,
        rule=f"{name}/2009",
        title=title,
        source="Rudwaleit et al., Ann Rheum Dis 2009;68:777-83",
        features=(ENTRY, MRI, RADIOGRAPHIC, *FEATURES),
        kernel=kernel,
    )


CLASSIFICATIONS: Final = (
    _classification("ASAS-axSpA", "ASAS axial spondyloarthritis", asas_axspa),
    _classification("ASAS-imaging", "ASAS axial spondyloarthritis, imaging arm", imaging_arm),
    _classification("ASAS-clinical", "ASAS axial spondyloarthritis, clinical arm", clinical_arm),
    _classification("r-axSpA", "radiographic axial spondyloarthritis", radiographic),
    _classification("nr-axSpA", "non-radiographic axial spondyloarthritis", non_radiographic),
)
