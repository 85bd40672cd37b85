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
    spondyl("protocol", "adopt", ANAKINRA.with_suffix(".protocol.toml"))
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


def test_limits_keep_their_mark_in_a_summary_and_in_a_course(cohort: Spondyl) -> None:
    for day, crp in (("2020-02-01", "<5"), ("2020-03-01", "<5"), ("2020-04-01", "24.7")):
        cohort("record", "visit", "patient=P-1", f"visited_on={day}", "visit=control", f"crp={crp}")

    row = cohort("summary", "--measure", "crp", "--json").json[1]
    marks = [row[f"{name}_comparator"] for name in ("median", "low", "high")]
    assert (row["median"], marks, row["n_below"]) == (5.0, ["<", "<", None], 2)
    assert "<5 (<5–24.7) n=3/3, 2 with <" in cohort("summary", "--measure", "crp").out
    assert "crp <5 mg/l" in cohort("show", "P-1").out
    assert "crp <5 mg/l" in [each["details"] for each in cohort("show", "P-1", "--json").json]


def test_responders_are_counted_of_those_who_are_known(anakinra: Spondyl) -> None:
    answer = anakinra("responses", "--criterion", "asas20")

    assert [line.split()[-6:] for line in answer.out.splitlines()[2:5]] == [
        ["6", "9", "66.7", "0", "0", "0"],
        ["8", "9", "88.9", "0", "0", "0"],
        ["6", "9", "66.7", "0", "0", "0"],
    ]
    assert "of those all of whose values are known" in answer.err
    assert "within 90 days" in answer.err
    assert "not judged" not in answer.err


def test_episodes_beside_targeted_therapy_are_judged_where_that_is_asked(anakinra: Spondyl) -> None:
    answer = anakinra("responses", "--criterion", "asas20", "--therapy", "immunomodulating")

    assert "not judged: 4 episodes of immunomodulating therapy" in answer.err


@pytest.mark.parametrize(
    ("denominator", "counted", "said"),
    [
        ("complete", ["1", "2", "50", "0", "1", "1"], "those all of whose values are known"),
        ("known", ["1", "3", "33.3", "0", "1", "1"], "those whose answer is known"),
        ("all", ["1", "4", "25", "0", "1", "1"], "all who are due"),
    ],
)
def test_responders_are_of_the_denominator_that_is_named(
    spondyl: Spondyl, denominator: str, counted: list[str], said: str
) -> None:
    weeks_12 = {
        "T-1": "30,30,3,3,3",
        "T-2": "60,60,6,6,6",
        "T-3": "60,60,,,",
        "T-4": None,
    }
    baselines = [f"{patient},2012-01-02,bl,60,60,6,6,6" for patient in weeks_12]
    visits = [f"{patient},2012-04-02,w12,{taken}" for patient, taken in weeks_12.items() if taken]
    files = {
        "patients": ["patient,enrolled_on", *(f"{patient},2012-01-02" for patient in weeks_12)],
        "treatments": ["patient,agent,started_on", *(f"{patient},adalimumab,2012-01-02" for patient in weeks_12)],
        "visits": [
            "patient,visited_on,visit,patient_global,total_back_pain,basfi,basdai_5,basdai_6",
            *baselines,
            *visits,
        ],
    }
    Path("in").mkdir()
    for name, lines in files.items():
        Path("in", f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    spondyl("init")
    spondyl("import", "in")

    answer = spondyl("responses", "--criterion", "asas20", "--denominator", denominator)

    (row,) = (line.split() for line in answer.out.splitlines() if "w12" in line)
    assert row[-6:] == counted
    assert said in answer.err


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


@pytest.fixture
def treated(spondyl: Spondyl) -> Spondyl:
    """The command on a registry of forty invented patients, whose counts of responders are more than a screen."""
    spondyl("simulate", "--into-log", "--patients", "40", "--years", "3")
    return spondyl


def test_counts_of_responders_that_are_more_than_a_screen_are_summed_up_at_one_visit(treated: Spondyl) -> None:
    whole, answer = treated("responses", "--all"), treated("responses")

    assert len(whole.out.splitlines()) > 100
    assert len(answer.out.splitlines()) < 30
    assert "--all gives every count" in answer.err
    assert "--visit names another" in answer.err
    title, heading, _, *lines = answer.out.splitlines()
    agent, shown = heading.split()[1], {line.split()[0]: line.split()[1] for line in lines}
    counted = [line.split() for line in whole.out.splitlines() if title.strip() in line and line.split()[0] == agent]
    assert len(counted) > 10
    assert {cells[1]: "/".join(cells[4:6]) for cells in counted if cells[5] != "0"}.items() <= shown.items()


def test_responders_of_one_visit_are_the_counts_of_that_visit(treated: Spondyl) -> None:
    whole = treated("responses", "--all", "--criterion", "asas20").out.splitlines()
    at_one = treated("responses", "--all", "--criterion", "asas20", "--visit", "month 12").out.splitlines()

    assert [line.split() for line in at_one[2:]] == [line.split() for line in whole if "month 12" in line]
    rows = treated("responses", "--criterion", "asas20", "--visit", "month 12", "--json").json
    labels = {row["visit_id"].rpartition("/")[2] for row in rows}
    assert labels == {"month 12"}


def test_a_label_that_no_visit_has_is_refused(anakinra: Spondyl) -> None:
    answer = anakinra("responses", "--visit", "week 13")

    assert (answer.code, answer.out) == (3, "")
    assert "visit: 'week 13' is not a known visit" in answer.err
