"""The year in which each drug was first approved anywhere in the world, or first given to patients where that is older.

By the authority that was first: FDA and EMA, as in table 6 of Pediatr Rheumatol 2021;19:46 and in their own registers,
or another that is named. Older drugs have a cautious year, of their first use anywhere by the histories of drugs (as
Sneader, Drug Discovery: A History, Wiley 2005), the earliest where these differ, so that nothing is doubted too soon; a
row says so where the first country is not established. A drug without a row has no year that is known well enough, and
is never doubted for it.

Each row says on what it rests. A source that says the year was read where the row says `read`; the others state what is
commonly known, and want reading before anything else rests on them.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Approval(NamedTuple):
    """The year of a drug's first approval or first use, on what it rests, and whether that was read."""

    year: int
    source: str
    read: bool = False


APPROVALS: Final = {
    "etanercept": Approval(1998, "FDA"),
    "infliximab": Approval(1998, "FDA"),
    "adalimumab": Approval(2002, "FDA"),
    "certolizumab pegol": Approval(2007, "Swissmedic, September; FDA 2008", read=True),
    "golimumab": Approval(2009, "FDA, Health Canada"),
    "anakinra": Approval(2001, "FDA"),
    "canakinumab": Approval(2009, "FDA"),
    "tocilizumab": Approval(2005, "PMDA, Castleman's disease"),
    "sarilumab": Approval(2017, "Health Canada, January", read=True),
    "ustekinumab": Approval(2008, "Health Canada, December"),
    "secukinumab": Approval(2014, "PMDA, December: the first anywhere, as its maker says", read=True),
    "brodalumab": Approval(2016, "PMDA"),
    "ixekizumab": Approval(2016, "FDA"),
    "netakimab": Approval(2019, "Russian ministry of health"),
    "bimekizumab": Approval(2021, "EMA"),
    "guselkumab": Approval(2017, "FDA"),
    "tildrakizumab": Approval(2018, "FDA"),
    "risankizumab": Approval(2019, "PMDA, March; FDA April"),
    "mirikizumab": Approval(2023, "PMDA, EMA"),
    "tofacitinib": Approval(2012, "FDA"),
    "baricitinib": Approval(2017, "EMA"),
    "upadacitinib": Approval(2019, "FDA"),
    "filgotinib": Approval(2020, "PMDA, EMA"),
    "deucravacitinib": Approval(2022, "FDA"),
    "apremilast": Approval(2014, "FDA"),
    "abatacept": Approval(2005, "FDA"),
    "rituximab": Approval(1997, "FDA"),
    "methotrexate": Approval(1953, "FDA, 7 December; given in leukaemia from about 1948 on", read=True),
    "sulfasalazine": Approval(1942, "first series: Svartz, Acta Med Scand 1942;110:577-598", read=True),
    "leflunomide": Approval(1998, "FDA"),
    "azathioprine": Approval(1961, "first transplants"),
    "hydroxychloroquine": Approval(1955, "FDA"),
    "ciclosporin": Approval(1978, "first transplants; approved 1983"),
    "thalidomide": Approval(1956, "Germany"),
    "dexamethasone": Approval(1958, "FDA"),
    "methylprednisolone": Approval(1957, "FDA"),
    "prednisolone": Approval(1955, "FDA"),
    "prednisone": Approval(1955, "FDA"),
    "triamcinolone": Approval(1957, "FDA"),
    "phenylbutazone": Approval(1949, "Europe; in the United States JAMA 1952;150:1084-1086", read=True),
    "indometacin": Approval(1963, "introduced; FDA 1965", read=True),
    "sulindac": Approval(1976, "not established: FDA 1978, some markets before"),
    "diclofenac": Approval(1973, "not established: Japan 1974, Switzerland perhaps before"),
    "etodolac": Approval(1985, "United Kingdom; FDA 1991"),
    "ketorolac": Approval(1989, "FDA"),
    "piroxicam": Approval(1979, "not established: Europe 1979 or 1980; FDA 1982"),
    "meloxicam": Approval(1995, "not established: Europe 1995 or 1996; FDA 2000"),
    "ibuprofen": Approval(1969, "United Kingdom, given from 1966 on: Pharm J, 27 July 2017", read=True),
    "naproxen": Approval(1973, "not established: Mexico or the United Kingdom; FDA 1976"),
    "ketoprofen": Approval(1973, "France and the United Kingdom"),
    "flurbiprofen": Approval(1976, "not established: United Kingdom 1976 or 1977; FDA 1986"),
    "rofecoxib": Approval(1999, "FDA"),
    "celecoxib": Approval(1998, "FDA, 31 December"),
    "valdecoxib": Approval(2001, "FDA"),
    "etoricoxib": Approval(2002, "United Kingdom"),
    "paracetamol": Approval(1893, "first given, von Mering"),
    "metamizole sodium": Approval(1922, "Germany"),
    "tramadol": Approval(1977, "Germany"),
}
FIRST_APPROVED: Final = {drug: approval.year for drug, approval in APPROVALS.items()}

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
