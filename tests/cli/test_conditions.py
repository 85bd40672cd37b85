"""Conditions, on the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Spondyl

UVEITIS = "condition/P-1/uveitis/2020-05"


@pytest.fixture
def told(cohort: Spondyl) -> Spondyl:
    """The command on a registry whose one patient has uveitis since May 2020, and Crohn's disease nobody knows when."""
    cohort("record", "condition", "patient=P-1", "condition=uveitis", "started_on=2020-05", "side=left")
    cohort("record", "condition", "patient=P-1", "condition=Crohn's disease", "basis=reported")
    return cohort


def test_a_condition_is_recorded_ended_amended_and_retracted(told: Spondyl) -> None:
    answer = told(
        "record", "condition", "patient=P-1", "condition=uveitis", "started_on=2020-05", "side=left", "ended_on=2020-07"
    )

    assert (answer.code, answer.err) == (0, f"recorded {UVEITIS}\n")
    assert told("amend", UVEITIS, "side=both", "--reason", "letter").code == 0
    assert told("retract", UVEITIS, "--reason", "another patient's").code == 0
    assert [version["event"] for version in told("history", UVEITIS, "--json").json] == [
        "ConditionRecorded",
        "ConditionEnded",
        "ConditionAmended",
        "ConditionRetracted",
    ]


def test_a_refused_condition_is_one_line(told: Spondyl) -> None:
    answer = told("record", "condition", "patient=P-1", "condition=uveitys")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "spondyl: condition: 'uveitys' is not a known condition; did you mean 'uveitis'?\n"


def test_show_tells_conditions_that_began_nobody_knows_when_first(told: Spondyl) -> None:
    out = told("show", "P-1").out

    assert "start unknown  condition Crohn's disease\n            reported\n2020-01-01  enrolment\n" in out
    assert "2020-05  condition anterior uveitis\n            left\n" in out
    assert told("show", "P-1", "--json").json[0]["on"] is None


def test_status_counts_conditions_and_the_table_has_them(told: Spondyl) -> None:
    assert told("status", "--json").json["conditions"] == 2
    assert [row["condition"] for row in told("table", "conditions", "--json").json] == ["crohns-disease", "uveitis"]


def test_an_erasure_counts_conditions(told: Spondyl) -> None:
    assert "2 conditions" in told("erase", "P-1", "--reason", "request", "--dry-run").err
