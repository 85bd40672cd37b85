"""The products by which drugs are called: of the targeted drugs of this field and of the common NSAIDs.

Targeted drugs: what EMA's public assessment reports and FDA's Purple Book have of them, withdrawn products too, for
extracts reach back; with the biosimilars of both, as listed in mAbs 2019;11:13-25, by Exploration of Musculoskeletal
Diseases (table 3 of 100798), by FDA (biosimilar product information), by GaBI online and by the French reference list
of biosimilars (ANSM). Other drugs: names under which they are or were sold in Europe or North America, none of which
means another substance elsewhere. Of combinations none stands here: Arthrotec is not diclofenac.

A product that is not here is added as docs/adding-a-drug.md says. Case, blanks, hyphens and the signs of trade marks
make no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from registry.catalogue.product_kinds import BIOSIMILARS, ORIGINATORS

ProductKind = Literal["originator", "biosimilar", "generic"]


class Product(NamedTuple):
    """What is written on a box, the agent in it, and what it is to the first product of the agent; None if not known.

    The name of a substance with the four letters that FDA puts behind it is a product too: it tells one from others.
    """

    name: str
    agent: str
    kind: ProductKind | None


PRODUCTS: Final = {  # agent: products
    "etanercept": ("Enbrel", "Benepali", "Erelzi", "Eticovo", "Lifmior", "Nepexto"),
    "infliximab": (
        "Remicade",
        "Avsola",
        "Flixabi",
        "Inflectra",
        "Ixifi",
        "Remsima",
        "Remsima SC",
        "Renflexis",
        "Zessly",
        "Zymfentra",
    ),
    "adalimumab": (
        "Humira",
        "Abrilada",
        "Amgevita",
        "Amjevita",
        "Amsparity",
        "Cyltezo",
        "Hadlima",
        "Halimatoz",
        "Hefiya",
        "Hukyndra",
        "Hulio",
        "Hyrimoz",
        "Idacio",
        "Imraldi",
        "Kromeya",
        "Libmyris",
        "Simlandi",
        "Solymbic",
        "Trudexa",
        "Yuflyma",
        "Yusimry",
    ),
    "certolizumab pegol": ("Cimzia",),
    "golimumab": ("Simponi", "Simponi Aria", "Gobivaz", "Gotenfia"),
    "anakinra": ("Kineret",),
    "canakinumab": ("Ilaris",),
    "tocilizumab": ("Actemra", "RoActemra", "Avtozma", "Tofidence", "Tyenne"),
    "sarilumab": ("Kevzara",),
    "ustekinumab": (
        "Stelara",
        "Absimky",
        "Eksunbi",
        "Fymskina",
        "Imuldosa",
        "Otulfi",
        "Pyzchiva",
        "Selarsdi",
        "Starjemza",
        "Steqeyma",
        "Usymro",
        "Uzpruvo",
        "Wezenla",
        "Wezlana",
        "Yesintek",
    ),
    "secukinumab": ("Cosentyx",),
    "brodalumab": ("Kyntheum", "Lumicef", "Siliq"),
    "ixekizumab": ("Taltz",),
    "netakimab": ("Efleira",),
    "bimekizumab": ("Bimzelx",),
    "guselkumab": ("Tremfya",),
    "tildrakizumab": ("Ilumetri", "Ilumya"),
    "risankizumab": ("Skyrizi",),
    "mirikizumab": ("Omvoh",),
    "tofacitinib": ("Xeljanz", "Xeljanz XR"),
    "baricitinib": ("Olumiant",),
    "upadacitinib": ("Rinvoq", "Rinvoq LQ"),
    "filgotinib": ("Jyseleca",),
    "deucravacitinib": ("Sotyktu",),
    "apremilast": ("Otezla",),
    "abatacept": ("Orencia",),
    "rituximab": (
        "MabThera",
        "Rituxan",
        "Blitzima",
        "Ituxredi",
        "Riabni",
        "Ritemvia",
        "Rituzena",
        "Rixathon",
        "Riximyo",
        "Ruxience",
        "Truxima",
    ),
    "methotrexate": (
        "Imeth",
        "Jylamvo",
        "Lantarel",
        "Ledertrexate",
        "Metex",
        "Metoject",
        "Nordimet",
        "Otrexup",
        "Rasuvo",
        "Rheumatrex",
        "Trexall",
        "Xatmep",
        "Zlatal",
    ),
    "sulfasalazine": ("Azulfidine", "Salazopyrin", "Salazopyrine"),
    "leflunomide": ("Arava",),
    "azathioprine": ("Azasan", "Imuran", "Imurek", "Imurel"),
    "hydroxychloroquine": ("Plaquenil", "Quensyl"),
    "ciclosporin": ("Neoral", "Sandimmun", "Sandimmune"),
    "mycophenolic acid": ("CellCept", "Myfortic"),
    "tacrolimus": ("Advagraf", "Envarsus", "Prograf"),
    "mesalazine": ("Asacol", "Lialda", "Mezavant", "Pentasa", "Salofalk"),
    "methylprednisolone": ("Depo-Medrol", "Medrol", "Solu-Medrol", "Urbason"),
    "triamcinolone": ("Kenacort", "Kenalog", "Volon A"),
    "phenylbutazone": ("Butazolidin", "Butazolidine"),
    "indometacin": ("Indocid", "Indocin"),
    "sulindac": ("Clinoril",),
    "tolmetin": ("Tolectin",),
    "diclofenac": ("Cataflam", "Voltaren", "Voltarol", "Voltarene"),
    "etodolac": ("Lodine",),
    "acemetacin": ("Emflex", "Rantudil"),
    "ketorolac": ("Toradol",),
    "aceclofenac": ("Airtal", "Beofenac", "Biofenac", "Preservex"),
    "piroxicam": ("Feldene",),
    "tenoxicam": ("Mobiflex", "Tilcotil"),
    "lornoxicam": ("Xefo",),
    "meloxicam": ("Mobec", "Mobic"),
    "ibuprofen": ("Advil", "Brufen", "Motrin", "Nurofen"),
    "naproxen": ("Aleve", "Anaprox", "Naprelan", "Naprosyn", "Naprosyne", "Proxen"),
    "ketoprofen": ("Orudis", "Oruvail", "Profenid"),
    "fenoprofen": ("Nalfon",),
    "flurbiprofen": ("Ansaid", "Froben"),
    "tiaprofenic acid": ("Surgam",),
    "oxaprozin": ("Daypro",),
    "dexibuprofen": ("Seractil",),
    "dexketoprofen": ("Enantyum", "Keral", "Sympal"),
    "mefenamic acid": ("Ponstan", "Ponstel"),
    "celecoxib": ("Celebrex", "Onsenal"),
    "rofecoxib": ("Vioxx",),
    "valdecoxib": ("Bextra",),
    "parecoxib": ("Dynastat",),
    "etoricoxib": ("Arcoxia", "Exinef"),
    "lumiracoxib": ("Prexige",),
    "nabumetone": ("Relafen", "Relifex"),
    "diflunisal": ("Dolobid",),
    "paracetamol": ("Panadol", "Tylenol"),
    "metamizole sodium": ("Novalgin", "Novalgine"),
    "tramadol": ("Tramal", "Ultram"),
}

# FDA's proper names end in four letters, which tell the product from others of the same substance.
SUFFIXES: Final = {  # agent: suffixes of FDA's proper names
    "etanercept": ("szzs", "ykro"),
    "infliximab": ("abda", "axxq", "dyyb", "qbtx"),
    "adalimumab": ("aacf", "aaty", "adaz", "adbm", "afzb", "aqvh", "atto", "bwwd", "fkjp", "ryvk"),
    "tocilizumab": ("aazg", "anoh", "bavi"),
    "ustekinumab": ("aauz", "aekn", "auub", "hmny", "kfce", "srlf", "stba", "ttwe"),
    "bimekizumab": ("bkzx",),
    "tildrakizumab": ("asmn",),
    "risankizumab": ("rzaa",),
    "mirikizumab": ("mrkz",),
    "rituximab": ("abbs", "arrx", "pvvr"),
}


def built_in_products() -> Iterator[Product]:
    """Yield the products of the catalogue, those with a name of their own first."""
    for agent, names in PRODUCTS.items():
        yield from (Product(name, agent, _kind(name)) for name in names)
    for agent, suffixes in SUFFIXES.items():
        yield from (Product(name, agent, _kind(name)) for name in (f"{agent}-{suffix}" for suffix in suffixes))


def _kind(name: str) -> ProductKind | None:
    if name in BIOSIMILARS:
        return "biosimilar"
    return "originator" if name in ORIGINATORS else None
