"""A campaign's file: what it says, what it leaves open, and every refusal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from registry.campaigns.file import declared_in
from registry.catalogue.catalogue import BUILT_IN
from registry.domain.campaigns import Adjudication
from registry.toml_keys import DefinitionError
from tests.spec.campaigns import declared

ADJUDICATE = ("[adjudicate]", 'to = "R3"', "status = { differ = 5 }")
READERS = {"three": '["R1", "R2", "R3"]'}


def problems(file: Path) -> list[str]:
    """All that is wrong with a file."""
    with pytest.raises(DefinitionError, match=r"campaign\.toml: ") as refusal:
        declared_in(file, BUILT_IN)
    return list(refusal.value.problems)


def test_what_a_file_leaves_open_has_a_default(tmp_path: Path) -> None:
    said = declared_in(declared(tmp_path, unit=""), BUILT_IN).campaign

    assert (said.unit, said.order, said.design, said.final, said.repeats) == ("study", "masked", "random", "mean", 0)
    assert (said.readers_per_unit, said.adjudicate, said.due) == (2, None, None)


def test_verdicts_that_say_yes_or_no_are_adjudicated_without_a_limit(tmp_path: Path) -> None:
    file = declared(tmp_path, "[adjudicate]", 'to = "R3"', method='"asas-mri-sij"', unit="")

    assert declared_in(file, BUILT_IN).campaign.adjudicate == Adjudication(to="R3", status=None, change=None)


def test_what_a_file_says_is_kept_whole_with_the_edition_of_the_method(tmp_path: Path) -> None:
    file = declared(
        tmp_path,
        *ADJUDICATE,
        "change = { differ = 2.5 }",
        'final = "mean-of-two-closest"',
        order='"known"',
        readers_per_unit="2",
        design='"latin-square"',
        repeats="0.1",
        due="2026-12-31",
    )

    said = declared_in(file, BUILT_IN).campaign

    assert (said.method, said.method_version, said.order, said.design) == ("berlin", 1, "known", "latin-square")
    assert (said.repeats, said.due, said.final) == (Decimal("0.1"), date(2026, 12, 31), "mean-of-two-closest")
    assert said.adjudicate == Adjudication(to="R3", status=Decimal(5), change=Decimal("2.5"))
    assert said.chosen_in is not None
    assert said.chosen_in.name == "studies.csv"
    assert said.chosen_in.sha256 == sha256((tmp_path / "studies.csv").read_bytes()).hexdigest()


def test_the_adjudicator_may_stand_at_the_top_and_the_rule_of_the_final_score_too(tmp_path: Path) -> None:
    adjudicate = ("[adjudicate]", "status = { differ = 5 }")

    said = declared_in(declared(tmp_path, *adjudicate, adjudicator='"R3"', final='"adjudicator"'), BUILT_IN).campaign

    assert (said.adjudicator, said.final) == ("R3", "adjudicator")


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"format": "2"}, "format: '2' is not a whole number from 1 to 1"),
        ({"campaign": ""}, "campaign: is missing; write a text"),
        (
            {"campaign": '"MSASSS 2026"'},
            "campaign: 'MSASSS 2026' is not a name of a campaign: a–z, 0–9 and",
        ),
        ({"campaign": '"a--b"'}, "campaign: 'a--b' is not a name of a campaign"),
        ({"campaign": f'"{"a" * 61}"'}, "is not a name of a campaign"),
        ({"method": '"berlim"'}, "method: 'berlim' is not "),
        (
            {"method": '"paired-lesions"', "unit": '"study"'},
            "unit: 'study' is not what paired-lesions reads; write",
        ),
        (
            {"method": '"paired-lesions"', "repeats": "0.1"},
            "repeats: asks a reader twice, and paired-lesions keeps one reading of a pair; leave it out",
        ),
        ({"studies": ""}, 'studies: is missing; write studies = "studies.csv" or cohort = "paper.toml"'),
        ({"cohort": '"studies.csv"'}, "studies: stands beside cohort; write"),
        ({"studies": '"gone.csv"'}, "studies: 'gone.csv' cannot be read: No such file or directory"),
        ({"time_points": '["baseline"]'}, "time_points: is not a key here"),
        ({"readers": "[]"}, 'readers: names nobody; write the codes of those who read, as ["R1", "R2"]'),
        ({"readers": '["R1", "R1"]'}, "readers: names something twice"),
        ({"readers": '["R1", "r1"]'}, "readers: has two readers whom only capitals tell apart; their files would have"),
        (
            {"readers": '["R 1"]'},
            "readers: 'R 1' is not a code of a reader: up to 40 of A–Z a–z 0–9 . _ -, a let",
        ),
        ({"readers": '["../R1"]'}, "readers: '../R1' is not a code of a reader"),
        ({"readers": "[" + ", ".join(f'"R{n}"' for n in range(51)) + "]"}, "readers: has 51 readers; 50 at most"),
        ({"unit": '"trio"'}, "unit: 'trio' is not 'study', 'pair' or 'series'"),
        ({"order": '"known "'}, "order: 'known ' is not 'masked' or 'known'"),
        ({"per_reader": '"some"'}, "per_reader: 'some' is not 'all'"),
        ({"readers_per_unit": "3"}, "readers_per_unit: '3' is not a whole number from 1 to 2"),
        ({"readers_per_unit": "1", "per_reader": '"all"'}, "readers_per_unit: stands beside per_reader; remove one"),
        ({"design": '"square"'}, "design: 'square' is not 'random' or 'latin-square'"),
        (
            {"design": '"latin-square"', "readers": '["R1"]'},
            "design: 'latin-square' wants two readers, whose or",
        ),
        ({"repeats": "1.5"}, "repeats: 1.5 is not a share from 0 to 1"),
        ({"repeats": "-0.1"}, "repeats: -0.1 is not a share from 0 to 1"),
        ({"due": '"soon"'}, "due: 'soon' is not a day of the calendar"),
        ({"final": '"median"'}, "final: 'median' is not 'mean'"),
        (
            {"final": '"majority-2-of-3"'},
            "final: 'majority-2-of-3' wants three readings of a unit; write [ad",
        ),
        ({"final": '"adjudicator"'}, "final: 'adjudicator' wants [adjudicate], to whom cases go that differ"),
        ({"final": '"consensus"'}, "final: 'consensus' wants [adjudicate], to whom cases go that differ"),
        ({"adjudicator": '"R3"'}, "adjudicator: stands without [adjudicate]; write there when somebody adjudicates"),
        ({"reader": '["R3"]'}, "reader: is not a key here; did you mean 'readers'?"),
    ],
)
def test_what_a_key_cannot_say_is_refused(tmp_path: Path, keys: dict[str, str], problem: str) -> None:
    assert [each for each in problems(declared(tmp_path, **keys)) if problem in each]


@pytest.mark.parametrize(
    ("lines", "keys", "problem"),
    [
        (('to = "R1"', "status = { differ = 5 }"), {}, "adjudicate.to: 'R1' is a reader of the campaign, and cannot"),
        (('to = "r2"', "status = { differ = 5 }"), {}, "adjudicate.to: 'r2' is a reader of the campaign, and cannot"),
        (('to = "R/3"', "status = { differ = 5 }"), {}, "adjudicate.to: 'R/3' is not a code of a reader"),
        (("status = { differ = 5 }",), {}, "adjudicate.to: is missing"),
        (
            ('to = "R3"', "status = { differ = 0 }"),
            {"method": '"paired-lesions"'},
            "adjudicate: says when scores differ, and paired-lesions has none; leave it out",
        ),
        (('to = "R3"',), {}, "adjudicate.status: is missing, and change too; write status = { differ = 5 }"),
        (('to = "R3"', "status = { differ = -1 }"), {}, "adjudicate.status.differ: is not a number of units from 0 on"),
        (('to = "R3"', "status = { differs = 1 }"), {}, "adjudicate.status.differs: is not a key here; did you mean"),
        (('to = "R3"', "status = 5"), {}, "adjudicate.status: '5' is not a table of keys"),
        (('to = "R3"', "change = { differ = 3 }"), {"unit": '"study"'}, "adjudicate.change: wants two studies side by"),
        (
            ('to = "R3"', "status = { differ = 5 }"),
            {"adjudicator": '"R4"'},
            "adjudicate.to: 'R3' is not the adj",
        ),
        (('to = "R3"', "status = { differ = 5 }"), {"readers": '["R1"]'}, "adjudicate: wants two readers of each unit"),
        (
            ('to = "R3"', "status = { differ = 5 }", 'final = "mean"'),
            {"final": '"mean"'},
            "final: stands at the top",
        ),
        (('to = "R3"', "status = { differ = 5 }", 'final = "best"'), {}, "adjudicate.final: 'best' is not 'mean'"),
        (
            ('to = "R3"', "status = { differ = 5 }", 'final = "consensus"'),
            {},
            "final: 'consensus' wants to = \"consensus\"",
        ),
        (('to = "R3"', "status = { differ = 5 }", "when = 3"), {}, "adjudicate.when: is not a key here"),
    ],
)
def test_what_an_adjudication_cannot_say_is_refused(
    tmp_path: Path, lines: tuple[str, ...], keys: dict[str, str], problem: str
) -> None:
    assert [each for each in problems(declared(tmp_path, "[adjudicate]", *lines, **keys)) if problem in each]


def test_three_readings_are_three_readers_or_two_and_an_adjudicator(tmp_path: Path) -> None:
    final = {"final": '"mean-of-two-closest"'}

    assert declared_in(declared(tmp_path, readers=READERS["three"], **final), BUILT_IN)
    assert declared_in(declared(tmp_path, *ADJUDICATE, **final), BUILT_IN)
    assert problems(declared(tmp_path, readers=READERS["three"], readers_per_unit="2", **final))


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = declared(tmp_path, method='"berlim"', unit='"trio"', repeats="2", studies_of='"whom"')

    assert [each.partition(":")[0] for each in problems(file)] == ["method", "unit", "repeats", "studies_of"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"campaign = ", "is not TOML in UTF-8"),
        (b"\xff", "is not TOML in UTF-8"),
    ],
)
def test_what_is_no_toml_is_refused(tmp_path: Path, text: bytes, problem: str) -> None:
    file = tmp_path / "campaign.toml"
    file.write_bytes(text)

    assert problem in problems(file)[0]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path / "campaign.toml") == ["cannot be read: No such file or directory"]
