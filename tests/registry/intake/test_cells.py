"""What a cell may hold, and how a refused one is reported: by file, line and column, with the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake import import_batch
from tests.registry.intake.batches import only, problems, statement


def test_an_empty_cell_means_not_recorded_and_is_never_0(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, visits="patient,visited_on,crp,esr\nP-1,2020-01-15,,0"))

    assert statement(registry, "visit/P-1/2020-01-15") == {
        "visited_on": "2020-01-15",
        "visit": None,
        "measures": [{"measure": "esr", "value": "0", "unit": "mm/h"}],
    }


def test_a_partial_day_keeps_the_precision_that_it_had(registry: Registry, tmp_path: Path) -> None:
    treatments = "patient,agent,started_on,stopped_on\nP-1,naproxen,2019,2019-11"
    import_batch(registry, only(tmp_path, treatments=treatments))

    stated = statement(registry, "treatment/P-1/naproxen/2019")
    assert (stated["started_on"], stated["stopped_on"]) == ("2019", "2019-11")


@pytest.mark.parametrize(
    ("header", "cell", "captured"),
    [
        ("crp", "<5", {"measure": "crp", "value": "5", "unit": "mg/l", "comparator": "<"}),
        ("crp [mg/dl]", "0.50", {"measure": "crp", "value": "0.50", "unit": "mg/dl"}),
        ("CRP [MG/DL]", "> 20", {"measure": "crp", "value": "20", "unit": "mg/dl", "comparator": ">"}),
        ("patient_global [nrs]", "6.5", {"measure": "patient_global", "value": "6.5", "unit": "nrs"}),
    ],
)
def test_a_value_is_stored_as_it_was_captured_with_its_unit(
    registry: Registry, tmp_path: Path, header: str, cell: str, captured: dict[str, str]
) -> None:
    import_batch(registry, only(tmp_path, visits=f"patient,visited_on,{header}\nP-1,2020-01-15,{cell}"))

    assert statement(registry, "visit/P-1/2020-01-15")["measures"] == [captured]


def test_codes_are_matched_without_regard_to_case_and_stored_in_their_spelling(
    registry: Registry, tmp_path: Path
) -> None:
    patients = "patient,enrolled_on,sex,criteria\nP-1,2020-01-01,FEMALE,asas-axspa; MNY"
    import_batch(registry, only(tmp_path, patients=patients))

    stated = statement(registry, "patient/P-1")
    assert (stated["sex"], stated["criteria"]) == ("female", ["mNY", "ASAS-axSpA"])


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            "visits:patient,visited_on,crp\nP-1,2020-01-15,\nP-1,2020-04-15,'5,2'",
            (
                "visits.csv:3:crp: '5,2' is not a number; write a decimal point and no thousands separator, "
                "with < or > before it"
            ),
        ),
        (
            "visits:patient,visited_on,asqol\nP-1,2020-01-15,<5",
            "visits.csv:2:asqol: '<5' is not a plain number; only laboratory values carry < or >",
        ),
        (
            "visits:patient,visited_on,patient_global\nP-1,2020-01-15,101",
            "visits.csv:2:patient_global: 101 mm is outside 0 to 100 mm",
        ),
        (
            "visits:patient,visited_on,patient_global [nrs]\nP-1,2020-01-15,10.5",
            "visits.csv:2:patient_global: 10.5 nrs is outside 0 to 10 nrs",
        ),
        (
            "visits:patient,visited_on,crp [mmol/l]\nP-1,2020-01-15,5",
            "visits.csv:1:crp: unit 'mmol/l' cannot be used; write mg/l or mg/dl",
        ),
        (
            "visits:patient,visited_on,visit [label]\nP-1,2020-01-15,5",
            "visits.csv:1:visit: column visit has no unit; write it without [label]",
        ),
        (
            "visits:patient,visited_on\nP-1,15/01/2020",
            "visits.csv:2:visited_on: '15/01/2020' is not a day of the calendar; write YYYY-MM-DD",
        ),
        (
            "visits:patient,visited_on\nP-1,2020-01",
            "visits.csv:2:visited_on: '2020-01' is not a day of the calendar; write YYYY-MM-DD",
        ),
        (
            "treatments:patient,agent,started_on\nP-1,naproxen,2019-13",
            ("treatments.csv:2:started_on: '2019-13' is not a day of the calendar; write YYYY-MM-DD, YYYY-MM or YYYY"),
        ),
        (
            "treatments:patient,agent,started_on\nP-1,naproxene,2019",
            "treatments.csv:2:agent: 'naproxene' is not a known agent; did you mean 'naproxen'?",
        ),
        (
            "flares:patient,started_on,severity\nP-1,2020-02-01,bad",
            "flares.csv:2:severity: 'bad' is not a known severity; write mild, moderate or severe",
        ),
        (
            "flares:patient,started_on\n,2020-02-01",
            "flares.csv:2:patient: patient is empty; give pseudonym; never a name",
        ),
        (
            "imaging:study,patient,performed_on,modality,regions\nMR 1,P-1,2020-02-01,MRI,sij",
            "imaging.csv:2:study: study must be 1 to 64 of A-Z a-z 0-9 . _ -, never a name",
        ),
    ],
)
def test_a_refused_cell_is_placed_by_file_line_and_column(
    registry: Registry, tmp_path: Path, table: str, problem: str
) -> None:
    name, _, rows = table.partition(":")

    assert problems(registry, only(tmp_path, **{name: rows.replace("'", '"')})) == [problem]


def test_a_name_in_the_place_of_a_pseudonym_is_not_repeated(registry: Registry, tmp_path: Path) -> None:
    found = problems(registry, only(tmp_path, patients="patient,enrolled_on\nMüller,2020-01-01"))

    assert found == ["patients.csv:2:patient: patient must be 1 to 64 of A-Z a-z 0-9 . _ -, never a name"]
    assert "ller" not in "".join(found)
