"""The table of paired lesion verdicts (Table 2 of the anakinra study), and on what a consensus rests."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import Facts, facts_at
from projections.lesions.paired_verdicts import SeveralSessionsError, VerdictSelection
from projections.statistics.proportions import Proportion, clopper_pearson
from projections.verdicts import lesion_verdicts, paired_patients, verdict_basis
from projections.verdicts.lesion_verdicts import KINDS, Lesion, Scans, figures
from registry import Registry
from registry.catalogue.codes import VERDICTS
from registry.errors import UnknownCodeError
from tests.example_cohorts import import_example
from tests.projections.conftest import EXAMPLES
from tests.projections.shown import Clock


@pytest.fixture(scope="module")
def anakinra(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """The facts of the anakinra cohort alone."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("anakinra") / "registry.db")
    with Registry.open(str(path), actor="lindner", clock=Clock()) as opened:
        import_example(opened, "anakinra2004")
        yield facts_at(opened)


def judged(registry: Registry, lesion: str, verdict: str, **cells: object) -> str:
    """A verdict on a Romanus lesion from study A to study B, by the consensus unless said otherwise."""
    pair = {"baseline_study": "A", "followup_study": "B", "reader": "consensus", "region": "spine", "kind": "romanus"}
    return registry.record("lesions", {**pair, "lesion": lesion, "verdict": verdict, **cells})


def figure(found: Any, row: str, name: str, by: str = "region") -> dict[str, Any]:
    """Return one figure of a table."""
    wanted = pc.field("by").cast("string") == by
    (one,) = [each for each in found.filter(wanted).to_pylist() if each["row"] == row and each["figure"] == name]
    return dict(one)


def row_texts(found: Any, by: str) -> dict[str, list[str]]:
    """Return what the publication prints of each row: baseline, then the five verdicts."""
    texts: dict[str, list[str]] = {}
    for each in found.filter(pc.field("by").cast("string") == by).to_pylist():
        if each["figure"] != "responding":
            texts.setdefault(each["row"], []).append(each["text"])
    return texts


@pytest.mark.parametrize("row", ["sij", "spine", "total"])
def test_the_rows_of_the_published_table(anakinra: Facts, row: str) -> None:
    published = json.loads((EXAMPLES / "anakinra2004" / "published.json").read_text("utf-8"))["figures"]
    wording = f"{row}: baseline | resolution | improvement | unchanged | deterioration | new"
    (printed,) = [each["printed"] for each in published if each["figure"] == wording]

    assert " | ".join(row_texts(lesion_verdicts.table(anakinra), "region")[row]) == printed


@pytest.mark.parametrize(
    ("row", "text", "interval"),
    [("total", "23/38 (61%)", ("43.4", "76.0")), ("spine", "17/31 (55%)", ("36.0", "72.7"))],
)
def test_responding_are_the_resolved_and_the_improved(
    anakinra: Facts, row: str, text: str, interval: tuple[str, str]
) -> None:
    found = figure(lesion_verdicts.table(anakinra), row, "responding")

    assert (found["text"], found["ci_method"]) == (text, "clopper-pearson")
    assert (f"{found['ci_low']:.1f}", f"{found['ci_high']:.1f}") == interval


@pytest.mark.parametrize(
    ("kind", "baseline"),
    [("romanus", 15), ("end-plate", 3), ("facet-joint", 8), ("spinous-process", 5), ("subchondral", 7), ("total", 38)],
)
def test_the_published_kinds_of_lesion(anakinra: Facts, kind: str, baseline: int) -> None:
    assert figure(lesion_verdicts.table(anakinra), kind, "baseline", by="kind")["n"] == baseline


@pytest.mark.parametrize(
    ("row", "name", "patients"), [("spine", "baseline", 8), ("sij", "baseline", 2), ("spine", "new", 2)]
)
def test_in_how_many_patients_the_published_lesions_are(anakinra: Facts, row: str, name: str, patients: int) -> None:
    assert figure(lesion_verdicts.table(anakinra), row, name)["n_with"] == patients


