"""What clinicians measure, on the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

ANAKINRA = Path(__file__).parents[2] / "examples" / "anakinra2004"


@pytest.fixture
def anakinra(spondyl: Spondyl) -> Spondyl:
    """The command on a registry of the anakinra study."""
    spondyl("init")
    spondyl("import", ANAKINRA)
    return spondyl


def test_medians_and_ranges_stand_with_their_denominators(anakinra: Spondyl) -> None:
    answer = anakinra("summary", "--agent", "anakinra", "--measure", "basdai")

    assert "5.63 (3.83–7.8) n=9/9" in answer.out
    assert answer.err == "patients ever given anakinra: 9\n"


def test_a_summary_gives_machines_every_figure(anakinra: Spondyl) -> None:
    rows = anakinra("summary", "--measure", "crp", "--json").json

    assert [(row["visit"], row["median"], row["low"], row["high"]) for row in rows][::4] == [
        ("baseline", 31.0, 14.0, 65.0),
        ("post-withdrawal", 24.0, 14.0, 45.0),
    ]


def test_responders_are_counted_of_those_who_are_known(anakinra: Spondyl) -> None:
    answer = anakinra("responses", "--criterion", "asas20")

    assert [line.split()[-4:] for line in answer.out.splitlines()[2:5]] == [
        ["6", "9", "0", "66.7"],
        ["8", "9", "0", "88.9"],
        ["6", "9", "0", "66.7"],
    ]
    assert "within 90 days" in answer.err
    assert "not judged: 4 courses of immunomodulating agents" in answer.err


def test_a_window_can_be_chosen_and_is_reported(anakinra: Spondyl) -> None:
    answer = anakinra("responses", "--criterion", "basdai50", "--window", "7")

    assert "within 7 days" in answer.err


def test_a_course_shows_bars_indices_with_their_change_and_what_changed_where(anakinra: Spondyl) -> None:
    out = anakinra("show", "ana1-01").out

    assert re.search(r"^anakinra +███", out, re.MULTILINE)
    assert "BASDAI 5.75 (+0.19)" in out
    assert "8 improved" in out
    assert "11 days after the last anakinra" in out


def test_warnings_are_counted_by_rule(anakinra: Spondyl) -> None:
    anakinra("amend", "visit/ana1-01/2003-06-23/post-withdrawal", "crp=450", "--reason", "as printed")

    answer = anakinra("check")

    assert "decimal-point-lost          1" in answer.out
    assert "beyond-limit                1" in answer.out
    assert answer.err == "2 warnings; nothing was changed\n"
    rules = {row["rule"] for row in anakinra("check", "--rule", "beyond-limit", "--json").json}
    assert rules == {"beyond-limit"}


def test_nothing_implausible_is_said_so(anakinra: Spondyl) -> None:
    assert anakinra("check").err == "nothing implausible\n"


def test_flares_by_definition_are_counted_where_some_are_met_and_some_not(anakinra: Spondyl) -> None:
    answer = anakinra("flares", "--computed")

    assert answer.code == 0
    assert "flare-asdas-crp-09" in answer.out
