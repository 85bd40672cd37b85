"""Which value counts: computed with all inputs, else the reported total, else prorated by name, else none."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.clinical.visit_values import (
    CAPTURED_VALUE,
    COMPUTED,
    COMPUTED_OF_DAY,
    COMPUTED_OF_DAYS,
    NO_VALUE,
    PRORATED_VALUE,
    REPORTED,
    STRICT,
    CriterionInputs,
    ValueRule,
    VisitValues,
)
from projections.derived.responses import table as responses
from projections.derived.visit_summaries import summaries
from registry import Registry
from registry.catalogue.instruments.values import ABOVE, BELOW, EXACT
from tests.projections.shown import shown

ALL_SIX = {f"basdai_{item}": 4 for item in range(1, 7)}
ANSWERS = {"basdai_2": 4, "basdai_3": 3, "basdai_6": 2, "patient_global": 50}
ASDAS_OF_CRP_9 = pytest.approx(0.484 + 0.116 + 0.55 + 0.219 + 1.333187, abs=1e-5)  # 0.579 ln 10
WEEK = ValueRule(combine_days=7)


def inputs_of(registry: Registry, rule: ValueRule = STRICT) -> CriterionInputs:
    return CriterionInputs(VisitValues(facts_at(registry)), rule)


def values(registry: Registry, measure: str, rule: ValueRule = STRICT) -> list[float | None]:
    column = inputs_of(registry, rule)[measure]
    return [None if value is None else float(value) for value in column.fractions()]


def origins(registry: Registry, measure: str, rule: ValueRule = STRICT) -> list[int]:
    return [int(origin) for origin in inputs_of(registry, rule).origins(measure)]


def visited(registry: Registry, on: str, label: str | None = None, **measures: object) -> None:
    registry.record_visit("P-1", visited_on=on, visit=label, measures=measures)


def test_one_item_never_hides_a_reported_total(registry: Registry) -> None:
    visited(registry, "2003-01-10", basdai="3.7", basdai_5="9")

    assert values(registry, "basdai") == [3.7]
    assert origins(registry, "basdai") == [REPORTED]


def test_a_total_computed_from_all_items_comes_before_the_reported_one(registry: Registry) -> None:
    visited(registry, "2003-01-10", basdai="3.7", **ALL_SIX)

    assert values(registry, "basdai") == [4.0]
    assert origins(registry, "basdai") == [COMPUTED]


def test_without_all_items_and_without_a_total_there_is_no_value(registry: Registry) -> None:
    visited(registry, "2003-01-10", **{**ALL_SIX, "basdai_3": None})

    assert values(registry, "basdai") == [None]
    assert origins(registry, "basdai") == [NO_VALUE]


def test_what_is_prorated_is_so_by_name_only_and_never_before_a_reported_total(registry: Registry) -> None:
    five = {**ALL_SIX, "basdai_3": None}
    visited(registry, "2003-01-10", **five)
    visited(registry, "2003-02-10", basdai="7", **five)

    asked = ValueRule(prorate=("basdai",))
    assert values(registry, "basdai", asked) == [4.0, 7.0]
    assert origins(registry, "basdai", asked) == [PRORATED_VALUE, REPORTED]


def test_rows_of_one_day_complete_each_other_at_the_row_with_most_inputs(registry: Registry) -> None:
    visited(registry, "2003-01-10", "laboratory", crp=9)
    visited(registry, "2003-01-10", "questionnaire", **ANSWERS)

    assert values(registry, "asdas_crp") == [None, ASDAS_OF_CRP_9]
    assert origins(registry, "asdas_crp") == [NO_VALUE, COMPUTED_OF_DAY]


def test_of_rows_with_as_many_inputs_the_one_with_the_smaller_reference_has_the_index(registry: Registry) -> None:
    visited(registry, "2003-01-10", "b", basdai_5=2)
    visited(registry, "2003-01-10", "a", basdai_6=5)

    assert values(registry, "basdai_inflammation") == [3.5, None]


def test_a_day_with_a_row_that_has_all_inputs_is_left_alone(registry: Registry) -> None:
    visited(registry, "2003-01-10", "a", basdai_5=2)
    visited(registry, "2003-01-10", "b", basdai_5=4, basdai_6=6)

    assert values(registry, "basdai_inflammation") == [None, 5.0]


def test_what_stands_twice_on_a_day_is_taken_from_the_row_where_the_index_stands(registry: Registry) -> None:
    visited(registry, "2003-01-10", "a", crp=1)
    visited(registry, "2003-01-10", "b", crp=9, **{**ANSWERS, "basdai_3": None})
    visited(registry, "2003-01-10", "c", basdai_3=3)

    assert values(registry, "asdas_crp") == [None, ASDAS_OF_CRP_9, None]


def test_rows_of_two_patients_never_complete_each_other(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    visited(registry, "2003-01-10", basdai_5=2)
    registry.record_visit("P-2", visited_on="2003-01-10", measures={"basdai_6": 5})

    assert values(registry, "basdai_inflammation", WEEK) == [None, None]


def test_values_of_near_days_make_an_index_only_where_that_is_asked_for(registry: Registry) -> None:
    visited(registry, "2003-01-10", **ANSWERS)
    visited(registry, "2003-01-17", crp=9)

    assert values(registry, "asdas_crp") == [None, None]
    assert values(registry, "asdas_crp", ValueRule(combine_days=6)) == [None, None]
    assert values(registry, "asdas_crp", WEEK) == [None, ASDAS_OF_CRP_9]
    assert origins(registry, "asdas_crp", WEEK) == [NO_VALUE, COMPUTED_OF_DAYS]


def test_of_several_days_within_reach_the_nearest_one_gives_an_input(registry: Registry) -> None:
    visited(registry, "2003-01-10", basdai_5=0)
    visited(registry, "2003-01-12", basdai_5=4)
    visited(registry, "2003-01-14", basdai_6=6)

    assert values(registry, "basdai_inflammation", WEEK) == [None, None, 5.0]


def test_a_combination_of_days_displaces_no_value_that_one_of_them_has(registry: Registry) -> None:
    visited(registry, "2003-01-10", basdai="3.7", **{**ALL_SIX, "basdai_6": None})
    visited(registry, "2003-01-14", basdai_6=6)

    assert values(registry, "basdai", WEEK) == [3.7, None]


def test_a_computed_row_of_a_day_stands_once_in_the_table_of_measures(registry: Registry) -> None:
    visited(registry, "2003-01-10", "a", basdai_2=4, basdai_3=3, basdai_6=2)
    visited(registry, "2003-01-10", "b", crp="<5", **ANSWERS | {"basdai_2": None})

    rows = [
        row
        for row in shown(facts_at(registry), "measures", "measure visit_id n_present comparator")
        if row[0] == "asdas_crp"
    ]
    assert rows == [("asdas_crp", "visit/P-1/2003-01-10/b", 5, "<")]


def test_each_version_of_the_basmi_is_a_measure_and_one_without_a_version_another(registry: Registry) -> None:
    visited(registry, "2003-01-10", basmi="2", basmi_version="2-step")
    visited(registry, "2003-02-10", basmi="5.4", basmi_version="10-step")
    visited(registry, "2003-03-10", basmi="4.2", basmi_version="linear")
    visited(registry, "2003-04-10", basmi="3")

    assert values(registry, "basmi_2step") == [2.0, None, None, None]
    assert values(registry, "basmi_10step") == [None, 5.4, None, None]
    assert values(registry, "basmi_linear") == [None, None, 4.2, None]
    assert values(registry, "basmi") == [None, None, None, 3.0]
    assert origins(registry, "basmi")[3] == CAPTURED_VALUE
    assert {(row.measure, row.n) for row in summaries(facts_at(registry))} == {
        ("basmi", 1),
        ("basmi_2step", 1),
        ("basmi_10step", 1),
        ("basmi_linear", 1),
    }


@pytest.mark.parametrize(("crp", "mark"), [("<5", BELOW), (">200", ABOVE), ("5", EXACT)])
def test_the_mark_of_a_laboratory_value_goes_with_the_index(registry: Registry, crp: str, mark: int) -> None:
    visited(registry, "2003-01-10", crp=crp, **ANSWERS)

    column = inputs_of(registry)["asdas_crp"]
    assert column.marks.tolist() == [mark]
    assert column.bound.tolist() == [EXACT]  # the index rests on a limit and is none


def test_the_marks_of_both_visits_go_into_responses(registry: Registry) -> None:
    visited(registry, "2003-01-10", crp=">60", **ANSWERS)
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-01-11")
    visited(registry, "2003-03-10", crp="30", **ANSWERS)
    visited(registry, "2003-05-10", crp="<5", **ANSWERS)

    said = {
        (str(row["visited_on"]), row["criterion"]): row["comparator"]
        for row in responses(facts_at(registry)).to_pylist()
    }
    assert said["2003-03-10", "asdas-crp-mi"] == ">"
    assert said["2003-05-10", "asdas-crp-mi"] == "<>"
    assert said["2003-05-10", "asdas-crp-inactive"] == "<"
