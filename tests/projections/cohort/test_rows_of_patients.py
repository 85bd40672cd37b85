"""Limits of figures of a cohort of which a patient has several rows: patients are drawn, each with all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from projections.statistics.cluster_bootstrap import cluster_bootstrap, reduction, share
from registry import Registry
from tests.projections.cohort.defined import SMALL, by_address, cohort
from tests.projections.cohort.two_lines import PATIENTS, corners, crp, inflamed, seen_and_read

TWO_ROWS = SMALL.replace('"enrolment"', '"line"\nlines = "1.."\nwhich = "all"')
RESAMPLES = 200
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


@pytest.fixture
def rows(registry: Registry) -> Registry:
    """Six patients with two rows each."""
    return seen_and_read(registry)


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


def test_patients_with_several_rows_are_told_once_and_beside_them_the_rows(rows: Registry) -> None:
    found = found_in(rows, "[tables.characteristics]\n")["characteristics / patients / day 0 / n"]

    assert (found.value, found.text, found.n_patients) == (6, "6", 6)
    assert str(found.denominator_note).startswith("12 episodes; of ")


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


def test_the_notes_of_all_intervals_count_patients_and_not_their_rows(rows: Registry) -> None:
    found = found_in(rows, '[tables.progression]\nmeasures = ["crp"]\nthreshold = 2\nunit = "interval"\n')

    said = {
        address.rpartition(" / ")[2]: figure for address, figure in found.items() if " / all intervals / " in address
    }
    assert said["met"].denominator_note == "12 of 12 intervals, of 6 of 6 patients"
    assert [said[name].n_patients for name in ("met", "mean change", "median")] == [6, 6, 6]
