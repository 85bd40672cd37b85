"""Response criteria in three values: yes, no, and None where the domains that are missing could turn the answer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Final

Known = Mapping[str, Fraction | None]

ASAS_DOMAINS: Final = {"patient_global": 1, "total_back_pain": 1, "basfi": 10, "basdai_inflammation": 10}
INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "asas20": tuple(ASAS_DOMAINS),
    "asas40": tuple(ASAS_DOMAINS),
    "asas50": tuple(ASAS_DOMAINS),
    "asas70": tuple(ASAS_DOMAINS),
    "asas-partial-remission": tuple(ASAS_DOMAINS),
    "basdai50": ("basdai",),
    "asdas-crp-cii": ("asdas_crp",),
    "asdas-crp-mi": ("asdas_crp",),
    "asdas-crp-lda": ("asdas_crp",),
}
STATES: Final = frozenset({"asas-partial-remission", "asdas-crp-lda"})  # judged at one visit
GAINS: Final = {"asas20": (20, 10), "asas40": (40, 20), "asas50": (50, 0), "asas70": (70, 0)}  # percent, units
IMPROVED, STAYED, WORSE = "improved", "stayed", "worse"


def answer(criterion: str, before: Known, now: Known) -> bool | None:
    """Return whether a criterion is met, None where it is open."""
    if criterion in GAINS:
        return asas_response(criterion, before, now)
    if criterion == "asas-partial-remission":
        return partial_remission(now)
    (name,) = INPUTS[criterion]
    first, last = before.get(name), now.get(name)
    if last is None or (first is None and criterion not in STATES):
        return None
    if criterion == "asdas-crp-lda":
        return last < Fraction("2.1")
    assert first is not None
    if criterion == "basdai50":
        return first > 0 and 100 * (first - last) >= 50 * first
    return first - last >= {"asdas-crp-cii": Fraction("1.1"), "asdas-crp-mi": Fraction(2)}[criterion]


def asas_response(criterion: str, before: Known, now: Known) -> bool | None:
    """Return the answer in which all outcomes of the missing domains agree."""
    outcomes = []
    for name, factor in ASAS_DOMAINS.items():
        first, last = before.get(name), now.get(name)
        if first is None or last is None:
            outcomes.append([IMPROVED, STAYED, WORSE])
        else:
            outcomes.append([outcome(criterion, first * factor, last * factor)])
    answers = {case.count(IMPROVED) >= 3 and WORSE not in case for case in product(*outcomes)}
    return answers.pop() if len(answers) == 1 else None


def outcome(criterion: str, before: Fraction, now: Fraction) -> str:
    """Return what became of a domain on 0 to 100, of which more is worse."""
    percent, units = GAINS[criterion]
    if before > 0 and 100 * (before - now) >= percent * before and before - now >= units:
        return IMPROVED
    if criterion == "asas40":
        return WORSE if now > before else STAYED
    return WORSE if now > before and 100 * (now - before) >= 20 * before and now - before >= 10 else STAYED


def partial_remission(now: Known) -> bool | None:
    """Return whether no domain lies above 20 of 100."""
    low = [None if (value := now.get(name)) is None else value * factor <= 20 for name, factor in ASAS_DOMAINS.items()]
    return False if False in low else None if None in low else True


def n_known(criterion: str, before: Known, now: Known) -> int:
    """Return how many inputs are known, at both visits where the criterion compares two."""
    return sum(
        now.get(name) is not None and (criterion in STATES or before.get(name) is not None)
        for name in INPUTS[criterion]
    )


def is_complete(criterion: str, before: Known, now: Known) -> bool:
    """Return whether all inputs are known."""
    return n_known(criterion, before, now) == len(INPUTS[criterion])
