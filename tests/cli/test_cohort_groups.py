"""`spondyl cohort` of a cohort in groups: a column a group, p and differences beside, and who is in none."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cli import output
from tests.cli.conftest import Spondyl
from tests.cli.test_cohort import LESIONS, mri, mri_study

__all__ = ("mri", "mri_study")

TABLES = '[tables.characteristics]\nmeasures = ["basdai"]\n\n[tables.clinical]\nmeasures = ["basdai"]\n'
GROUPS = '\n[groups]\nby = "sex"\nlevels = { women = "female", men = "male" }\n'
BY_CUTS = '\n[groups]\nby = "basdai"\nlevels = { low = "..<5", high = "6.." }\n'


def grouped(groups: str, tables: str = TABLES) -> Path:
    file = Path("groups.toml")
    file.write_text(LESIONS.partition("[tables.lesions]")[0] + tables + groups, encoding="utf-8")
    return file


def line(out: str, *beginning: str) -> str:
    (found,) = (each for each in out.splitlines() if each.split()[: len(beginning)] == list(beginning))
    return found


def test_a_table_has_a_column_a_group_and_p_and_differences_beside(mri: Spondyl) -> None:
    out = mri("cohort", grouped(GROUPS)).out

    assert " women: 5 patients, the reference\n men: 17 patients\n in no group: nobody\n" in out
    clinical = out.partition("CLINICAL")[2]
    heading = next(each for each in clinical.splitlines() if "women" in each)
    assert [heading.find(word) for word in ("all", "women (n = 5)", "men (n = 17)", " p")] == sorted(
        heading.find(word) for word in ("all", "women (n = 5)", "men (n = 17)", " p")
    )
    assert line(clinical.partition("Mean ± SD")[2], "BASDAI", "baseline").split() == [
        *("BASDAI", "baseline", "6.4", "±", "1.3", "5.7", "±", "1.2", "6.7", "±", "1.3", "0.168", "0.77"),
    ]


def test_each_group_has_its_quartiles_in_brackets_where_the_heading_says_so(mri: Spondyl) -> None:
    file = grouped(GROUPS)
    rows = list(csv.DictReader(io.StringIO(mri("cohort", file, "--csv", "--table", "clinical").out)))
    said = {
        (row["group"], row["statistic"]): row["text"]
        for row in rows
        if (row["row"], row["timepoint"]) == ("basdai", "baseline")
    }
    out = mri("cohort", file, "--table", "clinical").out

    for group in ("", "women", "men"):
        median = said[group, "median"].partition(" (")[0]
        quartiles = f"({said[group, 'lower quartile']}–{said[group, 'upper quartile']})"
        assert f"{median} {quartiles}" in out.partition("(IQR)")[2]
        assert said[group, "median"] in out


def test_how_many_tests_were_made_is_told_and_characteristics_have_none_unless_asked_for(mri: Spondyl) -> None:
    told = " between groups: {}; p are not adjusted for their number\n"

    assert told.format("0 tests") in mri("cohort", grouped(GROUPS), "--table", "characteristics").out
    assert told.format("5 tests") in mri("cohort", grouped(GROUPS), "--table", "clinical").out
    asked = mri("cohort", grouped(GROUPS + "tests = true\n"), "--table", "characteristics").out
    assert "p of mean between groups (characteristics): Welch t: unequal variances" in asked


def test_who_is_in_no_group_is_told_with_the_reason(mri: Spondyl) -> None:
    answer = mri("cohort", grouped(BY_CUTS), "--json").json["groups"]

    assert answer["n"] == {"low": 3, "high": 13}
    assert answer["in_none"] == [{"n": 6, "why": "in none of the groups"}]
    assert " in no group: 6 in none of the groups\n" in mri("cohort", grouped(BY_CUTS)).out


def test_the_rows_for_machines_name_the_group_last(mri: Spondyl) -> None:
    rows = list(csv.DictReader(io.StringIO(mri("cohort", grouped(GROUPS), "--csv").out)))

    assert list(rows[0])[-1] == "group"
    n = {row["group"]: row["value"] for row in rows if (row["row"], row["statistic"]) == ("patients", "n")}
    assert n == {"": "22.0", "women": "5.0", "men": "17.0"}


@pytest.mark.parametrize("width", [80, 120])
def test_tables_of_groups_fit_the_terminal(mri: Spondyl, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr("cli.output.terminal_width", lambda: width)
    monkeypatch.setattr("cli.manuscript.on_terminal.terminal_width", lambda: width)

    out = mri("cohort", grouped(GROUPS + "tests = true\n")).out

    assert output.terminal_width() == width
    assert max(map(len, out.splitlines())) <= width
    assert "men (n = 17)" in out


@pytest.mark.parametrize("form", ["--markdown", "--html"])
def test_a_manuscript_has_the_groups_and_their_columns(mri: Spondyl, form: str) -> None:
    out = mri("cohort", grouped(GROUPS), form).out

    assert "women (n = 5)" in out
    assert "SMD, men" in out
    assert "17 patients" in out


def test_overlapping_groups_are_refused_with_how_many_are_in_both(mri: Spondyl) -> None:
    text = '\n[groups]\nby = "lesion-state"\nlevels = { active = "active-erosion", inactive = "inactive-erosion" }\n'

    answer = mri("cohort", grouped(text))

    assert answer.code == 3
    assert "6 members are in both 'active' and 'inactive'" in answer.err


def test_a_figure_of_a_group_is_chosen_and_reconciled_by_its_address(mri: Spondyl) -> None:
    Path("printed.toml").write_text(
        'paper = "X"\n[[figures]]\nwhere = "T1"\nprinted = "5.7"\nis = "clinical / basdai / baseline / mean / women"\n',
        encoding="utf-8",
    )

    assert "1 figure matches" in mri("reconcile", grouped(GROUPS), "printed.toml").err
    chosen = "clinical / basdai / baseline / n / *"
    rows = mri("cohort", grouped(GROUPS), "--every", "year", "--figure", chosen, "--json").json
    assert {row["group"] for row in rows} == {"women", "men"}


def test_what_moved_is_told_by_group(mri: Spondyl) -> None:
    answer = mri("cohort", grouped(GROUPS), "--known-at", "@100", "--versus", "@265", "--json").json

    assert {each["group"] for each in answer["moved"]} >= {"", "women", "men"}
