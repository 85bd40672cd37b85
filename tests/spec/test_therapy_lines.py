"""Which classes of drug make a line of therapy, and which reasons for a stop are the drug's failure."""

from __future__ import annotations

import pytest

from registry.catalogue.agents import AGENTS
from registry.catalogue.codes import STOP_REASONS
from registry.catalogue.therapy_lines import (
    ACCOMPANYING_CLASSES,
    FAILURE_BY_STOP_REASON,
    TARGETED_CLASSES,
    ends_retention,
    is_failure,
)


def test_every_class_of_the_catalogue_either_makes_a_line_or_goes_with_one() -> None:
    classes = {agent.drug_class for agent in AGENTS.values()}

    assert {*TARGETED_CLASSES, *ACCOMPANYING_CLASSES} == classes
    assert set(TARGETED_CLASSES) & set(ACCOMPANYING_CLASSES) == set()


def test_every_reason_for_a_stop_is_judged_by_somebody() -> None:
    assert tuple(FAILURE_BY_STOP_REASON) == STOP_REASONS
    assert all(judgement.source for judgement in FAILURE_BY_STOP_REASON.values())


@pytest.mark.parametrize(
    ("stop_reason", "failure"),
    [
        ("lack-of-efficacy", True),
        ("loss-of-efficacy", True),
        ("adverse-event", True),
        ("protocol-end", False),
        ("remission", False),
        ("pregnancy", False),
        ("other", False),
        ("infection", None),
        ("unknown", None),
        (None, None),
    ],
)
def test_only_lost_effect_and_adverse_events_are_failures(stop_reason: str | None, failure: bool | None) -> None:
    assert is_failure(stop_reason) is failure


@pytest.mark.parametrize("reason", [*STOP_REASONS, None])
def test_every_stop_ends_retention_but_planned_ends_remission_and_loss(reason: str | None) -> None:
    assert ends_retention(reason) is (reason not in ("protocol-end", "remission", "lost"))


def test_whether_a_death_ends_retention_is_asked_apart() -> None:
    assert ends_retention("died", censor=("died",))
    assert not ends_retention("died", censor=(), death_ends=False)
    assert not ends_retention(None, censor=("unknown",))