def test_every_figure_names_its_denominator_and_new_lesions_are_outside_it(anakinra: Facts) -> None:
    found = lesion_verdicts.table(anakinra)

    assert figure(found, "total", "unchanged")["denominator"] == 38
    assert figure(found, "total", "unchanged")["percent"] == pytest.approx(1200 / 38)
    assert [figure(found, "total", "new")[name] for name in ("n", "denominator", "percent", "ci_low")] == [
        4, None, None, None,
    ]  # fmt: skip


def test_eight_of_nine_patients_had_both_scans_and_the_ninth_says_why_not(anakinra: Facts) -> None:
    found = figure(lesion_verdicts.table(anakinra), "total", "baseline")
    statuses = paired_patients.table(anakinra).filter(pc.field("region").cast("string") == "total").to_pylist()

    assert [found[name] for name in ("n_patients", "n_both_scans", "n_read", "n_one_scan", "n_pairs")] == [
        9,
        8,
        8,
        1,
        8,
    ]
    assert [(each["patient"], each["status"], each["note"]) for each in statuses if each["status"] != "read"] == [
        ("ana1-08", "one-scan", "repeat scan not tolerated")
    ]


def test_patients_whom_nobody_read_in_pairs_are_counted_as_such(published: Registry) -> None:
    found = figure(lesion_verdicts.table(facts_at(published)), "total", "baseline")
    of_sij = figure(lesion_verdicts.table(facts_at(published)), "sij", "baseline")

    names = ("n_patients", "n_both_scans", "n_read", "n_not_read", "n_one_scan", "n_no_scan")
    assert [found[name] for name in names] == [31, 30, 8, 22, 1, 0]
    assert [of_sij[name] for name in names] == [31, 8, 8, 0, 1, 22]


def test_some_patients_can_be_named(published: Registry) -> None:
    found = lesion_verdicts.table(facts_at(published), VerdictSelection(patients=["ana1-02", "ana1-04", "BAR1-01"]))

    assert row_texts(found, "patient") == {
        "ana1-02": ["8", "0", "2 (25)", "5 (63)", "1 (13)", "1"],
        "ana1-04": ["3", "0", "0", "1 (33)", "2 (67)", "3"],
        "total": ["11", "0", "2 (18)", "6 (55)", "3 (27)", "4"],
    }
    assert figure(found, "total", "new")["n_patients"] == 3


def test_a_single_readers_verdicts_are_shown_when_the_reader_is_named(anakinra: Facts) -> None:
    found = row_texts(lesion_verdicts.table(anakinra, VerdictSelection("R1")), "region")

    assert found["total"] == ["38", "7 (18)", "16 (42)", "13 (34)", "2 (5)", "4"]


def test_a_reader_without_verdicts_is_refused_with_those_who_have_some(anakinra: Facts) -> None:
    with pytest.raises(UnknownCodeError, match=r"^reader: 'R3' is not a known reader; write R1, R2 or consensus$"):
        lesion_verdicts.table(anakinra, VerdictSelection("R3"))


def test_where_nothing_was_read_there_is_no_percentage(scanned: Registry) -> None:
    found = lesion_verdicts.table(facts_at(scanned))

    assert row_texts(found, "region")["total"] == ["0", "0", "0", "0", "0", "0"]
    columns = ("n_patients", "n_read", "n_not_read", "percent", "ci_low")
    assert [figure(found, "total", "responding")[name] for name in columns] == [1, 0, 1, None, None]


def test_as_of_a_day_before_the_second_scan_a_patient_has_one_scan(scanned: Registry) -> None:
    judged(scanned, "1", "resolution")

    found = figure(lesion_verdicts.table(facts_at(scanned, as_of="2004-06-06")), "total", "baseline")

    assert [found[name] for name in ("n", "n_read", "n_one_scan")] == [0, 0, 1]


