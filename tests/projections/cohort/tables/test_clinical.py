"""The clinical table: as printed in 2004, and by hand where values are missing, limits, or few."""

from __future__ import annotations

import math

import numpy as np
import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, of_paper, small

Figures = dict[str, Figure]
WEEK_12, AFTER = "baseline → week 12", "week 12 → weeks 14–19"
CHANGE = "baseline → 2 years"
MEDIANS = {  # measure: Table 1, at baseline, at week 12, after stopping
    "crp": ("31 (14–65)", "17 (6–47)", "24 (14–45)"),
    "esr": ("19 (13–66)", "15 (5–58)", "22 (8–98)"),
    "morning_stiffness": ("60 (15–120)", "20 (5–120)", "60 (20–180)"),
    "night_back_pain": ("68 (40–91)", "35 (8–94)", "59 (24–94)"),
    "total_back_pain": ("65 (44–91)", "41 (5–85)", "63 (40–95)"),
    "patient_global": ("67 (42–91)", "41 (3–80)", "74 (28–96)"),
    "basfi": ("5.88 (2.81–7.49)", "3.63 (0.63–8.24)", "6.13 (3.52–8.74)"),
    "basdai": ("5.63 (3.83–7.8)", "3.48 (0.48–7.68)", "6.55 (2.82–8.27)"),
    "asqol": ("12 (5–16)", "8 (0–15)", "12 (5–17)"),
}
PS = {  # measure: p of week 12 against baseline, as printed in the results
    "basfi": "0.021",
    "basdai": "0.028",
    "asqol": "0.011",
    "night_back_pain": "0.038",
    "crp": "0.036",
    "esr": "0.008",
    "schober": "0.176",
    "lateral_lumbar_flexion": "0.085",
    "chest_expansion": "0.438",
    "mases": "0.129",
}
PS_AFTER = {  # measure: p of the weeks after stopping against week 12
    "esr": "0.012",
    "morning_stiffness": "0.012",
    "patient_global": "0.011",
    "total_back_pain": "0.021",
    "basfi": "0.028",
    "basdai": "0.019",
    "asqol": "0.011",
}
NO_DAGGER = {  # measures for which no difference is marked
    WEEK_12: ("morning_stiffness", "total_back_pain", "patient_global"),
    AFTER: ("crp", "night_back_pain"),
}
MEANS = {  # measure: means at baseline and week 12, decimals
    "schober": ("2.06", "2.44"),
    "lateral_lumbar_flexion": ("7.14", "9.69"),
    "chest_expansion": ("2.89", "3.44"),
    "mases": ("1.22", "0.44"),
}


@pytest.fixture(scope="module")
def table_1(published: Registry) -> Figures:
    return by_address(of_paper("anakinra2004", published, "clinical"))


@pytest.mark.parametrize("measure", MEDIANS)
def test_medians_and_ranges_are_those_of_table_1(table_1: Figures, measure: str) -> None:
    names = ("baseline", "week 12", "weeks 14–19")

    assert tuple(table_1[f"clinical / {measure} / {name} / median"].text for name in names) == MEDIANS[measure]


@pytest.mark.parametrize(("pair", "printed"), [(WEEK_12, PS), (AFTER, PS_AFTER)], ids=["on", "after"])
def test_ps_are_as_printed_for_changes_are_compared_exactly(
    table_1: Figures, pair: str, printed: dict[str, str]
) -> None:
    assert {measure: table_1[f"clinical / {measure} / {pair} / p"].text for measure in printed} == printed


def test_what_the_paper_does_not_mark_is_not_significant(table_1: Figures) -> None:
    for pair, measures in NO_DAGGER.items():
        for measure in measures:
            assert (table_1[f"clinical / {measure} / {pair} / p"].p_value or 0) > 0.05


@pytest.mark.parametrize("measure", MEANS)
def test_means_are_as_printed(table_1: Figures, measure: str) -> None:
    means = [table_1[f"clinical / {measure} / {name} / mean"].value for name in ("baseline", "week 12")]

    assert tuple(f"{mean:.2f}" for mean in means) == MEANS[measure]


@pytest.mark.parametrize(
    ("measure", "text"),
    [("basdai", "6.4 ± 1.3"), ("basfi", "5.6 ± 1.8"), ("basmi", "3.9 ± 2.0"), ("crp", "24.7 ± 25.8")],
)
def test_means_of_the_mri_study_are_as_printed(published: Registry, measure: str, text: str) -> None:
    figures = by_address(of_paper("baraliakos2013", published, "clinical"))

    assert figures[f"clinical / {measure} / baseline / mean"].text == text


