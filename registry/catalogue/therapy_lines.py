"""Lines of therapy: which classes of drug make one, and what the end of a course says: two questions, a function each.

Did the drug fail (`is_failure`)? Lines and tables of medication ask that; the reason of the stop answers yes, no, or
cannot be said. Is the patient kept on the drug no longer (`ends_retention`)? Drug survival and LUNDEX ask that; there a
stop for an unknown reason is an end as any other.

A line is a targeted therapy, biological or synthetic; conventional DMARDs, aminosalicylates, glucocorticoids, NSAIDs
and analgesics are given beside one and make none (convention). The course of treatment goes on within an episode over a
gap of up to 90 days (convention; a study of claims took 90 days or more without therapy for its end, PMC6514032).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, NamedTuple

MAX_GAP_DAYS: Final = 90
BridgeOver = Literal["other-agents", "no-other-agent"]


class Bridge(NamedTuple):
    """Which gaps a treatment goes on over: those of up to so many `days`, whatever was begun in them or not.

    `over` no other agent, a gap in which another targeted agent was begun is not bridged: the patient had changed. So a
    study of claims has it, to which a gap without a new drug is a discontinuation and a new drug a switch (Hunter et
    al., Rheumatol Ther 2019;6:207–15).
    """

    days: int = MAX_GAP_DAYS
    over: BridgeOver = "other-agents"


BRIDGE: Final = Bridge()

TARGETED_CLASSES: Final = (
    "TNFi",
    "IL-1i",
    "IL-6i",
    "IL-12/23i",
    "IL-17i",
    "IL-17A/Fi",
    "IL-23i",
    "JAKi",
    "PDE4i",
    "T-cell co-stimulation inhibitor",
    "B-cell depletion",
)
ACCOMPANYING_CLASSES: Final = ("csDMARD", "aminosalicylate", "glucocorticoid", "NSAID", "analgesic")


class Judgement(NamedTuple):
    """What a reason for a stop says of the drug: `failure` is None where it does not say; `source` is who judges so."""

    failure: bool | None
    source: str


EUROSPA: Final = "EuroSpA drug retention analyses: lack of effect and adverse effects, all others together"
SCQM: Final = "SCQM, Arthritis Res Ther 2016 (s13075-016-0969-2): lack of response, before or after 6 months"
PROTOCOL: Final = "anakinra pilot study, Ann Rheum Dis 2004: a stop planned for every patient at week 12"
CONVENTION: Final = "convention"

FAILURE_BY_STOP_REASON: Final = {
    "lack-of-efficacy": Judgement(True, SCQM),
    "loss-of-efficacy": Judgement(True, SCQM),
    "adverse-event": Judgement(True, EUROSPA),
    "remission": Judgement(False, CONVENTION),
    "pregnancy": Judgement(False, CONVENTION),
    "patient-wish": Judgement(False, CONVENTION),
    "non-adherence": Judgement(False, CONVENTION),
    "surgery": Judgement(False, CONVENTION),
    "infection": Judgement(None, CONVENTION),  # it may be the drug's or not: the drug's own are adverse events
    "malignancy": Judgement(None, CONVENTION),
    "supply-or-cost": Judgement(False, CONVENTION),
    "non-medical-switch": Judgement(False, CONVENTION),
    "protocol-end": Judgement(False, PROTOCOL),
    "lost": Judgement(None, CONVENTION),
    "died": Judgement(None, CONVENTION),
    "other": Judgement(False, EUROSPA),
    "unknown": Judgement(None, CONVENTION),
}

STOPS_THAT_CENSOR: Final = ("protocol-end", "remission", "lost")  # a planned end, success, nobody's knowledge
DIED: Final = "died"
UNKNOWN: Final = "unknown"


def is_failure(stop_reason: str | None) -> bool | None:
    """Return whether a stop for this reason counts as the drug's failure, None where that cannot be said.

    >>> [is_failure(reason) for reason in ("loss-of-efficacy", "protocol-end", "unknown", None)]
    [True, False, None, None]
    """
    return None if stop_reason is None else FAILURE_BY_STOP_REASON[stop_reason].failure


def reasons_judged(failure: bool | None) -> tuple[str, ...]:
    """Return the reasons for a stop of which `is_failure` says this, in the order of the catalogue.

    >>> reasons_judged(True)
    ('lack-of-efficacy', 'loss-of-efficacy', 'adverse-event')
    """
    return tuple(reason for reason, judged in FAILURE_BY_STOP_REASON.items() if judged.failure is failure)


def ends_retention(
    stop_reason: str | None, *, censor: Collection[str] = STOPS_THAT_CENSOR, death_ends: bool = True
) -> bool:
    """Return whether a stop for this reason ends the retention of a drug; where not, the course is censored then.

    Every stop does, one of which the reason is unknown or was not said included, but those for reasons in `censor`.
    Whether a death does is `death_ends`, whatever `censor` holds.

    >>> [ends_retention(reason) for reason in ("patient-wish", "unknown", None, "lost", "died")]
    [True, True, True, False, True]
    """
    if stop_reason == DIED:
        return death_ends
    return (stop_reason or UNKNOWN) not in censor
