"""How far the readers of a campaign agree: figures as R has them, of independent readings, over all patients."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from projections import facts_at, project, reproduce
from projections.campaigns.agreement import Asked, Told, agreements
from projections.campaigns.ratings import CHANGE, STATUS, Ratings
from projections.export import export
from projections.statistics.ordering import Floats
from registry import Registry
from tests.projections.campaigns.reading import PAIRS, adjudicating, given_to_adjudicator, totals
from tests.projections.shown import shown
from tests.projections.statistics.expected import by_sample, number, rows
from tests.spec.campaigns import NAME, examined, started

SAMPLES = {
    sample: np.array([[float(cell) for cell in row["readings"].split()] for row in of])
    for sample, of in by_sample("campaign_readings.csv")
}
BY_R = {(row["sample"], row["figure"], row["variant"]): row for row in rows("campaign_agreement.csv")}


@pytest.fixture
def registry(registry: Registry) -> Registry:
    examined(registry)
    return registry


def told(first: Floats, asked: Asked, again: Floats | None = None) -> dict[tuple[str, str, int], Told]:
    """The figures of readings, each study of another patient, by readers, statistic and k."""
    never = np.full(first.shape, np.nan)
    read = Ratings(first, never if again is None else again, np.arange(len(first), dtype=np.int32))
    return {(each.readers, each.statistic, each.k): each for each in agreements(read, asked)}


def of_two(source: str = STATUS, *, is_yes_or_no: bool = False) -> Asked:
    """What is asked of two readers."""
    return Asked(source, is_yes_or_no, 2, ("R1", "R2"))


def is_as_in_r(found: Told, *address: str) -> None:
    """A figure is the one that R gave at an address."""
    row, estimate = BY_R[address], found.estimate  # type: ignore[index]
    assert estimate.value == pytest.approx(number(row["value"]), rel=1e-9)
    assert (estimate.low, estimate.high) == pytest.approx((number(row["low"]), number(row["high"])), rel=1e-6)


@pytest.mark.parametrize("source", [STATUS, CHANGE])
def test_two_readers_agree_as_r_has_it(source: str) -> None:
    found = told(SAMPLES[source], of_two(source))

    pair = "R1 v R2"
    is_as_in_r(found[pair, "ICC(2,1)", 1], source, "icc", "2,1")
    is_as_in_r(found[pair, "ICC(3,1)", 1], source, "icc", "3,1")
    is_as_in_r(found[pair, "kappa", 1], source, "kappa", "quadratic")
    is_as_in_r(found[pair, "bias", 1], source, "bias", "")
    is_as_in_r(found[pair, "lower limit of agreement", 1], source, "lower limit", "")
    is_as_in_r(found[pair, "upper limit of agreement", 1], source, "upper limit", "")
    for formula in ("sdc/loa-95", "sdc/loa-80"):
        for k in (1, 2):
            is_as_in_r(found[pair, formula, k], source, f"sdc from {source}; k = {k}", formula)
    assert {each.n_patients for each in found.values()} == {60}


def test_verdicts_have_kappa_and_the_share_of_same_answers_alone() -> None:
    found = told(SAMPLES["verdict"], of_two(is_yes_or_no=True))

    assert [statistic for _, statistic, _ in found] == ["kappa", "same answer"]
    is_as_in_r(found["R1 v R2", "kappa", 1], "verdict", "kappa", "unweighted")
    same = int((SAMPLES["verdict"][:, 0] == SAMPLES["verdict"][:, 1]).sum())
    assert found["R1 v R2", "same answer", 1].estimate.value == same / 80


def test_more_than_two_readers_have_one_correlation_and_every_two_their_own() -> None:
    found = told(SAMPLES["three"], Asked(STATUS, False, 3, ("R1", "R2", "R3")))

    is_as_in_r(found["R1, R2, R3", "ICC(2,1)", 1], "three", "icc", "2,1")
    is_as_in_r(found["R1, R2, R3", "ICC(3,1)", 1], "three", "icc", "3,1")
    pairs = ("R1 v R2", "R1 v R3", "R2 v R3")
    for statistic, k in (("kappa", 1), ("sdc/loa-95", 1), ("sdc/loa-80", 3)):
        values = [found[pair, statistic, k].estimate.value for pair in pairs]
        mean = found["mean of 3 pairs", statistic, k].estimate
        assert mean.value == pytest.approx(sum(values) / 3)  # type: ignore[arg-type]
        assert (mean.low, mean.high, mean.n) == (None, None, 60)
    assert ("mean of 3 pairs", "ICC(2,1)", 1) not in found


def test_a_reader_agrees_with_himself_over_what_he_read_twice() -> None:
    first = SAMPLES["status"]
    again = np.full(first.shape, np.nan)
    again[:25, 0] = first[:25, 1]

    found = told(first, of_two(), again)

    expected = told(first[:25], of_two())
    assert found["R1 v R1+repeat", "kappa", 1].estimate == expected["R1 v R2", "kappa", 1].estimate
    assert found["R1 v R1+repeat", "sdc/loa-95", 1].estimate == expected["R1 v R2", "sdc/loa-95", 1].estimate
    assert not [key for key in found if key[0].startswith("R2 v R2")]


def test_only_studies_that_both_read_count() -> None:
    first = SAMPLES["status"].copy()
    first[10:, 1] = np.nan

    assert told(first, of_two())["R1 v R2", "kappa", 1].estimate.n == 10
    nothing = told(np.full((3, 2), np.nan), of_two())
    assert nothing["R1 v R2", "ICC(2,1)", 1].estimate.reason == "nothing-given"
    assert nothing["R1 v R2", "kappa", 1].estimate.reason == "nothing-read-by-both"
    assert nothing["R1 v R2", "sdc/loa-95", 1].estimate.reason == "nothing-given"


def test_studies_of_one_patient_are_told_of_as_such() -> None:
    read = Ratings(SAMPLES["status"], np.full((60, 2), np.nan), np.repeat(np.arange(30, dtype=np.int32), 2))

    figures = list(agreements(read, of_two()))

    assert {(each.estimate.n, each.n_patients) for each in figures} == {(60, 30)}


def test_the_table_has_status_and_change_of_the_whole_and_of_each_segment(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6, 0, 69)
    totals(registry, "R2", 5, 6, 2, 69)

    found = shown(facts_at(registry), "agreement", "score source statistic readers n n_patients value order k")

    assert ("total", "status", "bias", "R1 v R2", 4, 2, -0.75, "masked", 1) in found
    assert ("total", "change", "bias", "R1 v R2", 2, 2, 1.5, "masked", 1) in found
    assert {score for score, *_ in found} == {"total", "cervical", "thoracic", "lumbar"}


def test_an_adjudicator_is_no_independent_reader(registry: Registry, tmp_path: Path) -> None:
    adjudicating(registry, tmp_path)
    totals(registry, "R1", 4, 20, 3, 4)
    totals(registry, "R2", 14, 20, 3, 4)
    before = shown(facts_at(registry), "agreement", "score source statistic k n value")
    given_to_adjudicator(registry, *PAIRS[0])
    totals(registry, "R3", 9, 21)

    assert shown(facts_at(registry), "agreement", "score source statistic k n value") == before
    assert {row[0] for row in shown(facts_at(registry), "agreement", "readers")} == {"R1 v R2"}


def test_single_studies_have_no_change(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, unit='"study"', order='"known"')
    totals(registry, "R1", 4, 6, 0, 69)
    totals(registry, "R2", 5, 6, 2, 69)

    assert {(source, order) for source, order in shown(facts_at(registry), "agreement", "source order")} == {
        ("status", "known")
    }


def test_a_retracted_study_is_no_part_of_agreement(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6, 0, 69)
    totals(registry, "R2", 5, 6, 2, 69)
    registry.retract("imaging/MR-0001", reason="of another patient")

    n = {(score, source): n for score, source, n in shown(facts_at(registry), "agreement", "score source n")}
    assert (n["total", "status"], n["total", "change"]) == (3, 1)


@pytest.mark.parametrize("at_most", [1, 80_000])
def test_an_export_has_final_scores_and_agreement_of_all_however_it_is_cut(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_most: int
) -> None:
    monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", at_most)
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6, 0, 69)
    totals(registry, "R2", 5, 6, 2, 60)

    export(registry, tmp_path / "out", tables=["final_scores", "agreement"])

    for name in ("final_scores", "agreement"):
        stored = [
            row for part in sorted((tmp_path / "out" / name).glob("*")) for row in pq.read_table(part).to_pylist()
        ]
        assert stored == project(name, facts_at(registry)).to_pylist()
        assert stored
    assert reproduce(registry, tmp_path / "out" / "manifest.json").identical


def test_a_registry_without_campaigns_has_neither(registry: Registry) -> None:
    assert shown(facts_at(registry), "final_scores", "study") == []
    assert shown(facts_at(registry), "agreement", "n") == []
    assert NAME not in facts_at(registry).campaigns
