"""What cannot be analysed: a result with its reason, or a refusal with its key and place; never a NaN without a word.

Warnings are errors in all tests, those of libraries too.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.test_cohort import LESIONS, mri, mri_study

__all__ = ("mri", "mri_study")

HEAD = LESIONS.partition("[tables.lesions]")[0]
TABLES = """
[tables.characteristics]
measures = ["basdai"]
completeness = true
prior_therapies = true
[tables.clinical]
measures = ["basdai", "mases"]
completeness = true
[tables.trajectory]
measures = ["basdai", "mases"]
points = true
[tables.responders]
criteria = ["asas40", "basdai<4"]
impute = ["nri"]
[tables.survival]
days = [365, 730]
lundex = ["basdai<4"]
points = true
[tables.rates]
conditions = ["psoriasis"]
[tables.safety]
lag = 30
[tables.medication]
[tables.scores]
[tables.lesions]
[tables.switch]
measures = ["basdai"]
[tables.nsaid]
[tables.lines]
points = true
[tables.imaging_criteria]
[tables.progression]
methods = ["asspimri"]
measures = ["basdai", "mases"]
threshold = 1
unit = "interval"
points = true
[[criteria]]
name = "basdai<4"
met = "basdai < 4"
[statistics]
resamples = 100
"""
EMPTY = 'by = "sex"\nlevels = { men = "male", others = "other" }\nreference = "others"\ntests = true\n'
NOBODY = 'by = "sex"\nlevels = { others = "other", unknown = "unknown" }\ntests = true\n'
OF_A_MEASURE_THAT_NOBODY_HAS = 'by = "mases"\nlevels = { few = "..<4", many = "4.." }\ntests = true\n'
MEN_AND_WOMEN = 'by = "sex"\ntests = true\n'
NOT_A_NUMBER = re.compile(r"\b(nan|inf|infinity)\b", re.IGNORECASE)


def defined(groups: str, tables: str = TABLES) -> Path:
    file = Path("bad.toml")
    file.write_text(f"{HEAD}{tables}\n[groups]\n{groups}", encoding="utf-8")
    return file


def of_csv(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def no_constant(name: str) -> float:
    raise AssertionError(name)


@pytest.mark.parametrize("groups", [EMPTY, NOBODY, OF_A_MEASURE_THAT_NOBODY_HAS, MEN_AND_WOMEN])
def test_whoever_is_missing_every_figure_has_a_value_or_its_reason(mri: Spondyl, groups: str) -> None:
    file = defined(groups)
    answer = mri("cohort", file, "--csv")
    rows = of_csv(answer.out)

    assert (answer.code, len(rows) > 500, {row["table"] for row in rows}) == (0, True, set(_tables()))
    for row in rows:
        assert row["value"] or row["p_value"] or row["reason"], row
        assert bool(row["ci_low"] or row["ci_high"]) == bool(row["ci_method"]), row
        assert not [each for each in row.values() if NOT_A_NUMBER.fullmatch(each)], row
    as_json = json.loads(mri("cohort", file, "--json").out, parse_constant=no_constant)
    assert len(as_json["figures"]) == len(rows)


def _tables() -> list[str]:
    return re.findall(r"\[tables\.(\w+)\]", TABLES)


@pytest.mark.parametrize("form", [(), ("--markdown",), ("--html",), ("--every", "year"), ("--versus", "@262")])
@pytest.mark.parametrize("groups", [EMPTY, OF_A_MEASURE_THAT_NOBODY_HAS])
def test_people_are_shown_no_nan_whichever_way_they_ask(mri: Spondyl, groups: str, form: tuple[str, ...]) -> None:
    answer = mri("cohort", defined(groups), *form)

    assert answer.code == 0
    assert not NOT_A_NUMBER.search(answer.out)
    assert not NOT_A_NUMBER.search(answer.err)


def test_an_empty_group_stands_there_with_0_members_and_no_test_beside_it(mri: Spondyl) -> None:
    rows = of_csv(mri("cohort", defined(EMPTY), "--csv").out)

    sizes = {row["group"]: row["value"] for row in rows if row["row"] == "groups" and row["statistic"] == "n"}
    assert sizes == {"men": "17.0", "others": "0.0"}
    tests = [row for row in rows if row["statistic"].endswith(" between groups")]
    assert {row["p_value"] for row in tests} == {""}
    assert {row["reason"] for row in tests} <= {
        "group-without-values",
        "nothing-given",
        "no-time-under-observation",
    }
    assert "others: 0 patients, the reference" in mri("cohort", defined(EMPTY)).out


def test_a_measure_that_nobody_has_leaves_everybody_in_no_group_with_the_reason(mri: Spondyl) -> None:
    answer = mri("cohort", defined(OF_A_MEASURE_THAT_NOBODY_HAS), "--json").json["groups"]

    assert answer["n"] == {"few": 0, "many": 0}
    assert answer["in_none"] == [{"n": 22, "why": "of whom mases is not known"}]


def test_without_an_event_there_is_no_test_of_curves_and_rates_and_the_reason(mri: Spondyl) -> None:
    rows = of_csv(mri("cohort", defined(MEN_AND_WOMEN), "--csv").out)
    reasons = {(row["table"], row["row"], row["statistic"]): row["reason"] for row in rows}

    assert reasons["survival", "retention", "p of retention between groups"] == "no-events"
    assert reasons["rates", "flares", "rate ratio"] == "no-events"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '[[criteria]]\nname = "low"\nmet = "low"\n',
            "criteria[1].met: 'low' is a criterion of this file, and none is made of another; write one comparison",
        ),
        (
            '[[criteria]]\nname = "low"\nmet = "not high"\n[[criteria]]\nname = "high"\nmet = "basdai > 4"\n',
            "criteria[1].met: 'not high' is a criterion of this file, and none is made of another",
        ),
        (
            '[[criteria]]\nname = "asas40"\nmet = "basdai < 4"\n[tables.responders]\n',
            "criteria[1].name: 'asas40' is the name of another criterion; choose another name",
        ),
        (
            '[[criteria]]\nname = "low"\nmet = "crp < 5 mg/dl"\n',
            "criteria[1].met: 'crp < 5 mg/dl': 'mg/dl' is not the unit of crp, which is mg/l",
        ),
        (
            '[[criteria]]\nname = "low"\nmet = "basdai < 40"\n',
            "criteria[1].met: 'basdai < 40': '40' is not a value of basdai, which goes from 0 to 10",
        ),
        (
            '[who]\nbaseline = ["basdai >= 4", "esr > 5 mg/l"]\n',
            "who.baseline: 'esr > 5 mg/l': 'mg/l' is not the unit of esr, which is mm/h",
        ),
        (
            '[who]\nbaseline = ["crp > -1"]\n',
            "who.baseline: 'crp > -1': '-1' is not a value of crp, which goes from 0",
        ),
        (
            '[groups]\nby = "sex"\nlevels = { men = "male", all = ["male", "female"] }\n',
            "groups.levels: 'men' and 'all' both take 'male'; a member has one group",
        ),
        (
            '[groups]\nby = "basdai"\nlevels = { low = "..5", high = "5.." }\n',
            "groups.levels: 'low' and 'high' overlap; a member has one group",
        ),
        ('[groups]\nby = "sex"\nreferenz = "male"\n', "groups.referenz: is not a key here; write 'by', 'method'"),
        ('[[criteria]]\nname = "low"\nmet = "basdai < 4"\nunit = "cm"\n', "criteria[1].unit: is not a key here"),
        ("[tables.trajectory]\nmethod = []\n", "tables.trajectory.method: is not a key here"),
        ('[tables.progression]\nunits = "interval"\n', "tables.progression.units: is not a key here"),
        ("[tables.switch]\nduring = [0, 1]\n", "tables.switch.during: is not a key here"),
        ("[tables.nsaid]\nat_most = 50\n", "tables.nsaid.at_most: is not a key here"),
        ("[tables.lines]\nline = 1\n", "tables.lines.line: is not a key here"),
        ('[tables.responders]\nimputed = ["nri"]\n', "tables.responders.imputed: is not a key here"),
        ('[tables.responders]\nimpute = ["locf"]\n', "tables.responders.impute: 'locf' is not one of 'nri'"),
        ('[tables.survival]\nlundex = ["asas41"]\n', "tables.survival.lundex: 'asas41' is not one of"),
        ("[tables.trajectories]\n", "tables.trajectories"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key_and_place(mri: Spondyl, text: str, problem: str) -> None:
    Path("bad.toml").write_text(HEAD + text, encoding="utf-8")

    answer = mri("cohort", "bad.toml")

    assert (answer.out, answer.code) == ("", 3)
    assert f"spondyl: bad.toml: {problem}" in answer.err
    assert len(answer.err.splitlines()) == 1