def test_a_radiograph_is_no_second_scan(scanned: Registry) -> None:
    scanned.enrol_patient("P-2", enrolled_on="2002-01-14")
    for study, day, modality in (("D", "2002-06-03", "MRI"), ("E", "2003-06-03", "XR")):
        scanned.record_study(study, patient="P-2", performed_on=day, modality=modality, regions="spine")

    assert figure(lesion_verdicts.table(facts_at(scanned)), "total", "baseline")["n_one_scan"] == 1


def test_a_pair_that_was_read_in_two_sessions_has_to_be_chosen(scanned: Registry) -> None:
    judged(scanned, "1", "resolution", session="2004")
    judged(scanned, "1b", "improvement", session="2005")

    with pytest.raises(SeveralSessionsError, match=r"in several sessions; name one of '2004', '2005'$"):
        lesion_verdicts.table(facts_at(scanned))
    found = lesion_verdicts.table(facts_at(scanned), VerdictSelection(session="2005"))
    assert row_texts(found, "region")["spine"] == ["1", "0", "1 (100)", "0", "0", "0"]


@pytest.mark.parametrize(
    ("readers", "basis", "n_same"),
    [
        ({"R2": "unchanged", "R1": "unchanged"}, "agreed", 2),
        ({"R1": "unchanged", "R2": "improvement"}, "differing", 1),
        ({"R1": "new", "R2": "new"}, "agreed", 0),
        ({"R2": "unchanged"}, "single", 1),
        ({}, "none", 0),
    ],
)
def test_a_consensus_names_the_verdicts_on_which_it_rests(
    scanned: Registry, readers: dict[str, str], basis: str, n_same: int
) -> None:
    facts = {reader: judged(scanned, "1", verdict, reader=reader) for reader, verdict in readers.items()}
    judged(scanned, "2", "new", reader="R1")
    judged(scanned, "1", "unchanged", session="meeting")

    (found,) = verdict_basis.table(facts_at(scanned)).to_pylist()

    assert (found["basis"], found["n_readers"], found["n_same"]) == (basis, len(readers), n_same)
    assert found["rests_on"] == [facts[reader] for reader in sorted(facts)]
    assert found["said"] == [readers[reader] for reader in sorted(readers)]


def test_of_a_reader_who_judged_the_same_studies_twice_the_session_of_the_consensus_counts(scanned: Registry) -> None:
    judged(scanned, "2", "new", reader="R1", session="2004")
    judged(scanned, "1", "new", reader="R1", session="2005")
    for session in ("2004", "2005"):
        judged(scanned, "1" if session == "2005" else "2", "new", session=session)

    found = verdict_basis.table(facts_at(scanned), VerdictSelection(session="2005")).to_pylist()
    another = verdict_basis.table(facts_at(scanned), VerdictSelection(session="2004")).to_pylist()

    assert [row["rests_on"] for row in (*found, *another)] == [["lesion/A/B/R1/1"], ["lesion/A/B/R1/2"]]


def test_the_verdict_of_a_single_reader_rests_on_no_other(scanned: Registry) -> None:
    judged(scanned, "1", "unchanged", reader="R1")
    judged(scanned, "1", "unchanged", reader="R2")

    (found,) = verdict_basis.table(facts_at(scanned), VerdictSelection("R1")).to_pylist()

    assert (found["basis"], found["rests_on"], found["n_readers"]) == (None, [], None)


def test_the_consensus_on_the_published_lesions_rests_on_two_readers_each(anakinra: Facts) -> None:
    found = verdict_basis.table(anakinra).to_pylist()

    assert Counter(row["basis"] for row in found) == {"agreed": 37, "differing": 5}
    assert found[0]["rests_on"] == [
        "lesion/ana1-01-mri-baseline/ana1-01-mri-week-12/R1/1",
        "lesion/ana1-01-mri-baseline/ana1-01-mri-week-12/R2/1",
    ]


def test_frames_have_the_declared_columns_with_and_without_rows(scanned: Registry, anakinra: Facts) -> None:
    for facts, rows in ((facts_at(scanned), (3 * 7 + 6 * 7 + 7, 3, 0)), (anakinra, (3 * 7 + 6 * 7 + 9 * 7, 27, 42))):
        found = lesion_verdicts.lesion_verdicts(facts), paired_patients.paired_patients(facts)
        basis = verdict_basis.verdict_basis(facts)
        assert tuple(map(len, (*found, basis))) == rows
        assert list(found[0].columns) == lesion_verdicts.LESION_VERDICTS.schema.names
        assert list(basis.columns) == verdict_basis.VERDICT_BASIS.schema.names


