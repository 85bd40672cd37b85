"""Measures, units and reasons for missing values in a protocol's file: what may stand there, and what is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.registry.protocol.given import BMI, ITEMS, MEAN, SMOKING, problems, protocol


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("basdai_1", "is built in"),
        ("visited_on", "is a column of visits"),
        ("patient", "is a column of visits"),
        ("id", "is a column of visits"),
        ("basmi_version", "is a column of visits"),
        ("asdas_crp", "is built in"),
        ("BMI", "is not 1 to 64 of a-z, 0-9 and _, the first a letter"),
        ("body mass", "is not 1 to 64 of a-z, 0-9 and _, the first a letter"),
        ("4th", "is not 1 to 64 of a-z, 0-9 and _, the first a letter"),
    ],
)
def test_a_measure_has_a_name_that_nothing_at_a_visit_has(name: str, why: str) -> None:
    [told] = problems(BMI.replace('"bmi"', f'"{name}"'))

    assert told.startswith(f"measures[1].name: {name!r} {why}")


def test_a_name_stands_once_among_measures_and_scores() -> None:
    assert problems(BMI, BMI) == ["measures[2].name: 'bmi' stands in measures[1] already; remove one"]
    assert problems(ITEMS, MEAN.replace('"both"', '"item_2"')) == [
        "scores[1].name: 'item_2' stands in measures[2] already; remove one",
        "scores[1].items: 'item_2' is the score itself; write the measures that it is made of",
    ]


@pytest.mark.parametrize(
    ("unit", "mend"),
    [("kg/m²", "; did you mean 'kg/m2'?"), ("mg/L", "; did you mean 'mg/l'?"), ("µg/g", "; did you mean 'ug/g'?")],
)
def test_an_unknown_unit_is_told_with_what_it_is_called_here(unit: str, mend: str) -> None:
    assert problems(BMI.replace("kg/m2", unit)) == [f"measures[1].unit: {unit!r} is no unit{mend}"]


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ('name = "ng/ml"\nto = { "ug/x" = 1 }', "units[1].to: 'ug/x' is no unit; declare it in [[units]]"),
        ('name = "ng/ml"\nto = { "ng/ml" = 1 }', "units[1].to: a unit is not converted to itself"),
        ('name = "ng/ml"\nto = { "ug/l" = 0 }', "units[1].to.ug/l: 0 is not above 0"),
        ('name = "ng/ml"\nto = { "ug/l" = "1/3" }', "units[1].to.ug/l: '1/3' is not a finite number"),
        ('name = "mg/dl"\nto = { "mg/l" = 9 }', "units[1].to.mg/l: 9 is not 10, by which the catalogue converts"),
        ('name = "µg/g"', "units[1].name: 'µg/g' is written 'ug/g' in the catalogue"),
        ('name = "KG/m²"', "units[1].name: 'KG/m²' is written 'kg/m2' in the catalogue"),
        ('name = "yes-no"', "units[1].name: 'yes-no' is what a measure holds; write another name"),
        ('name = "μx"\n[[units]]\nname = "µX"', "units[2].name: 'ux' stands in units[1] already; remove one"),
        ('name = "MG/L"', "units[1].name: 'MG/L' is written 'mg/l' in the catalogue"),
        ('name = "ng per ml"', "units[1].name: 'ng per ml' is not 1 to 32 signs without blanks"),
    ],
)
def test_a_unit_that_cannot_be_converted_is_refused(unit: str, told: str) -> None:
    [problem] = problems(f"[[units]]\n{unit}\n")

    assert problem.startswith(told)


def test_two_units_that_are_converted_into_each_other_agree() -> None:
    there = '[[units]]\nname = "x"\nto = { "y" = 4 }\n[[units]]\nname = "y"\nto = { "x" = 0.25 }\n'

    assert [unit.name for unit in protocol(there).units] == ["x", "y"]
    assert problems(there.replace("0.25", "0.2"))[0] == "units[1].to.y: 4 there and 0.2 back is not 1"


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("plausible = [9, 60]", "measures[1].plausible: 9 to 60 reaches beyond the range 10 to 80"),
        ("plausible = [14, inf]", "measures[1].plausible: needs both ends"),
        ('holds = "text"', "measures[1].unit: is of numbers only, and this measure holds text; remove it"),
        ('holds = "colour"', "measures[1].holds: 'colour' is not 'number', 'count'"),
        ('codes = { a = "a" }\nholds = "number"', "measures[1].codes: are for what holds codes"),
        ('holds = "count"\nplausible = [20, 30]', "measures[1].unit: 'kg/m2' is not 'count'"),
        ("ordinal = true", "measures[1].ordinal: is of codes only; remove it"),
        ('until = "2030-02-30"', "measures[1].until: '2030-02-30' is not a day of the calendar from 1900-01-01 on"),
        ("until = 2030-01-01T10:00:00", "measures[1].until: '2030-01-01 10:00:00' is not a day"),
        ("ended_codes = { a = 2030-01-01 }", "measures[1].ended_codes.a: is not one of its codes"),
    ],
)
def test_a_measure_says_nothing_that_contradicts_itself(measure: str, told: str) -> None:
    assert problems(BMI, f"{measure}\n")[0].startswith(told)


def test_numbers_are_finite_and_of_a_length_that_can_be_kept() -> None:
    for number in ("nan", "1e300", "0." + "1" * 31):
        [told] = problems(BMI.replace("80]", f"{number}]"))
        assert "is not a finite number of at most 30 digits" in told


def test_words_of_a_list_differ_by_more_than_their_case_and_can_stand_in_a_cell() -> None:
    assert problems(SMOKING.replace("former =", "NEVER =")) == [
        "measures[1].codes.NEVER: is 'never' but for its case; cells are read without regard to it"
    ]
    assert problems(SMOKING.replace("never =", '"Fuß" =').replace("former =", "FUSS =")) == [
        "measures[1].codes.FUSS: is 'Fuß' but for its case; cells are read without regard to it"
    ]
    assert problems(SMOKING.replace("never =", '"an é" =').replace("former =", '"ane\\u0301" =')) == [
        "measures[1].codes.ane\u0301: is 'an é' but for blanks or the form of Unicode"
    ]
    assert problems(SMOKING.replace("never =", '"a;b" ='))[0].startswith("measures[1].codes.a;b: is not 1 to 64 print")
    assert problems('[[measures]]\nname = "m"\nlabel = "m"\nholds = "codes"\n')[0].startswith(
        "measures[1].codes: is missing; write each word with its label"
    )


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        *((word, "is a code of smoking") for word in ("never", "NEVER")),
        *((word, "is not 1 to 32") for word in ("NaN", "NO", "yes", "y", "N", "True", "Infinity")),
        *((f'"{word}"', "is not 1 to 32") for word in ("7", "<5", "> 200", "1e5", "2024-01-01", "2024", "-", "a b")),
    ],
)
def test_a_reason_for_a_missing_value_is_no_value(reason: str, told: str) -> None:
    [problem] = problems(SMOKING, f'[missing]\n{reason} = "not asked"\n')

    assert problem.startswith(f"missing.{reason.strip(chr(34))}: {told}")


@pytest.mark.parametrize("limits", ["[-1, 8]", "[0, 7.5]", "[0.5, inf]"])
def test_a_count_is_a_whole_number_from_0(limits: str) -> None:
    count = BMI.replace('unit = "kg/m2"', 'holds = "count"')

    assert problems(count.replace("[10, 80]", limits))[0].endswith("is not of whole numbers from 0, which counts are")
    assert protocol(count.replace("[10, 80]", "[0, inf]")).measures[0].range == (Decimal(0), None)
