"""The code lists of the registry's tables, in the spelling in which they are stored."""

from __future__ import annotations

from typing import Final

SEXES: Final = ("female", "male", "other", "unknown")
CLASSIFICATION_CRITERIA: Final = ("mNY", "ASAS-axSpA", "ASAS-imaging", "ASAS-clinical")
HLA_B27: Final = ("positive", "negative", "unknown")
FOLLOW_UP_END_REASONS: Final = ("lost", "withdrawn", "moved", "died", "study-end", "other")

STOP_REASONS: Final = (
    "lack-of-efficacy",
    "loss-of-efficacy",
    "adverse-event",
    "remission",
    "pregnancy",
    "patient-wish",
    "non-adherence",
    "surgery",
    "infection",
    "malignancy",
    "supply-or-cost",
    "non-medical-switch",
    "protocol-end",
    "lost",
    "died",
    "other",
    "unknown",
)

SEVERITIES: Final = ("mild", "moderate", "severe")
FLARE_BASES: Final = ("patient", "physician", "laboratory", "criteria")
FLARE_TRIGGERS: Final = ("withdrawal", "infection", "injury", "none", "unknown")
YES_NO: Final = ("yes", "no")
CONDITION_BASES: Final = ("reported", "clinician", "imaging", "laboratory")
SIDES: Final = ("left", "right", "both")
ADVERSE_EVENT_OUTCOMES: Final = ("resolved", "ongoing", "sequelae", "fatal", "unknown")

MODALITIES: Final = ("MRI", "XR", "CT")
SPINE_REGIONS: Final = ("spine", "cervical-spine", "thoracic-spine", "lumbar-spine")
REGIONS: Final = (*SPINE_REGIONS, "sij")
SEQUENCES: Final = (  # the spellings of the common ones; others are kept as they come
    "T1",
    "T1-Gd",
    "T1-FS-Gd",
    "T2",
    "T2-FS",
    "STIR",
    "PD",
    "PD-FS",
    "DWI",
    "VIBE",
    "ZTE",
)

LESION_KINDS: Final = {  # region: what can be seen there
    "spine": ("romanus", "end-plate", "facet-joint", "spinous-process"),
    "sij": ("subchondral",),
}
VERDICTS: Final = ("resolution", "improvement", "unchanged", "deterioration", "new")
