"""Other names of a substance: national names, older spellings, salts, and the abbreviations of rheumatology.

National names are those of BAN, USAN, DCF and the German pharmacopoeia beside the INN. An abbreviation stands here
where it means one drug in this field and nothing else.
"""

from __future__ import annotations

from typing import Final

SYNONYMS: Final = {  # agent: synonyms
    "certolizumab pegol": ("certolizumab",),
    "methotrexate": ("amethopterin", "methotrexat", "methotrexate sodium", "MTX"),
    "sulfasalazine": ("salazosulfapyridine", "sulfasalazin", "sulphasalazine", "SASP", "SSZ"),
    "leflunomide": ("leflunomid",),
    "azathioprine": ("azathioprin",),
    "chloroquine": ("chloroquin", "chloroquine phosphate"),
    "hydroxychloroquine": ("hydroxychloroquin", "hydroxychloroquine sulfate", "hydroxychloroquine sulphate", "HCQ"),
    "cyclophosphamide": ("ciclofosfamide", "cyclophosphamid"),
    "mycophenolic acid": ("mycophenolate", "mycophenolate mofetil", "mycophenolate sodium"),
    "ciclosporin": ("ciclosporin A", "ciclosporine", "cyclosporin", "cyclosporin A", "cyclosporine"),
    "mesalazine": ("5-aminosalicylic acid", "5-ASA", "mesalamine", "mesalazin"),
    "betamethasone": ("betamethason",),
    "dexamethasone": ("dexamethason",),
    "methylprednisolone": ("methylprednisolon",),
    "prednisolone": ("prednisolon",),
    "prednisone": ("prednison",),
    "triamcinolone": ("triamcinolon", "triamcinolone acetonide"),
    "hydrocortisone": ("cortisol", "hydrocortison"),
    "phenylbutazone": ("phenylbutazon",),
    "indometacin": ("indomethacin",),
    "diclofenac": ("diclofenac potassium", "diclofenac sodium"),
    "ketorolac": ("ketorolac trometamol", "ketorolac tromethamine"),
    "ibuprofen": ("ibuprofene",),
    "naproxen": ("naproxen sodium",),
    "meclofenamic acid": ("meclofenamate",),
    "acetylsalicylic acid": ("acetylsalicylate", "aspirin"),
    "nimesulide": ("nimesulid",),
    "paracetamol": ("acetaminophen",),
    "metamizole sodium": ("dipyrone", "metamizol", "metamizole", "novaminsulfon"),
}
