"""The example's project imports whole, by either file; a later export amends, records, and retracts on request."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from registry import Registry
from registry.intake import ImportOptions
from registry.intake.sources.mapped_import import import_mapped
from registry.intake.sources.mapped_source import MappedSource

RETRACTING = ImportOptions(retract_missing=True)


def export_again(folder: Path) -> None:
    """Put the later export where the earlier one was."""
    shutil.copy(folder / "later" / "AxSpACohort.REDCap.xml", folder / "AxSpACohort.REDCap.xml")


def test_xml_and_csv_become_equal_tables(registry: Registry, folder: Path) -> None:
    tables = [
        Counter(
            (table.table.name, *cells)
            for mapped in [MappedSource.open(folder / name, registry.catalogue)]
            for table, _, cells in mapped.rows()
        )
        for name in ("mapping.toml", "mapping-csv.toml")
    ]

    assert tables[0] == tables[1]
    assert tables[0].total() == 521
    assert max(tables[0].values()) == 1


def test_all_of_it_is_recorded_and_a_second_time_nothing(registry: Registry, folder: Path) -> None:
    report = import_mapped(registry, folder / "mapping.toml")

    assert {table: counts.recorded for table, counts in report.tables.items()} == {
        "patients": 10,
        "visits": 28,
        "treatments": 13,
        "imaging": 10,
        "readings": 20,
    }
    assert report.left_out == ["the form visit where it is incomplete, once"]
    assert import_mapped(registry, folder / "mapping.toml").events == 0
    assert import_mapped(registry, folder / "mapping-csv.toml").events == 0


def test_a_later_export_amends_what_changed_moved_days_included_and_records_what_came(
    registry: Registry, folder: Path
) -> None:
    import_mapped(registry, folder / "mapping.toml")
    export_again(folder)

    report = import_mapped(registry, folder / "mapping.toml")

    assert {(change.what, change.reference) for change in report.changes if "101-11" not in change.reference} == {
        ("amended", "visit/101-1/id=101-1%2Fweek_12_arm_1"),
        ("amended", "visit/102-2/id=102-2%2Fyear_1_arm_1"),
        ("ended", "treatment/102-2/id=102-2%2Fongoing_arm_1%2Ftreatment%2F1"),
        ("recorded", "visit/101-5/id=101-5%2Fyear_1_arm_1"),
    }
    assert Counter(change.what for change in report.changes)["retracted"] == 0
    assert import_mapped(registry, folder / "mapping.toml").events == 0


def test_an_instance_that_is_gone_is_retracted_on_request_and_a_record_that_is_gone_is_left_alone(
    registry: Registry, folder: Path
) -> None:
    import_mapped(registry, folder / "mapping.toml")
    export_again(folder)
    import_mapped(registry, folder / "mapping.toml")

    report = import_mapped(registry, folder / "mapping.toml", options=RETRACTING)

    assert {(change.what, change.reference) for change in report.changes} == {
        ("retracted", "treatment/101-9/id=101-9%2Fongoing_arm_1%2Ftreatment%2F2"),
        ("retracted", "reading/id=101-9%2Fongoing_arm_1%2Fmri_reading%2F4"),
    }
    assert registry.patient_batch.patients(["102-10"])["102-10"].enrolment is not None
    assert import_mapped(registry, folder / "mapping.toml", options=RETRACTING).events == 0
