"""Who meets criteria over readings, at a time point and between two, beside counts by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from projections import facts_at, project
from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, small
from tests.spec.imaging_criteria.readings import film, joints

BASELINE = "2002-01-14"
LATER = "2004-07-01"  # 899 days later
Grades = Mapping[str, int | None]


def read(
    registry: Registry, patient: str, method: str, grades: Grades, *, on: str = BASELINE, reader: str = "R1"
) -> None:
    """Have a reader read a study of a patient, both recorded where they are new."""
    if patient not in project("patients", facts_at(registry))["patient"].to_pylist():
        registry.enrol_patient(patient, enrolled_on=BASELINE)
    study = f"{patient}-{method}-{on}"
    modality, region = ("XR", "spine") if method == "msasss" else ("MRI", "sij")
    if reader == "R1":
        registry.record_study(study, patient=patient, performed_on=on, modality=modality, regions=region)
    registry.record_reading(study, reader=reader, method=method, grades=dict(grades))


def inflamed(n: int) -> dict[str, int | None]:
    """Both joints with so many points."""
    return joints(**{f"right_{number}_upper_iliac": 1 for number in range(1, n + 1)})


def shown(registry: Registry, text: str) -> dict[str, Figure]:
    return by_address(small(registry, text))


def test_remission_is_of_those_whose_answer_can_be_said_and_the_others_are_told(registry: Registry) -> None:
    read(registry, "P-1", "sparcc-sij", inflamed(1))
    read(registry, "P-2", "sparcc-sij", inflamed(2))
    read(registry, "P-3", "sparcc-sij", inflamed(1) | {"left slice 1 upper iliac": None})
    read(registry, "P-4", "msasss", film())

    found = shown(registry, '[tables.imaging_criteria]\ncriteria = ["sparcc-sij-remission"]\n')

    met = found["imaging_criteria / sparcc-sij-remission / baseline / met"]
    assert (met.text, met.numerator, met.denominator) == ("1 of 2 (50.0%)", 1, 2)
    assert met.denominator_note == ("2 of 4 patients; 1 not read; 1 open: what was not assessed could turn the answer")
    assert met.variant is not None
    assert met.variant.startswith("sparcc-sij-remission/1: total below 2; complete-only; ")
    assert found["imaging_criteria / sparcc-sij-remission / baseline / open"].text == "1 of 3"
    assert found["imaging_criteria / sparcc-sij-remission / 2 years / met"].denominator == 0


def test_completeness_is_of_how_many_of_all_members_the_answer_can_be_said(registry: Registry) -> None:
    read(registry, "P-1", "sparcc-sij", inflamed(1))
    read(registry, "P-3", "sparcc-sij", inflamed(1) | {"left slice 1 upper iliac": None})
    read(registry, "P-4", "msasss", film())
    read(registry, "P-4", "msasss", film(C3_lower=2), on=LATER)
    keys = 'criteria = ["{}"]\ncompleteness = true\n'

    found = shown(
        registry,
        f"[tables.imaging_criteria]\n{keys.format('sparcc-sij-remission')}"
        f"[tables.progression]\n{keys.format('msasss-progression')}",
    )

    known = found["imaging_criteria / sparcc-sij-remission / baseline / known"]
    assert known.text == "1 of 3 (33.3%)"
    assert known.denominator_note == "1 of 3 patients; 1 not read; 1 open: what was not assessed could turn the answer"
    assert found["progression / msasss-progression / baseline → 2 years / known"].text == "1 of 3 (33.3%)"


def test_without_a_key_the_criteria_are_those_by_whose_methods_a_member_was_read(registry: Registry) -> None:
    read(registry, "P-1", "sparcc-sij", inflamed(1))
    read(registry, "P-1", "msasss", film())

    found = shown(registry, "[tables.imaging_criteria]\n[tables.progression]\n")

    rows = {(table, row) for table, row in (address.split(" / ")[:2] for address in found)}
    assert rows == {
        ("imaging_criteria", "asas-mri-2009-quantity"),
        ("imaging_criteria", "asas-mri-2021-oedema"),
        ("imaging_criteria", "sparcc-sij-remission"),
        ("progression", "msasss-progression"),
        ("progression", "msasss-progression-carried"),
        ("progression", "msasss-progression-complete"),
        ("progression", "new-bridging msasss"),
        ("progression", "new-bridging-shared msasss"),
        ("progression", "new-syndesmophyte msasss"),
        ("progression", "new-syndesmophyte-shared msasss"),
        ("progression", "sparcc-sij-mic"),
    }


def test_a_criterion_of_several_methods_has_rows_of_those_by_which_a_member_was_read(registry: Registry) -> None:
    read(registry, "P-1", "msasss", film())

    found = shown(registry, '[tables.progression]\ncriteria = ["new-syndesmophyte"]\n')

    assert {address.split(" / ")[1] for address in found} == {"new-syndesmophyte msasss"}


def test_a_criterion_by_none_of_whose_methods_anybody_was_read_is_of_nobody_by_each_of_them(registry: Registry) -> None:
    read(registry, "P-1", "sparcc-sij", inflamed(1))

    found = shown(registry, '[tables.progression]\ncriteria = ["new-syndesmophyte"]\n')

    met = [figure.denominator for address, figure in found.items() if address.endswith(" / met")]
    assert met == [0, 0, 0]


@pytest.mark.parametrize(("points", "text"), [((1, 2), "1 of 1 (100.0%)"), ((1, 3), "0 of 1 (0.0%)")])
def test_of_two_readers_the_mean_of_their_totals_is_judged(
    registry: Registry, points: tuple[int, int], text: str
) -> None:
    for reader, n in zip(("R1", "R2"), points):
        read(registry, "P-1", "sparcc-sij", inflamed(n), reader=reader)

    found = shown(
        registry, '[imaging]\nrule = "mean"\n[tables.imaging_criteria]\ncriteria = ["sparcc-sij-remission"]\n'
    )

    assert found["imaging_criteria / sparcc-sij-remission / baseline / met"].text == text


@pytest.mark.parametrize(
    ("verdicts", "met", "open_"), [((1, 1), "1 of 1 (100.0%)", "0 of 1"), ((1, 0), "0 of 0", "1 of 1")]
)
def test_a_verdict_has_no_mean_and_is_open_where_two_readers_differ(
    registry: Registry, verdicts: tuple[int, int], met: str, open_: str
) -> None:
    for reader, verdict in zip(("R1", "R2"), verdicts):
        read(registry, "P-1", "asas-mri-sij", {"both joints positive": verdict}, reader=reader)

    found = shown(registry, '[imaging]\nrule = "mean"\n[tables.imaging_criteria]\n')

    assert found["imaging_criteria / asas-mri-positive / baseline / met"].text == met
    assert found["imaging_criteria / asas-mri-positive / baseline / open"].text == open_


def progressed(registry: Registry) -> None:
    """Changes of the mSASSS of 0, 2, 3 and 3, of P-5 in three years, and P-6 with one film."""
    for number, change in enumerate((0, 2, 3, 3), 1):
        read(registry, f"P-{number}", "msasss", film())
        read(registry, f"P-{number}", "msasss", film(L1_lower=change), on=LATER)
    read(registry, "P-5", "msasss", film())
    read(registry, "P-5", "msasss", film(L1_lower=3), on="2004-12-01")
    read(registry, "P-6", "msasss", film())


def test_progression_is_of_those_with_films_two_years_apart(registry: Registry) -> None:
    progressed(registry)

    found = shown(registry, '[tables.progression]\ncriteria = ["msasss-progression", "new-syndesmophyte"]\n')

    at = "progression / msasss-progression / baseline → 2 years"
    assert found[f"{at} / met"].text == "3 of 4 (75.0%)"
    assert found[f"{at} / met"].denominator_note == (
        "4 of 6 patients; 1 not read at both time points; 1 studies not 548 to 914 days apart"
    )
    assert (found[f"{at} / mean"].value, found[f"{at} / median"].text) == (2, "2.5 (0–3)")
    of_corners = "progression / new-syndesmophyte msasss / baseline → 2 years"
    assert found[f"{of_corners} / met"].text == "4 of 5 (80.0%)"  # about any interval
    assert found[f"{of_corners} / mean"].value == pytest.approx(0.8)


def test_another_interval_takes_in_other_films_and_is_said_in_the_rule(registry: Registry) -> None:
    progressed(registry)

    found = shown(registry, '[tables.progression]\ncriteria = ["msasss-progression"]\ninterval = [365, 1100]\n')

    met = found["progression / msasss-progression / baseline → 2 years / met"]
    assert met.text == "4 of 5 (80.0%)"
    assert "365 to 1100 days apart" in str(met.variant)


def test_the_points_of_the_cumulative_probability_are_every_change_in_order(registry: Registry) -> None:
    progressed(registry)

    found = shown(registry, '[tables.progression]\ncriteria = ["msasss-progression"]\npoints = true\n')

    at = "progression / msasss-progression / baseline → 2 years"
    points = [found[f"{at} / point {number}"] for number in (1, 2, 3, 4)]
    assert [(point.value, point.numerator, point.denominator) for point in points] == [
        (0, 1, 4), (2, 2, 4), (3, 3, 4), (3, 4, 4),
    ]  # fmt: skip
    assert f"{at} / point 5" not in found


def test_the_mean_change_of_two_readers_reaches_2_and_a_half_where_one_of_them_alone_does_not(
    registry: Registry,
) -> None:
    for reader, fall in (("R1", 2), ("R2", 3)):
        read(registry, "P-1", "sparcc-sij", inflamed(4), reader=reader)
        read(registry, "P-1", "sparcc-sij", inflamed(4 - fall), on=LATER, reader=reader)

    found = shown(registry, '[imaging]\nrule = "mean"\n[tables.progression]\ncriteria = ["sparcc-sij-mic"]\n')

    assert found["progression / sparcc-sij-mic / baseline → 2 years / met"].text == "1 of 1 (100.0%)"
    assert found["progression / sparcc-sij-mic / baseline → 2 years / mean"].value == -2.5
