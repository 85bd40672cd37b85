"""Limits of figures of a cohort of which a patient has several rows: patients are drawn, each with all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from projections.statistics.cluster_bootstrap import cluster_bootstrap, reduction, share
from registry import Registry
from tests.projections.cohort.defined import SMALL, by_address, cohort
from tests.spec.imaging_criteria.readings import film
from tests.spec.own_measures import with_protocol

TWO_ROWS = SMALL.replace('"enrolment"', '"line"\nlines = "1.."\nwhich = "all"')
RESAMPLES = 200
BEGIN = date(2002, 3, 1)
PATIENTS = range(2, 8)
ROWS = (0, 1200)  # on which days a row begins
DAYS = (0, 900)  # of its two time points
AT_BOTH = "baseline → 2 years"
EVERY_TABLE = """
[tables.characteristics]
measures = ["crp", "smoking"]
prior_therapies = true
completeness = true
[tables.clinical]
measures = ["crp", "smoking"]
completeness = true
[tables.trajectory]
points = true
[tables.scores]
correlate = ["crp"]
[tables.lesions]
[tables.responders]
criteria = ["crp<9"]
impute = ["nri"]
[tables.survival]
days = [365, 1300]
lundex = ["crp<9"]
points = true
[tables.rates]
conditions = ["uveitis"]
[tables.safety]
ended_by = [42]
lag = 30
[tables.medication]
[tables.lines]
[tables.nsaid]
[tables.switch]
[tables.agreement]
[tables.progression]
methods = ["msasss"]
measures = ["crp"]
threshold = 2
unit = "interval"
points = true
[[criteria]]
name = "crp<9"
met = "crp < 9"
"""


def after(days: int) -> date:
    return BEGIN + timedelta(days=days)


def crp(number: int, row: int, place: int) -> int:
    """What was measured of a patient in a row at a time point."""
    return (3 * number + 5 * row + 7 * place + number * row * place) % 11


def corners(number: int, row: int, place: int) -> int:
    """How many corners have grade 1."""
    return 1 + (number + row) % 3 + place * ((number * 5 + row) % 4)


def inflamed(number: int, row: int, place: int) -> int:
    """How many places are inflamed."""
    return (number + 3 * row) % 5 + 1 - place * ((number + row) % 2)


def read(registry: Registry, patient: str, on: int, *, corners: int, inflamed: int) -> None:
    study = f"{patient}-{on}"
    registry.record_study(study, patient=patient, performed_on=after(on), modality="MRI", regions="spine")
    grades = {(f"T{n}/{n + 1} anterior", "inflammation"): int(n - 4 <= inflamed) for n in range(5, 12)}
    registry.record_reading(study, reader="R1", method="vu-lesions", grades=grades)
    registry.record_study(f"{study}-film", patient=patient, performed_on=after(on), modality="XR", regions="spine")
    places = [f"L{n}_{side}" for n in range(1, 5) for side in ("upper", "lower")][:corners]
    registry.record_reading(f"{study}-film", reader="R1", method="msasss", grades=film(**dict.fromkeys(places, 1)))


@pytest.fixture
def rows(registry: Registry) -> Registry:
    """Six patients, each for 1100 days on adalimumab and after that on etanercept, seen and read twice on either."""
    with_protocol(registry)
    for number in PATIENTS:
        patient = f"P-{number}"
        registry.enrol_patient(patient, enrolled_on=BEGIN, sex=["female", "male"][number % 2], birth_year=1960 + number)
        registry.start_treatment(patient, agent="adalimumab", started_on=BEGIN, stopped_on=after(900 + 20 * number))
        registry.start_treatment(patient, agent="etanercept", started_on=after(ROWS[1]))
        for row, begun in enumerate(ROWS):
            for place, day in enumerate(DAYS):
                on, word = begun + day, ["never", "current"][number % 2 * row]
                measures = {"crp": str(crp(number, row, place)), "smoking": word}
                registry.record_visit(patient, visited_on=after(on), measures=measures)
                counts = (corners(number, row, place), inflamed(number, row, place))
                read(registry, patient, on, corners=counts[0], inflamed=counts[1])
        for event in range(number % 4):
            on = 100 + 400 * event
            registry.record_adverse_event(patient, term="rash", started_on=after(on), ended_on=after(on + 30 * number))
        registry.start_treatment(patient, agent="naproxen", started_on=after(-100), stopped_on=after(50 * number))
    registry.record_condition("P-3", condition="uveitis", started_on=after(500))
    return registry


def found_in(registry: Registry, tables: str, more: str = "") -> dict[str, Figure]:
    text = f"{TWO_ROWS}\n{tables}\n[statistics]\nresamples = {RESAMPLES}\n{more}"
    return by_address(cohort(parsed(text.encode(), catalogue=registry.catalogue), registry))


def drawn(of_patient: Callable[[int], Sequence[float]], figure: Callable[..., object] = share) -> tuple[float, float]:
    """The limits of drawing patients, by the totals over the rows of each."""
    totals = np.array([of_patient(number) for number in PATIENTS], dtype=float)
    found = cluster_bootstrap(totals, figure, resamples=RESAMPLES)  # type: ignore[arg-type]
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def limits(figure: Figure) -> tuple[float | None, float | None]:
    assert str(figure.ci_method) == f"patient-cluster bootstrap, percentile, 95%, {RESAMPLES} resamples, seed 20130801"
    return figure.ci_low, figure.ci_high


def test_every_limit_of_rows_of_patients_is_by_drawing_patients_or_empty_with_the_reason(rows: Registry) -> None:
    found = found_in(rows, EVERY_TABLE)
    groups = found_in(rows, EVERY_TABLE, '[groups]\nby = "sex"\ntests = true\n')

    tables = {address.partition(" / ")[0] for address in found}
    assert len(tables) == EVERY_TABLE.count("[tables.")
    for address, figure in {**found, **groups}.items():
        if figure.ci_low is None and figure.ci_high is None:
            assert figure.ci_method is None, address
        else:
            assert str(figure.ci_method).startswith("patient-cluster bootstrap"), address
        assert figure.p_value is None, address
    assert all(" (" not in str(each.text) for each in found.values() if each.statistic == "retention")
    assert found["survival / retention /  / median"].reason == "rows-not-independent"


def test_the_mean_of_a_trajectory_has_limits_of_drawing_patients(rows: Registry) -> None:
    found = found_in(rows, '[tables.trajectory]\nmeasures = ["crp"]\nmethods = ["msasss"]\npoints = true\n')

    for place, name in enumerate(("baseline", "2 years")):
        mean = found[f"trajectory / crp / {name} / mean"]
        by_hand = drawn(lambda number, place=place: [sum(crp(number, row, place) for row in (0, 1)), 2])
        assert limits(mean) == pytest.approx(by_hand, rel=1e-12)
        assert mean.text == f"{mean.value:.1f} ({by_hand[0]:.1f}–{by_hand[1]:.1f})"
        point = found[f"trajectory / crp / {name} / point {place + 1}"]
        assert (point.ci_low, point.ci_high) == (mean.ci_low, mean.ci_high)
    total = drawn(lambda number: [sum(corners(number, row, 1) for row in (0, 1)), 2])
    assert limits(found["trajectory / msasss / 2 years / mean"]) == pytest.approx(total, rel=1e-12)


def test_a_mean_change_and_a_share_of_progression_have_limits_of_drawing_patients(rows: Registry) -> None:
    asked = '[tables.progression]\nmethods = ["msasss"]\nthreshold = 2\n'
    found = found_in(rows, asked)

    rises = {number: [corners(number, row, 1) - corners(number, row, 0) for row in (0, 1)] for number in PATIENTS}
    mean, met = (found[f"progression / msasss / {AT_BOTH} / {name}"] for name in ("mean change", "met"))
    assert mean.value == pytest.approx(sum(map(sum, rises.values())) / 12)
    assert limits(mean) == pytest.approx(drawn(lambda number: [sum(rises[number]), 2]), rel=1e-12)
    by_hand = drawn(lambda number: [100 * sum(rise >= 2 for rise in rises[number]), 2])
    assert limits(met) == pytest.approx(by_hand, rel=1e-12)


def test_intervals_put_together_have_limits_of_drawing_patients_whatever_row_they_are_of(rows: Registry) -> None:
    found = found_in(rows, '[tables.progression]\nmethods = ["msasss"]\nthreshold = 2\nunit = "interval"\n')

    rises = {number: [corners(number, row, 1) - corners(number, row, 0) for row in (0, 1)] for number in PATIENTS}
    patients = found["progression / msasss / all intervals / patients"]
    having = [any(rise >= 2 for rise in rises[number]) for number in PATIENTS]
    assert (patients.numerator, patients.denominator) == (sum(having), 6)
    by_hand = drawn(lambda number: [100 * any(rise >= 2 for rise in rises[number]), 1])
    assert limits(patients) == pytest.approx(by_hand, rel=1e-12)


def test_the_reduction_of_lesions_by_patients_draws_patients_and_not_rows(rows: Registry) -> None:
    found = found_in(rows, "[tables.lesions]\n")[f"lesions / inflammation / {AT_BOTH} / reduction by patients"]

    def totals(number: int) -> list[int]:
        return [sum(inflamed(number, row, place) for row in (0, 1)) for place in (0, 1)]

    low, high = drawn(totals, reduction)
    assert (found.ci_low, found.ci_high) == pytest.approx((100 * low, 100 * high), rel=1e-12)


def test_a_mean_difference_of_scores_has_limits_of_drawing_patients(rows: Registry) -> None:
    found = found_in(rows, '[tables.scores]\nmethods = ["msasss"]\n')

    falls = drawn(lambda number: [sum(corners(number, row, 0) - corners(number, row, 1) for row in (0, 1)), 2])
    assert limits(found[f"scores / msasss / {AT_BOTH} / mean difference"]) == pytest.approx(falls, rel=1e-12)


def test_shares_of_words_and_of_patients_with_an_event_have_limits_of_drawing_patients(rows: Registry) -> None:
    found = found_in(rows, '[tables.clinical]\nmeasures = ["smoking"]\n[tables.safety]\n')

    smokers = found["clinical / smoking: current / baseline / percent"]
    assert limits(smokers) == pytest.approx(drawn(lambda number: [100 * (number % 2), 2]), rel=1e-12)
    rash = found["safety / rash / from day 0 / patients"]  # rashes begin on days 100, 500 and 900, in the first row
    assert limits(rash) == pytest.approx(drawn(lambda number: [100 * (number % 4 > 0), 2]), rel=1e-12)


def test_where_all_patients_say_the_same_there_are_no_limits_and_the_reason(rows: Registry) -> None:
    found = found_in(rows, '[tables.clinical]\nmeasures = ["crp"]\ncompleteness = true\n')

    known = found["clinical / crp / baseline / known"]
    assert (known.text, known.ci_low, known.ci_high) == ("12 of 12 (100.0%)", None, None)
    assert (known.ci_method, known.reason) == (None, "zero-variance")
