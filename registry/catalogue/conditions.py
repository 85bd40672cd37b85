"""The conditions that a registry of axial spondyloarthritis asks after, with their codes of ICD-10.

What is listed follows the ASAS-COMOSPA study (Moltó A, et al. Ann Rheum Dis 2016;75:1016-23) and the points to consider
of EULAR on reporting comorbidities (Baillet A, et al. Ann Rheum Dis 2016;75:965-73); the manifestations outside the
spine are those that ASAS defines (Rudwaleit M, et al. Ann Rheum Dis 2009;68:777-83). Codes are those of the World
Health Organization, ICD-10, version 2019: a category means all that stands below it, `C00-C43` a block of categories.
They say where a condition is coded, not that everything coded there is the condition. So dactylitis has no code of its
own, and neither has involvement of the hip: M13.15 is arthritis of one joint with the digit of the site, which is that
of the sacroiliac joint too. Peripheral arthritis is M13, or beside psoriasis and bowel disease M07, without M07.2,
which is of the spine. Latent tuberculosis is coded as the abnormal test; Z22.7 and R76.11 are of ICD-10-CM, the
clinical modification of the United States, and no codes of the World Health Organization.

Compared with copies of the tabular list were H22.1, I11.0, I13.0, I13.2, I26, I60-I64, I80.2, M07, M65.8, R76.1, S12,
S22, S32.0, T08 and the digits of sites. All others follow the headings of the classification as they are commonly
quoted, and were not compared.

A `manifestation` is of the spondyloarthritis itself, a `comorbidity` an illness beside it, an `event` something that
happens on a day, or as pregnancy over some months.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from registry.catalogue.protocol import ConditionGroup, ConditionRecord

_LISTED: Final[tuple[tuple[ConditionGroup, tuple[tuple[str, str, str], ...]], ...]] = (  # name, label, codes of ICD-10
    ("manifestation", (
        ("uveitis", "anterior uveitis", "H20 H22.1"),
        ("psoriasis", "psoriasis", "L40"),
        ("crohns-disease", "Crohn's disease", "K50"),
        ("ulcerative-colitis", "ulcerative colitis", "K51"),
        ("peripheral-arthritis", "peripheral arthritis", "M07.0 M07.1 M07.3 M07.4 M07.5 M07.6 M13"),
        ("enthesitis", "enthesitis", "M46.0 M76 M77"),
        ("dactylitis", "dactylitis", "M65.8"),
        ("hip-involvement", "hip involvement", "M13.15"),
    )),
    ("comorbidity", (
        ("hypertension", "hypertension", "I10-I15"),
        ("diabetes", "diabetes mellitus", "E10-E14"),
        ("ischaemic-heart-disease", "ischaemic heart disease", "I20-I25"),
        ("heart-failure", "heart failure", "I50 I11.0 I13.0 I13.2"),
        ("chronic-kidney-disease", "chronic kidney disease", "N18"),
        ("osteoporosis", "osteoporosis", "M80-M82"),
        ("depression", "depression", "F32 F33"),
        ("fibromyalgia", "fibromyalgia", "M79.7"),
        ("solid-malignancy", "solid malignancy, without non-melanoma skin cancer", "C00-C43 C45-C80"),
        ("haematological-malignancy", "haematological malignancy", "C81-C96"),
        ("non-melanoma-skin-cancer", "non-melanoma skin cancer", "C44"),
        ("active-tuberculosis", "tuberculosis, active", "A15-A19"),
        ("latent-tuberculosis", "tuberculosis, latent", "R76.1"),
        ("hepatitis-b", "hepatitis B", "B16 B18.0 B18.1"),
        ("hepatitis-c", "hepatitis C", "B17.1 B18.2"),
        ("copd", "chronic obstructive pulmonary disease", "J44"),
        ("asthma", "asthma", "J45 J46"),
    )),
    ("event", (
        ("stroke", "stroke", "I60 I61 I63 I64"),
        ("venous-thromboembolism", "venous thromboembolism", "I26 I80.1 I80.2 I80.3 I82"),
        ("vertebral-fracture", "vertebral fracture", "M48.5 S12.0 S12.1 S12.2 S12.7 S22.0 S22.1 S32.0 T08"),
        ("pregnancy", "pregnancy", "O00-O99 Z33-Z35"),
        ("joint-replacement", "joint replacement", "Z96.6"),
    )),
)  # fmt: skip

CONDITIONS: Final[Mapping[str, ConditionRecord]] = {
    name: ConditionRecord(name=name, label=label, icd10=tuple(codes.split()), group=group)
    for group, listed in _LISTED
    for name, label, codes in listed
}


def words_for(conditions: Iterable[ConditionRecord]) -> dict[str, str]:
    """Return the condition that each word means: names, and labels as people write them out.

    >>> words_for([CONDITIONS["crohns-disease"]])
    {"Crohn's disease": 'crohns-disease', 'crohns-disease': 'crohns-disease'}
    """
    known = list(conditions)
    return {each.label: each.name for each in known} | {each.name: each.name for each in known}
