"""What was built into the registry comes out of the tables, as far as its size lets it.

What is expected follows from the numbers in examples/studies/simulated/effects.py, by formula. It may be missed by 3.3
standard errors, which a right table does once in a thousand times; the seed is the same at each run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import pytest

from examples.studies.simulated import effects
from tests.studies.conftest import Figures

FAR: Final = 3.3  # standard errors
SEXES: Final = ("female", "male")
RADIOGRAPHIC: Final = (True, False)
HAZARDS: Final = [effects.secukinumab_hazard(prior) for prior in range(3)]


def near(found: float, expected: float, error: float) -> bool:
    """Whether a figure is as near to what is expected as its standard error lets it."""
    return abs(found - expected) <= FAR * error


def of_share(share: float, n: float) -> float:
    """The standard error of a share."""
    return math.sqrt(share * (1 - share) / n)


def of_mean(figures: Figures, at: str, group: str) -> float:
    """The standard error of a mean, by its standard deviation."""
    sd = figures[f"{at} / sd / {group}" if group else f"{at} / sd"]
    return float(sd["value"]) / math.sqrt(sd["denominator"])


def share_of_sex(sex: str) -> float:
    return effects.WOMEN if sex == "female" else 1 - effects.WOMEN


def share_radiographic(sex: str, radiographic: bool) -> float:
    return effects.RADIOGRAPHIC[sex] if radiographic else 1 - effects.RADIOGRAPHIC[sex]


def share_with_b27(radiographic: bool, positive: bool) -> float:
    return effects.HLA_B27[radiographic] if positive else 1 - effects.HLA_B27[radiographic]


def average(weighted: list[tuple[float, float]]) -> float:
    """The mean of values by their weights."""
    return sum(weight * value for weight, value in weighted) / sum(weight for weight, _ in weighted)


def tnfi_kept(days: int, chosen: Callable[[str, bool], bool]) -> float:
    """The share of those with the chosen sex and HLA-B27 who are still on a first TNF inhibitor."""
    return average(
        [
            (
                share_of_sex(sex) * share_radiographic(sex, radiographic) * share_with_b27(radiographic, positive),
                math.exp(-effects.tnfi_hazard(sex, positive) * days),
            )
            for sex in SEXES
            for radiographic in RADIOGRAPHIC
            for positive in (True, False)
            if chosen(sex, positive)
        ]
    )


def kept(figures: Figures, days: int, group: str = "") -> tuple[float, int]:
    """The retention after so many days as a share, and of how many."""
    figure = figures[" / ".join(filter(None, ("survival", "retention", f"day {days}", "retention", group)))]
    return figure["value"] / 100, figure["denominator"]


@pytest.mark.parametrize(("group", "prior"), [("naive", 0), ("1 prior", 1), ("2+ prior", 2)])
def test_secukinumab_is_kept_as_long_as_its_line_says(figures: dict[str, Figures], group: str, prior: int) -> None:
    found, n = kept(figures["01"], 365, group)

    assert near(found, effects.SECUKINUMAB_KEPT[prior], of_share(effects.SECUKINUMAB_KEPT[prior], n))


@pytest.mark.parametrize(("group", "prior"), [("naive", 0), ("1 prior", 1), ("2+ prior", 2)])
def test_basdai_50_on_secukinumab_is_reached_by_its_responders(
    figures: dict[str, Figures], group: str, prior: int
) -> None:
    found = figures["01"][f"responders / basdai50 / 6 months / responders / {group}"]
    expected = effects.SECUKINUMAB_RESPONDERS[prior]

    assert near(found["value"] / 100, expected, of_share(expected, found["denominator"]))


@pytest.mark.parametrize(("group", "sex"), [("women", "female"), ("men", "male")])
@pytest.mark.parametrize("days", [365, 730])
def test_a_first_tnf_inhibitor_is_kept_less_long_by_women(
    figures: dict[str, Figures], group: str, sex: str, days: int
) -> None:
    found, n = kept(figures["02"], days, group)
    expected = tnfi_kept(days, lambda its, _: its == sex)

    assert near(found, expected, of_share(expected, n))


@pytest.mark.parametrize(("group", "positive"), [("B27+", True), ("B27-", False)])
def test_a_first_tnf_inhibitor_is_kept_less_long_without_hla_b27(
    figures: dict[str, Figures], group: str, positive: bool
) -> None:
    found, n = kept(figures["09"], 730, group)
    expected = tnfi_kept(730, lambda _, its: its == positive)

    assert near(found, expected, of_share(expected, n))


@pytest.mark.parametrize(("group", "word"), [("B27+", "positive"), ("B27-", "negative")])
def test_uveitis_comes_as_often_as_hla_b27_says(figures: dict[str, Figures], group: str, word: str) -> None:
    at = "rates / first uveitis / from day 0"
    events = figures["09"][f"{at} / n / {group}"]["value"]
    rate = figures["09"][f"{at} / per 100 patient-years / {group}"]
    expected = effects.UVEITIS[word] * rate["denominator"] / 100

    assert near(events, expected, math.sqrt(expected))


def test_activity_is_the_same_three_months_before_the_biosimilar_and_at_the_switch(figures: dict[str, Figures]) -> None:
    found = figures["04"]["clinical / asdas_crp / 3 months before → switch / mean difference"]
    error = (found["ci_high"] - found["ci_low"]) / (2 * 1.96)

    assert near(found["value"], 0, error)


def test_the_biosimilar_is_kept_for_a_year_by_as_many_as_were_published(figures: dict[str, Figures]) -> None:
    found, n = kept(figures["04"], 365)

    assert near(found, effects.BIOSIMILAR_KEPT, of_share(effects.BIOSIMILAR_KEPT, n))


@pytest.mark.parametrize(("group", "sex"), [("women", "female"), ("men", "male")])
def test_msasss_grows_by_sex_in_two_years(figures: dict[str, Figures], group: str, sex: str) -> None:
    at = "progression / msasss / inclusion → 2 years"
    expected = average(
        [
            (share_radiographic(sex, radiographic) * share, effects.growth(sex, radiographic, high))
            for radiographic in RADIOGRAPHIC
            for high, share in ((True, effects.HIGH_NSAID), (False, 1 - effects.HIGH_NSAID))
        ]
    )

    found = figures["05"][f"{at} / mean / {group}"]["value"]
    assert near(found, expected, of_mean(figures["05"], at, group))


@pytest.mark.parametrize(("group", "high"), [("high", True), ("low", False)])
def test_msasss_grows_less_in_radiographic_disease_with_many_nsaids(
    figures: dict[str, Figures], group: str, high: bool
) -> None:
    at = "progression / msasss-progression / inclusion → 2 years"
    expected = average(
        [(share_of_sex(sex) * share_radiographic(sex, True), effects.growth(sex, True, high)) for sex in SEXES]
    )

    found = figures["07"][f"{at} / mean / {group}"]["value"]
    assert near(found, expected, of_mean(figures["07"], at, group))


def test_the_index_of_the_courses_puts_everybody_where_the_index_of_the_visit_does(figures: dict[str, Figures]) -> None:
    at = "nsaid / index at least 50 / day 365 to day 730 / patients"

    assert figures["07"][f"{at} / high"]["value"] == 100  # percent
    assert figures["07"][f"{at} / low"]["value"] == 0


@pytest.mark.parametrize("method", ["sparcc-spine-6", "sparcc-sij"])
def test_inflammation_on_mri_falls_under_adalimumab_by_the_share_of_slices_that_resolve(
    figures: dict[str, Figures], method: str
) -> None:
    found = figures["06"][f"scores / {method} / baseline → week 12 / reduction / adalimumab"]["value"] / 100
    expected = effects.RESOLVED_WEEK_12["adalimumab"]
    slices = 41 * (18 if method == "sparcc-spine-6" else 12) * 0.5  # of whom half are inflamed at first
    uneven = 1.1  # times the error of a share, as slices count for 1 to 6

    assert near(found, expected, uneven * of_share(expected, slices))


@pytest.mark.parametrize("dose", ["full", "reduced", "withdrawn"])
def test_as_many_flare_after_remission_as_their_dose_says(figures: dict[str, Figures], dose: str) -> None:
    found = figures["08"][f"rates / flares / from day 0 / patients / {dose}"]
    expected = 1 - effects.FLARE_FREE[dose]

    assert near(found["numerator"] / found["denominator"], expected, of_share(expected, found["denominator"]))


@pytest.mark.parametrize(("at", "later"), [("inclusion", False), ("3 years", True)])
def test_asdas_is_that_of_the_courses_of_activity(figures: dict[str, Figures], at: str, later: bool) -> None:
    courses = effects.COURSES.values()
    expected = average([(share, effects.asdas(last if later else first)) for share, first, last in courses])

    found = figures["10"][f"trajectory / asdas_crp / {at} / mean"]["value"]
    assert near(found, expected, of_mean(figures["10"], f"trajectory / asdas_crp / {at}", ""))


@pytest.mark.parametrize(
    ("study", "row", "expected"),
    [
        ("01", "retention by line: group: 1 prior", HAZARDS[1] / HAZARDS[0]),
        ("01", "retention by line: group: 2+ prior", HAZARDS[2] / HAZARDS[0]),
        ("01", "retention by line: sex: female", 1),
        ("02", "retention by sex: sex: female", effects.WOMEN_STOP),
        ("02", "retention by sex: hla_b27: negative", effects.HLA_B27_NEGATIVE_STOP),
        ("03", "retention, adjusted for the line too: group: nr-axSpA", 1),
        ("09", "retention, adjusted for confounders: hla_b27: negative", effects.HLA_B27_NEGATIVE_STOP),
    ],
)
def test_the_hazard_ratios_of_the_models_are_those_by_which_patients_stopped(
    figures: dict[str, Figures], study: str, row: str, expected: float
) -> None:
    (ratio,) = (one for one in figures[study].values() if one["row"] == row and one["statistic"] == "hazard ratio")
    error = (math.log(ratio["ci_high"]) - math.log(ratio["ci_low"])) / (2 * 1.96)

    assert near(math.log(ratio["value"]), math.log(expected), error)
