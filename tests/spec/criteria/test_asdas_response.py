"""ASDAS improvement, worsening and states; the example that binary floats miss is used."""

from __future__ import annotations

import pytest
from hypothesis import given

from registry.catalogue.criteria import criteria
from tests.spec.criteria.judging import met
from tests.spec.instruments.columns import Cell, cell, law

BOTH = pytest.mark.parametrize("acute_phase", ["crp", "esr"])


@BOTH
@pytest.mark.parametrize(
    ("name", "before", "now", "answer"),
    [
        ("cii", "3.3", "2.2", True),
        ("cii", "3.3", "2.200000001", False),
        ("mi", "4.1", "2.1", True),
        ("mi", "4.1", "2.100000001", False),
        ("worsening", "2.0", "2.9", True),
        ("worsening", "2.0", "2.899999999", False),
        ("worsening", "2.9", "2.0", False),
        ("inactive", None, "1.299999999", True),
        ("inactive", None, "1.3", False),
        ("lda", None, "2.099999999", True),
        ("lda", None, "2.1", False),
        ("lda", None, "0.6361", True),
        ("cii", None, "1.0", None),
        ("mi", "4.0", None, None),
        ("worsening", None, None, None),
        ("inactive", "1.0", None, None),
    ],
)
def test_a_change_or_state_is_met_at_its_limit(
    acute_phase: str, name: str, before: Cell, now: Cell, answer: bool | None
) -> None:
    found = met(f"asdas-{acute_phase}-{name}", **{f"asdas_{acute_phase}": (before, now)})

    assert found is answer


@BOTH
@law
@given(before=cell(0, 7), now=cell(0, 7))
def test_major_improvement_is_clinically_important_and_inactive_disease_is_low_activity(
    acute_phase: str, before: str, now: str
) -> None:
    change = {f"asdas_{acute_phase}": (before, now)}
    cii, mi, inactive, lda, worsening = (
        met(f"asdas-{acute_phase}-{name}", **change) for name in ("cii", "mi", "inactive", "lda", "worsening")
    )

    assert cii or not mi
    assert lda or not inactive
    assert not (cii and worsening)


def test_a_change_never_mixes_the_score_with_crp_and_that_with_esr() -> None:
    named = {name: criterion for name, criterion in criteria().items() if name.startswith("asdas-")}

    assert len(named) == 10
    assert all(criterion.inputs == (name.rpartition("-")[0].replace("-", "_"),) for name, criterion in named.items())
