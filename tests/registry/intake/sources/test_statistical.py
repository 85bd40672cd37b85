"""Files of SPSS, Stata and SAS: labels are codes, missing values have reasons, days are those of their formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from registry import Registry
from registry.intake.sources import statistical
from registry.intake.sources.statistical_values import float_text, number_text
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.opened import imported, opened, values, why

FRAME = pd.DataFrame({"pat": ["P1", "P2", "P3"], "crp": [5.1, -99.0, -95.0], "sex": [1.0, 2.0, 9.0]})


def sav(folder: Path, frame: pd.DataFrame = FRAME, name: str = "a.sav", **options: Any) -> Path:
    pyreadstat.write_sav(frame, str(folder / name), **options)
    return folder


def test_value_labels_are_codes_and_values_stay_as_they_are_stored(tmp_path: Path) -> None:
    sav(tmp_path, variable_value_labels={"sex": {1: "männlich", 2: "weiblich"}}, column_labels=["", "CRP (mg/l)", ""])

    source = opened(tmp_path, "sav", "a.sav")

    assert source.fields["sex"].codes == {"1": "männlich", "2": "weiblich"}
    assert source.fields["crp"].label == "CRP (mg/l)"
    assert values(source)[2] == {"pat": "P3", "crp": "-95", "sex": "9"}


def test_user_missing_values_and_ranges_of_spss_are_kept_with_their_reasons(tmp_path: Path) -> None:
    sav(
        tmp_path,
        missing_ranges={"crp": [{"lo": -98, "hi": -90}, -99], "sex": [9]},
        variable_value_labels={"crp": {-99: "nicht erhoben", -95: "Probe verloren"}, "sex": {1: "m", 9: "unbekannt"}},
    )

    source = opened(tmp_path, "sav", "a.sav")

    assert source.fields["crp"].reasons == {"-99": "nicht erhoben", "-95": "Probe verloren"}
    assert source.fields["crp"].missing_ranges == ((-98.0, -90.0),)
    assert source.fields["sex"].reasons == {"9": "unbekannt"}
    assert source.fields["sex"].codes == {"1": "m"}
    assert [row["crp"] for row in values(source)] == ["5.1", "-99", "-95"]


def test_letters_of_stata_are_reasons(tmp_path: Path) -> None:
    frame = pd.DataFrame({"pat": ["P1", "P2", "P3"], "crp": [5, "a", None]})
    pyreadstat.write_dta(
        frame, str(tmp_path / "a.dta"), missing_user_values={"crp": ["a", "b"]},
        variable_value_labels={"crp": {"a": "nicht erhoben"}},
    )  # fmt: skip

    source = opened(tmp_path, "dta", "a.dta")

    assert source.fields["crp"].reasons[".a"] == "nicht erhoben"
    assert [row.get("crp", "") for row in values(source)] == ["5", ".a", ""]


def test_a_letter_of_stata_without_a_label_is_missing_and_may_have_a_reason(registry: Registry, tmp_path: Path) -> None:
    frame = pd.DataFrame({"pat": ["P1", "P2"], "day": ["2020-01-02", "2020-01-03"], "crp": ["b", 7], "esr": [5, 6]})
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"), missing_user_values={"crp": ["b"]})
    mapping = """
        [source]
        kind = "dta"
        files = ["a.dta"]
        [patient]
        field = "pat"
        [[table]]
        to = "patients"
        enrolled_on = { field = "day" }
        [[table]]
        to = "visits"
        visited_on = { field = "day" }
        crp = { field = "crp", unit = "mg/l" }
        esr = { field = "esr" }
        """

    assert imported(registry, tmp_path, mapping).tables["visits"].recorded == 2
    assert imported(registry, tmp_path, mapping.replace('"dta"', '"dta"\nmissing = { ".b" = "" }')).events == 0


DAYS = pd.DataFrame({"pat": ["P1", "P2"], "day": [13744944000.0, None], "crp": [5.1, 6.0]})


@pytest.mark.parametrize("spelt", ["DATE11", "ADATE10", "EDATE10", "SDATE10", "DATETIME20"])
def test_days_of_spss_are_read_by_their_format(tmp_path: Path, spelt: str) -> None:
    sav(tmp_path, DAYS, variable_format={"day": spelt})

    assert [row.get("day", "") for row in values(opened(tmp_path, "sav", "a.sav"))] == ["2018-05-06", ""]


def test_a_month_of_spss_is_a_partial_day_and_a_time_no_number(tmp_path: Path) -> None:
    frame = pd.DataFrame({"month": [13744944000.0], "time": [36610.0]})
    sav(tmp_path, frame, variable_format={"month": "MOYR6", "time": "TIME8"})

    assert values(opened(tmp_path, "sav", "a.sav")) == [{"month": "2018-05", "time": "10:10:10"}]


@pytest.mark.parametrize("spelt", ["WKYR8", "QYR6"])
def test_days_of_a_format_that_is_not_known_are_refused_where_they_are_mapped(
    registry: Registry, tmp_path: Path, spelt: str
) -> None:
    sav(tmp_path, DAYS, variable_format={"day": spelt})

    assert opened(tmp_path, "sav", "a.sav").fields["day"].holds == "unknown"
    with pytest.raises(DefinitionError, match=f"day is written in the format '{spelt}', which is not known"):
        imported(registry, tmp_path, MAPPING)


MAPPING = """
[source]
kind = "sav"
files = ["a.sav"]
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = { constant = "2018-01-01" }
[[table]]
to = "visits"
when = { field = "day", not = "" }
visited_on = { field = "day" }
crp = { field = "crp" }
"""


def test_a_file_of_spss_is_imported_once(registry: Registry, tmp_path: Path) -> None:
    sav(tmp_path, DAYS, variable_format={"day": "DATE11"})

    assert imported(registry, tmp_path, MAPPING).events == 3
    assert imported(registry, tmp_path, MAPPING).events == 0


STATA_DAYS = (
    ("%td", 21310.0, "2018-05-06"),
    ("%d", 21310.0, "2018-05-06"),
    ("%tdDD/NN/CCYY", 21310.0, "2018-05-06"),
    ("%tc", 1841184000000.0, "2018-05-06"),
    ("%tc", 1841220610000.0, "2018-05-06 10:10:10"),
    ("%tm", 700.0, "2018-05"),
    ("%ty", 2018.0, "2018"),
    ("%tcHH:MM:SS", 36610000.0, "10:10:10"),
)


@pytest.mark.parametrize(("spelt", "stored", "day"), STATA_DAYS)
def test_days_of_stata_are_read_by_their_format(tmp_path: Path, spelt: str, stored: float, day: str) -> None:
    pyreadstat.write_dta(pd.DataFrame({"d": [stored]}), str(tmp_path / "a.dta"), variable_format={"d": spelt})

    assert values(opened(tmp_path, "dta", "a.dta")) == [{"d": day}]


@pytest.mark.parametrize("spelt", ["%tw", "%tq", "%tC", "%tbnyse"])
def test_spans_of_stata_that_are_no_days_are_unknown(tmp_path: Path, spelt: str) -> None:
    pyreadstat.write_dta(pd.DataFrame({"d": [3.0]}), str(tmp_path / "a.dta"), variable_format={"d": spelt})

    assert opened(tmp_path, "dta", "a.dta").fields["d"].holds == "unknown"


SAS_DAYS = (
    ("DATE9", 21310.0, "2018-05-06"),
    ("DDMMYY10", 21310.0, "2018-05-06"),
    ("E8601DA", 21310.0, "2018-05-06"),
    ("DATETIME20", 1841184000.0, "2018-05-06"),
    ("MONYY7", 21310.0, "2018-05"),
    ("BEST12", 21310.0, "21310"),
)


@pytest.mark.parametrize(("spelt", "stored", "day"), SAS_DAYS)
def test_days_of_sas_are_read_by_their_format(tmp_path: Path, spelt: str, stored: float, day: str) -> None:
    pyreadstat.write_xport(
        pd.DataFrame({"d": [stored]}), str(tmp_path / "a.xpt"), file_format_version=8, variable_format={"d": spelt}
    )

    assert values(opened(tmp_path, "xpt", "a.xpt")) == [{"d": day}]


def test_days_of_sas_in_a_format_that_is_not_known_are_unknown(tmp_path: Path) -> None:
    pyreadstat.write_xport(
        pd.DataFrame({"d": [3.0]}), str(tmp_path / "a.xpt"), file_format_version=8, variable_format={"d": "WEEKU5"}
    )

    assert opened(tmp_path, "xpt", "a.xpt").fields["d"].holds == "unknown"


@pytest.mark.parametrize(
    ("number", "text"), [(5.0, "5"), (5.1, "5.1"), (1e-7, "0.0000001"), (1e15, "1000000000000000"), (-0.5, "-0.5")]
)
def test_a_number_is_as_short_as_it_is(number: float, text: str) -> None:
    assert number_text(number) == text


def test_a_number_of_four_bytes_is_the_one_that_was_meant() -> None:
    assert float_text(5.099999904632568) == "5.1"


def test_text_without_anything_is_not_recorded(tmp_path: Path) -> None:
    sav(tmp_path, pd.DataFrame({"pat": ["P1", ""], "note": ["", "x  "]}))

    assert values(opened(tmp_path, "sav", "a.sav")) == [{"pat": "P1"}, {"note": "x"}]


def test_rows_are_read_a_part_at_a_time_and_keep_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistical, "CELLS_AT_ONCE", 6)
    sav(tmp_path, pd.DataFrame({"pat": [f"P{number}" for number in range(7)], "x": [1.0] * 7}))

    rows = [*opened(tmp_path, "sav", "a.sav").rows()]

    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.values["pat"] for row in rows] == ["P0", "P1", "P2", "P3", "P4", "P5", "P6"]


def test_files_that_label_a_value_in_two_ways_are_refused(tmp_path: Path) -> None:
    sav(tmp_path, variable_value_labels={"sex": {1: "m", 2: "w"}})
    sav(tmp_path, name="b.sav", variable_value_labels={"sex": {1: "w", 2: "m"}})

    assert why(tmp_path, "sav", "*.sav") == (
        1,
        "sex: other kinds, labels or missing values than in a.sav; map these files apart",
    )


@pytest.mark.parametrize("kind", ["sav", "dta", "xpt"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(b"pat,crp\nP1,5\n")

    assert why(tmp_path, kind, f"a.{kind}")[1].startswith(f"not readable as .{kind} (")


def test_a_file_that_was_cut_is_refused(tmp_path: Path) -> None:
    file = sav(tmp_path) / "a.sav"
    file.write_bytes(file.read_bytes()[:-20])

    assert "not readable as .sav" in why(tmp_path, "sav", "a.sav")[1]


def test_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sav(tmp_path)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)

    assert why(tmp_path, "sav", "a.sav") == (
        1,
        "files of SPSS, Stata and SAS are read by pyreadstat; install it as spondyl[sources]",
    )