def test_a_figure_names_its_unit_its_estimator_and_its_test(table_1: Figures) -> None:
    median = table_1["clinical / crp / baseline / median"]
    test = table_1[f"clinical / basdai / {AFTER} / p"]

    assert (median.unit, median.variant) == ("mg/l", "type 7 (linear interpolation)")
    assert (test.variant, test.n_used, test.ties) == ("Wilcoxon signed-rank: wilcox, normal", 9, 5)  # 3.53 five times


def test_quartiles_are_those_of_another_implementation(table_1: Figures, published: Registry) -> None:
    cohort = of_paper("anakinra2004", published, "clinical")
    values = cohort.values("crp")[0].doubles()
    found = [table_1[f"clinical / crp / baseline / {name} quartile"].value for name in ("lower", "upper")]

    assert found == pytest.approx(np.quantile(values, [0.25, 0.75], method="linear").tolist())


def test_all_that_was_measured_is_a_row_but_no_single_question(table_1: Figures) -> None:
    rows = list(dict.fromkeys(address.split(" / ")[1] for address in table_1))

    assert rows == [
        "basdai",
        "basfi",
        "lateral_lumbar_flexion",
        "schober",
        "chest_expansion",
        "crp",
        "esr",
        "patient_global",
        "total_back_pain",
        "night_back_pain",
        "morning_stiffness",
        "asqol",
        "mases",
        "tender_joints_68",
        "swollen_joints_66",
        "asdas_crp",
        "asdas_esr",
        "basdai_inflammation",
        "rheumatoid_factor: negative",
        "rheumatoid_factor: known",
        "ana_titre: negative",
        "ana_titre: 1/40",
        "ana_titre: known",
        "ana_titre: negative → negative",
        "ana_titre: negative → 1/40",
        "ana_titre: 1/40 → negative",
        "ana_titre: 1/40 → 1/40",
    ]


Pair = tuple[str | None, str | None]


def visits(registry: Registry, measure: str, *pairs: Pair, centre: str | None = None) -> None:
    """A patient for each pair of values at baseline and 2 years, None for a visit without it; P-1 is the first."""
    for number, values in enumerate(pairs, 1):
        patient = f"{centre or 'P'}-{number}"
        if patient != "P-1":
            registry.enrol_patient(patient, enrolled_on="2002-01-14", centre=centre)
        for day, value in zip(("2002-01-14", "2004-07-01"), values):
            registry.record_visit(patient, visited_on=day, measures={} if value is None else {measure: value})


def clinical(registry: Registry, text: str = "") -> Figures:
    return by_address(small(registry, f"[tables.clinical]\n{text}"))


def test_a_pair_with_a_missing_value_is_left_out_of_the_comparison_alone(registry: Registry) -> None:
    visits(registry, "basfi", ("6.0", "4.0"), ("5.0", None), ("4.0", "1.0"))
    registry.enrol_patient("P-4", enrolled_on="2002-01-14")

    figures = clinical(registry)

    assert figures["clinical / basfi / baseline / n"].denominator_note == "3 of 4 patients; 1 without a visit"
    later = figures["clinical / basfi / 2 years / mean"]
    assert (later.value, later.n_patients) == (2.5, 2)
    assert later.denominator_note == "2 of 4 patients; 1 without a visit; 1 without a value"
    difference = figures[f"clinical / basfi / {CHANGE} / mean difference"]
    assert (difference.value, difference.denominator_note) == (2.5, "2 of 4 patients; 2 without both values")
    assert str(difference.variant).endswith(", earlier minus later")
    assert figures[f"clinical / basfi / {CHANGE} / n"].value == 2


def test_one_patient_has_values_and_a_change_without_spread(registry: Registry) -> None:
    visits(registry, "basfi", ("6.0", "4.0"))

    figures = clinical(registry)

    assert figures["clinical / basfi / baseline / mean"].text == "6.0"
    assert figures["clinical / basfi / baseline / sd"].reason == "one-value-only"
    assert figures["clinical / basfi / baseline / median"].text == "6 (6–6)"
    assert figures[f"clinical / basfi / {CHANGE} / mean difference"].reason == "one-value-only"
    assert figures[f"clinical / basfi / {CHANGE} / p"].p_value == pytest.approx(0.317311, abs=1e-6)


