"""Measures of a registry's own, as they go out: in the table, on the screen, in summaries and in checks."""

from __future__ import annotations

import pytest

from projections import facts_at, facts_of
from projections.course.visits import visits
from projections.derived.visit_summaries import VisitSummary, summaries
from projections.export.dictionary import dictionary
from registry import Registry
from tests.projections.shown import shown
from tests.spec.own_measures import HAQ, with_protocol


@pytest.fixture
def north(registry: Registry) -> Registry:
    """A registry with a patient, which has adopted the protocol of measures from real life."""
    return with_protocol(registry)


def test_each_kind_stands_in_its_own_column_and_no_value_is_made_up(north: Registry) -> None:
    measures = {
        "bmi": "24.5",
        "smoking": "never",
        "employed": "no",
        "last_dxa": "2001-05",
        "occupation": "nurse",
        "calprotectin": "<30",
        "crp": "NASK",
        "hla_b60": "UNK",
    }
    north.record_visit("P-1", visited_on="2002-02-01", measures=measures)

    columns = "measure value unit captured_value captured_unit comparator code text missing_reason"
    assert shown(facts_at(north), "measures", columns) == [
        ("bmi", 24.5, "kg/m2", "24.5", "kg/m2", None, None, None, None),
        ("calprotectin", 30.0, "ug/g", "30", "ug/g", "<", None, None, None),
        ("crp", None, "mg/l", None, None, None, None, None, "NASK"),
        ("employed", None, "yes-no", None, None, None, "no", None, None),
        ("hla_b60", None, "codes", None, None, None, None, None, "UNK"),
        ("last_dxa", None, "partial-day", None, None, None, None, "2001-05", None),
        ("occupation", None, "text", None, None, None, None, "nurse", None),
        ("smoking", None, "codes", None, None, None, "never", None, None),
    ]


def test_a_value_in_a_unit_of_the_protocol_is_converted_exactly(north: Registry) -> None:
    north.record_visit("P-1", visited_on="2002-02-01", measures={"calprotectin [mg/g]": "0.2507"})

    assert shown(facts_at(north), "measures", "value unit captured_value captured_unit") == [
        (250.7, "ug/g", "0.2507", "mg/g")
    ]


def test_a_missing_item_is_no_zero_in_an_index(north: Registry) -> None:
    items = dict(zip((f"basdai_{n}" for n in range(1, 7)), ("5", "5", "5", "5", "5", "NASK"), strict=True))
    north.record_visit("P-1", visited_on="2002-02-01", measures=items)

    rows = shown(facts_at(north), "measures", "measure value derived n_expected n_present")
    assert ("basdai", None, True, 6, 5) in rows


def test_a_score_of_the_protocol_is_a_computed_row_with_its_rule(north: Registry) -> None:
    items = dict(zip(HAQ, ("1", "2", "0", "3", "1", "2", "NASK", "NASK"), strict=True))
    north.record_visit("P-1", visited_on="2002-02-01", measures=items)

    rows = shown(facts_at(north), "measures", "measure value unit derived rule n_expected n_present")
    assert rows[0] == ("haq", 1.5, "score", True, "haq/1", 8, 6)  # nine by six


def test_a_score_stands_nowhere_where_one_item_more_is_missing_than_its_rule_allows(north: Registry) -> None:
    items = dict(zip(HAQ, ("1", "2", "0", "3", "1", "NASK", "NASK", "UNK"), strict=True))
    north.record_visit("P-1", visited_on="2002-02-01", measures=items)

    assert shown(facts_at(north), "measures", "measure value")[0] == ("haq", None)


def test_the_dictionary_has_the_words_and_the_reasons_of_the_point_in_time(north: Registry) -> None:
    before, now = (dictionary(["measures"], facts_at(north, known_at=at)) for at in (1, None))

    def codes(described: dict[str, object], column: str) -> object:
        tables = described["tables"]
        assert isinstance(tables, dict)
        return next(each["codes"] for each in tables["measures"]["columns"] if each["name"] == column)

    assert (codes(before, "code"), codes(before, "missing_reason")) == (None, None)
    assert codes(now, "missing_reason") == ["NASK", "UNK"]
    wanted = "never former current yes no negative positive 1:40 1:80 1:160 1:320 1:640 unknown"
    assert codes(now, "code") == wanted.split()