def test_rows_are_in_the_order_of_their_key(anakinra: Facts) -> None:
    found = lesion_verdicts.table(anakinra)

    keys = [tuple(row.values()) for row in found.select(["row_number", "figure_number"]).to_pylist()]
    assert list(dict.fromkeys(found["by"].to_pylist())) == ["region", "kind", "patient"]
    assert all(before < after or after == (1, 1) for before, after in pairwise(keys))


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        (50, 107, "37.02", "56.62"),
        (220, 341, "59.18", "69.60"),
        (167, 251, "60.33", "72.34"),
        (53, 90, "48.02", "69.16"),
        (0, 9, "0.00", "33.63"),
        (9, 9, "66.37", "100.00"),
    ],
)
def test_exact_intervals_are_the_published_ones(n: int, of: int, low: str, high: str) -> None:
    found = clopper_pearson(n, of)

    assert (f"{100 * found.low:.2f}", f"{100 * found.high:.2f}") == (low, high)


@pytest.mark.parametrize(("n", "of", "whole"), [(1, 8, 13), (11, 31, 35), (1, 200, 1), (0, 3, 0), (0, 0, None)])
def test_percentages_are_rounded_half_up(n: int, of: int, whole: int | None) -> None:
    assert Proportion(n, of).whole_percent == whole


described = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.builds(
        Lesion,
        patient=st.sampled_from(("P-1", "P-2", "total")),
        region=st.just(KINDS[kind]),
        kind=st.just(kind),
        verdict=st.sampled_from(VERDICTS),
    )
)
counts = st.dictionaries(described, st.integers(1, 50))


def tabulated(lesions: dict[Lesion, int]) -> list[dict[str, Any]]:
    """Return the figures of lesions of patients whose scans of every region were read."""
    patients = sorted({lesion.patient for lesion in lesions})
    scans = [Scans(patient, region, "read", 1) for patient in patients for region in ("sij", "spine", "total")]
    return list(figures(lesions, scans))


def last_rows(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["by"]: row["row_number"] for row in rows}


@given(counts)
def test_the_rows_of_every_table_add_up_to_its_total(lesions: dict[Lesion, int]) -> None:
    rows = tabulated(lesions)
    last = last_rows(rows)

    for by, number in last.items():
        for name in lesion_verdicts.FIGURES:
            of_figure = [row for row in rows if row["by"] == by and row["figure"] == name]
            assert sum(row["n"] for row in of_figure if row["row_number"] < number) == of_figure[-1]["n"]


@given(counts)
def test_baseline_lesions_are_those_with_a_verdict_on_the_scale(lesions: dict[Lesion, int]) -> None:
    rows = tabulated(lesions)

    for first in range(0, len(rows), len(lesion_verdicts.FIGURES)):
        n = {row["figure"]: row["n"] for row in rows[first : first + len(lesion_verdicts.FIGURES)]}
        assert n["baseline"] == n["resolution"] + n["improvement"] + n["unchanged"] + n["deterioration"]
        assert n["responding"] == n["resolution"] + n["improvement"]
    assert rows[-1]["denominator"] == sum(n for lesion, n in lesions.items() if lesion.verdict != "new")


@given(counts, st.permutations(("P-1", "P-2", "total")))
def test_other_pseudonyms_change_no_figure(lesions: dict[Lesion, int], names: list[str]) -> None:
    renamed = dict(zip(("P-1", "P-2", "total"), names))
    others = {lesion._replace(patient=renamed[lesion.patient]): n for lesion, n in lesions.items()}

    def without_patients(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["by"] != "patient" or row["row_number"] == last_rows(rows)["patient"]]

    assert without_patients(tabulated(others)) == without_patients(tabulated(lesions))
