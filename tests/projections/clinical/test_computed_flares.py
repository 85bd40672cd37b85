"""Flares by named definitions, each against a reference visit that is said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from projections import facts_at
from projections.clinical.computed_flares import computed_flares, table
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import RangeError
from tests.projections.rows_of import rows_of

WEEK_12 = {"basdai_2": 3, "basdai_6": 2, "basdai_3": 1, "patient_global": 30, "crp": "4.9"}
WEEK_14 = {"basdai_2": 6, "basdai_6": 6, "basdai_3": 3, "patient_global": 70, "crp": "22"}
ANSWER = "definition met reason"


@pytest.fixture
def stopped(registry: Registry) -> Registry:
    """A patient on anakinra from 4 March to 26 May 2003."""
    registry.start_treatment("P-1", agent="anakinra", started_on="2003-03-04", stopped_on="2003-05-26")
    return registry


def visit(registry: Registry, visited_on: str, measures: Mapping[str, object] | None = None, **more: object) -> None:
    registry.record_visit("P-1", visited_on=visited_on, measures={**(measures or {}), **more})


def judged(registry: Registry, definition: str, visited_on: str, columns: str) -> tuple[object, ...]:
    found = rows_of(table(facts_at(registry)), f"definition visited_on {columns}")
    (row,) = (row[2:] for row in found if row[:2] == (definition, visited_on))
    return row


def test_the_published_example_is_a_flare_by_a_rise_and_by_the_withdrawal_rule(stopped: Registry) -> None:
    visit(stopped, "2003-05-27", WEEK_12)
    visit(stopped, "2003-06-10", WEEK_14)

    columns = "reference_on reference_value value change met reason"
    assert judged(stopped, "flare-asdas-crp-09", "2003-06-10", columns) == (
        "2003-05-27",
        pytest.approx(1.9097, abs=5e-5),
        pytest.approx(3.8785, abs=5e-5),
        pytest.approx(1.9688, abs=5e-5),
        True,
        None,
    )
    assert judged(stopped, "flare-withdrawal", "2003-06-10", "reference_on met") == (None, True)


def test_values_that_rest_on_a_limit_have_its_mark(stopped: Registry) -> None:
    visit(stopped, "2003-05-27", WEEK_12 | {"crp": "<5"})
    visit(stopped, "2003-06-10", WEEK_14)

    columns = "reference_comparator comparator"
    assert judged(stopped, "flare-asdas-crp-09", "2003-06-10", columns) == ("<", None)
    assert judged(stopped, "flare-asdas-crp-09", "2003-05-27", columns) == (None, "<")


@pytest.mark.parametrize(("patient_global", "met"), [(76, True), (75, False)])
def test_a_rise_of_exactly_nine_tenths_is_a_flare(stopped: Registry, patient_global: int, met: bool) -> None:
    others = {"basdai_2": 0, "basdai_3": 0, "crp": 1}
    visit(stopped, "2003-05-26", others, basdai_6=2, patient_global=10)
    visit(stopped, "2003-06-10", others, basdai_6=5, patient_global=patient_global)  # 3 x 0.058 + 6.6 x 0.110

    assert judged(stopped, "flare-asdas-crp-09", "2003-06-10", "met") == (met,)


def test_the_reference_is_the_last_visit_on_the_drug_or_the_first(stopped: Registry) -> None:
    for visited_on, basdai in (("2003-03-04", 6), ("2003-05-01", 2), ("2003-05-27", 3), ("2003-05-28", 5)):
        visit(stopped, visited_on, basdai=basdai)
    facts = facts_at(stopped)

    columns = "definition visited_on reference_on change met"
    last = [row for row in rows_of(table(facts), columns) if row[0] == "flare-asas-prelim-4"]
    first = [row for row in rows_of(table(facts, reference="baseline"), columns) if row[0] == "flare-asas-prelim-4"]
    assert last[-1][1:] == ("2003-05-28", "2003-05-27", 2.0, True)
    assert first[-1][1:] == ("2003-05-28", "2003-03-04", -1.0, False)


def test_the_day_after_the_last_dose_is_still_on_the_drug_unless_told_otherwise(stopped: Registry) -> None:
    visit(stopped, "2003-05-01", basdai=2)
    visit(stopped, "2003-05-27", basdai=3)

    columns = "definition visited_on reference_on on_drug reason"
    strict = rows_of(table(facts_at(stopped), grace_days=0), columns)

    assert judged(stopped, "flare-asas-prelim-4", "2003-05-27", "reference_on on_drug reason") == (
        None, True, "nothing-stopped-before",
    )  # fmt: skip
    assert ("flare-asas-prelim-4", "2003-05-27", "2003-05-01", False, None) in strict
    with pytest.raises(RangeError, match="grace_days: -1 is outside 0 days or more"):
        table(facts_at(stopped), grace_days=-1)


@pytest.mark.parametrize(("before", "reason"), [("2003-05-01", "value-missing"), ("2003-03-03", "no-reference-visit")])
def test_what_cannot_be_said_has_its_reason(stopped: Registry, before: str, reason: str) -> None:
    visit(stopped, before, basdai_2=3)
    visit(stopped, "2003-06-10", WEEK_14)

    assert judged(stopped, "flare-asdas-crp-09", "2003-06-10", "met reason") == (None, reason)


def test_two_consecutive_visits_off_drugs_make_a_withdrawal_flare(stopped: Registry) -> None:
    others = {"basdai_2": 5, "basdai_6": 5, "basdai_3": 0, "crp": 1}
    globals_ = {"05-26": 80, "06-10": 61, "06-20": 43, "06-30": 52, "07-10": 70}  # ASDAS 2.41, 2.20, 2.00, 2.10, 2.30
    for visited_on, patient_global in globals_.items():
        visit(stopped, f"2003-{visited_on}", others, patient_global=patient_global)

    met = [judged(stopped, "flare-withdrawal", f"2003-{visited_on}", "met")[0] for visited_on in globals_]

    assert met == [None, False, False, False, True]  # the first is on the drug, and does not count for the second
    assert judged(stopped, "flare-withdrawal", "2003-07-10", "reference_on") == ("2003-06-30",)


def test_a_new_drug_ends_the_withdrawal_and_is_marked(stopped: Registry) -> None:
    stopped.start_treatment("P-1", agent="etanercept", started_on="2003-06-15")
    visit(stopped, "2003-05-26", WEEK_12)
    visit(stopped, "2003-06-20", WEEK_14)

    assert judged(stopped, "flare-withdrawal", "2003-06-20", "met reason") == (None, "on-drug")
    assert judged(stopped, "flare-asdas-crp-09", "2003-06-20", "on_drug reference_on met") == (True, "2003-05-26", True)


def test_every_visit_has_a_row_for_each_definition_in_order(stopped: Registry) -> None:
    visit(stopped, "2003-06-10")

    found = rows_of(table(facts_at(stopped)), ANSWER)

    assert len(BUILT_IN.flare_definitions) == 15
    assert [row[0] for row in found] == sorted(BUILT_IN.flare_definitions)
    assert {row[1:] for row in found} == {(None, "no-reference-visit"), (None, "value-missing")}


def test_recorded_flares_are_not_among_them(stopped: Registry) -> None:
    stopped.start_flare("P-1", started_on="2003-06-06")

    assert len(computed_flares(facts_at(stopped))) == 0


@pytest.mark.parametrize(
    ("reference", "definition", "met"),
    [
        ("last-on-drug", "flare-asdas-crp-09", 6),
        ("last-on-drug", "flare-asas-prelim-4", 6),
        ("last-on-drug", "flare-withdrawal", 7),
        ("baseline", "flare-asdas-crp-09", 0),
    ],
)
def test_against_the_baseline_the_flares_of_the_anakinra_study_would_be_missed(
    published: Registry, reference: str, definition: str, met: int
) -> None:
    found = table(facts_at(published), reference=reference)  # type: ignore[arg-type]

    answers = [row[1] for row in rows_of(found, ANSWER) if row[0] == definition]
    assert (answers.count(True), answers.count(False)) == (met, 9 - met)


def test_week_12_is_the_reference_of_all_nine(published: Registry) -> None:
    found = rows_of(table(facts_at(published)), "definition reference_visit_id")

    named = [str(row[1]).rpartition("/")[2] for row in found if row[0] == "flare-asdas-crp-09" and row[1]]
    assert named == ["week 12"] * 9
