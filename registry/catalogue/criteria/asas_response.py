"""ASAS20 and ASAS40, and ASAS50 and ASAS70 as the anakinra pilot study in ankylosing spondylitis defines them.

Anderson JJ, Baron G, van der Heijde D, Felson DT, Dougados M. Arthritis Rheum 2001;44:1876-86 (ASAS20); Brandt J,
Listing J, Sieper J, Rudwaleit M, van der Heijde D, Braun J. Ann Rheum Dis 2004;63:1438-44 (ASAS40); the ASAS
handbook, Ann Rheum Dis 2009;68 Suppl II; Tan AL, Marzo-Ortega H, O'Connor P, Fraser A, Emery P, McGonagle D. Ann
Rheum Dis 2004;63:1041-5 (the pilot study). Verified in publications that print them. Four domains on 0-100, more is
worse: patient's global, total back pain, function (BASFI) and inflammation (mean of BASDAI 5 and 6).

ASAS20: at least 20% and 10 units better in three domains, and the remaining one not worse by 20% and 10 units.
ASAS40: 40% and 20 units in three, and the remaining one not worse at all. ASAS50 and ASAS70: 50 and 70% in three
without a condition in units, the remaining one as in ASAS20; that the pilot study's "as before" keeps that clause
whole is a reading of it. Both conditions are needed, not either. A domain that was 0 cannot improve; where it rises
from 0 by 10 units it is worse.

A domain that lacks one of its two values may have improved, stayed or become worse; the answer is open where these do
not all lead to the same one.
"""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

from registry.catalogue.criteria.change import deteriorated, improved
from registry.catalogue.criteria.criterion import BASELINE, Criterion
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths, at_least

DOMAINS: Final = {  # measure or instrument: factor to 0-100
    "patient_global": 1,
    "total_back_pain": 1,
    "basfi": 10,
    "basdai_inflammation": 10,
}


class Change(NamedTuple):
    """A change on 0-100 by at least so many percent and so many units."""

    percent: int
    units: int


class Response(NamedTuple):
    """What three domains have to gain, and what the remaining one must not lose; None: no worsening at all."""

    name: str
    rule: str
    source: str
    gain: Change
    loss: Change | None


ANDERSON: Final = "Anderson et al., Arthritis Rheum 2001;44:1876-86"
BRANDT: Final = "Brandt et al., Ann Rheum Dis 2004;63:1438-44"
TAN: Final = "Tan et al., Ann Rheum Dis 2004;63:1041-5"

WORSE: Final = Change(20, 10)
RESPONSES: Final = (  # percent, units of 100
    Response("asas20", "asas20/1", ANDERSON, Change(20, 10), WORSE),
    Response("asas40", "asas40/1", BRANDT, Change(40, 20), None),
    Response("asas50", "asas50/tan04", TAN, Change(50, 0), WORSE),
    Response("asas70", "asas70/tan04", TAN, Change(70, 0), WORSE),
)


def asas_response(before: Columns, now: Columns, *, response: Response) -> tuple[Truths, list[Truths]]:
    """Return whether the criterion is met, and whether each domain improved."""
    pairs = [(before[name] * factor, now[name] * factor) for name, factor in DOMAINS.items()]
    gains = [improved(*pair, percent=response.gain.percent, units=response.gain.units) for pair in pairs]
    loss = response.loss or Change(0, 0)
    losses = [deteriorated(*pair, percent=loss.percent, units=loss.units) for pair in pairs]
    return at_least(3, gains) & ~at_least(1, losses), gains


CRITERIA: Final = tuple(
    Criterion(
        name=response.name,
        rule=response.rule,
        title=response.name.upper(),
        source=response.source,
        against=BASELINE,
        inputs=tuple(DOMAINS),
        kernel=partial(asas_response, response=response),
    )
    for response in RESPONSES
)
