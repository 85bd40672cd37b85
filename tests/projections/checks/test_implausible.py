"""Values that nothing forbids and that are hardly ever true: listed, and otherwise left alone."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projections import facts_at, implausible_values, measures
from registry import Registry
from registry.intake import import_batch
from tests.example_cohorts import EXAMPLES, with_protocol_of


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.create(str(tmp_path / "registry.db"), actor="ines") as created:
        yield created


def with_visits(cohort: str, changed: Callable[[str], str], folder: Path) -> list[Path]:
    """Return the patients of an example cohort, and its visits as a change of their text makes them."""
    visits = folder / "visits.csv"
    visits.write_text(changed((EXAMPLES / cohort / "visits.csv").read_text()), newline="")
    return [EXAMPLES / cohort / "patients.csv", visits]


def crp_tenfold_after_withdrawal(text: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        if row["visit"] == "post-withdrawal":
            row["crp"] = str(int(float(row["crp"]) * 10))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("cohort", ["baraliakos2013", "anakinra2004"])
def test_the_example_cohorts_are_plausible_as_they_are(registry: Registry, cohort: str) -> None:
    files = [EXAMPLES / cohort / name for name in ("patients.csv", "visits.csv")]
    import_batch(with_protocol_of(registry, cohort), files)

    assert implausible_values(facts_at(registry)).empty


def test_a_crp_that_was_printed_in_mg_dl_instead_of_mg_l_is_doubted_as_a_whole(
    registry: Registry, tmp_path: Path
) -> None:
    import_batch(registry, with_visits("baraliakos2013", lambda text: text.replace(",crp,", ",crp [mg/dl],"), tmp_path))

    found = implausible_values(facts_at(registry))

    assert (found["rule"] == "unit-suspect").sum() == 44
    assert set(found["measure"]) == {"crp"}


def test_a_crp_that_lost_its_decimal_point_is_doubted_in_every_patient(registry: Registry, tmp_path: Path) -> None:
    with_protocol_of(registry, "anakinra2004")
    import_batch(registry, with_visits("anakinra2004", crp_tenfold_after_withdrawal, tmp_path))

    found = implausible_values(facts_at(registry))

    lost = found[found["rule"] == "decimal-point-lost"]
    assert Counter(lost["visit_id"].astype(str).str.rpartition("/")[2]) == {"post-withdrawal": 9}


def test_a_warning_changes_no_value(registry: Registry) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    registry.record_visit("P-1", visited_on="2020-01-02", measures={"crp": "301", "esr": "150"})

    facts = facts_at(registry)

    assert [(row.rule, row.value, row.limit) for row in implausible_values(facts).itertuples()] == [
        ("beyond-limit", 301.0, "0 to 300")
    ]
    assert measures(facts)["value"].tolist() == [301.0, 150.0]


def test_a_patient_whose_crp_is_high_more_often_than_not_is_believed(registry: Registry) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    for month, crp in enumerate((5, 4, 140, 142, 145, 141, 150), start=1):
        registry.record_visit("P-1", visited_on=f"2020-{month:02}-02", measures={"crp": crp})

    assert implausible_values(facts_at(registry)).empty


def test_a_reported_basmi_is_held_against_the_version_that_it_names_and_no_other(registry: Registry) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    measured = {
        "lateral_lumbar_flexion": "12.5",
        "tragus_to_wall": "14.0",
        "lumbar_flexion": "3.2",
        "intermalleolar_distance": "95",
        "cervical_rotation": "55",
    }
    for day, version in (("2020-01-02", "linear"), ("2020-01-03", None)):
        registry.record_visit("P-1", visited_on=day, measures={**measured, "basmi": "9", "basmi_version": version})

    found = implausible_values(facts_at(registry))

    assert [(str(row.visited_on.date()), row.rule) for row in found.itertuples()] == [
        ("2020-01-02", "reported-total-differs")
    ]
