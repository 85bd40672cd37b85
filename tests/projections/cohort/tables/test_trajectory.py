"""How measures and scores run over the time points, beside numbers by hand."""

from __future__ import annotations

import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, small
from tests.projections.cohort.tables.test_clinical import visits
from tests.projections.cohort.tables.test_imaging_criteria import progressed

Figures = dict[str, Figure]


def trajectory(registry: Registry, text: str = "") -> Figures:
    return by_address(small(registry, f"[tables.trajectory]\n{text}"))


def test_a_mean_stands_with_its_t_interval_and_a_median_with_its_quartiles(registry: Registry) -> None:
    visits(registry, "basfi", ("2", "1"), ("4", None), ("6", None), ("8", None))

    found = trajectory(registry)

    mean, median = (found[f"trajectory / basfi / baseline / {name}"] for name in ("mean", "median"))
    assert (mean.value, mean.text, mean.ci_method) == (5, "5.0 (0.9–9.1)", "t, 95%")  # t(0.975; 3) 3.1824 · 2.582 / 2
    assert (mean.ci_low, mean.ci_high) == pytest.approx((0.891479, 9.108521), abs=1e-6)
    assert (median.value, median.text) == (5, "5 (3.5–6.5)")


def test_one_value_has_a_mean_without_limits_and_the_reason_is_said(registry: Registry) -> None:
    visits(registry, "basfi", ("2", "1"), ("4", None))

    mean = trajectory(registry)["trajectory / basfi / 2 years / mean"]

    assert (mean.value, mean.text, mean.ci_low, mean.reason) == (1, "1.0", None, "one-value-only")


def test_of_each_value_it_is_said_of_how_many_members_it_is_known(registry: Registry) -> None:
    visits(registry, "basfi", ("2", "1"), ("4", None))
    registry.enrol_patient("P-9", enrolled_on="2002-01-14")

    known = trajectory(registry)["trajectory / basfi / 2 years / known"]

    assert (known.text, known.denominator_note) == (
        "1 of 3 (33.3%)",
        "1 of 3 patients; 1 without a visit; 1 without a value",
    )


def test_headline_sums_of_methods_run_beside_measures(registry: Registry) -> None:
    progressed(registry)

    found = trajectory(registry, 'methods = ["msasss"]\n')

    assert found["trajectory / msasss / 2 years / mean"].value == 2.2  # 0, 2, 3, 3 and 3
    assert {address.split(" / ")[1] for address in found} == {"msasss"}


def test_the_points_are_the_means_at_each_time_point_in_order(registry: Registry) -> None:
    visits(registry, "basfi", ("2", "1"), ("4", "2"))

    found = trajectory(registry, 'measures = ["basfi"]\npoints = true\n')

    points = [found[f"trajectory / basfi / {at}"] for at in ("baseline / point 1", "2 years / point 2")]
    assert [(point.value, point.ci_method) for point in points] == [(3, "t, 95%"), (1.5, "t, 95%")]


def test_limits_are_said_as_in_the_clinical_table(registry: Registry) -> None:
    visits(registry, "crp", ("<5", "1"), ("9", None))

    found = trajectory(registry)

    assert found["trajectory / crp / baseline / lowest"].text == "<5"
    assert str(found["trajectory / crp / baseline / mean"].variant).endswith("limits taken as values")


def test_nobody_asked_for_it_so_it_is_not_given(registry: Registry) -> None:
    visits(registry, "basfi", ("2", "1"))

    assert not [address for address in by_address(small(registry)) if address.startswith("trajectory")]


@pytest.mark.parametrize(
    ("text", "address", "said"),
    [
        (
            '[tables.clinical]\nmeasures = ["basfi"]\ncompleteness = true\n',
            "clinical / basfi / 2 years / known",
            "1 of 2",
        ),
        ("[tables.scores]\ncompleteness = true\n", "scores / berlin / baseline / known", "0 of 2"),
        ("[tables.characteristics]\ncompleteness = true\n", "characteristics / age / day 0 / known", "0 of 2"),
        ("[tables.characteristics]\ncompleteness = true\n", "characteristics / HLA-B27 / day 0 / known", "0 of 2"),
    ],
)
def test_completeness_is_a_figure_of_other_tables_where_it_is_asked_for(
    registry: Registry, text: str, address: str, said: str
) -> None:
    visits(registry, "basfi", ("2", "1"), ("4", None))

    assert str(by_address(small(registry, text))[address].text).startswith(said)
    assert address not in by_address(small(registry, text.replace("true", "false")))
