"""The drugs of axial spondyloarthritis, by international non-proprietary name.

ATC codes are the WHO Collaborating Centre's; the classification of 2008 moved the TNF and interleukin inhibitors,
that of 2024 the JAK inhibitors and leflunomide, so that extracts still carry the former codes. A code
without its date therefore means a substance, never a class: the class stands here, not in the code.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Agent(NamedTuple):
    """One substance: its code today, codes that it had before or has beside it in extracts, and its kind of drug."""

    name: str
    atc: str
    former_atc: tuple[str, ...]
    drug_class: str

    @property
    def immunomodulating(self) -> bool:
        """Whether it acts on the immune system: every class but NSAIDs and analgesics."""
        return self.drug_class not in SYMPTOMATIC_CLASSES


SYMPTOMATIC_CLASSES: Final = frozenset({"NSAID", "analgesic"})

_DRUGS: Final = (  # class: name, ATC code, former codes
    ("TNFi", (
        ("etanercept", "L04AB01", ("L04AA11",)),
        ("infliximab", "L04AB02", ("L04AA12",)),
        ("adalimumab", "L04AB04", ("L04AA17",)),
        ("certolizumab pegol", "L04AB05", ()),
        ("golimumab", "L04AB06", ()),
    )),
    ("IL-1i", (
        ("anakinra", "L04AC03", ("L04AA14",)),
        ("canakinumab", "L04AC08", ()),
    )),
    ("IL-6i", (("tocilizumab", "L04AC07", ()), ("sarilumab", "L04AC14", ()))),
    ("IL-12/23i", (("ustekinumab", "L04AC05", ()),)),
    ("IL-17i", (
        ("secukinumab", "L04AC10", ()),
        ("ixekizumab", "L04AC13", ()),
    )),
    ("IL-17A/Fi", (("bimekizumab", "L04AC21", ()),)),
    ("IL-23i", (
        ("guselkumab", "L04AC16", ()),
        ("risankizumab", "L04AC18", ()),
    )),
    ("JAKi", (
        ("tofacitinib", "L04AF01", ("L04AA29",)),
        ("baricitinib", "L04AF02", ("L04AA37",)),
        ("upadacitinib", "L04AF03", ("L04AA44",)),
        ("filgotinib", "L04AF04", ("L04AA45",)),
    )),
    ("PDE4i", (("apremilast", "L04AA32", ()),)),
    ("T-cell co-stimulation inhibitor", (("abatacept", "L04AA24", ()),)),
    ("B-cell depletion", (("rituximab", "L01FA01", ("L01XC02",)),)),
    ("csDMARD", (
        ("methotrexate", "L04AX03", ("L01BA01",)),
        ("sulfasalazine", "A07EC01", ()),
        ("leflunomide", "L04AK01", ("L04AA13",)),
        ("azathioprine", "L04AX01", ()),
        ("hydroxychloroquine", "P01BA02", ()),
        ("ciclosporin", "L04AD01", ("L04AA01",)),
        ("thalidomide", "L04AX02", ()),
    )),
    ("glucocorticoid", (
        ("dexamethasone", "H02AB02", ()),
        ("methylprednisolone", "H02AB04", ()),
        ("prednisolone", "H02AB06", ()),
        ("prednisone", "H02AB07", ()),
        ("triamcinolone", "H02AB08", ()),
    )),
    ("NSAID", (
        ("phenylbutazone", "M01AA01", ()),
        ("indometacin", "M01AB01", ()),
        ("sulindac", "M01AB02", ()),
        ("diclofenac", "M01AB05", ()),
        ("etodolac", "M01AB08", ()),
        ("acemetacin", "M01AB11", ()),
        ("ketorolac", "M01AB15", ()),
        ("aceclofenac", "M01AB16", ()),
        ("piroxicam", "M01AC01", ()),
        ("tenoxicam", "M01AC02", ()),
        ("lornoxicam", "M01AC05", ()),
        ("meloxicam", "M01AC06", ()),
        ("ibuprofen", "M01AE01", ()),
        ("naproxen", "M01AE02", ()),
        ("ketoprofen", "M01AE03", ()),
        ("flurbiprofen", "M01AE09", ()),
        ("dexketoprofen", "M01AE17", ()),
        ("rofecoxib", "M01AH02", ()),
        ("celecoxib", "M01AH01", ()),
        ("valdecoxib", "M01AH03", ()),
        ("etoricoxib", "M01AH05", ()),
        ("nabumetone", "M01AX01", ()),
    )),
    ("analgesic", (
        ("paracetamol", "N02BE01", ()),
        ("metamizole sodium", "N02BB02", ()),
        ("tramadol", "N02AX02", ()),
    )),
)  # fmt: skip

AGENTS: Final = {
    name: Agent(name, atc, former_atc, drug_class) for drug_class, drugs in _DRUGS for name, atc, former_atc in drugs
}


def agent_of_atc(code: str) -> Agent | None:
    """Return the agent that an ATC code means or once meant, None where the catalogue has none.

    >>> agent_of_atc("L04AA29").name
    'tofacitinib'
    """
    return next((agent for agent in AGENTS.values() if code.upper() in (agent.atc, *agent.former_atc)), None)
