"""How far readers agree on lesions, and what the patients felt meanwhile."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at
from projections.clinical.symptom_change import Change, Value, change, nearest
from projections.lesions.paired_verdicts import SeveralSessionsError, VerdictSelection
from projections.statistics.kappa import Kappa, Weighting, kappa, square_of_words
from projections.verdicts import verdict_agreement, verdict_symptoms
from projections.verdicts.verdict_agreement import Pair, agreement
from registry import Registry
from registry.catalogue.codes import VERDICTS
from registry.catalogue.instruments.values import BELOW
from registry.errors import RangeError, UnknownCodeError

PUBLISHED = ((50, 4, 1, 0), (6, 20, 5, 0), (1, 3, 15, 2), (0, 0, 2, 11))
squares = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 20), min_size=k, max_size=k), min_size=k, max_size=k)
)
WEIGHTINGS: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic")


def judged(registry: Registry, reader: str, verdicts: dict[str, str], **cells: object) -> None:
    """Verdicts of a reader on Romanus lesions from study A to study B, by the codes of the lesions."""
    pair = {"baseline_study": "A", "followup_study": "B", "region": "spine", "kind": "romanus"}
    for lesion, verdict in verdicts.items():
        registry.record("lesions", {**pair, "reader": reader, "lesion": lesion, "verdict": verdict, **cells})


def only_row(table: Any) -> dict[str, Any]:
    (row,) = table.to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    ("weighting", "value"), [("unweighted", "0.705401"), ("linear", "0.803823"), ("quadratic", "0.884140")]
)
def test_the_reference_values_of_kappa(weighting: Weighting, value: str) -> None:
    assert f"{kappa(PUBLISHED, weighting=weighting).value:.6f}" == value


@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_kappa_is_undefined_where_both_used_one_category_only(weighting: Weighting) -> None:
    assert kappa([[7, 0], [0, 0]], weighting=weighting) == Kappa(None, "one-category-only")
    assert kappa([[0, 0], [0, 0]], weighting=weighting) == Kappa(None, "nothing-read-by-both")


def test_kappa_is_0_where_one_reader_said_the_same_of_everything() -> None:
    assert kappa([[5, 3], [0, 0]]) == Kappa(0.0)


@given(squares, st.sampled_from(WEIGHTINGS))
def test_kappa_does_not_depend_on_who_is_first(counts: list[list[int]], weighting: Weighting) -> None:
    turned = [list(column) for column in zip(*counts, strict=True)]

    assert kappa(turned, weighting=weighting) == kappa(counts, weighting=weighting)


@given(squares, st.sampled_from(WEIGHTINGS))
def test_kappa_is_at_most_1_and_that_only_without_disagreement(counts: list[list[int]], weighting: Weighting) -> None:
    found = kappa(counts, weighting=weighting).value
    differing = sum(n for i, row in enumerate(counts) for j, n in enumerate(row) if i != j)

    assert found is None or found <= 1
    assert found is None or (found == 1) == (differing == 0)


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS))))
def test_a_square_holds_every_pair_once(pairs: list[tuple[str, str]]) -> None:
    assert sum(map(sum, square_of_words(pairs, VERDICTS))) == len(pairs)


def test_the_published_readers_before_their_consensus(published: Registry) -> None:
    found = only_row(verdict_agreement.table(facts_at(published)))

    assert (found["reader_a"], found["reader_b"], found["n_patients"], found["n_pairs"]) == ("R1", "R2", 8, 8)
    assert (found["n_lesions"], found["n_agreed"], found["text"]) == (42, 37, "37/42 (88%)")
    assert (f"{found['ci_low']:.1f}", f"{found['ci_high']:.1f}") == ("74.4", "96.0")
    assert (found["n_weighted"], found["n_new"], found["n_only_a"], found["n_only_b"]) == (38, 4, 0, 0)
    assert [f"{found[name]:.6f}" for name in ("kappa", "kappa_linear", "kappa_quadratic")] == [
        "0.837083", "0.856928", "0.909438",
    ]  # fmt: skip


def test_new_lesions_are_outside_the_weighted_scale_and_are_counted(scanned: Registry) -> None:
    judged(scanned, "R1", {"1": "resolution", "2": "unchanged", "3": "new", "4": "new"})
    judged(scanned, "R2", {"1": "improvement", "2": "unchanged", "3": "new", "4": "deterioration"})

    found = only_row(verdict_agreement.table(facts_at(scanned)))

    assert (found["n_lesions"], found["n_agreed"], found["n_weighted"], found["n_new"]) == (4, 2, 2, 2)
    assert found["kappa_linear"] == 0.5


def test_a_lesion_that_one_reader_did_not_see_is_counted_beside_the_agreement(scanned: Registry) -> None:
    judged(scanned, "R1", {"1": "unchanged", "2": "unchanged"})
    judged(scanned, "R2", {"1": "unchanged", "3": "new", "4": "new"})

    found = only_row(verdict_agreement.table(facts_at(scanned)))

    assert (found["n_lesions"], found["n_only_a"], found["n_only_b"]) == (1, 1, 2)
    assert (found["kappa"], found["kappa_undefined"]) == (None, "one-category-only")
    assert (found["kappa_linear"], found["weighted_undefined"]) == (None, "one-category-only")


def test_readers_who_saw_no_lesion_in_common_have_no_percentage(scanned: Registry) -> None:
    judged(scanned, "R1", {"1": "unchanged"})
    judged(scanned, "R2", {"2": "unchanged"})

    found = only_row(verdict_agreement.table(facts_at(scanned)))

    assert (found["text"], found["percent"], found["ci_low"]) == ("0/0", None, None)
    assert (found["kappa_undefined"], found["weighted_undefined"]) == ("nothing-read-by-both", "nothing-read-by-both")


def test_the_consensus_is_no_reader(scanned: Registry) -> None:
    for reader in ("R3", "R1", "R2", "consensus"):
        judged(scanned, reader, {"1": "unchanged"})

    found = verdict_agreement.table(facts_at(scanned)).to_pylist()

    assert [(row["reader_a"], row["reader_b"]) for row in found] == [("R1", "R2"), ("R1", "R3"), ("R2", "R3")]


def test_a_session_is_named_where_a_reader_judged_the_same_studies_twice(scanned: Registry) -> None:
    for reader in ("R1", "R2"):
        judged(scanned, reader, {"1": "unchanged"}, session="2004")
        judged(scanned, reader, {"1b": "new"}, session="2005")

    with pytest.raises(SeveralSessionsError, match=r"^session: reader 'R1' judged the same two studies in several"):
        verdict_agreement.table(facts_at(scanned))
    found = only_row(verdict_agreement.table(facts_at(scanned), session="2005"))
    assert (found["session"], found["n_lesions"], found["n_new"]) == ("2005", 1, 1)


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(VERDICTS)), min_size=1))
def test_agreement_does_not_depend_on_who_the_patients_are(pairs: list[tuple[str, str]]) -> None:
    def judged_as(pseudonym: str) -> dict[str, object]:
        lesions: list[tuple[Pair, str]] = [((f"{pseudonym}{n % 3}", "A", "B"), str(n)) for n in range(len(pairs))]
        first, second = zip(*pairs, strict=True)
        return agreement(dict(zip(lesions, first)), dict(zip(lesions, second)))

    assert judged_as("P-") == judged_as("Q-")


def test_both_patients_with_new_lesions_have_more_night_back_pain(published: Registry) -> None:
    found = verdict_symptoms.table(facts_at(published)).to_pylist()

    worse = [(row["patient"], row["change_text"], row["direction"], row["n_new"]) for row in found if row["n_new"]]
    assert worse == [("ana1-02", "1", "up", 1), ("ana1-04", "26", "up", 3)]
    assert {row["direction"] for row in found if not row["n_new"]} == {"down"}


def test_a_symptom_is_taken_from_the_visits_nearest_to_the_studies(published: Registry) -> None:
    found = verdict_symptoms.table(facts_at(published), selection=VerdictSelection(patients=["ana1-05"]))

    row = only_row(found)
    assert (row["baseline_on"].isoformat(), row["followup_on"].isoformat()) == ("2003-05-13", "2003-08-05")
    assert (row["baseline_visit_id"], row["baseline_days"]) == ("visit/ana1-05/2003-05-15/baseline", 2)
    assert (row["baseline_value"], row["followup_value"], row["change"]) == (40.0, 8.0, -32.0)
    assert (row["unit"], row["window_days"], row["n_baseline"], row["n_responding"]) == ("mm", 28, 5, 5)


def test_a_change_is_exact_in_the_canonical_unit(scanned: Registry) -> None:
    judged(scanned, "consensus", {"1": "improvement"})
    scanned.record_visit("P-1", visited_on="2002-06-01", measures={"crp [mg/dl]": "2.47"})
    scanned.record_visit("P-1", visited_on="2004-06-08", measures={"crp": "24.8"})

    row = only_row(verdict_symptoms.table(facts_at(scanned), "crp"))

    assert (row["baseline_value"], row["followup_value"], row["change_text"]) == (24.7, 24.8, "0.1")


def test_a_limit_keeps_its_mark_and_there_is_no_change(scanned: Registry) -> None:
    judged(scanned, "consensus", {"1": "improvement"})
    scanned.record_visit("P-1", visited_on="2002-06-01", measures={"crp": "24.7"})
    scanned.record_visit("P-1", visited_on="2004-06-08", measures={"crp": "<5"})

    row = only_row(verdict_symptoms.table(facts_at(scanned), "crp"))

    assert (row["baseline_value"], row["baseline_comparator"]) == (24.7, None)
    assert (row["followup_value"], row["followup_comparator"]) == (5.0, "<")
    assert (row["change"], row["missing"]) == (None, "comparator")


def test_a_visit_outside_the_window_is_no_value(scanned: Registry) -> None:
    judged(scanned, "consensus", {"1": "improvement"})
    scanned.record_visit("P-1", visited_on="2002-06-03", measures={"night_back_pain": 50})
    scanned.record_visit("P-1", visited_on="2004-07-06", measures={"night_back_pain": 20})

    near = only_row(verdict_symptoms.table(facts_at(scanned), window_days=28))
    far = only_row(verdict_symptoms.table(facts_at(scanned), window_days=29))

    assert (near["followup_visit_id"], near["change"], near["missing"]) == (None, None, "followup")
    assert (far["change_text"], far["missing"]) == ("-30", None)


@pytest.mark.parametrize(
    ("baseline", "followup", "missing"),
    [
        (None, None, "both"),
        (None, "20", "baseline"),
        ("20", None, "followup"),
        ("20", "20", None),
    ],
)
def test_a_change_says_what_is_missing(baseline: str | None, followup: str | None, missing: str | None) -> None:
    values = [
        Value(date(2003, 3, 4), visit, Decimal(value)) if value else None
        for visit, value in (("visit/1", baseline), ("visit/2", followup))
    ]

    assert change(*values).missing == missing


def test_a_limit_of_detection_and_a_single_visit_make_no_change() -> None:
    value = Value(date(2003, 3, 4), "visit/1", Decimal(5))
    limit = Value(date(2003, 5, 26), "visit/2", Decimal(5), BELOW)

    assert change(value, limit) == Change(None, "comparator")
    assert change(value, value) == Change(None, "one-visit")


def test_of_two_visits_equally_near_the_earlier_counts() -> None:
    values = [Value(date(2003, 3, day), f"visit/{day}", Decimal(day)) for day in (9, 1)]

    assert nearest(values, date(2003, 3, 5), window_days=4) == values[1]
    assert nearest(values, date(2003, 3, 5), window_days=3) is None


def test_an_unknown_measure_and_a_negative_window_are_refused(scanned: Registry) -> None:
    with pytest.raises(UnknownCodeError, match=r"^measure: 'night_pain' is not a known measure$"):
        verdict_symptoms.table(facts_at(scanned), "night_pain")
    with pytest.raises(RangeError, match=r"^window_days: -1 "):
        verdict_symptoms.table(facts_at(scanned), window_days=-1)


def test_frames_have_the_declared_columns_with_and_without_rows(scanned: Registry, published: Registry) -> None:
    for registry, rows in ((scanned, (0, 0)), (published, (1, 8))):
        facts = facts_at(registry)
        agreed, felt = verdict_agreement.verdict_agreement(facts), verdict_symptoms.verdict_symptoms(facts)
        assert (len(agreed), len(felt)) == rows
        assert list(felt.columns) == verdict_symptoms.VERDICT_SYMPTOMS.schema.names
