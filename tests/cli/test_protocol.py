"""`spondyl protocol`, and a registry of one's own, made as the page says that begins with it."""

from __future__ import annotations

import csv
import shlex
from pathlib import Path

import pytest

from registry.protocol.file import protocol_of
from registry.protocol.template import example
from tests.cli.conftest import Spondyl
from tests.docs.pages import Page
from tests.registry.protocol.given import BMI, HEAD, SMOKING

TEN_MINUTES = Page.named("a-registry-of-your-own.md")
CENTRES = '[[centres]]\ncode = "C1"\ntitle = "Northtown"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the page has a person save."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "protocol.toml").write_text(TEN_MINUTES.block("toml"), encoding="utf-8")
    for name, content in zip(("patients.csv", "visits.csv"), TEN_MINUTES.blocks("csv"), strict=True):
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_a_registry_of_your_own_stands_after_the_commands_of_the_page(here: Path, spondyl: Spondyl) -> None:
    answers = {}
    for line in "".join(TEN_MINUTES.blocks("sh")).splitlines():
        answers[line] = spondyl(*shlex.split(line)[1:])
        assert answers[line].code == 0, (line, answers[line].err)

    rows = list(csv.DictReader(answers["spondyl table measures --csv"].out.splitlines()))
    values = {(row["patient"], row["visited_on"], row["measure"]): (row["value"], row["unit"]) for row in rows}
    assert values["P-1", "2024-01-15", "bmi"] == ("24.5", "kg/m2")
    assert values["P-1", "2024-01-15", "burden_today"] == ("6.5", "nrs")
    assert "P-1" not in answers["spondyl protocol show"].out
    assert "burden_today" in answers["spondyl summary --measure burden_today"].out
    header = (here / "files" / "visits.csv").read_text(encoding="utf-8").splitlines()[-1].split(",")
    assert {"crp", "bmi", "pain_today", "wellbeing_today"} <= set(header)


def test_a_value_beyond_its_range_is_refused_with_its_place(here: Path, spondyl: Spondyl) -> None:
    for command in ("init", "protocol adopt protocol.toml"):
        assert spondyl(*command.split()).code == 0
    (here / "visits.csv").write_text("patient,visited_on,bmi\nP-1,2024-01-15,245\n", encoding="utf-8")

    answer = spondyl("import", "patients.csv", "visits.csv")

    assert answer.code == 3
    assert "visits.csv:2:bmi" in answer.err
    assert "245 kg/m2 is outside 10 to 80 kg/m2" in answer.err


def test_templates_are_of_the_registry_and_of_what_is_built_in_where_there_is_none(
    here: Path, spondyl: Spondyl
) -> None:
    before = spondyl("template", "before")
    for command in ("init", "protocol adopt protocol.toml"):
        assert spondyl(*command.split()).code == 0
    after = spondyl("template", "after")

    assert before.err.endswith("\nno registry at spondyl.db: the columns are those that are built in\n")
    assert "# bmi: body mass index; 10 to 80 kg/m2\n" in (here / "after" / "visits.csv").read_text(encoding="utf-8")
    assert "bmi" not in (here / "before" / "visits.csv").read_text(encoding="utf-8")
    assert "built in" not in after.err


@pytest.mark.parametrize(
    "words", [("--db", "other.db", "template", "files"), ("template", "files", "--db", "other.db")]
)
def test_templates_of_a_registry_that_was_named_and_is_not_there_are_refused(
    here: Path, spondyl: Spondyl, words: tuple[str, ...]
) -> None:
    answer = spondyl(*words)

    assert (answer.code, answer.err) == (3, "spondyl: no registry at other.db; create one with `spondyl init`\n")
    assert not (here / "files").exists()


@pytest.fixture
def registry(spondyl: Spondyl, tmp_path: Path) -> Spondyl:
    """The command on a registry with two patients and two editions of a protocol: one.toml and two.toml."""
    (tmp_path / "one.toml").write_text(HEAD + BMI, encoding="utf-8")
    (tmp_path / "two.toml").write_text(HEAD + BMI.replace("80]", "90]") + SMOKING, encoding="utf-8")
    (tmp_path / "three.toml").write_text(HEAD + BMI.replace("80]", "90]") + SMOKING + CENTRES, encoding="utf-8")
    for command in (
        "init",
        "record patient patient=P-1 enrolled_on=2020-01-01 centre=C9",
        "protocol adopt one.toml --actor ines",
        "protocol adopt two.toml --actor ines --reason smoking --after 1",
    ):
        assert spondyl(*command.split()).code == 0
    return spondyl


def test_an_adoption_says_which_edition_it_is_and_the_same_file_that_nothing_changed(registry: Spondyl) -> None:
    adopted, again = registry("protocol", "adopt", "three.toml", "--json"), registry("protocol", "adopt", "three.toml")

    assert (adopted.json["edition"], adopted.json["position"], adopted.json["protocol"]) == (3, 4, "axspa-north")
    assert (again.out, again.err) == ("", "nothing changed: it is edition 3, adopted @4\n")