def test_no_change_in_anybody_has_a_p_of_1_with_the_reason(registry: Registry) -> None:
    visits(registry, "basfi", ("6.0", "6.0"), ("5.0", "5.0"))

    figures = clinical(registry)

    test, difference = (figures[f"clinical / basfi / {CHANGE} / {name}"] for name in ("p", "mean difference"))
    assert (test.p_value, test.reason, test.zeros) == (1.0, "all-differences-zero", 2)
    assert (difference.value, difference.ci_low, difference.reason) == (0, None, "zero-variance")


def test_a_time_point_that_nobody_has_gives_reasons_and_no_nan(registry: Registry) -> None:
    visits(registry, "basfi", ("6.0", None))

    figures = clinical(registry)

    assert figures["clinical / basfi / 2 years / n"].value == 0
    for name in ("mean", "sd", "median", "lower quartile", "lowest"):
        assert figures[f"clinical / basfi / 2 years / {name}"].reason == "nothing-given"
    assert figures[f"clinical / basfi / {CHANGE} / p"].reason == "nothing-given"
    assert not any(math.isnan(value) for figure in figures.values() for value in figure if isinstance(value, float))


@pytest.mark.parametrize("text", ["", '[who]\nsex = ["female"]\n'], ids=["nothing measured", "nobody"])
def test_a_cohort_in_which_nothing_was_measured_says_so(registry: Registry, text: str) -> None:
    figures = by_address(small(registry, f"{text}[tables.clinical]\n"))

    assert list(figures) == ["clinical / any measure / baseline / n", "clinical / any measure / 2 years / n"]
    assert {figure.reason for figure in figures.values()} == {"nothing-given"}


def test_a_named_measure_that_nobody_has_is_a_row_with_reasons(registry: Registry) -> None:
    figures = clinical(registry, 'measures = ["esr"]\n')

    assert figures["clinical / esr / baseline / median"].reason == "nothing-given"
    assert figures["clinical / esr / baseline / median"].denominator_note == "0 of 1 patient; 1 without a visit"


def test_a_median_below_the_limit_of_detection_is_said_to_be_below_it(registry: Registry) -> None:
    visits(registry, "crp", ("<5", None), ("<5", None), ("20", None))

    figures = clinical(registry)

    median = figures["clinical / crp / baseline / median"]
    assert (median.text, median.value) == ("<5 (<5–20)", 5)
    assert median.denominator_note == "3 of 3 patients; 2 of the values are limits"
    assert figures["clinical / crp / baseline / highest"].text == "20"
    mean = figures["clinical / crp / baseline / mean"]
    assert (mean.value, mean.variant) == (10, "arithmetic; limits taken as values")


def test_a_median_that_the_limits_do_not_reach_is_known(registry: Registry) -> None:
    visits(registry, "crp", ("<5", None), ("8", None), (">200", None))

    assert clinical(registry)["clinical / crp / baseline / median"].text == "8 (<5–>200)"


def test_a_median_between_a_limit_below_and_one_above_is_open(registry: Registry) -> None:
    visits(registry, "crp", ("<5", None), (">200", None))

    median = clinical(registry)["clinical / crp / baseline / median"]

    assert (median.value, median.reason, median.text) == (None, "limits-of-detection", "· (<5–>200)")


def test_a_change_within_the_limits_is_none_and_one_beyond_them_the_smallest(registry: Registry) -> None:
    visits(registry, "crp", ("<5", "3"), ("<5", "<5"), ("20", "<5"), ("9", "7"))

    test = clinical(registry)[f"clinical / crp / {CHANGE} / p"]

    assert (test.zeros, test.n_used, test.value) == (2, 2, 0)
    assert test.denominator_note == "4 of 4 patients; 4 of the values are limits"
    assert test.variant == "Wilcoxon signed-rank: wilcox, normal; the smallest change that limits allow"


def test_values_in_other_units_are_told_in_the_measures_own(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-01-14", measures={"crp [mg/dl]": "2.4"})

    figure = clinical(registry)["clinical / crp / baseline / highest"]

    assert (figure.value, figure.unit) == (24, "mg/l")


def test_who_bears_which_name_changes_nothing(registry: Registry) -> None:
    values: list[Pair] = [("6.0", "4.0"), ("5.0", "5.5"), ("4.1", "1.0"), ("3.3", None), ("<2", "2.0")]
    visits(registry, "crp", *values, centre="C1")
    visits(registry, "crp", *reversed(values), centre="C2")

    one, other = (
        by_address(small(registry, f'[who]\ncentres = ["{name}"]\n[tables.clinical]\n')) for name in ("C1", "C2")
    )

    assert one["clinical / crp / baseline / n"].value == len(values)
    assert one == other
