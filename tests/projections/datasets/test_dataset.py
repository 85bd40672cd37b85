"""The data set of a cohort: who is in it, what stands at each time point or why nothing does, in four formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyreadstat
import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from projections.columns.tables import rows
from projections.datasets.cohort_members import cohort_members
from projections.datasets.cohort_spans import cohort_spans, stretches
from projections.datasets.cohort_values import cohort_values
from projections.datasets.written_names import written_names
from projections.errors import ExistingOutputError
from projections.export.content import content_hash
from projections.export.datasets import FORMATS, Format, write_dataset
from registry import Registry
from tests.projections.cohort.defined import by_address, small
from tests.projections.cohort.tables.test_imaging_criteria import inflamed, read
from tests.spec.imaging_criteria.readings import film

TEXT = """
cohort = "lines"

[day0]
event = "line"
lines = "1.."
which = "all"

[[time_points]]
name = "baseline"
day = 0

[[time_points]]
name = "1 year"
day = 365
window = [300, 430]

[tables.clinical]
measures = ["basdai", "crp"]

[tables.responders]
criteria = ["asdas-crp-lda", "asas40"]

[tables.survival]
days = [100]
"""


@pytest.fixture
def treated(registry: Registry) -> Registry:
    """P-1 on two lines, P-2 on none, P-3 on one that goes on; visits at some time points."""
    registry.start_treatment(
        "P-1", agent="infliximab", started_on="2002-03-01", stopped_on="2002-09-01", stop_reason="adverse-event"
    )
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-03-01")
    registry.record_visit("P-1", visited_on="2002-02-27", measures={"basdai": "6.5", "crp": "<5"})
    registry.record_visit("P-1", visited_on="2004-03-05", measures={"crp": "12.5"})
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.enrol_patient(
        "P-3", enrolled_on="2002-01-14", sex="female", birth_year=1970, criteria=["mNY", "ASAS-axSpA"]
    )
    registry.start_treatment("P-3", agent="Humira", started_on="2003-01")
    return registry


def of(registry: Registry) -> Cohort:
    facts = facts_at(registry)
    return Cohort.of(parsed(TEXT.encode(), catalogue=facts.catalogue), facts)


def test_a_member_has_a_row_for_each_day_0_with_its_line_its_time_at_risk_and_its_end(treated: Registry) -> None:
    found = rows(cohort_members(of(treated)))

    told = [(row["patient"], row["episode"], row["agent"], row["product"], row["line"]) for row in found]
    assert told == [
        ("P-1", 1, "infliximab", None, 1),
        ("P-1", 2, "etanercept", None, 2),
        ("P-3", 1, "adalimumab", "Humira", 1),
    ]
    assert [(row["entry"], row["exit"], row["event"], row["reason"]) for row in found] == [
        (0, 184, True, "adverse-event"),
        (0, 370, False, None),
        (0, 0, False, None),
    ]
    assert [row["day_zero_precision"] for row in found] == ["day", "day", "month"]
    assert found[2]["criteria"] == ["mNY", "ASAS-axSpA"]


def test_every_member_has_every_value_at_every_time_point_or_the_reason_why_not(treated: Registry) -> None:
    found = {
        (row["patient"], row["episode"], row["timepoint"], row["name"]): row for row in rows(cohort_values(of(treated)))
    }

    assert len(found) == 3 * 2 * 4
    basdai = found["P-1", 1, "baseline", "basdai"]
    assert (basdai["value"], basdai["offset"], basdai["origin"], basdai["missing"]) == (6.5, -2, "reported", None)
    crp = found["P-1", 1, "baseline", "crp"]
    assert (crp["value"], crp["comparator"], crp["unit"]) == (5.0, "<", "mg/l")
    assert found["P-1", 2, "1 year", "crp"]["value"] == 12.5
    assert found["P-1", 2, "1 year", "basdai"]["missing"] == "no-value"
    assert found["P-1", 2, "baseline", "crp"]["missing"] == "no-visit"
    assert found["P-1", 1, "baseline", "asas40"]["missing"] == "is-baseline"
    assert found["P-1", 2, "1 year", "asdas-crp-lda"]["missing"] == "no-value"


def test_the_time_of_a_member_is_cut_where_the_targeted_treatment_changes(treated: Registry) -> None:
    found = [(row["episode"], row["start"], row["stop"], row["state"]) for row in rows(cohort_spans(of(treated)))]

    assert found == [
        (1, 0, 184, "infliximab"),
        (1, 184, 364, "none"),
        (1, 364, 365, "etanercept"),
        (2, 0, 370, "etanercept"),
    ]


def test_a_stretch_ends_on_the_last_day_of_a_course_and_begins_on_the_day_before_the_next() -> None:
    assert list(stretches(0, 10, [(0, 4, "b"), (4, 20, "a")])) == [(0, 3, "b"), (3, 4, "a+b"), (4, 10, "a")]
    assert list(stretches(5, 5, [])) == []


def test_a_data_set_analysed_outside_gives_the_figures_of_the_tables(treated: Registry) -> None:
    cohort = of(treated)
    figures, members = by_address(cohort), rows(cohort_members(cohort))
    values = [row for row in rows(cohort_values(cohort)) if (row["name"], row["timepoint"]) == ("crp", "1 year")]

    assert figures["survival / courses /  / adverse-event"].value == sum(row["event"] for row in members)
    assert figures["clinical / crp / 1 year / n"].value == sum(row["missing"] is None for row in values)


def test_every_format_holds_the_same_content_with_its_hash_in_the_page(treated: Registry, tmp_path: Path) -> None:
    cohort = of(treated)
    pages = {}
    for form in FORMATS:
        written = write_dataset(cohort, tmp_path / form, text=TEXT.encode(), form=form)
        assert [each.file for each in written] == [
            f"cohort_members.{form}",
            f"cohort_values.{form}",
            f"cohort_spans.{form}",
        ]
        pages[form] = (tmp_path / form / "README.md").read_text(encoding="utf-8").replace(f".{form}", "")

    assert len(set(pages.values())) == 1
    assert content_hash(cohort_members(cohort)) in pages["csv"]
    assert (tmp_path / "csv" / "definition.toml").read_bytes() == TEXT.encode()


@pytest.mark.parametrize("form", ["dta", "sav"])
def test_files_of_stata_and_spss_have_labels_and_numbers_for_words_of_closed_lists(
    treated: Registry, tmp_path: Path, form: Format
) -> None:
    write_dataset(of(treated), tmp_path / "out", text=TEXT.encode(), form=form)

    read: Any = pyreadstat.read_dta if form == "dta" else pyreadstat.read_sav
    frame, meta = read(str(tmp_path / "out" / f"cohort_members.{form}"), apply_value_formats=True)
    assert list(frame["sex"].astype(str))[2] == "female"
    assert list(frame["agent"].astype(str)) == ["infliximab", "etanercept", "adalimumab"]
    assert [str(each)[:10] for each in frame["day_zero"]] == ["2002-03-01", "2003-03-01", "2003-01-16"]
    assert list(frame["exit"]) == [184, 370, 0]
    assert meta.column_names_to_labels["exit"] == "until which day at risk or kept [d]"
    values, _ = read(str(tmp_path / "out" / f"cohort_values.{form}"))
    assert values["value"].isna().sum() == sum(row["value"] is None for row in rows(cohort_values(of(treated))))


def test_a_wide_data_set_has_a_column_for_each_value_at_each_time_point(treated: Registry, tmp_path: Path) -> None:
    write_dataset(of(treated), tmp_path / "out", text=TEXT.encode(), form="parquet", is_wide=True)

    found = pq.read_table(tmp_path / "out" / "cohort_wide.parquet").to_pylist()
    assert [(row["patient"], row["crp at baseline"], row["crp at 1 year"]) for row in found] == [
        ("P-1", 5.0, None),
        ("P-1", None, 12.5),
        ("P-3", None, None),
    ]
    columns = json.loads((tmp_path / "out" / "dictionary.json").read_text())["tables"]["cohort_wide"]["columns"]
    assert [each["unit"] for each in columns if each["name"] == "crp at 1 year"] == ["mg/l"]


def test_a_wide_data_set_says_beside_a_value_that_it_is_a_limit(treated: Registry, tmp_path: Path) -> None:
    for form in FORMATS:
        write_dataset(of(treated), tmp_path / form, text=TEXT.encode(), form=form, is_wide=True)

    found = pq.read_table(tmp_path / "parquet" / "cohort_wide.parquet")
    assert found["crp at baseline / comparator"].to_pylist() == ["<", None, None]
    assert [name for name in found.column_names if "comparator" in name] == ["crp at baseline / comparator"]
    labelled, _ = pyreadstat.read_dta(str(tmp_path / "dta" / "cohort_wide.dta"), apply_value_formats=True)
    assert labelled["crp_at_baseline_comparator"].astype(str).iloc[0] == "<"
    told = json.loads((tmp_path / "sav" / "dictionary.json").read_text())["tables"]["cohort_wide"]["columns"]
    assert [each["codes"] for each in told if each["name"] == "crp at baseline / comparator"] == [["<", ">"]]


def test_a_data_set_of_nobody_has_its_columns_and_no_rows(registry: Registry, tmp_path: Path) -> None:
    for form in FORMATS:
        written = write_dataset(of(registry), tmp_path / form, text=TEXT.encode(), form=form)

        assert [each.rows for each in written] == [0, 0, 0]


def test_what_stands_there_is_never_overwritten(treated: Registry, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    with pytest.raises(ExistingOutputError, match="something is there"):
        write_dataset(of(treated), tmp_path / "out", text=TEXT.encode(), form="csv")


def test_names_are_ones_that_stata_and_spss_take_and_none_stands_twice() -> None:
    long = "morning_stiffness at the visit of week 12"
    found = written_names([long, f"{long}x", "if", "BASDAI", "basdai", "§"])

    assert list(found.values()) == [
        "morning_stiffness_at_the_visit_o",
        "morning_stiffness_at_the_visit_2",
        "if_",
        "BASDAI",
        "basdai_2",
        "v_",
    ]


def test_headline_sums_of_the_tables_are_values_the_mean_of_readers_and_of_whom_there_is_none_says_so(
    registry: Registry,
) -> None:
    for reader, n in (("R1", 1), ("R2", 2)):
        read(registry, "P-1", "sparcc-sij", inflamed(n), reader=reader)
    read(registry, "P-1", "msasss", film())
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    cohort = small(registry, '[imaging]\nrule = "mean"\n[tables.scores]\nmethods = ["sparcc-sij"]\n')

    found = {
        (row["patient"], row["timepoint"]): row for row in rows(cohort_values(cohort)) if row["name"] == "sparcc-sij"
    }

    assert {row["name"] for row in rows(cohort_values(cohort))} == {"sparcc-sij"}
    first = found["P-1", "baseline"]
    assert (first["value"], first["unit"], first["origin"], first["missing"]) == (1.5, "score", "read", None)
    assert first["rule"] == "complete-only"
    assert (first["visit_id"], first["visited_on"], first["offset"]) == (None, None, None)
    assert (found["P-2", "baseline"]["value"], found["P-2", "baseline"]["missing"]) == (None, "no-total")
