"""`spondyl campaign agreement` and `final`: what two readers said of four studies, and which value counts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from registry import Registry
from tests.cli.conftest import Spondyl
from tests.projections.campaigns.reading import adjudicating, totals
from tests.spec.campaigns import NAME, examined


@pytest.fixture
def read(spondyl: Spondyl, tmp_path: Path) -> Spondyl:
    """A registry whose readers said 10, 20, 12, 18 and 11, 22, 12, 10 of the studies of two pairs."""
    assert spondyl("init").code == 0
    with Registry.open(str(tmp_path / "spondyl.db"), actor="dm") as registry:
        examined(registry)
        adjudicating(registry, tmp_path)
        totals(registry, "R1", 10, 20, 12, 18)
        totals(registry, "R2", 11, 22, 12, 10)
    return spondyl


def answer(read: Spondyl, *arguments: str) -> str:
    return read("campaign", *arguments).out


def test_agreement_has_a_line_a_score_and_pair_of_readers(read: Spondyl) -> None:
    lines = answer(read, "agreement", NAME).splitlines()

    assert lines[0].split()[:4] == ["score", "of", "readers", "n"]
    [status] = [line for line in lines if "status" in line]
    assert "total" in status
    assert "R1 v R2" in status
    assert "1.25 (" in status  # the mean of -1, -2, 0 and 8


def test_agreement_of_segments_comes_when_it_is_asked_for(read: Spondyl) -> None:
    assert "cervical" not in answer(read, "agreement", NAME)
    assert "cervical" in answer(read, "agreement", NAME, "--segments")


def test_every_figure_of_agreement_goes_out_for_machines(read: Spondyl) -> None:
    rows = [*csv.DictReader(answer(read, "agreement", NAME, "--csv").splitlines())]

    bias = [row for row in rows if (row["score"], row["source"], row["statistic"]) == ("total", "status", "bias")]
    assert [(row["readers"], row["value"], row["n"]) for row in bias] == [("R1 v R2", "1.25", "4")]
    assert {row["campaign"] for row in rows} == {NAME}


def test_the_final_scores_say_which_value_counts_or_why_none(read: Spondyl) -> None:
    found = {row["study"]: row for row in json.loads(answer(read, "final", NAME, "--json"))}

    assert (found["MR-0001"]["value"], found["MR-0002"]["value"]) == (10.5, 21.0)
    assert (found["MR-0012"]["value"], found["MR-0012"]["reason"]) == (None, "not-adjudicated")


@pytest.mark.parametrize("command", ["agreement", "final"])
def test_another_name_is_refused_with_those_that_there_are(read: Spondyl, command: str) -> None:
    refused = read("campaign", command, "nobody")

    assert refused.code != 0
    assert NAME in refused.err
