"""Totals of graded methods: as printed in 2013, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.catalogue.methods import methods
from tests.projections.cohort.defined import by_address, of_paper, small

Figures = dict[str, Figure]
CHANGE = "baseline → 2 years"


@pytest.fixture(scope="module")
def results(published: Registry) -> Figures:
    return by_address(of_paper("baraliakos2013", published, "scores"))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("asspimri / baseline / total", "345"),
        ("asspimri / 2 years / total", "92"),
        (f"asspimri / {CHANGE} / reduction", "73.3"),
        (f"asspimri / {CHANGE} / mean difference", "11.5 (7.1–15.9)"),
        (f"asspimri / {CHANGE} / p", "<0.001"),
        ("berlin / baseline / total", "216"),
        ("berlin / 2 years / total", "68"),
        (f"berlin / {CHANGE} / reduction", "68.5"),
        (f"berlin / {CHANGE} / mean difference", "6.7 (3.9–9.5)"),
        (f"berlin / {CHANGE} / p", "<0.001"),
        ("asspimri / all time points / seconds mean", "498.6 ± 128.3"),
        ("asspimri / all time points / seconds median", "498.5 (136–909)"),
        ("berlin / all time points / seconds mean", "317.7 ± 112.1"),
    ],
)
def test_totals_changes_and_reading_times_are_as_printed(results: Figures, place: str, text: str) -> None:
    assert results[f"scores / {place}"].text == text


@pytest.mark.parametrize(
    ("place", "rho"),
    [
        ("asspimri v berlin / baseline", "0.947"),
        ("asspimri v berlin / 2 years", "0.626"),
        ("asspimri v basmi / baseline", "0.379"),
        ("berlin v basmi / baseline", "0.369"),
    ],
)
def test_correlations_are_as_printed(results: Figures, place: str, rho: str) -> None:
    text = results[f"scores / {place} / rho"].text
    assert text is not None
    assert text.startswith(rho + " (")


def test_the_methods_changes_do_not_differ(results: Figures) -> None:
    p = results[f"scores / asspimri v berlin / {CHANGE} / p of percent change"].p_value
    assert p is not None
    assert p > 0.05


def graded(registry: Registry, study: str, total: int, **cells: object) -> None:
    """A complete Berlin reading with a total of at most 3 a unit."""
    names = [location.name for location in methods()["berlin"].locations]
    grades = {name: min(max(total - 3 * place, 0), 3) for place, name in enumerate(names)}
    registry.record_reading(study, reader="R1", method="berlin", grades=grades, **cells)  # type: ignore[arg-type]


def test_a_total_with_a_missing_unit_counts_nobody(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 3})

    found = by_address(small(scanned, '[tables.scores]\nmethods = ["berlin"]\n'))["scores / berlin / baseline / total"]

    assert (found.value, found.n_patients, found.reason) == (None, 0, "nothing-given")
    assert found.denominator_note == "0 of 1 patient; 1 without a total"


def test_a_fall_is_above_0_as_a_difference_and_below_0_in_units_of_its_spread_and_each_says_so(
    results: Figures,
) -> None:
    difference, response, size = (
        results[f"scores / berlin / {CHANGE} / {name}"]
        for name in ("mean difference", "standardised response mean", "effect size")
    )
    assert np.sign([figure.value or 0 for figure in (difference, response, size)]).tolist() == [1, -1, -1]
    told = [str(figure.variant).rsplit(", ", 1)[-1] for figure in (difference, response, size)]
    assert told == ["earlier minus later", "later minus earlier", "later minus earlier"]


def test_one_patient_has_a_change_and_neither_interval_nor_responsiveness(scanned: Registry) -> None:
    graded(scanned, "A", 10, seconds=300)
    graded(scanned, "B", 4)

    figures = by_address(small(scanned, '[tables.scores]\nmethods = ["berlin"]\n'))

    assert figures[f"scores / berlin / {CHANGE} / reduction"].text == "60.0"
    difference = figures[f"scores / berlin / {CHANGE} / mean difference"]
    assert (difference.value, difference.ci_low, difference.reason) == (6, None, "one-value-only")
    assert figures[f"scores / berlin / {CHANGE} / effect size"].reason == "one-value-only"
    seconds = figures["scores / berlin / all time points / seconds mean"]
    assert (seconds.text, seconds.denominator_note) == ("300.0", "1 of 2 readings; 1 without a time")


def test_a_start_from_zero_has_no_percent_change(scanned: Registry) -> None:
    graded(scanned, "A", 0)
    graded(scanned, "B", 4)

    figures = by_address(small(scanned, '[tables.scores]\nmethods = ["berlin"]\n'))

    found = figures[f"scores / berlin / {CHANGE} / reduction"]
    assert (found.value, found.reason) == (None, "nothing-given")
