"""The drugs of axial spondyloarthritis, by international non-proprietary name.

ATC codes are the WHO Collaborating Centre's; the classification of 2008 moved the TNF and interleukin inhibitors,
that of 2024 the JAK inhibitors and leflunomide, so that extracts still carry the former codes. A code
without its date therefore means a substance, never a class: the class stands here, not in the code. Of the codes of a
substance those stand here that extracts of rheumatology have: those of systemic use.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple


class Agent(NamedTuple):
    """One substance: its code today, codes that it had before or has beside it in extracts, and its kind of drug."""

    name: str
    atc: str
    former_atc: tuple[str, ...]
    drug_class: str

    @property
    def immunomodulating(self) -> bool:
        """Whether it acts on the immune system: every class but NSAIDs, analgesics, aminosalicylates and placebo."""
        return self.drug_class not in NOT_IMMUNOMODULATING


PLACEBO: Final = "placebo"  # a class that no drug has: what a trial gives instead of one
NOT_IMMUNOMODULATING: Final = frozenset({"NSAID", "analgesic", "aminosalicylate", PLACEBO})

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
        ("brodalumab", "L04AC12", ()),
        ("ixekizumab", "L04AC13", ()),
        ("netakimab", "L04AC20", ()),
    )),
    ("IL-17A/Fi", (("bimekizumab", "L04AC21", ()),)),
    ("IL-23i", (
        ("guselkumab", "L04AC16", ()),
        ("tildrakizumab", "L04AC17", ()),
        ("risankizumab", "L04AC18", ()),
        ("mirikizumab", "L04AC24", ()),
    )),
    ("JAKi", (
        ("tofacitinib", "L04AF01", ("L04AA29",)),
        ("baricitinib", "L04AF02", ("L04AA37",)),
        ("upadacitinib", "L04AF03", ("L04AA44",)),
        ("filgotinib", "L04AF04", ("L04AA45",)),
        ("deucravacitinib", "L04AF07", ("L04AA56",)),
    )),
    ("PDE4i", (("apremilast", "L04AA32", ()),)),
    ("T-cell co-stimulation inhibitor", (("abatacept", "L04AA24", ()),)),
    ("B-cell depletion", (("rituximab", "L01FA01", ("L01XC02",)),)),
    ("csDMARD", (
        ("methotrexate", "L04AX03", ("L01BA01",)),
        ("sulfasalazine", "A07EC01", ()),
        ("leflunomide", "L04AK01", ("L04AA13",)),
        ("azathioprine", "L04AX01", ()),
        ("chloroquine", "P01BA01", ()),
        ("hydroxychloroquine", "P01BA02", ()),
        ("cyclophosphamide", "L01AA01", ()),
        ("mycophenolic acid", "L04AA06", ()),
        ("tacrolimus", "L04AD02", ("L04AA05",)),
        ("ciclosporin", "L04AD01", ("L04AA01",)),
        ("thalidomide", "L04AX02", ()),
    )),
    ("aminosalicylate", (("mesalazine", "A07EC02", ()),)),
    ("glucocorticoid", (
        ("betamethasone", "H02AB01", ()),
        ("dexamethasone", "H02AB02", ()),
        ("methylprednisolone", "H02AB04", ()),
        ("prednisolone", "H02AB06", ()),
        ("prednisone", "H02AB07", ()),
        ("triamcinolone", "H02AB08", ()),
        ("hydrocortisone", "H02AB09", ()),
    )),
    ("NSAID", (
        ("phenylbutazone", "M01AA01", ()),
        ("indometacin", "M01AB01", ()),
        ("sulindac", "M01AB02", ()),
        ("tolmetin", "M01AB03", ()),
        ("diclofenac", "M01AB05", ()),
        ("etodolac", "M01AB08", ()),
        ("acemetacin", "M01AB11", ()),
        ("proglumetacin", "M01AB14", ()),
        ("ketorolac", "M01AB15", ()),
        ("aceclofenac", "M01AB16", ()),
        ("piroxicam", "M01AC01", ()),
        ("tenoxicam", "M01AC02", ()),
        ("lornoxicam", "M01AC05", ()),
        ("meloxicam", "M01AC06", ()),
        ("ibuprofen", "M01AE01", ()),
        ("naproxen", "M01AE02", ()),
        ("ketoprofen", "M01AE03", ()),
        ("fenoprofen", "M01AE04", ()),
        ("flurbiprofen", "M01AE09", ()),
        ("tiaprofenic acid", "M01AE11", ()),
        ("oxaprozin", "M01AE12", ()),
        ("dexibuprofen", "M01AE14", ()),
        ("dexketoprofen", "M01AE17", ()),
        ("mefenamic acid", "M01AG01", ()),
        ("tolfenamic acid", "M01AG02", ()),
        ("meclofenamic acid", "M01AG04", ()),
        ("rofecoxib", "M01AH02", ()),
        ("celecoxib", "M01AH01", ()),
        ("valdecoxib", "M01AH03", ()),
        ("parecoxib", "M01AH04", ()),
        ("etoricoxib", "M01AH05", ()),
        ("lumiracoxib", "M01AH06", ()),
        ("nabumetone", "M01AX01", ()),
        ("nimesulide", "M01AX17", ()),
        ("salsalate", "N02BA06", ()),
        ("diflunisal", "N02BA11", ()),
    )),
    ("analgesic", (
        ("paracetamol", "N02BE01", ()),
        ("acetylsalicylic acid", "N02BA01", ()),
        ("metamizole sodium", "N02BB02", ()),
        ("tramadol", "N02AX02", ()),
    )),
)  # fmt: skip

AGENTS: Final = {
    name: Agent(name, atc, former_atc, drug_class) for drug_class, drugs in _DRUGS for name, atc, former_atc in drugs
}
DRUG_CLASSES: Final = (*dict.fromkeys(agent.drug_class for agent in AGENTS.values()), PLACEBO)  # of own agents too


def by_atc(agents: Iterable[Agent]) -> dict[str, Agent]:
    """Return agents by the ATC codes that they have or had."""
    return {code: agent for agent in agents for code in (agent.atc, *agent.former_atc) if code}


AGENT_OF_ATC: Final = by_atc(AGENTS.values())


def agent_of_atc(code: str) -> Agent | None:
    """Return the agent that an ATC code means or once meant, None where the catalogue has none.

    >>> agent_of_atc("L04AA29").name
    'tofacitinib'
    """
    return AGENT_OF_ATC.get(code.upper())
