"""The year in which each drug was first approved anywhere in the world, or first given to patients where that is older.

Targeted drugs by FDA and EMA, as in table 6 of Pediatr Rheumatol 2021;19:46 and the authorities' own registers, and by
the authority that was first where it was neither: Swissmedic for certolizumab pegol (2007), PMDA for tocilizumab
(2005), secukinumab (2014) and brodalumab (2016), Health Canada for ustekinumab (2008) and sarilumab (2017), the Russian
ministry of health for netakimab (2019). Older drugs have a cautious year, of their first use anywhere by the histories
of drugs (as Sneader, Drug Discovery: A History, Wiley 2005), the earliest where these differ, so that nothing is
doubted too soon. A drug without a row has no year that is known well enough, and is never doubted for it.
"""

from __future__ import annotations

from typing import Final

FIRST_APPROVED: Final = {  # year
    "etanercept": 1998,
    "infliximab": 1998,
    "adalimumab": 2002,
    "certolizumab pegol": 2007,
    "golimumab": 2009,
    "anakinra": 2001,
    "canakinumab": 2009,
    "tocilizumab": 2005,
    "sarilumab": 2017,
    "ustekinumab": 2008,
    "secukinumab": 2014,
    "brodalumab": 2016,
    "ixekizumab": 2016,
    "netakimab": 2019,
    "bimekizumab": 2021,
    "guselkumab": 2017,
    "tildrakizumab": 2018,
    "risankizumab": 2019,
    "mirikizumab": 2023,
    "tofacitinib": 2012,
    "baricitinib": 2017,
    "upadacitinib": 2019,
    "filgotinib": 2020,
    "deucravacitinib": 2022,
    "apremilast": 2014,
    "abatacept": 2005,
    "rituximab": 1997,
    "methotrexate": 1953,
    "sulfasalazine": 1942,
    "leflunomide": 1998,
    "azathioprine": 1961,
    "hydroxychloroquine": 1955,
    "ciclosporin": 1978,
    "thalidomide": 1956,
    "dexamethasone": 1958,
    "methylprednisolone": 1957,
    "prednisolone": 1955,
    "prednisone": 1955,
    "triamcinolone": 1957,
    "phenylbutazone": 1949,
    "indometacin": 1963,
    "sulindac": 1976,
    "diclofenac": 1973,
    "etodolac": 1985,
    "ketorolac": 1989,
    "piroxicam": 1979,
    "meloxicam": 1995,
    "ibuprofen": 1969,
    "naproxen": 1973,
    "ketoprofen": 1973,
    "flurbiprofen": 1976,
    "rofecoxib": 1999,
    "celecoxib": 1998,
    "valdecoxib": 2001,
    "etoricoxib": 2002,
    "paracetamol": 1893,
    "metamizole sodium": 1922,
    "tramadol": 1977,
}

# Who takes part in a trial gets the drug before it is approved; the trials in axial spondyloarthritis began at most so
# long before the first approval for any disease (convention of this registry).
TRIALS_BEFORE_APPROVAL: Final = 5  # a


def in_use_from(agent: str) -> int | None:
    """Return the first year in which a patient can have been given an agent, in a trial; None where it is not known.

    >>> in_use_from("adalimumab"), in_use_from("lornoxicam")
    (1997, None)
    """
    approved = FIRST_APPROVED.get(agent)
    return None if approved is None else approved - TRIALS_BEFORE_APPROVAL
