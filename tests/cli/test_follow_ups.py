"""Follow-up that is resumed, on the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Spondyl

RESUMPTION = "follow-up/P-2/2020-03-01"


@pytest.fixture
def returned(spondyl: Spondyl) -> Spondyl:
    """The command on a registry whose one patient was lost in 2017 and is followed again since 1 March 2020."""
    spondyl("init")
    ended = ("follow_up_ended_on=2017-06-30", "follow_up_end_reason=lost")
    spondyl("record", "patient", "patient=P-2", "enrolled_on=2010-01-01", *ended)
    spondyl("record", "follow-up", "patient=P-2", "resumed_on=2020-03-01")
    return spondyl


def test_a_resumption_is_recorded_and_ended(returned: Spondyl) -> None:
    answer = returned("record", "follow-up", "patient=P-2", "resumed_on=2020-03-01", "ended_on=2021-03-01")

    assert (answer.code, answer.err) == (0, f"recorded {RESUMPTION}\n")
    assert [version["event"] for version in returned("history", RESUMPTION, "--json").json] == [
        "FollowUpResumed",
        "ResumptionEnded",
    ]


def test_a_resumption_is_amended_and_retracted(returned: Spondyl) -> None:
    assert returned("amend", RESUMPTION, "ended_on=2021-03-01", "--reason", "letter").code == 0
    assert returned("retract", RESUMPTION, "--reason", "another patient's").code == 0

    assert [version["event"] for version in returned("history", RESUMPTION, "--json").json][1:] == [
        "ResumptionAmended",
        "ResumptionRetracted",
    ]


def test_a_refused_resumption_is_one_line(returned: Spondyl) -> None:
    answer = returned("record", "follow-up", "patient=P-2", "resumed_on=2017-06-30", "ended_on=2018-01-01")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "spondyl: resumed_on: 2017-06-30 does not lie after the end of follow-up, 2017-06-30\n"


def test_show_tells_each_end_and_each_resumption(returned: Spondyl) -> None:
    out = returned("show", "P-2").out

    assert "2017-06-30  end of follow-up\n            lost\n2020-03-01  resumption of follow-up\n" in out


def test_status_counts_resumptions(returned: Spondyl) -> None:
    assert returned("status", "--json").json["follow_ups"] == 1


def test_completeness_of_a_registry_without_a_schedule_is_nothing_and_no_defect(returned: Spondyl) -> None:
    answer = returned("completeness")

    assert (answer.code, answer.err) == (0, "nothing was expected by then\n")
