"""How far two readers agree: published tables of ratings, read as if they were totals."""

from __future__ import annotations

import pytest

from projections.cohort.figures import Figure
from registry import Registry
from registry.catalogue.methods import methods
from tests.cohort.defined import by_address, small

PAIRS = ((10, 12), (4, 5), (22, 20), (0, 1), (15, 15), (7, 10), (30, 27), (3, 3))  # ICC(2,1) 0.9811, ICC(3,1) 0.9788
CHANGES = ((-4, -3), (0, 0), (-6, -8), (-1, 0), (-10, -9), (2, 1), (-3, -4), (0, -1), (-7, -5), (-2, -2))
KEYS = '[tables.agreement]\nmethods = ["asspimri"]\n'


def read(registry: Registry, study: str, reader: str, total: int, **cells: object) -> None:
    """A complete reading with a total of at most 6 a unit."""
    names = [location.name for location in methods()["asspimri"].locations]
    grades = {name: min(max(total - 6 * place, 0), 6) for place, name in enumerate(names)}
    registry.record_reading(study, reader=reader, method="asspimri", grades=grades, **cells)  # type: ignore[arg-type]


def studied(registry: Registry, patient: str, *days: str) -> list[str]:
    """A patient with a study on each day."""
    registry.enrol_patient(patient, enrolled_on="2002-01-14")
    codes = []
    for place, day in enumerate(days):
        codes.append(f"{patient}-{place}")
        registry.record_study(codes[-1], patient=patient, performed_on=day, modality="MRI", regions="spine")
    return codes


def agreement(registry: Registry, keys: str = KEYS) -> dict[str, Figure]:
    """The figures of the agreement, without the table's name."""
    found = by_address(small(registry, keys))
    return {address.removeprefix("agreement / "): figure for address, figure in found.items()}


def test_totals_at_one_time_point_agree_as_in_the_worked_example(registry: Registry) -> None:
    for place, totals in enumerate(PAIRS):
        (study,) = studied(registry, f"A-{place}", "2002-02-01")
        for reader, total in zip(("R1", "R2"), totals):
            read(registry, study, reader, total)

    found = agreement(registry)

    row = "asspimri total: R1 v R2 / baseline"
    assert found[f"{row} / ICC(2,1)"].value == pytest.approx(0.9811, abs=5e-5)
    assert found[f"{row} / ICC(3,1)"].value == pytest.approx(0.9788, abs=5e-5)
    assert found[f"{row} / bias"].value == pytest.approx(-0.25)
    assert found[f"{row} / bias"].denominator_note == "8 studies of 8 that both read"
    assert found[f"{row} / SDC from status, one reader"].reason is None


def test_changes_have_the_smallest_detectable_change_of_the_worked_example(registry: Registry) -> None:
    for place, changes in enumerate(CHANGES):
        studies = studied(registry, f"A-{place}", "2002-02-01", "2004-06-01")
        for reader, change in zip(("R1", "R2"), changes):
            for study, total in zip(studies, (20, 20 + change)):
                read(registry, study, reader, total)

    found = agreement(registry)

    row = "asspimri total: R1 v R2 / baseline → 2 years"
    one, mean = (found[f"{row} / SDC from change, {readers}"].value for readers in ("one reader", "mean of 2"))
    assert (one, mean) == (pytest.approx(1.7285, abs=1e-4), pytest.approx(1.2223, abs=1e-4))


def test_grades_agree_by_hand(registry: Registry) -> None:
    (study,) = studied(registry, "A-1", "2002-02-01")
    for reader, grades in (("R1", (0, 0, 1, 2)), ("R2", (0, 1, 1, None))):
        places = zip(("C2/3", "C3/4", "C4/5", "C5/6"), grades)
        registry.record_reading(study, reader=reader, method="berlin", grades=dict(places))

    found = agreement(registry, '[tables.agreement]\nmethods = ["berlin"]\n')

    row = "berlin grade: R1 v R2 / baseline"
    assert found[f"{row} / agreement"].text == "2 of 3 (66.7%)"
    assert found[f"{row} / agreement"].denominator_note == "locations that both assessed, of 1 studies; 20 left out"
    assert found[f"{row} / kappa, unweighted"].value == pytest.approx(
        1 - (1 / 3) / (1 - (2 / 3 * 1 / 3 + 1 / 3 * 2 / 3))
    )
    assert (
        found["berlin total: R1 v R2 / baseline / ICC(2,1)"].denominator_note
        == "0 studies of 1 that both read; 1 not complete"
    )


def test_one_reader_alone_is_told_so(scanned: Registry) -> None:
    read(scanned, "A", "R1", 5)

    found = agreement(scanned)

    assert {address: figure.reason for address, figure in found.items()} == {
        "asspimri: readers /  / n": "one-reader-only"
    }


def test_readers_of_different_studies_have_nothing_in_common(scanned: Registry) -> None:
    scanned.record_study("A2", patient="P-1", performed_on="2002-06-04", modality="MRI", regions="spine")
    read(scanned, "A", "R1", 5)
    read(scanned, "A2", "R2", 5)

    found = agreement(scanned)

    assert found["asspimri total: R1 v R2 / baseline / ICC(2,1)"].reason == "nothing-given"


def test_the_consensus_is_no_reader(scanned: Registry) -> None:
    for reader in ("R1", "R2", "consensus"):
        read(scanned, "A", reader, 5)

    assert {address.split(" / ")[0] for address in agreement(scanned)} == {
        "asspimri total: R1 v R2",
        "asspimri grade: R1 v R2",
    }


def test_perfect_agreement_has_no_interval_and_says_why(scanned: Registry) -> None:
    for study in ("A",):
        for reader in ("R1", "R2"):
            read(scanned, study, reader, 5)

    found = agreement(scanned)

    assert found["asspimri total: R1 v R2 / baseline / ICC(2,1)"].reason == "one-value-only"
    assert found["asspimri grade: R1 v R2 / baseline / kappa, quadratic"].value == 1
