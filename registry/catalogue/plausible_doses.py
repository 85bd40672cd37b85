"""The most of each drug that is given on one day: limits for warnings, never for refusals.

The highest amount on one day, or in one infusion, in the label of any disease, first doses included (EMA summaries of
product characteristics, FDA labels, those of national authorities where it was neither), of methotrexate without its
infusions against cancer; where a label goes by the kilogram or the square metre, that of a heavy adult, 150 kg or 2.5
m2. Where labels differ, the higher one.
They are there for a lost decimal point, an amount of a week that was taken for that of a day, a wrong unit: not for a
dose that is merely unusual. A drug without a row is not judged by its amount.

Each row says on what it rests. The text of the label was read where it says `read`; the others state what is commonly
known of the label that they name, and want reading before anything else rests on them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple


class Most(NamedTuple):
    """The most of a drug on one day in mg, on what it rests, and whether that was read."""

    amount: int
    source: str
    read: bool = False


LABELS: Final = {
    "etanercept": Most(100, "50 mg twice a week in psoriasis, written as its week (Enbrel, FDA)"),
    "infliximab": Most(1500, "10 mg/kg (Remicade, FDA)"),
    "adalimumab": Most(160, "first day in Crohn's disease (Humira, EMA)"),
    "certolizumab pegol": Most(400, "weeks 0, 2 and 4 (Cimzia, EMA)"),
    "golimumab": Most(300, "2 mg/kg into a vein (Simponi Aria, FDA)"),
    "anakinra": Most(1200, "8 mg/kg in NOMID (Kineret, FDA)"),
    "canakinumab": Most(600, "after repeated doses in CAPS (Ilaris, EMA)"),
    "tocilizumab": Most(800, "8 mg/kg, up to this an infusion (RoActemra, as medinfogalway.ie has it)", read=True),
    "sarilumab": Most(200, "every 2 weeks (Kevzara, EMA)"),
    "ustekinumab": Most(520, "first infusion above 85 kg (Stelara, EMA)"),
    "secukinumab": Most(900, "6 mg/kg into a vein at first (Cosentyx, FDA)"),
    "brodalumab": Most(210, "(Kyntheum, EMA)"),
    "ixekizumab": Most(160, "first day (Taltz, EMA)"),
    "netakimab": Most(120, "(Efleira)"),
    "bimekizumab": Most(320, "psoriasis (Bimzelx, EMA)"),
    "guselkumab": Most(400, "under the skin at first in Crohn's disease (Tremfya, FDA)"),
    "tildrakizumab": Most(200, "from 90 kg on (Ilumetri, EMA)"),
    "risankizumab": Most(1200, "infusions in ulcerative colitis (Skyrizi, EMA)"),
    "mirikizumab": Most(900, "infusions in Crohn's disease (Omvoh, EMA)"),
    "tofacitinib": Most(22, "prolonged release, at first in ulcerative colitis (Xeljanz XR, FDA)"),
    "baricitinib": Most(4, "once daily (Olumiant, EMA)"),
    "upadacitinib": Most(45, "at first in bowel disease (Rinvoq, EMA)"),
    "filgotinib": Most(200, "once daily (Jyseleca, EMA)"),
    "deucravacitinib": Most(6, "once daily (Sotyktu, EMA)"),
    "apremilast": Most(60, "30 mg twice (Otezla, EMA)"),
    "abatacept": Most(1000, "above 100 kg (Orencia, EMA)"),
    "rituximab": Most(1250, "500 mg/m2 in leukaemia (MabThera, EMA)"),
    "methotrexate": Most(50, "once a week in mycosis fungoides, former label (FDA); psoriasis 30"),
    "sulfasalazine": Most(8000, "4 tablets of 500 mg four times in severe colitis (Salazopyrin EN, HPRA)", read=True),
    "leflunomide": Most(100, "first days (Arava, EMA)"),
    "azathioprine": Most(750, "5 mg/kg on the first day of a transplant (Imurel)"),
    "hydroxychloroquine": Most(1200, "800 mg and 400 mg after 6 hours in malaria (Plaquenil, FDA)"),
    "ciclosporin": Most(2250, "15 mg/kg on the first day of a transplant (Neoral, FDA)"),
    "thalidomide": Most(400, "erythema nodosum leprosum (Thalomid, FDA)"),
    "dexamethasone": Most(900, "6 mg/kg once in shock (dexamethasone sodium phosphate, FDA)"),
    "methylprednisolone": Most(4500, "30 mg/kg an infusion (Solu-Medrol, FDA)"),
    "prednisolone": Most(1000, "the largest vial, for shock and rejection (Solu-Decortin H, BfArM)", read=True),
    "prednisone": Most(250, "highest oral dose, as of prednisolone (Decortin, Merck)"),
    "triamcinolone": Most(160, "a day for a week in multiple sclerosis (Kenalog-40, FDA)"),
    "phenylbutazone": Most(600, "first 48 hours in ankylosing spondylitis (phenylbutazone tablets, MHRA)", read=True),
    "indometacin": Most(200, "(Indocin, FDA)"),
    "sulindac": Most(400, "200 mg twice (Clinoril, FDA)"),
    "diclofenac": Most(225, "former label, above which it is not recommended (Voltaren, FDA)"),
    "etodolac": Most(1200, "former label (Lodine XL, FDA)"),
    "acemetacin": Most(300, "first two days of gout (Rantudil)", read=True),
    "ketorolac": Most(120, "injections (FDA)"),
    "aceclofenac": Most(200, "100 mg twice"),
    "piroxicam": Most(40, "first days of acute pain, former label (Feldene)"),
    "tenoxicam": Most(40, "acute gout, first two days"),
    "lornoxicam": Most(32, "first 24 hours (Noxon, AIFA); afterwards 16", read=True),
    "meloxicam": Most(15, "(Mobic, EMA); no injection of 30 mg after operations counts"),
    "ibuprofen": Most(3200, "(Motrin, FDA)"),
    "naproxen": Most(1650, "of the sodium salt, for a time (FDA)"),
    "ketoprofen": Most(300, "(Orudis, FDA)"),
    "flurbiprofen": Most(300, "(Ansaid, FDA)"),
    "dexketoprofen": Most(150, "injections, for two days"),
    "rofecoxib": Most(50, "acute pain (Vioxx, FDA)"),
    "celecoxib": Most(800, "400 mg twice in polyposis (Celebrex, FDA)"),
    "valdecoxib": Most(80, "first day of dysmenorrhoea (Bextra, EMA)", read=True),
    "etoricoxib": Most(120, "acute gout"),
    "nabumetone": Most(2000, "(Relafen, FDA)"),
    "paracetamol": Most(4000, "(WHO)"),
    "metamizole sodium": Most(5000, "injections (Novalgin, BfArM)"),
    "tramadol": Most(
        600,
        "not established: 400, but more in cancer and after operations (MHRA)",
        read=True,
    ),
}
MOST_A_DAY: Final = {drug: most.amount for drug, most in LABELS.items()}  # mg

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