def test_a_file_that_is_refused_is_told_whole_and_ends_with_3(registry: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(HEAD + BMI.replace("kg/m2", "stone"), encoding="utf-8")

    answers = [registry("protocol", verb, "bad.toml") for verb in ("adopt", "check")]

    for answer in answers:
        assert (answer.code, answer.out) == (3, "")
        assert [line.split(": ")[2] for line in answer.err.splitlines()] == [
            "measures[1].unit",
            "measures[1].unit",
            "measures[1].range",
            "measures",
        ]
    assert registry("protocol", "show", "--json").json["edition"] == 2


def test_an_edition_after_another_than_the_one_named_is_refused(registry: Spondyl) -> None:
    answer = registry("protocol", "adopt", "three.toml", "--after", "1")

    assert answer.code == 3
    assert "protocol: edition 2 was adopted meanwhile, by ines" in answer.err


def test_a_check_says_what_would_change_and_what_would_not_be_taken(registry: Spondyl) -> None:
    checked, spoken = registry("protocol", "check", "three.toml", "--json"), registry("protocol", "check", "three.toml")

    assert checked.json["edition"] == 3
    assert [each["where"] for each in checked.json["differences"]] == ["centres C1"]
    [kept] = checked.json["not_taken"]
    assert (kept["key"], kept["value"], kept["n_facts"], kept["last_day"]) == ("centres", "C9", 1, "2020-01-01")
    assert "C9" in spoken.out
    assert registry("protocol", "check", "two.toml").err == "nothing would change: it is edition 2\n"


def test_an_adoption_says_that_stored_words_would_not_be_taken_and_check_counts_them(registry: Spondyl) -> None:
    adopted, checked = registry("protocol", "adopt", "three.toml"), registry("protocol", "check", "three.toml")

    assert adopted.err.splitlines() == [
        "adopted edition 3 of axspa-north, @4",
        "1 word of stored facts would not be taken today; they stay, and `spondyl protocol check` counts them",
    ]
    assert checked.err.startswith("nothing would change: it is edition 3\n")
    assert "C9" in checked.out
    assert registry("protocol", "adopt", "three.toml").err == "nothing changed: it is edition 3, adopted @4\n"


@pytest.mark.parametrize("verb", ["adopt", "check", "show", "history", "diff", "template"])
def test_every_command_says_an_example_and_how_machines_read_it_within_80_columns(spondyl: Spondyl, verb: str) -> None:
    told = spondyl("protocol", verb, "--help").out

    assert f"spondyl protocol {verb}" in told.partition("Example")[2]
    assert "--json" in told.partition("Options:")[2]
    assert max(map(len, told.splitlines())) <= 80


def test_a_first_edition_has_no_column_of_what_was_before(registry: Spondyl) -> None:
    first, second = registry("protocol", "diff", "0", "1").out, registry("protocol", "diff", "1", "2").out

    assert first.splitlines()[0].split() == ["what", "key", "is"]
    assert second.splitlines()[0].split() == ["what", "key", "was", "is"]


@pytest.mark.parametrize("group", ["protocol", "record"])
def test_the_help_of_a_group_says_whole_sentences(spondyl: Spondyl, group: str) -> None:
    listed = spondyl(group, "--help").out.partition("Commands:\n")[2]

    assert "..." not in listed
    assert listed.count("  ") > 5


def test_what_was_collected_is_shown_as_it_was_at_a_place_of_the_log(registry: Spondyl) -> None:
    now, then = (registry("protocol", "show", *at, "--json").json for at in ((), ("--known-at", "@2")))

    assert ([each["name"] for each in now["measures"]], now["measures"][0]["range"]) == (
        ["bmi", "smoking"],
        ["10", "90"],
    )
    assert ([each["name"] for each in then["measures"]], then["measures"][0]["range"]) == (["bmi"], ["10", "80"])
    assert registry("protocol", "show", "--known-at", "@1", "--json").json is None
    assert "body mass index" in registry("protocol", "show").out


def test_the_history_lists_every_edition_with_who_and_why(registry: Spondyl) -> None:
    rows = registry("protocol", "history", "--json").json

    assert [(row["edition"], row["position"], row["actor"], row["reason"], row["changes"]) for row in rows] == [
        (1, 2, "ines", None, 3),
        (2, 3, "ines", "smoking", 2),
    ]
    assert len(registry("protocol", "history", "--known-at", "@2", "--json").json) == 1


def test_two_editions_are_compared_by_thing_and_key(registry: Spondyl) -> None:
    found = registry("protocol", "diff", "1", "2", "--json").json

    assert [(each["where"], each["field"]) for each in found] == [("measures bmi", "range"), ("measures smoking", None)]
    assert "10, 90" in registry("protocol", "diff", "1", "2").out
    assert registry("protocol", "diff", "2", "2").err == "no difference\n"
    unknown = registry("protocol", "diff", "1", "3")
    assert (unknown.code, "'3' is not a known edition; write 0, 1 or 2" in unknown.err) == (3, True)


def test_a_registry_without_a_protocol_says_so(spondyl: Spondyl) -> None:
    spondyl("init")

    for verb in ("show", "history"):
        assert spondyl("protocol", verb).err == "no protocol is adopted: what is built in, and nothing else\n"


def test_the_template_is_a_file_that_can_be_adopted(spondyl: Spondyl, tmp_path: Path) -> None:
    spondyl("init")
    (tmp_path / "t.toml").write_text(spondyl("protocol", "template").out, encoding="utf-8")

    assert spondyl("protocol", "adopt", "t.toml").code == 0
    (tmp_path / "examples.toml").write_text(example(), encoding="utf-8")
    assert spondyl("protocol", "adopt", "examples.toml").code == 0
    named = spondyl("protocol", "template", "--json").json["measures"]
    assert [each["name"] for each in named] == [each.name for each in protocol_of(example().encode(), "t").measures]