def test_show_tells_own_measures_and_scores_in_words(north: Registry) -> None:
    measures = {
        **dict(zip(HAQ, ("1", "2", "0", "3", "1", "2", "NASK", None), strict=True)),
        "bmi": "24.5",
        "smoking": "never",
        "employed": "yes",
        "tender_joints_28": "4",
        "crp": "NASK",
        "basmi": "UNK",
    }
    north.record_visit("P-1", visited_on="2002-02-01", measures=measures)

    (visit,) = visits(facts_of(north, "P-1"), "P-1")
    assert visit.details == (
        "HAQ disability index 1.50, haq items 1 2 0 3 1 2 NASK -, basmi UNK, crp NASK, bmi 24.5 kg/m2, smoking never, "
        "employed yes, tender_joints_28 4"
    )


def test_words_are_counted_by_visit_label_of_those_with_a_word(north: Registry) -> None:
    for patient, smoking in (("P-1", "never"), ("P-2", "current"), ("P-3", "never"), ("P-4", "NASK"), ("P-5", None)):
        if patient != "P-1":
            north.enrol_patient(patient, enrolled_on="2002-01-14")
        north.record_visit(patient, visited_on="2002-02-01", visit="baseline", measures={"smoking": smoking})

    found = summaries(facts_at(north), measures=["smoking"])

    assert [(each.visit, each.code, each.n_code, each.n, each.n_visits, each.median) for each in found] == [
        ("baseline", "never", 2, 3, 5, None),
        ("baseline", "current", 1, 3, 5, None),
    ]


def test_words_are_summarised_in_the_order_of_their_list_whoever_said_which_first(north: Registry) -> None:
    north.record_visit("P-1", visited_on="2002-02-01", visit="baseline", measures={"smoking": "current"})
    north.record_visit("P-1", visited_on="2003-02-01", visit="year 1", measures={"smoking": "former"})
    north.record_visit("P-1", visited_on="2004-02-01", visit="year 2", measures={"smoking": "never"})

    found = summaries(facts_at(north), measures=["smoking"])

    assert [(each.code, each.visit) for each in found] == [
        ("never", "year 2"),
        ("former", "year 1"),
        ("current", "baseline"),
    ]


def test_a_missing_reason_is_no_value_of_a_summary(north: Registry) -> None:
    north.record_visit("P-1", visited_on="2002-02-01", visit="baseline", measures={"crp": "4"})
    north.record_visit("P-1", visited_on="2002-03-01", visit="baseline", measures={"crp": "NASK"})

    (summary,) = summaries(facts_at(north), measures=["crp"])
    assert isinstance(summary, VisitSummary)
    assert (summary.n, summary.n_visits, summary.median) == (1, 2, 4.0)


@pytest.mark.parametrize(("bmi", "is_doubted"), [("14", False), ("13.99", True), ("60", False), ("60.01", True)])
def test_a_value_beyond_the_plausible_limits_of_the_protocol_is_doubted(
    north: Registry, bmi: str, is_doubted: bool
) -> None:
    from projections.checks import implausible

    north.record_visit("P-1", visited_on="2002-02-01", measures={"bmi": bmi})

    doubted = [(row["measure"], row["rule"], row["limit"]) for row in implausible.table(facts_at(north)).to_pylist()]
    assert doubted == ([("bmi", "beyond-limit", "14 to 60")] if is_doubted else [])


def test_a_check_passes_over_what_has_no_value(north: Registry) -> None:
    from projections.checks import implausible

    for day, crp in (("2002-02-01", "NASK"), ("2002-03-01", "UNK"), ("2002-04-01", "12")):
        north.record_visit("P-1", visited_on=day, visit="week", measures={"crp": crp, "basdai": "NASK"})

    assert implausible.table(facts_at(north)).num_rows == 0
