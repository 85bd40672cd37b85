"""What is hardly ever true of a value, though nothing forbids it: limits for warnings, never for refusals.

Conventions of this registry, chosen so that each of the unit errors of the literature is caught: CRP printed as
"24.7 mg/dl" where mg/l was meant (Baraliakos et al., J Rheumatol 2013;40:1891-6), and a median CRP of "240 (140-450)"
where the decimal points were lost (the anakinra study, Ann Rheum Dis 2004). A warning never changes a value.
"""

from __future__ import annotations

from typing import Final

PLAUSIBLE_LIMITS: Final = {  # measure: lowest and highest value in the canonical unit that needs no second look
    "crp": (0, 300),
    "esr": (0, 150),
    "morning_stiffness": (0, 720),
    "tragus_to_wall": (5, 60),
    "lateral_lumbar_flexion": (0, 35),
    "lumbar_flexion": (0, 15),
    "schober": (0, 15),
    "intermalleolar_distance": (20, 200),
    "chest_expansion": (0, 15),
}

SUSPECT_UNITS: Final = {  # measure, captured unit: mean above which the unit itself is doubted, in that unit
    ("crp", "mg/dl"): 10,
}

# A value from LOST_POINT_FROM that is more than so many times most of the patient's others, and a tenth of which lies
# among these (between half the lowest and twice the highest), has probably lost its decimal point.
LOST_POINT_FROM: Final = 100  # mg/l
LOST_POINT_MOST: Final = 3, 4  # of the others, so many of so many
LOST_POINT_MEASURES: Final = ("crp",)
LOST_POINT_TIMES: Final = 3
LOST_POINT_FACTOR: Final = 10
LOST_POINT_OTHERS: Final = 2  # values that the patient must have besides

# A centre none of whose patients ever has a value above the limit, though most of the others' patients have, gives its
# values on another scale: patient global, pain and fatigue are asked on 0-10, on 0-100 and on lines of 100 mm by the
# registries of this field (Linde et al., Arthritis Res Ther 2023;25:205).
SCALES: Final = {  # measure: limit in the canonical unit, above which some patient has a value; the scale otherwise
    "patient_global": (10, "0 to 10"),
    "physician_global": (10, "0 to 10"),
    "total_back_pain": (10, "0 to 10"),
    "night_back_pain": (10, "0 to 10"),
    "morning_stiffness": (10, "hours"),
    "crp": (5, "mg/dl"),
}
SCALE_VALUES: Final = 5  # that a centre must have, and all others together: with fewer nothing is said
SCALE_PATIENTS: Final = 3  # who must have them, in the centre
SCALE_CHANCE: Final = 1, 1000  # so seldom of so many may all patients of a centre be so low by chance
