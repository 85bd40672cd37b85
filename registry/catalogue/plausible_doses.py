"""The most of each drug that is given on one day: limits for warnings, never for refusals.

The highest amount on one day in the label of any disease, first doses and infusions included (EMA summaries of product
characteristics, FDA labels); where a label goes by the kilogram or the square metre, that of a heavy adult, 150 kg or
2.5 m2. Where labels differ, the higher one, rounded up. They are there for a lost decimal point, an amount of a week
that was taken for that of a day, a wrong unit: not for a dose that is merely unusual. A drug without a row is not
judged by its amount.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

MOST_A_DAY: Final = {  # mg
    "etanercept": 100,
    "infliximab": 1500,
    "adalimumab": 160,
    "certolizumab pegol": 400,
    "golimumab": 300,
    "anakinra": 1200,
    "canakinumab": 600,
    "tocilizumab": 1200,
    "sarilumab": 200,
    "ustekinumab": 520,
    "secukinumab": 900,
    "brodalumab": 210,
    "ixekizumab": 160,
    "netakimab": 120,
    "bimekizumab": 320,
    "guselkumab": 400,
    "tildrakizumab": 200,
    "risankizumab": 1200,
    "mirikizumab": 900,
    "tofacitinib": 22,
    "baricitinib": 8,
    "upadacitinib": 45,
    "filgotinib": 200,
    "deucravacitinib": 6,
    "apremilast": 60,
    "abatacept": 1000,
    "rituximab": 1250,
    "methotrexate": 50,
    "sulfasalazine": 6000,
    "leflunomide": 100,
    "azathioprine": 750,
    "hydroxychloroquine": 1200,
    "ciclosporin": 2250,
    "thalidomide": 400,
    "dexamethasone": 100,
    "methylprednisolone": 4500,
    "prednisolone": 1000,
    "prednisone": 250,
    "triamcinolone": 120,
    "phenylbutazone": 800,
    "indometacin": 200,
    "sulindac": 400,
    "diclofenac": 225,
    "etodolac": 1200,
    "acemetacin": 600,
    "ketorolac": 120,
    "aceclofenac": 200,
    "piroxicam": 40,
    "tenoxicam": 40,
    "lornoxicam": 32,
    "meloxicam": 15,
    "ibuprofen": 3200,
    "naproxen": 1650,
    "ketoprofen": 300,
    "flurbiprofen": 300,
    "dexketoprofen": 150,
    "rofecoxib": 50,
    "celecoxib": 800,
    "valdecoxib": 80,
    "etoricoxib": 120,
    "nabumetone": 2000,
    "paracetamol": 4000,
    "metamizole sodium": 5000,
    "tramadol": 600,
}

# Given once a week at the most, by every label: taken each day, methotrexate kills (ISMP, Targeted Medication Safety
# Best Practices for Hospitals, best practice 2).
NEVER_DAILY: Final = frozenset(
    {
        "etanercept",
        "infliximab",
        "adalimumab",
        "certolizumab pegol",
        "golimumab",
        "canakinumab",
        "tocilizumab",
        "sarilumab",
        "ustekinumab",
        "secukinumab",
        "brodalumab",
        "ixekizumab",
        "netakimab",
        "bimekizumab",
        "guselkumab",
        "tildrakizumab",
        "risankizumab",
        "mirikizumab",
        "abatacept",
        "rituximab",
        "methotrexate",
    }
)

TIMES_A_DAY: Final = {"daily": 1, "once daily": 1, "twice daily": 2, "three times daily": 3, "four times daily": 4}
LIGHTEST: Final = 40  # kg; nobody who is given so much per kg weighs less
UNITS: Final = {  # mg in one; of an adult of LIGHTEST kg where the unit is by the kilogram
    "mg": Decimal(1),
    "g": Decimal(1000),
    "µg": Decimal("0.001"),
    "ug": Decimal("0.001"),
    "mcg": Decimal("0.001"),
    "mg/kg": Decimal(LIGHTEST),
}


def why_impossible(agent: str, dose: Decimal, *, unit: str, frequency: str | None) -> str | None:
    """Return why nobody takes so much of an agent, None where somebody may, or where the unit says nothing.

    `dose` is the amount a time in `unit`; a `frequency` that is not among `TIMES_A_DAY` counts as once a day.

    >>> why_impossible("adalimumab", Decimal(400), unit="mg", frequency="every 2 weeks")
    '160 mg a day is the most'
    >>> why_impossible("methotrexate", Decimal(15), unit="mg", frequency="daily")
    'once a week is the most'
    """
    times = TIMES_A_DAY.get((frequency or "").strip().casefold())
    if dose <= 0:
        return "more than 0 is the least"
    if times and agent in NEVER_DAILY:
        return "once a week is the most"
    most, amount = MOST_A_DAY.get(agent), UNITS.get(unit.strip().casefold().replace("\u03bc", "µ"))
    if most is None or amount is None or dose * amount * (times or 1) <= most:
        return None
    return f"{most} mg a day is the most" + (f", of {LIGHTEST} kg" if "kg" in unit.casefold() else "")
