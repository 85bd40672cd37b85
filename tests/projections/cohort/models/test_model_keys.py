"""What of a model is refused with its definition: with its key, what is wrong, and what would be right."""

from __future__ import annotations

import pytest

from tests.projections.cohort.models.modelled import LINES, defined, model, refused

SEX = 'exposure = "sex"'
ENROLMENT = LINES.replace('event = "line"', 'event = "enrolment"')
ALL = LINES.replace('event = "line"', 'event = "line"\nlines = "1.."\nwhich = "all"')
NO_BASELINE = LINES.replace("day = 0\nwindow = [-60, 14]", "day = 90\nwindow = [60, 114]")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f'outcome = "retentoin"\n{SEX}',
            "'retentoin' is not 'retention', a criterion, a measure or an index; did you mean 'retention'?",
        ),
        (f'outcome = "basdia"\n{SEX}', "did you mean 'basdai'?"),
        ('outcome = "retention"\nexposure = "sexx"', "exposure: 'sexx' is not one of 'age', "),
        ('outcome = "retention"\nexposure = "centre_"', "did you mean 'centre'?"),
        (
            'outcome = "retention"\nexposure = "basdai at baselin"',
            "'baselin' is no time point; did you mean 'baseline'?",
        ),
        ('outcome = "retention"\nexposure = "sex at baseline"', "sex is known on day 0; write 'sex' alone"),
        ('outcome = "retention"\nexposure = "basdai at 1 year"', "'basdai at 1 year' is known only after day 0"),
        (
            'outcome = "retention"\nexposure = "asas40"',
            "'asas40' is a response and no covariate; it can be the outcome",
        ),
        ('outcome = "retention"\nexposure = "criteria"', "a patient can have several of them"),
        ('outcome = "retention"\nexposure = "start"', "'start' is no covariate; write 'start year'"),
        ('outcome = "retention"\nexposure = "group"', "exposure: 'group' needs a table [groups]"),
        (f'outcome = "retention"\n{SEX}\nadjust = ["age", "sex"]', "adjust: 'sex' stands twice in one model"),
        (f'outcome = "retention"\n{SEX}\nstrata = ["age"]', "strata: 'age' is a number; strata are words"),
        (f'outcome = "retention"\n{SEX}\nmodel = "logistic"', "model: 'logistic' is not 'cox'"),
        (f'outcome = "retention"\n{SEX}\nat = ["1 year"]', "at: says nothing of the model 'cox'; leave it out"),
        (f'outcome = "retention"\n{SEX}\nties = "breslow"', "ties: 'breslow' is not 'efron' or 'exact'"),
        (f'outcome = "retention"\n{SEX}\nties = "exact"\nclusters = "centre"', "the exact likelihood has no clustered"),
        (f'outcome = "asas40"\n{SEX}', "at: is missing; write one of '6 months', '1 year'"),
        (f'outcome = "asas40"\n{SEX}\nat = ["6 months", "1 year"]', "at: names 2 time points; logistic takes one"),
        (f'outcome = "asas40"\n{SEX}\nat = ["baseline"]', "at: asas40 compares baseline with itself"),
        (
            'outcome = "basdai<4"\nat = ["baseline"]\nexposure = "basdai"',
            "exposure: 'basdai' says what the outcome says",
        ),
        (
            'outcome = "basdai"\nat = ["baseline", "1 year"]\nexposure = "basdai at baseline"',
            "says what the outcome says",
        ),
        (f'outcome = "basdai"\n{SEX}\nstrata = ["centre"]', "strata: says nothing of the model 'mixed'"),
        (
            f'outcome = "basdai"\n{SEX}\nat = ["1 year"]\ninteraction = true',
            "is one with time, and the outcome has one",
        ),
        (f'outcome = "retention"\n{SEX}\nreferences = {{ centre = "A" }}', "references.centre: is not a key here"),
        (
            'outcome = "retention"\nexposure = "age"\nreferences = { age = "40" }',
            "'age' is a number and has no reference",
        ),
        ('outcome = "retention"', "exposure: is missing"),
        (SEX, "outcome: is missing"),
        (f'outcome = "retention"\n{SEX}\nadjsut = ["age"]', "adjsut: is not a key here; did you mean 'adjust'?"),
    ],
)
def test_a_model_that_cannot_be_is_refused_with_its_key(text: str, told: str) -> None:
    problems = refused(model(text))

    assert [each for each in problems if told in each], problems
    assert all("tables.models[1]" in each for each in problems)


@pytest.mark.parametrize(
    ("lines", "text", "told"),
    [
        (ENROLMENT, f'outcome = "retention"\n{SEX}', "outcome: 'retention' needs day0.event = 'course'"),
        (ENROLMENT, 'outcome = "basdai"\nexposure = "agent"', "exposure: 'agent' needs day0.event = 'course'"),
        (ALL, f'outcome = "retention"\n{SEX}\nties = "exact"', "which = 'all' has several rows of a patient"),
        (
            NO_BASELINE,
            'outcome = "retention"\nexposure = "basdai"',
            "'basdai' is read at a baseline; write a [[time_po",
        ),
    ],
)
def test_a_model_that_does_not_fit_the_cohort_is_refused(lines: str, text: str, told: str) -> None:
    (problem,) = refused(model(text), lines=lines)

    assert told in problem


def test_two_models_of_one_name_and_a_name_like_a_row_are_refused() -> None:
    text = f'outcome = "retention"\n{SEX}'

    assert refused(model(text), model(text)) == ["tables.models: 'm' is the name of two models; choose another name"]
    assert "sets a model apart from its rows" in refused(model(text, name="a: b"))[0]


def test_models_are_a_list_of_tables() -> None:
    assert refused("\n[tables.models]\n") == ["tables.models: is not a list of tables; write [[tables.models]]"]


def test_what_a_model_leaves_open_is_told_with_its_default() -> None:
    told = dict(defined(model(f'outcome = "basdai<4"\nat = ["1 year"]\n{SEX}')).defaults)

    assert told["tables.models[1].model"] == "logistic"
    assert "tables.models[1].ties" not in told


def test_of_an_unknown_outcome_nothing_is_told_that_rests_on_it() -> None:
    (problem,) = refused(model(f'outcome = "basdia"\n{SEX}\nat = ["1 year"]\ncorrelation = "independence"'))

    assert problem.startswith("tables.models[1].outcome: 'basdia' is not")
