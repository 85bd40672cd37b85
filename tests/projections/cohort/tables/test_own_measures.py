"""Own measures in the tables of a cohort: words as percentages of those of whom one is known, scores as numbers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from projections import LogColumns
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from projections.cohort.over_time.series import series
from registry import Registry
from registry.catalogue.protocol import ConditionRecord, Protocol
from tests.projections.cohort.defined import SMALL, by_address, small
from tests.spec.own_measures import HAQ, REAL_LIFE, with_protocol, words

SMOKING = {  # patient: at baseline, after two years
    "P-1": ("current", "former"),
    "P-2": ("current", "current"),
    "P-3": ("never", "never"),
    "P-4": ("current", "former"),
    "P-5": ("NASK", "never"),
}


@pytest.fixture
def smokers(registry: Registry) -> Registry:
    """Five patients with visits at baseline and after two years, and a sixth without any."""
    with_protocol(registry)
    for patient in (*list(SMOKING)[1:], "P-6"):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
    for patient, said in SMOKING.items():
        for day, smoking in zip(("2002-02-01", "2004-07-01"), said, strict=True):
            registry.record_visit(patient, visited_on=day, measures={"smoking": smoking, **dict.fromkeys(HAQ, "1")})
    return registry


def of(figure: Figure) -> tuple[object, ...]:
    return figure.numerator, figure.denominator, figure.text


def test_words_are_percentages_of_those_of_whom_one_is_known(smokers: Registry) -> None:
    figures = by_address(small(smokers, '[tables.clinical]\nmeasures = ["smoking"]\n'))

    assert of(figures["clinical / smoking: never / baseline / percent"]) == (1, 4, "1 of 4 (25.0%)")
    assert of(figures["clinical / smoking: former / baseline / percent"]) == (0, 4, "0 of 4 (0.0%)")
    assert of(figures["clinical / smoking: current / baseline / percent"]) == (3, 4, "3 of 4 (75.0%)")
    assert of(figures["clinical / smoking: former / 2 years / percent"]) == (2, 5, "2 of 5 (40.0%)")
    note = figures["clinical / smoking: never / baseline / percent"].denominator_note
    assert note == "4 of 6 patients; 1 without a visit; 1 without a value"


def test_a_change_of_a_word_is_tested_over_those_of_whom_both_are_known(smokers: Registry) -> None:
    figures = by_address(small(smokers, '[tables.clinical]\nmeasures = ["smoking"]\n'))

    test = figures["clinical / smoking: current / baseline → 2 years / p"]
    assert (test.n_patients, test.n_used, test.denominator_note) == (4, 2, "4 of 6 patients; 2 without both values")
    assert test.p_value == pytest.approx(0.1573, abs=5e-5)  # chi-squared of (2 - 0)²/(2 + 0) = 2, one degree of freedom


def test_what_became_of_each_word_is_counted_of_those_of_whom_both_are_known(smokers: Registry) -> None:
    figures = by_address(small(smokers, '[tables.clinical]\nmeasures = ["smoking"]\n'))

    became = {address.split(" / ")[1]: figure for address, figure in figures.items() if "→" in address.split(" / ")[1]}
    assert {row: of(figure) for row, figure in became.items()} == {
        "smoking: never → never": (1, 1, "1 of 1 (100.0%)"),
        "smoking: never → former": (0, 1, "0 of 1 (0.0%)"),
        "smoking: never → current": (0, 1, "0 of 1 (0.0%)"),
        "smoking: current → never": (0, 3, "0 of 3 (0.0%)"),
        "smoking: current → former": (2, 3, "2 of 3 (66.7%)"),
        "smoking: current → current": (1, 3, "1 of 3 (33.3%)"),
    }
    quit_smoking = figures["clinical / smoking: current → former / baseline → 2 years / n"]
    assert (quit_smoking.value, quit_smoking.ci_low, quit_smoking.unit) == (2, None, "")
    assert quit_smoking.denominator_note == "current at baseline, of 4 of 6 patients; 2 without both values"


def test_a_word_with_an_arrow_in_it_is_told_from_two_words(registry: Registry) -> None:
    arrows = Protocol(protocol="arrows", title="Arrows", measures=(words("step", "a", "b", "a → b"),))
    registry.adopt_protocol(arrows)
    registry.enrol_patient("P-1", enrolled_on="2002-01-14")
    for day, step in (("2002-02-01", "a → b"), ("2004-07-01", "a")):
        registry.record_visit("P-1", visited_on=day, measures={"step": step})

    rows = [address.split(" / ")[1] for address in by_address(small(registry, "[tables.clinical]\n"))]

    assert rows[-1] == "step: a \\→ b → a"


def test_words_stand_among_characteristics_in_the_order_of_their_list(smokers: Registry) -> None:
    figures = by_address(small(smokers, '[tables.characteristics]\nmeasures = ["smoking"]\n'))

    rows = [address for address in figures if "smoking" in address]
    assert rows == [
        "characteristics / smoking: never / baseline / percent",
        "characteristics / smoking: current / baseline / percent",
    ]


def test_a_list_of_which_nobody_said_a_word_is_a_figure_of_nobody(smokers: Registry) -> None:
    figures = by_address(small(smokers, '[tables.characteristics]\nmeasures = ["hla_b60"]\n'))

    assert of(figures["characteristics / hla_b60: known / baseline / percent"])[:2] == (0, 0)


def test_own_measures_and_scores_are_among_all_that_anybody_has(smokers: Registry) -> None:
    rows = {address.split(" / ")[1] for address in by_address(small(smokers, "[tables.clinical]\n"))}

    words = {"smoking: never", "smoking: former", "smoking: current"}
    assert {row for row in rows if "→" not in row} == {*HAQ, "haq", *words}


def test_an_own_score_is_described_as_a_built_in_one(smokers: Registry) -> None:
    figures = by_address(small(smokers, '[tables.clinical]\nmeasures = ["haq"]\n'))

    assert (figures["clinical / haq / baseline / n"].value, figures["clinical / haq / baseline / median"].value) == (
        5,
        1.0,
    )


def test_a_laboratory_titre_without_a_visit_is_nobody_s(registry: Registry) -> None:
    with_protocol(registry)

    figures = by_address(small(registry, '[tables.clinical]\nmeasures = ["ana_titre"]\n'))

    assert figures["clinical / ana_titre: known / baseline / percent"].denominator == 0


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('[tables.clinical]\nmeasures = ["haq"]\n', "measure: 'haq'"),
        ('[tables.characteristics]\nmeasures = ["smoking"]\n', "measure: 'smoking'"),
        ('[who]\nwithout = ["sjogren"]\n', "condition: 'sjogren'"),
        ('[tables.rates]\nconditions = ["sjogren"]\n', "condition: 'sjogren'"),
    ],
)
def test_of_what_nobody_collected_yet_no_figure_is_given_and_the_cut_says_so(
    registry: Registry, asked: str, told: str
) -> None:
    before = registry.head.position
    sjogren = ConditionRecord(name="sjogren", label="Sjögren's disease", icd10=("M35.0",), group="comorbidity")
    with_protocol(registry, replace(REAL_LIFE, conditions=(sjogren,)))
    definition = parsed((SMALL + asked).encode(), catalogue=registry.catalogue)

    then, now = series(definition, LogColumns.read(registry.log), [(None, before), (None, registry.head.position)])

    assert (then.refusal or "").startswith(f"{told} is not a known {told.partition(':')[0]} of that point in time")
    assert now.refusal is None
    assert now.placed or "tables" not in asked
