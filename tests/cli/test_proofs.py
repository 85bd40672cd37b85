"""`spondyl prove` and `spondyl check-proof`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

VISIT = "visit/P-1/2020-01-02/baseline"


@pytest.fixture
def proved(cohort: Spondyl) -> Spondyl:
    """Return the command where proof.json proves the visit at the freeze `paper`, and the registry is gone."""
    said = cohort("freeze", "paper").err.split()
    cohort("export", "out", "--tables", "visits", "--known-at", "paper")
    cohort("amend", VISIT, "crp=13", "--reason", "typo")
    assert cohort("prove", VISIT, "--at", "paper", "--out", "proof.json").code == 0
    assert cohort("prove", VISIT, "--at", "paper", "--by-chain", "--out", "chain.json").code == 0
    Path("root").write_text(said[said.index("root") + 1])
    Path("digest").write_text(said[said.index("digest") + 1])
    Path("spondyl.db").unlink()
    return cohort


def test_a_proof_is_small_and_checked_without_a_registry(proved: Spondyl) -> None:
    answer = proved("check-proof", "proof.json", "--root", Path("root").read_text())

    assert answer.code == 0
    assert json.loads(answer.out)["statement"]["measures"][-1]["value"] == "12"
    assert "VisitRecorded, recorded " in answer.err
    assert Path("proof.json").stat().st_size < 4_000
    assert json.loads(Path("proof.json").read_text())["log"]["freeze"] == "paper"


def test_without_a_published_hash_the_one_to_compare_is_named(proved: Spondyl) -> None:
    root = Path("root").read_text()

    assert f"root is {root} at @6; compare that with the published one" in proved("check-proof", "proof.json").err


def test_the_manifest_of_an_export_is_as_good_as_the_root(proved: Spondyl) -> None:
    assert proved("check-proof", "proof.json", "--against", "out/manifest.json").code == 0
    other = proved("check-proof", "proof.json", "--root", "00" * 32)
    assert (other.code, other.err) == (
        3,
        "spondyl: the proof does not hold: it ends in another root than the published one\n",
    )


def test_a_proof_by_the_chain_ends_in_the_digest(proved: Spondyl) -> None:
    digest = Path("digest").read_text()

    assert proved("check-proof", "chain.json", "--digest", digest).code == 0
    assert "it does not end in a digest; ask for one that does" in (
        proved("check-proof", "proof.json", "--digest", digest).err
    )


def test_a_changed_proof_does_not_hold(proved: Spondyl) -> None:
    Path("proof.json").write_text(Path("proof.json").read_text().replace("12", "13"))

    answer = proved("check-proof", "proof.json")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("spondyl: the proof does not hold: ")
