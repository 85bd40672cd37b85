"""The table of final scores: what counts of each study of a campaign, and why nothing does."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections import facts_at
from projections.campaigns.disagreements import disagreements
from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.campaigns.reading import PAIRS, adjudicating, differing, given_to_adjudicator, totals
from tests.projections.shown import shown
from tests.spec.campaigns import NAME, examined, started

SHOWN = "study value readers n_read adjudicated reason"


@pytest.fixture
def registry(registry: Registry) -> Registry:
    examined(registry)
    return registry


def final(registry: Registry, columns: str = SHOWN, **at: str) -> list[tuple[object, ...]]:
    return shown(facts_at(registry, **at), "final_scores", columns)  # type: ignore[arg-type]


def test_the_mean_of_two_readers_is_final_with_its_half(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6, 0, 69)
    totals(registry, "R2", 5, 6, 1, 69)

    assert final(registry) == [
        ("MR-0001", 4.5, ["R1", "R2"], 2, False, None),
        ("MR-0002", 6.0, ["R1", "R2"], 2, False, None),
        ("MR-0011", 0.5, ["R1", "R2"], 2, False, None),
        ("MR-0012", 69.0, ["R1", "R2"], 2, False, None),
    ]


def test_a_row_says_by_which_campaign_edition_and_rule(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001\nMR-0002")
    totals(registry, "R1", 4)
    totals(registry, "R2", 5)

    columns = "patient performed_on study campaign score method method_version unit rule n_readers n_imputed"
    assert final(registry, columns)[0] == (
        "BAR1-01", "2002-06-03", "MR-0001", NAME, "total", "berlin", 1, "MR-0001+MR-0002", "mean", 2, 0,
    )  # fmt: skip


def test_a_study_that_not_all_have_read_has_a_reason_and_no_value(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6)
    totals(registry, "R2", 5)
    registry.record_reading("MR-0002", reader="R2", method="berlin", grades={"C2/3": 1}, session=NAME)

    assert final(registry) == [
        ("MR-0001", 4.5, ["R1", "R2"], 2, False, None),
        ("MR-0002", None, [], 2, False, "not-complete"),
        ("MR-0011", None, [], 0, False, "nobody-read"),
        ("MR-0012", None, [], 0, False, "nobody-read"),
    ]


def test_a_reading_of_another_session_or_a_repeat_is_no_part_of_it(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, repeats="1")
    totals(registry, "R1", 4)
    totals(registry, "R2", 40, session="another")
    totals(registry, "R1", 9, session=f"{NAME}+repeat")

    assert final(registry)[0] == ("MR-0001", None, [], 1, False, "reader-missing")


def test_a_case_in_which_readers_differ_waits_for_the_adjudicator_with_all_its_studies(
    registry: Registry, tmp_path: Path
) -> None:
    adjudicating(registry, tmp_path, final='"mean-of-two-closest"')
    totals(registry, "R1", 4, 20, 10, 11)
    totals(registry, "R2", 10, 22, 10, 12)

    assert final(registry) == [
        ("MR-0001", None, [], 2, False, "not-adjudicated"),
        ("MR-0002", None, [], 2, False, "not-adjudicated"),
        ("MR-0011", 10.0, ["R1", "R2"], 2, False, None),
        ("MR-0012", 11.5, ["R1", "R2"], 2, False, None),
    ]

    given_to_adjudicator(registry, *PAIRS[0])
    totals(registry, "R3", 9, 21)

    assert final(registry)[:2] == [
        ("MR-0001", 9.5, ["R2", "R3"], 3, True, None),
        ("MR-0002", 21.0, ["R1", "R2", "R3"], 3, True, None),
    ]


@pytest.mark.parametrize(
    ("rule", "value", "readers"),
    [
        ("mean", 23 / 3, ["R1", "R2", "R3"]),
        ("mean-of-two-closest", 9.5, ["R2", "R3"]),
        ("adjudicator", 9.0, ["R3"]),
    ],
)
def test_each_rule_takes_its_readings(
    registry: Registry, tmp_path: Path, rule: str, value: float, readers: list[str]
) -> None:
    adjudicating(registry, tmp_path, final=f'"{rule}"')
    totals(registry, "R1", 4, 20)
    totals(registry, "R2", 10, 22)
    given_to_adjudicator(registry, *PAIRS[0])
    totals(registry, "R3", 9, 21)

    assert final(registry, "value readers rule")[0] == (pytest.approx(value), readers, rule)


def test_readers_differ_by_strictly_more_than_the_limit(registry: Registry, tmp_path: Path) -> None:
    adjudicating(registry, tmp_path)
    totals(registry, "R1", 4, 6, 10, 10)
    totals(registry, "R2", 9, 11, 16, 12)

    assert differing(registry) == [
        ("MR-0011", None, "total", "status", 6),
        ("MR-0012", "MR-0011", "total", "change", 4),
    ]


def test_a_change_of_a_pair_counts_though_no_status_differs_by_much(registry: Registry, tmp_path: Path) -> None:
    adjudicating(registry, tmp_path)
    totals(registry, "R1", 10, 12, 10, 12)
    totals(registry, "R2", 12, 10, 12, 11)

    assert differing(registry) == [("MR-0002", "MR-0001", "total", "change", 4)]
    assert [each.limit for each in disagreements(facts_at(registry), NAME)] == [3]


def test_a_reading_without_a_value_differs_from_none_and_a_repeat_never_counts(
    registry: Registry, tmp_path: Path
) -> None:
    adjudicating(registry, tmp_path, repeats="1")
    totals(registry, "R1", 10)
    totals(registry, "R1", 60, session=f"{NAME}+repeat")
    registry.record_reading("MR-0001", reader="R2", method="berlin", grades={"C2/3": 3}, session=NAME)

    assert differing(registry) == []


def test_a_campaign_without_an_adjudicator_has_no_disagreements(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 0)
    totals(registry, "R2", 69)

    assert differing(registry) == []
    with pytest.raises(UnknownCodeError, match="campaign"):
        disagreements(facts_at(registry), "none")


def test_a_study_that_was_retracted_after_reading_is_listed(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6)
    totals(registry, "R2", 5, 6)
    before = registry.head.position
    registry.retract("imaging/MR-0001", reason="of another patient")

    assert final(registry)[:2] == [
        ("MR-0001", None, [], 2, False, "study-retracted"),
        ("MR-0002", 6.0, ["R1", "R2"], 2, False, None),
    ]
    assert final(registry, known_at=f"@{before}")[0] == ("MR-0001", 4.5, ["R1", "R2"], 2, False, None)


def test_final_scores_are_of_a_point_in_time(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 6)
    totals(registry, "R2", 5, 6)

    assert [row[0] for row in final(registry, as_of="2003-12-31")] == ["MR-0001", "MR-0011"]
    assert final(registry, known_at="@3") == []


def test_verdicts_by_readers_are_decided_by_the_third(registry: Registry, tmp_path: Path) -> None:
    for study, (patient, day) in {"SI-1": ("BAR1-01", "2003-01-01"), "SI-2": ("BAR1-01", "2004-01-01")}.items():
        registry.record_study(study, patient=patient, performed_on=day, modality="MRI", regions="sij")
    adjudicating(
        registry,
        tmp_path,
        method='"asas-mri-sij"',
        listed="study\nSI-1\nSI-2",
        final='"majority-2-of-3"',
    )
    for reader, verdicts in {"R1": (0, 1), "R2": (1, 1)}.items():
        for study, verdict in zip(("SI-1", "SI-2"), verdicts):
            asas(registry, study, reader, verdict)

    assert differing(registry) == [("SI-1", None, "positive", "status", 1)]

    given_to_adjudicator(registry, "SI-1", "SI-2")
    asas(registry, "SI-1", "R3", 1)
    asas(registry, "SI-2", "R3", 0)

    assert final(registry) == [
        ("SI-1", 1.0, ["R2", "R3"], 3, True, None),
        ("SI-2", 1.0, ["R1", "R2"], 3, True, None),
    ]


def asas(registry: Registry, study: str, reader: str, verdict: int) -> None:
    """A reader's verdict on the sacroiliac joints, and no count of lesions."""
    grades = {("both joints", "positive"): verdict}
    registry.record_reading(study, reader=reader, method="asas-mri-sij", grades=grades, session=NAME)
