"""Models of a cohort: what stands with them, what cannot be fitted and why, whom they are of."""

from __future__ import annotations

import warnings
from datetime import date

import pytest

from projections import Facts, LogColumns, facts_at
from projections.cohort.all_tables import cohort_statistics
from projections.cohort.over_time.series import series
from registry import Registry
from tests.projections.cohort.defined import by_address, cohort
from tests.projections.cohort.models.modelled import LINES, Figures, defined, model, of_models
from tests.projections.cohort.test_partial_cohorts import gathered

SEX = 'exposure = "sex"'
RETENTION = 'outcome = "retention"'
RESPONSE = 'outcome = "basdai<4"\nat = ["6 months"]'
CENSOR_ALL = '\n[tables.survival]\ncensor = ["lack-of-efficacy", "adverse-event", "remission", "lost"]\n'
NOBODY = '\n[who]\ncentres = ["Z"]\n'
FEW = '\n[who]\nbaseline = ["basdai > 8.5"]\n'


@pytest.mark.parametrize(
    ("more", "text", "reason", "told"),
    [
        ("", f'{RETENTION}\nexposure = "crp at baseline"', "covariate-missing-for-all", "crp at baseline"),
        ("", f'{RETENTION}\n{SEX}\nadjust = ["symptom duration"]', "covariate-missing-for-all", "symptom duration"),
        ("", f'{RETENTION}\nexposure = "uveitis"', "covariate-of-one-value", "uveitis"),
        ('\n[who]\nsex = ["male"]\n', f"{RETENTION}\n{SEX}", "covariate-of-one-value", "sex"),
        ("", f'{RETENTION}\n{SEX}\nreferences = {{ sex = "other" }}', "group-without-values", "sex: other"),
        (CENSOR_ALL, f"{RETENTION}\n{SEX}", "no-events", ""),
        (FEW, f'{RETENTION}\n{SEX}\nadjust = ["age", "basdai", "start year"]', "fewer-events-than-parameters", ""),
        (FEW, f'{RESPONSE}\n{SEX}\nadjust = ["age", "basdai"]', "outcome-of-one-value", ""),
        (NOBODY, f"{RETENTION}\n{SEX}", "nothing-given", ""),
        (NOBODY, f'outcome = "basdai"\n{SEX}', "nothing-given", ""),
        (
            "",
            f'{RETENTION}\n{SEX}\nadjust = ["basdai", "basdai at baseline"]',
            "covariates-depend-on-each-other",
            "basdai",
        ),
        ("", f'outcome = "basdai"\nat = ["1 year"]\n{SEX}', "no-repeated-values", ""),
    ],
)
def test_what_cannot_be_fitted_has_its_reason_in_every_figure_and_no_warning(
    facts: Facts, more: str, text: str, reason: str, told: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = of_models(facts, model(text), lines=LINES + more if more.startswith("\n[t") else with_who(more))

    found = {at: figure for at, figure in found.items() if at.startswith("m")}
    assert found["m /  / converged"].value == 0
    assert found["m /  / converged"].reason == reason
    assert told in (found["m /  / converged"].text or "")
    estimates = [each for each in found.values() if each.statistic in ("hazard ratio", "odds ratio", "difference", "p")]
    assert estimates
    assert {(each.value, each.p_value, each.reason) for each in estimates} == {(None, None, reason)}


def with_who(more: str, lines: str = LINES) -> str:
    """The cohort with a table, before its lists of tables."""
    return lines.replace("\n[day0]", f"{more}\n[day0]")


def test_a_covariate_that_separates_is_named_and_nothing_is_estimated(registry: Registry) -> None:
    for number, (sex, basdai) in enumerate([("female", "2"), ("female", "3"), ("male", "6"), ("male", "7")] * 2):
        patient = f"S-{number}"
        registry.enrol_patient(patient, enrolled_on="2002-01-01", sex=sex)
        registry.start_treatment(patient, agent="infliximab", started_on="2002-02-01")
        registry.record_visit(patient, visited_on="2002-08-01", measures={"basdai": basdai})
    registry.record_visit("S-0", visited_on="2004-01-01", measures={"basdai": "4"})

    found = of_models(facts_at(registry), model(f"{RESPONSE}\n{SEX}"))

    assert (found["m: sex: male /  / odds ratio"].value, found["m: sex: male /  / odds ratio"].reason) == (
        None,
        "separation",
    )
    assert (found["m /  / converged"].text or "").endswith("separation (sex)")
    assert (found["m /  / n"].value, found["m /  / events"].value) == (8, 4)


def test_who_is_left_out_adds_up_and_each_covariate_tells_of_how_many_it_is_missing(facts: Facts) -> None:
    found = of_models(facts, model(f'{RETENTION}\n{SEX}\nadjust = ["age", "hla_b27"]'))

    n, left_out = found["m /  / n"], found["m /  / left out"]
    assert (n.value, n.denominator, left_out.value) == (139, 160, 21)
    assert (n.denominator_note or "").startswith("139 of 160 patients; 7 without age; 14 without hla_b27; censored: ")
    assert [found[f"m: {name} /  / missing"].value for name in ("sex", "age", "hla_b27")] == [0, 7, 15]


def test_the_reference_is_named_and_can_be_another(facts: Facts) -> None:
    usual = of_models(facts, model(f"{RETENTION}\n{SEX}"))
    other = of_models(facts, model(f'{RETENTION}\n{SEX}\nreferences = {{ sex = "male" }}'))

    assert usual["m: sex: female /  / hazard ratio"].text == "1 (reference)"
    assert other["m: sex: male /  / hazard ratio"].text == "1 (reference)"
    one, turned = usual["m: sex: male /  / hazard ratio"].value, other["m: sex: female /  / hazard ratio"].value
    assert one is not None
    assert turned == pytest.approx(1 / one, rel=1e-9)


def test_of_conditions_no_is_the_reference_and_of_hla_b27_negative(facts: Facts) -> None:
    found = of_models(facts, model(f'{RETENTION}\nexposure = "hla_b27"\nadjust = ["uveitis"]'))

    assert [at for at in found if at.startswith("m: ")][:1] == ["m: hla_b27: positive /  / n"]
    assert found["m /  / converged"].reason == "covariate-of-one-value"  # nobody has uveitis here
    fitted = of_models(facts, model(f'{RETENTION}\nexposure = "hla_b27"'))
    assert fitted["m: hla_b27: negative /  / hazard ratio"].text == "1 (reference)"


def test_estimating_equations_of_few_patients_are_given_with_the_warning(facts: Facts) -> None:
    found = of_models(
        facts, model(f'outcome = "basdai"\nmodel = "gee"\n{SEX}'), lines=with_who('\n[who]\nage = "..30"\n')
    )

    figure = found["m: sex: male /  / difference"]
    assert (found["m /  / clusters"].value or 99) < 40
    assert figure.value is not None
    assert figure.reason == "fewer-than-40-clusters"


def test_a_model_is_of_all_members_and_compares_the_groups_as_an_exposure(facts: Facts) -> None:
    text = model(f'{RETENTION}\nexposure = "group"', name="by group") + model(f"{RETENTION}\n{SEX}", name="by sex")
    plain = of_models(facts, model(f"{RETENTION}\n{SEX}", name="by sex"))

    found = of_models(facts, text, '\n[groups]\nby = "sex"\nreference = "male"\noverall = false\n')

    assert {figure.group for figure in found.values()} == {""}
    assert {at: figure for at, figure in found.items() if at.startswith("by sex")} == plain
    one, other = (
        found["by group: group: female /  / hazard ratio"].value,
        found["by sex: sex: male /  / hazard ratio"].value,
    )
    assert one == pytest.approx(1 / (other or 0), rel=1e-9)


def test_groups_that_are_known_later_count_time_from_their_landmark(facts: Facts) -> None:
    groups = '\n[groups]\nby = "basdai"\nlandmark = 200\nlevels = { low = "..<4", high = "4.." }\n'

    found = of_models(facts, model(f'{RETENTION}\nexposure = "group"'), groups)

    note = found["m /  / n"].denominator_note or ""
    assert "not at risk after day 200" in note
    assert "of those at risk after day 200" in note


def test_ends_are_those_of_the_table_of_survival(facts: Facts) -> None:
    text, asked = model(f"{RETENTION}\n{SEX}"), '\n[tables.survival]\ncensor = ["lack-of-efficacy"]\n'
    usual, other = (by_address(cohort(defined(text, more), facts)) for more in ("\n[tables.survival]\n", asked))

    def events(found: Figures) -> float:
        return found["models / m /  / events"].value or 0

    def counted(found: Figures, *reasons: str) -> float:
        return sum(found[f"survival / courses /  / {each}"].value or 0 for each in reasons)

    assert events(usual) == counted(usual, "lack-of-efficacy", "adverse-event")
    assert events(other) == counted(other, "adverse-event", "remission", "lost")


def test_the_points_of_a_forest_plot_are_the_coefficients_with_those_at_each_level(facts: Facts) -> None:
    found = of_models(facts, model(f'{RETENTION}\n{SEX}\nadjust = ["age"]\npoints = true'))

    points = {(figure.timepoint, figure.statistic): figure for figure in found.values() if "point" in figure.statistic}
    assert [at for at in points if at[1].count(" ") == 1] == [
        ("sex: female", "point 1"),
        ("sex: male", "point 2"),
        ("age", "point 3"),
    ]
    male = found["m: sex: male /  / hazard ratio"]
    drawn = points["sex: male", "point 2"]
    assert (drawn.value, drawn.ci_low, drawn.ci_high) == (male.value, male.ci_low, male.ci_high)
    assert points["sex: male", "point 2 patients"].value == found["m: sex: male /  / n"].value
    assert points["sex: male", "point 2 events"].value == found["m: sex: male /  / events"].value


def test_models_of_a_cohort_gathered_from_ranges_are_those_of_the_whole(facts: Facts) -> None:
    definition = defined(
        model(f'{RETENTION}\n{SEX}\nadjust = ["age", "basdai"]', name="r"),
        model(f'{RESPONSE}\n{SEX}\nadjust = ["age"]', name="c"),
        model(f'outcome = "basdai"\n{SEX}', name="m"),
    )

    found = gathered(definition, facts, at_most=100)

    assert cohort_statistics(found).equals(cohort_statistics(cohort(definition, facts)))


def test_models_stand_at_each_point_of_a_series_those_without_anybody_too(invented: Registry) -> None:
    definition, columns = defined(model(f"{RETENTION}\n{SEX}")), LogColumns.read(invented.log)
    days = [date(year, 12, 31) for year in (2013, 2016, 2018)]

    cuts = series(definition, columns, [(day, columns.head.position) for day in days], ["models / m / * / n"])

    numbers = [[placed.figure.value for placed in cut.placed] for cut in cuts]
    assert numbers[0] == [0]
    assert 0 < (numbers[1][0] or 0) < (numbers[2][0] or 0)


def test_a_state_of_a_location_at_baseline_can_be_the_exposure(published: Registry) -> None:
    lines = LINES.replace('"line"', '"course"').replace(
        "day = 365\nwindow = [300, 420]", "day = 730\nwindow = [640, 820]"
    )
    text = 'outcome = "basdai"\nexposure = "active-erosion"\nat = ["baseline", "1 year"]'

    found = of_models(facts_at(published), model(text), lines=with_who('\n[who]\ncriteria = ["mNY"]\n', lines))

    assert found["m: active-erosion: yes /  / n"].value == 16  # of 22 in the paper
    assert found["m: active-erosion: no /  / difference"].text == "0 (reference)"


def test_who_was_lost_and_came_back_has_a_row_for_each_stretch_and_is_one_member(registry: Registry) -> None:
    registry.enrol_patient("B-1", enrolled_on="2002-01-01", sex="female", follow_up_ended_on="2002-12-31")
    registry.resume_follow_up("B-1", resumed_on="2004-01-01")
    registry.enrol_patient("B-2", enrolled_on="2002-01-01", sex="male")
    for patient in ("B-1", "B-2"):
        registry.start_treatment(
            patient, agent="infliximab", started_on="2002-02-01", stopped_on="2005-02-01", stop_reason="adverse-event"
        )
        registry.record_visit(patient, visited_on="2006-01-01", measures={"basdai": "4"})

    found = of_models(facts_at(registry), model(f"{RETENTION}\n{SEX}"))

    assert [found[f"m /  / {what}"].value for what in ("n", "rows", "events")] == [2, 3, 2]


def test_a_class_and_a_condition_before_day_0_are_levels(registry: Registry) -> None:
    for number, agent in enumerate(["infliximab", "secukinumab"] * 6):
        patient = f"C-{number:02}"
        registry.enrol_patient(patient, enrolled_on="2002-01-01", sex="female")
        registry.start_treatment(patient, agent=agent, started_on="2002-02-01")
        if number % 3 == 0:
            registry.record_condition(patient, condition="uveitis", started_on="2001-05-01")
        for day, basdai in (("2002-08-01", number % 5), ("2003-02-01", number % 4)):
            registry.record_visit(patient, visited_on=day, measures={"basdai": str(basdai)})

    text = 'outcome = "basdai"\nexposure = "class"\nadjust = ["uveitis"]'
    found = of_models(facts_at(registry), model(text))

    assert [found[f"m: class: {name} /  / n"].value for name in ("TNFi", "IL-17i")] == [6, 6]
    assert [found[f"m: uveitis: {name} /  / n"].value for name in ("yes", "no")] == [4, 8]
    assert found["m: uveitis: no /  / difference"].text == "0 (reference)"


def answering(registry: Registry, sex: str, *courses: tuple[int | None, ...]) -> None:
    """Patients of a sex on infliximab, each with the BASDAI after half a year, and after a year where there is one."""
    for number, values in enumerate(courses):
        patient = f"{sex}-{number:02}"
        registry.enrol_patient(patient, enrolled_on="2002-01-01", sex=sex)
        registry.start_treatment(patient, agent="infliximab", started_on="2002-02-01")
        for day, basdai in zip(("2002-08-01", "2003-02-01"), values):
            if basdai is not None:
                registry.record_visit(patient, visited_on=day, measures={"basdai": str(basdai)})


@pytest.mark.parametrize(
    ("men", "few"),
    [
        ([(1,)] * 5 + [(6,)] * 4, 4),  # men who do not answer
        ([(1,)] * 3 + [(6,)] * 8, 3),  # men who do
        ([(1,)] * 9, 6),  # nobody is not few: women who do not
        ([(1,)] * 5 + [(6,)] * 6 + [()] * 2, 2),  # men in no row
    ],
)
def test_fewest_are_those_at_a_level_with_the_answer_without_it_or_in_no_row(
    registry: Registry, men: list[tuple[int, ...]], few: int
) -> None:
    answering(registry, "female", *[(1,)] * 7, *[(6,)] * 6)
    answering(registry, "male", *men)

    found = of_models(facts_at(registry), model(f"{RESPONSE}\n{SEX}"))

    assert found["m /  / fewest"].value == few


@pytest.mark.parametrize(("interaction", "few"), [("false", 10), ("true", 2)])
def test_fewest_of_an_exposure_that_time_changes_are_those_at_a_time_point(
    registry: Registry, interaction: str, few: int
) -> None:
    """Ten men answer at one time point or the other, two of them after half a year."""
    answering(registry, "female", *[(1, 1)] * 7, *[(1, 6)] * 2, *[(6, 6)] * 6, *[(6, 1)] * 7)
    answering(registry, "male", *[(6, 1)] * 8, *[(1, 6)] * 2, *[(6, 6)] * 6)

    text = f'outcome = "basdai<4"\nmodel = "gee"\n{SEX}\ninteraction = {interaction}'
    found = of_models(facts_at(registry), model(text))

    assert found["m /  / fewest"].value == few


def test_fewest_of_retention_counts_who_was_lost_and_came_back_once(registry: Registry) -> None:
    for number in range(12):
        patient = f"R-{number:02}"
        registry.enrol_patient(patient, enrolled_on="2002-01-01", sex=("female", "male")[number % 2])
        stopped = {"stopped_on": "2003-02-01", "stop_reason": "adverse-event"} if number < 9 else {}
        registry.start_treatment(patient, agent="infliximab", started_on="2002-02-01", **stopped)
        registry.record_visit(patient, visited_on="2006-01-01", measures={"basdai": "4"})

    found = of_models(facts_at(registry), model(f"{RETENTION}\n{SEX}"))

    assert [found[f"m: sex: {sex} /  / events"].value for sex in ("female", "male")] == [5, 4]
    assert found["m /  / fewest"].value == 1  # women who go on
