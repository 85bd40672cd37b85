"""Other drugs whose names are within two slips of the pen of one in the catalogue, so that none is taken for the other.

Found by comparing the 107,360 names and products of drug-named-entity-recognition 2.0.9 (after DrugBank, MeSH, NHS and
MedlinePlus) with every word of the catalogue; a name that means the same drug is none. `Panasol` was prednisone, and
Panadol is paracetamol.
"""

from __future__ import annotations

from typing import Final

LOOK_ALIKES: Final = {  # other drug: the substance
    "alclofenac": "alclofenac",
    "azolidine": "pyrrolidine",
    "chloroxine": "chloroxine",
    "cicloserina": "cycloserine",
    "cycloserine": "cycloserine",
    "deoxymethasone": "desoximetasone",
    "dipyrine": "aminophenazone",
    "Euflex": "flutamide",
    "Lomine": "dicycloverine",
    "mebanazine": "mebanazine",
    "meclofenoxate": "meclofenoxate",
    "methylprednisone": "methylprednisone",
    "norvaline": "norvaline",
    "Panasol": "prednisone",
    "Progen": "conjugated estrogens",
    "ticilimumab": "tremelimumab",
    "toralizumab": "toralizumab",
    "Tradol": "tramadol",
    "Ultran": "phenaglycodol",
    "Vilona": "ribavirin",
}
