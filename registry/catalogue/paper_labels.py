"""What papers call what is measured, and in which order a clinician reads it: tables for people speak so.

Each heading has its rows in their order, each with its label. Machines keep the names. What has no label here is told
by the label or title that its own declaration has, and stands after what has one.
"""

from __future__ import annotations

from typing import Final

PATIENTS: Final = {
    "patients": "patients",
    "centres": "centres",
    "age": "age",
    "sex": "sex",
    "symptom duration": "symptom duration",
    "disease duration": "disease duration",
    "HLA-B27": "HLA-B27",
    "criteria": "criteria",
    "consent recorded": "consent recorded",
    "prior targeted therapies": "prior targeted therapies",
}
DISEASE_ACTIVITY: Final = {
    "basdai": "BASDAI",
    "asdas_crp": "ASDAS-CRP",
    "asdas_esr": "ASDAS-ESR",
    "patient_global": "patient's global assessment",
    "physician_global": "physician's global assessment",
    "total_back_pain": "back pain",
    "night_back_pain": "back pain at night",
    "morning_stiffness": "morning stiffness",
    "basdai_inflammation": "morning stiffness, BASDAI 5 and 6",
    "bas_g_week": "BAS-G, last week",
    "bas_g_6months": "BAS-G, last 6 months",
    "basdai_1": "BASDAI 1, fatigue",
    "basdai_2": "BASDAI 2, spinal pain",
    "basdai_3": "BASDAI 3, peripheral pain",
    "basdai_4": "BASDAI 4, tenderness",
    "basdai_5": "BASDAI 5, severity of stiffness",
    "basdai_6": "BASDAI 6, duration of stiffness",
    "mases": "MASES",
    "tender_joints_68": "tender joints of 68",
    "swollen_joints_66": "swollen joints of 66",
    "swollen_joints_44": "swollen joints of 44",
}
FUNCTION: Final = {
    "basfi": "BASFI",
    "asas_hi": "ASAS Health Index",
    "asqol": "ASQoL",
    "basfi_1": "BASFI 1, socks",
    "basfi_2": "BASFI 2, bending",
    "basfi_3": "BASFI 3, reaching up",
    "basfi_4": "BASFI 4, getting up from a chair",
    "basfi_5": "BASFI 5, getting up off the floor",
    "basfi_6": "BASFI 6, standing",
    "basfi_7": "BASFI 7, climbing steps",
    "basfi_8": "BASFI 8, looking over the shoulder",
    "basfi_9": "BASFI 9, demanding activities",
    "basfi_10": "BASFI 10, a full day's activities",
}
MOBILITY: Final = {
    "basmi_linear": "BASMI, linear",
    "basmi_10step": "BASMI, 10-step",
    "basmi_2step": "BASMI, 2-step",
    "basmi": "BASMI, version not said",
    "lateral_lumbar_flexion": "lateral lumbar flexion",
    "lumbar_flexion": "lumbar flexion, modified Schober",
    "schober": "Schober test",
    "tragus_to_wall": "tragus to wall",
    "cervical_rotation": "cervical rotation",
    "intermalleolar_distance": "intermalleolar distance",
    "chest_expansion": "chest expansion",
}
LABORATORY: Final = {"crp": "CRP", "esr": "ESR"}
IMAGING: Final = {
    "asspimri": "ASspiMRI-a",
    "berlin": "Berlin MRI spine",
    "sparcc-spine-23": "SPARCC MRI spine, 23 levels",
    "sparcc-spine-6": "SPARCC MRI spine, 6 levels",
    "berlin-sij": "Berlin MRI sacroiliac joints",
    "sparcc-sij": "SPARCC MRI sacroiliac joints",
    "sparcc-sss": "SPARCC SSS",
    "asas-mri-sij": "MRI of the sacroiliac joints positive",
    "msasss": "mSASSS",
    "msasss-ap": "mSASSS with a.p. lumbar film",
    "rasss": "RASSS",
    "ctss": "CT syndesmophyte score",
    "mny-sij": "sacroiliac joints, modified New York",
    "vu-lesions": "vertebral-unit lesions",
}
HEADINGS: Final = {
    "Patients": PATIENTS,
    "Disease activity": DISEASE_ACTIVITY,
    "Function": FUNCTION,
    "Mobility": MOBILITY,
    "Laboratory": LABORATORY,
    "Imaging": IMAGING,
}
OTHERS: Final = "Other measures"
OF_COVARIATES: Final = {  # of models, by the words of a definition
    "hla_b27": "HLA-B27",
    "line": "line of therapy",
    "start year": "year of start",
}
OF_READINGS: Final = {  # criteria over readings, whose titles are longer than a line of a table
    "asas-mri-2009-quantity": "oedema by amount, 2009",
    "asas-mri-2021-erosion": "erosion by amount, 2021",
    "asas-mri-2021-fat": "fat by amount, 2021",
    "asas-mri-2021-oedema": "oedema by amount, 2021",
    "asas-mri-positive": "MRI of the sacroiliac joints positive",
    "berlin-remission": "MRI remission, Berlin spine at most 2",
    "mny-radiographic": "sacroiliitis, modified New York",
    "msasss-progression": "mSASSS progression of 2 in 2 years",
    "msasss-progression-carried": "mSASSS progression of 2 in 2 years, corners carried",
    "msasss-progression-complete": "mSASSS progression of 2 in 2 years, complete films",
    "new-bridging": "new bridging",
    "new-bridging-shared": "new bridging, corners shown twice",
    "new-syndesmophyte": "new syndesmophyte",
    "new-syndesmophyte-shared": "new syndesmophyte, corners shown twice",
    "sparcc-sij-mic": "improvement, SPARCC sacroiliac joints 2.5",
    "sparcc-sij-remission": "MRI remission, SPARCC sacroiliac joints below 2",
    "sparcc-spine-6-mic": "improvement, SPARCC spine 5 over 6 levels",
}
LESIONS: Final = {  # counts and states of locations, and what verdicts are about
    "erosions": "erosions",
    "inflammation": "inflammation",
    "inflammation-only": "inflammation only",
    "active-erosion": "active erosion",
    "active-erosions": "active erosions",
    "inactive-erosion": "inactive erosion",
    "inactive-erosions": "inactive erosions",
    "not-assessable": "not assessable",
    "sij": "sacroiliac joints",
    "facet-joint": "facet joint",
    "spinous-process": "spinous process",
    "romanus": "Romanus lesion",
}
UNITS: Final = {"a": "years", "d": "days", "min": "minutes", "s": "seconds", "deg": "degrees"}  # as papers write them
