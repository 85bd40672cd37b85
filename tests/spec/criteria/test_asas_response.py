"""ASAS20 and ASAS40, ASAS50 and ASAS70 as the anakinra pilot study defines them.

All twelve vectors R1 to R12 are used, and the study's medians as one "median patient" (with the BASDAI standing in for
inflammation). The observed numbers of responders are of patients whose values were never printed; the published cohorts
have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.criteria import criteria
from tests.spec.criteria.judging import DOMAINS, Change, judged, on_domains
from tests.spec.instruments.columns import cell, column, law

RESPONSES = ("asas20", "asas40", "asas50", "asas70")
T, F, OPEN = True, False, None
VECTORS: dict[str, tuple[Sequence[Change], tuple[bool | None, ...]]] = {
    "R1": ([("67", "41"), ("65", "41"), ("58.8", "36.3"), ("60", "35")], (T, F, F, F)),
    "R2": ([("60", "40")] * 3 + [("50", "60")], (F, F, F, F)),
    "R3": ([("60", "40")] * 3 + [("50", "59.9")], (T, F, F, F)),
    "R4": ([("60", "40")] * 3 + [("80", "92")], (T, F, F, F)),
    "R5": ([("40", "31")] * 4, (F, F, F, F)),
    "R6": ([("10", "5")] * 3 + [("8", "8")], (F, F, T, F)),
    "R7": ([("60", "30")] * 3 + [(None, "30")], (OPEN, OPEN, OPEN, F)),
    "R8": ([("60", "30")] * 2 + [("60", "58"), ("60", None)], (OPEN, OPEN, OPEN, F)),
    "R9": ([("60", "30"), ("60", "58"), ("60", "58"), (None, None)], (F, F, F, F)),
    "R10": ([("60", "30")] * 3 + [("0", "10")], (F, F, F, F)),
    "R11": ([("60", "30")] * 3 + [("0", "9")], (T, F, T, F)),
    "R12": ([("70", "35")] * 3 + [("20", "21")], (T, F, T, F)),
}
ADDED: dict[str, tuple[Sequence[Change], tuple[bool | None, ...]]] = {
    "every domain gone": ([("100", "0")] * 4, (T, T, T, T)),
    "no domain changed": ([("50", "50")] * 4, (F, F, F, F)),
    "every domain 0 at both visits": ([("0", "0")] * 4, (F, F, F, F)),
    "20% and 10 units exactly": ([("50", "40")] * 3 + [("50", "50")], (T, F, F, F)),
    "just below 20%": ([("50", "40")] * 2 + [("50.1", "40.1"), ("50", "50")], (F, F, F, F)),
    "just below 10 units": ([("40", "30")] * 2 + [("40", "30.1"), ("40", "40")], (F, F, F, F)),
    "40% and 20 units exactly": ([("50", "30")] * 3 + [("50", "50")], (T, T, F, F)),
    "just below 40%": ([("50.1", "30.1")] * 3 + [("50", "50")], (T, F, F, F)),
    "the fourth worse by 0.1": ([("50", "30")] * 3 + [("50", "50.1")], (T, F, F, F)),
    "50% exactly": ([("16", "8")] * 3 + [("50", "50")], (F, F, T, F)),
    "just below 50%": ([("16", "8.1")] * 3 + [("50", "50")], (F, F, F, F)),
    "70% exactly": ([("90", "27")] * 3 + [("50", "50")], (T, T, T, T)),
    "just below 70%": ([("90", "27.1")] * 3 + [("50", "50")], (T, T, T, F)),
    "three known, one worse": ([("60", "20")] * 2 + [("50", "70"), (None, None)], (F, F, F, F)),
    "from 0 to an unknown value": ([("60", "30")] * 2 + [("60", "58"), ("0", None)], (OPEN, OPEN, OPEN, F)),
    "nothing known": ([(None, None)] * 4, (OPEN, OPEN, OPEN, OPEN)),
}

WANTED = {"asas20": (20, 10), "asas40": (40, 20), "asas50": (50, 0), "asas70": (70, 0)}
ON_100 = st.none() | st.integers(0, 20).map(lambda fives: fives * 5) | cell(0, 100)
CHANGES = st.tuples(ON_100, ON_100)


@pytest.mark.parametrize(("changes", "expected"), [*VECTORS.values(), *ADDED.values()], ids=[*VECTORS, *ADDED])
def test_three_domains_have_to_gain_and_the_remaining_one_must_not_lose(
    changes: Sequence[Change], expected: tuple[bool | None, ...]
) -> None:
    found = [judged(name, on_domains(changes)).met.answers() for name in RESPONSES]

    assert found == [[answer] for answer in expected]


@pytest.mark.parametrize("place", range(4))
def test_it_does_not_matter_which_domain_remains(place: int) -> None:
    changes: list[Change] = [("60", "40")] * 4
    for now, expected in (("69.9", True), ("72", False), ("60", True)):
        changes[place] = ("60", now)

        assert judged("asas20", on_domains(changes)).met.answers() == [expected]


def test_the_medians_of_the_anakinra_study_are_an_asas20_response_only() -> None:
    medians: list[Change] = [("67", "41"), ("65", "41"), ("58.8", "36.3"), ("56.3", "34.8")]

    assert [judged(name, on_domains(medians)).met.answers() for name in RESPONSES] == [
        [True],
        [False],
        [False],
        [False],
    ]


def test_a_response_says_how_many_domains_improved_of_how_many_known() -> None:
    judgement = judged("asas20", on_domains([("60", "30"), ("60", "30"), ("60", "58"), ("60", None)]))

    assert judgement.rule == "asas20/1"
    assert judgement.n_improved.tolist() == [2]
    assert judgement.n_known.tolist() == [3]
    assert judgement.n_expected == 4


def test_the_responses_of_the_pilot_study_have_rules_of_their_own() -> None:
    assert [criteria()[name].rule for name in RESPONSES] == ["asas20/1", "asas40/1", "asas50/tan04", "asas70/tan04"]
    assert criteria()["asas20"].inputs == DOMAINS


def test_patients_are_judged_together_as_each_alone() -> None:
    for name in RESPONSES:
        criterion = criteria()[name]
        cells = [on_domains(changes) for changes, _ in VECTORS.values()]
        before, now = (
            {domain: column([patient[domain][visit] for patient in cells]) for domain in DOMAINS} for visit in (0, 1)
        )

        together = criterion.over(now, before=before).met.answers()

        assert together == [judged(name, patient).met.answers()[0] for patient in cells]


def outcomes(change: Change, name: str) -> tuple[str, ...]:
    """Return what may have become of a domain, in plain fractions."""
    if None in change:
        return ("improved", "neither", "deteriorated")
    before, now = (Fraction(str(value)) for value in change)
    percent, units = WANTED[name]
    if before > 0 and 100 * (before - now) >= percent * before and before - now >= units:
        return ("improved",)
    if name == "asas40":
        return ("deteriorated",) if now > before else ("neither",)
    worse = now > before and 100 * (now - before) >= 20 * before and now - before >= 10
    return ("deteriorated",) if worse else ("neither",)


@pytest.mark.parametrize("name", RESPONSES)
@law
@given(changes=st.lists(CHANGES, min_size=4, max_size=4))
def test_an_answer_is_open_only_where_the_completions_of_missing_domains_differ(
    name: str, changes: list[Change]
) -> None:
    answers = {
        case.count("improved") >= 3 and "deteriorated" not in case
        for case in product(*(outcomes(change, name) for change in changes))
    }

    assert judged(name, on_domains(changes)).met.answers() == [answers.pop() if len(answers) == 1 else None]


@law
@given(changes=st.lists(CHANGES, min_size=4, max_size=4))
def test_the_higher_response_includes_the_lower_one(changes: list[Change]) -> None:
    found = {name: judged(name, on_domains(changes)).met for name in RESPONSES}

    for higher, lower in (("asas40", "asas20"), ("asas70", "asas50")):
        assert not (found[higher].certain & ~found[lower].certain).any()
        assert not (found[higher].possible & ~found[lower].possible).any()
