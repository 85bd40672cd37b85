"""How small the groups of a release are, by examples that were counted by others or by hand."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from projections.export.profiles.groups import group_sizes, report

# francdat of sdcMicro, the example of Capobianchi, Polettini and Lucarelli: its four keys, and fk of freqCalc(francdat)
FRANCDAT = pa.table(
    {
        "Num1": ["1", "1", "1", "3", "4", "4", "6", "1"],
        "Key1": ["2", "2", "2", "3", "3", "3", "2", "2"],
        "Key2": ["5", "1", "1", "1", "1", "1", "1", "5"],
        "Key3": ["1", "1", "1", "5", "4", "1", "5", "1"],
    }
)
FREQUENCIES = [2, 2, 2, 1, 1, 1, 1, 2]


def patients(**columns: list[object]) -> pa.Table:
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def test_groups_are_those_that_sdcmicro_counts() -> None:
    assert group_sizes(FRANCDAT, FRANCDAT.column_names).tolist() == FREQUENCIES


def test_the_report_has_the_smallest_group_and_who_is_in_small_ones() -> None:
    found = report(FRANCDAT, FRANCDAT.column_names)

    assert (found["patients"], found["groups"], found["smallest_group"]) == (8, 6, 1)
    assert found["in_groups_below"] == {"2": 4, "3": 8, "5": 8, "11": 8}
    assert found["smallest_without"] == {"Num1": 1, "Key1": 1, "Key2": 1, "Key3": 1}


def test_leaving_out_the_one_column_that_tells_a_patient_apart_makes_the_group_larger() -> None:
    found = report(patients(sex=["f", "f", "f"], centre=["A", "A", "B"]), ["sex", "centre"])

    assert found["smallest_without"] == {"sex": 1, "centre": 3}


def test_a_missing_value_is_a_value_of_its_own_and_fits_no_other() -> None:
    assert group_sizes(patients(sex=["f", "f", None]), ["sex"]).tolist() == [2, 2, 1]


def test_lists_are_alike_whatever_their_order_and_days_by_their_year() -> None:
    criteria, onset = [["a", "b"], ["b", "a"], ["a"]], [date(2001, 1, 1), date(2001, 12, 31), date(2002, 1, 1)]

    assert group_sizes(patients(criteria=criteria), ["criteria"]).tolist() == [2, 2, 1]
    assert group_sizes(patients(onset=onset), ["onset"]).tolist() == [2, 2, 1]


def test_without_quasi_identifiers_all_are_one_group_and_nobody_is_none() -> None:
    assert group_sizes(patients(sex=["f", "m"]), []).tolist() == [2, 2]
    assert report(patients(sex=[]).cast(pa.schema([("sex", pa.string())])), ["sex"])["smallest_group"] == 0
