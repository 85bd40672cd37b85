"""What an import says of itself, and what a dry run says beforehand."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import msgspec
import pytest

from registry import Registry
from registry.errors import ConcurrentChangeError
from registry.intake import Change, Counts, ImportOptions, import_batch
from tests.registry.intake.batches import COHORT, IMAGING, PATIENTS, VISITS, events, folder_of, only


def test_a_report_counts_facts_by_table(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, visits=VISITS))
    changed = VISITS.replace(",5,12", ",6,12").strip() + "\nP-2,2020-05-20,week 16,1,2"

    report = import_batch(registry, folder_of(tmp_path, visits=changed))

    assert report.tables == {"visits": Counts(recorded=1, amended=1, unchanged=2)}
    assert (report.events, report.rows) == (2, 4)
    assert report.changes == [
        Change("amended", "visit/P-1/2020-01-15/baseline", "visits.csv:2"),
        Change("recorded", "visit/P-2/2020-05-20/week 16", "visits.csv:5"),
    ]


def test_a_dry_run_stores_nothing_and_says_what_would_be(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **COHORT)

    expected = import_batch(registry, folder, options=ImportOptions(dry_run=True))

    assert (expected.events, registry.head.position) == (9, 0)
    assert import_batch(registry, folder) == expected


def test_a_report_can_be_written_as_json(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, folder_of(tmp_path, patients=PATIENTS))

    assert msgspec.to_builtins(report)["changes"][0] == {
        "what": "recorded",
        "reference": "patient/P-1",
        "place": "patients.csv:2",
    }


def test_events_name_who_imports_and_whence(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients="patient,enrolled_on\nP-1,2020-01-01")
    import_batch(registry, folder, options=ImportOptions(actor="nightly"))

    import_batch(registry, folder_of(tmp_path, patients="patient,enrolled_on,sex\nP-1,2020-01-01,male"))

    assert [(event["actor"], event["source"], event["reason"]) for event in events(registry)] == [
        ("nightly", "patients.csv:2", None),
        ("tester", "patients.csv:2", "changed at the source"),
    ]


def test_all_of_a_batch_is_recorded_at_one_instant(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, **COHORT))

    assert len({instant for chunk in registry.log.columns() for instant in chunk.recorded_at}) == 1


def test_patients_come_in_the_order_of_pseudonyms_and_facts_in_that_of_their_kinds(
    registry: Registry, tmp_path: Path
) -> None:
    import_batch(registry, folder_of(tmp_path, **COHORT))

    assert [event["fact"] for event in events(registry)] == [
        "patient/P-1",
        "visit/P-1/2020-01-15/baseline",
        "visit/P-1/2020-04-15/week 12",
        "treatment/P-1/adalimumab/2020-02",
        "imaging/MR-1",
        "imaging/MR-2",
        "reading/MR-1/R1/berlin",
        "patient/P-2",
        "visit/P-2/2020-01-20/baseline",
    ]


def test_progress_is_told_by_stages(registry: Registry, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    import_batch(
        registry,
        folder_of(tmp_path, patients=PATIENTS, imaging=IMAGING),
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )

    first, both = (sum(len(cleandoc(text)) + 1 for text in some) for some in ((PATIENTS,), (PATIENTS, IMAGING)))
    assert told == [
        ("reading", first, both),
        ("reading", both, both),
        ("deciding", 2, 2),
        ("storing", 0, 1),
        ("storing", 1, 1),
    ]


def test_a_batch_is_decided_again_where_somebody_recorded_in_between(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path))
    batch = folder_of(tmp_path, visits=VISITS)

    def meanwhile(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("deciding", total) and registry.head.position == 5:
            registry.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"crp": 5, "esr": 12})

    report = import_batch(registry, batch, progress=meanwhile)

    assert report.tables["visits"] == Counts(recorded=2, confirmed=1)


def test_an_import_gives_up_where_others_keep_recording(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path))
    days = iter(range(1, 9))

    def meanwhile(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("deciding", total):
            registry.record_visit("P-1", visited_on=f"2020-06-0{next(days)}")

    with pytest.raises(ConcurrentChangeError, match="nothing was stored, run it again"):
        import_batch(registry, folder_of(tmp_path, visits=VISITS), progress=meanwhile)

    assert [event["source"] for event in events(registry, after=4)] == ["python"] * 3
