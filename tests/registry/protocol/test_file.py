"""A protocol's file: what each key says, and what is told of a file that cannot be adopted, all at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from registry.catalogue.protocol import (
    AgentRecord,
    CodeRecord,
    ConditionRecord,
    FollowUpRule,
    MeasureRecord,
    MissingItems,
    ProductRecord,
    Protocol,
    ScheduledImaging,
    ScheduledVisit,
    ScoreRecord,
    UnitRecord,
)
from registry.protocol.file import protocol_of
from registry.protocol.template import TEMPLATE, example
from registry.toml_keys import DefinitionError
from tests.registry.protocol.given import BASELINE, BMI, HEAD, ITEMS, MEAN, SMOKING, YEARLY, problems, protocol

WHOLE = """
format = 1
protocol = "axspa-north"
title = "Northern axSpA cohort"
missing = { NASK = "not asked" }

[[measures]]
name = "bmi"
label = "body mass index"
unit = "kg/m2"
range = [10, 80.50]
plausible = [14, 60]
[[measures]]
name = "smoking"
label = "smoking status"
codes = { never = "never", former = "former, none for 12 months" }
ordinal = true
ended_codes = { former = 2030-01-01 }
until = "2031-01-01"
[[measures]]
name = "employed"
label = "in paid work"
holds = "yes-no"
[[measures]]
name = "calprotectin"
label = "faecal calprotectin"
unit = "ug/g"
range = [0, inf]
laboratory = true
[[measures]]
name = "item_1"
label = "item 1"
holds = "count"
range = [0, 3]
[[measures]]
name = "item_2"
label = "item 2"
holds = "count"
range = [0, 3]

[[units]]
name = "ng/ml"
to = { "ug/l" = "1", "mg/l" = 0.001 }

[[scores]]
name = "both"
edition = 2
label = "both items"
source = "invented"
items = ["item_1", "item_2"]
rule = "weighted"
unit = "%"
reverse = ["item_2"]
weights = { item_1 = 0.1, item_2 = -2 }
constant = 6.0
range = [0, 6.3]
missing = { at_most = 1, then = "mean-of-others" }

[[agents]]
name = "study-drug-7"
class = "IL-17i"
atc = ""
[[products]]
name = "Benepali"
agent = "etanercept"
kind = "biosimilar"
[[arms]]
code = "A"
title = "active"
[[conditions]]
name = "sjogren"
label = "Sjögren's disease"
icd10 = ["M35.0"]
group = "comorbidity"
[[centres]]
code = "C1"
title = "Northtown"
until = 2030-01-01

[[schedule]]
name = "baseline"
from = "enrolment"
day = 0
window = [-30, 14]
requires = ["basdai", "both", "employed"]
[[schedule]]
name = "year {n}"
from = "enrolment"
every = "1 year"
since = "2026-01-01"
window = [-90, 90]
imaging = [{ modality = "MRI", regions = ["spine", "sij"], every = "2 years" }]
[[schedule]]
name = "week 12"
from = "line"
of = ["TNFi", "study-drug-7"]
day = 84
window = [-14, 14]
until = "2030-01-01"
[follow_up]
lost_after = "18 months"
"""


KEYS_OF_A_FILE = (
    "colour: is not a key here; write 'format', 'protocol', 'title', 'units', 'measures', 'scores', 'agents', "
    "'products', 'arms', 'conditions', 'centres', 'missing', 'schedule' or 'follow_up'"
)


NO_NUMBERS = {"on_what_day": "partial-day", "in_words": "text"}


def test_a_file_says_every_key_exactly() -> None:
    number = Decimal

    assert protocol_of(WHOLE.encode(), "p.toml") == Protocol(
        protocol="axspa-north",
        title="Northern axSpA cohort",
        missing={"NASK": "not asked"},
        measures=(
            MeasureRecord(
                name="bmi",
                label="body mass index",
                unit="kg/m2",
                range=(number(10), number("80.5")),
                plausible=(number(14), number(60)),
            ),
            MeasureRecord(
                name="smoking",
                label="smoking status",
                holds="codes",
                codes={"never": "never", "former": "former, none for 12 months"},
                ordinal=True,
                ended_codes={"former": date(2030, 1, 1)},
                until=date(2031, 1, 1),
            ),
            MeasureRecord(name="employed", label="in paid work", holds="yes-no"),
            MeasureRecord(
                name="calprotectin",
                label="faecal calprotectin",
                unit="ug/g",
                range=(number(0), None),
                laboratory=True,
            ),
            MeasureRecord(name="item_1", label="item 1", holds="count", range=(number(0), number(3))),
            MeasureRecord(name="item_2", label="item 2", holds="count", range=(number(0), number(3))),
        ),
        units=(UnitRecord(name="ng/ml", to={"ug/l": number(1), "mg/l": number("0.001")}),),
        scores=(
            ScoreRecord(
                name="both",
                edition=2,
                label="both items",
                source="invented",
                items=("item_1", "item_2"),
                rule="weighted",
                unit="%",
                reverse=("item_2",),
                weights={"item_1": number("0.1"), "item_2": number(-2)},
                constant=number(6),
                range=(number(0), number("6.3")),
                missing=MissingItems(at_most=1, then="mean-of-others"),
            ),
        ),
        agents=(AgentRecord(name="study-drug-7", drug_class="IL-17i"),),
        products=(ProductRecord(name="Benepali", agent="etanercept", kind="biosimilar"),),
        arms=(CodeRecord(code="A", title="active"),),
        conditions=(ConditionRecord(name="sjogren", label="Sjögren's disease", icd10=("M35.0",), group="comorbidity"),),
        centres=(CodeRecord(code="C1", title="Northtown", until=date(2030, 1, 1)),),
        schedule=(
            ScheduledVisit(
                name="baseline",
                anchor="enrolment",
                day=0,
                window=(-30, 14),
                requires=("basdai", "both", "employed"),
            ),
            ScheduledVisit(
                name="year {n}",
                anchor="enrolment",
                every="1 year",
                since=date(2026, 1, 1),
                window=(-90, 90),
                imaging=(ScheduledImaging(modality="MRI", regions=("spine", "sij"), every="2 years"),),
            ),
            ScheduledVisit(
                name="week 12",
                anchor="line",
                of=("TNFi", "study-drug-7"),
                day=84,
                window=(-14, 14),
                until=date(2030, 1, 1),
            ),
        ),
        follow_up=FollowUpRule(lost_after="18 months"),
    )


def test_the_template_is_a_protocol_as_it_is_and_with_all_its_examples() -> None:
    bare, whole = protocol_of(TEMPLATE.encode(), "t.toml"), protocol_of(example().encode(), "t.toml")

    assert (bare.protocol, bare.measures, bare.schedule) == ("my-registry", (), ())
    assert all(getattr(whole, table) for table in Protocol.__struct_fields__)
    written = {line.lstrip("#").split(" = ")[0] for line in TEMPLATE.splitlines() if " = " in line}
    assert written >= {
        "holds",
        "unit",
        "range",
        "plausible",
        "laboratory",
        "codes",
        "ordinal",
        "ended_codes",
        "until",
    } - {"holds"}


def test_all_that_is_wrong_is_told_at_once_with_key_and_value() -> None:
    told = problems(
        BMI.replace("kg/m2", "stone"),
        SMOKING.replace('"smoking"', '"crp"'),
        '[[measures]]\nname = "x"\nlabel = 7\nrange = [9, 1]\nordnal = true\n',
        '[follow_up]\nlost_after = "soon"\n',
        "[colour]\n",
    )

    assert told == [
        "measures[3].label: '7' is not a text, in quotation marks",
        "measures[3].range: 9 is above 1; write the lowest value, then the highest",
        "measures[3].ordnal: is not a key here; did you mean 'ordinal'?",
        KEYS_OF_A_FILE,
        "measures[2].name: 'crp' is built in; write another name",
        "measures[1].unit: 'stone' is no unit; declare it in [[units]], or write one that docs/protocol.md lists",
        "measures[3].unit: is missing; write a unit of the catalogue or of [[units]], 'score' for points",
        "follow_up.lost_after: 'soon' is not a length of time above 0; write 90 days, 6 months or 1 year",
    ]


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


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (("item_2", "both"), "scores[1].items: 'both' is the score itself"),
        (('"item_1", ', '"asdas_crp", '), "scores[1].items: 'asdas_crp' is a score"),
        (("item_2", "item_3"), "scores[1].items: 'item_3' is no measure"),
        (('"item_1", ', '"smoking", '), "scores[1].items: 'smoking' holds codes and no number"),
        (('"item_1", ', '"crp", '), "scores[1].items: are in mg/l and score, which a weighted score alone may"),
        (('["item_1", "item_2"]', "[]"), "scores[1].items: is empty"),
        (('"mean"', '"median"'), "scores[1].rule: 'median' is not 'sum', 'mean', 'weighted' or 'max'"),
        (('"mean"', '"weighted"'), "scores[1].weights: has none of item_1 or item_2; write one of every item"),
        (('"mean"', '"sum"\nweights = { item_1 = 2 }'), 'scores[1].weights: is of rule = "weighted" only'),
        (('"mean"', '"sum"\nconstant = 0'), 'scores[1].constant: is of rule = "weighted" only'),
        (
            ('"mean"', '"weighted"\nweights = { item_1 = 1, item_2 = 1, item_3 = 1 }'),
            "scores[1].weights.item_3: is not one of the items",
        ),
        (
            ('"item_1", ', '"patient_globl", '),
            "scores[1].items: 'patient_globl' is no measure; did you mean 'patient_g",
        ),
        (('"item_1", ', '"on_what_day", '), "scores[1].items: 'on_what_day' holds partial-day and no number"),
        (('"item_1", ', '"in_words", '), "scores[1].items: 'in_words' holds text and no number"),
        (('"mean"', '"mean"\nreverse = ["crp"]'), "scores[1].reverse: 'crp' is not one of the items"),
        (
            ('"mean"', '"mean"\nmissing = { at_most = 2, then = "mean-of-others" }'),
            "scores[1].missing.at_most: 2",
        ),
        (
            ('"mean"', '"mean"\nrange = [0, 2]'),
            "scores[1].range: 0 to 2 is narrower than what the items can give, 0 to 3",
        ),
        (
            ('"mean"', '"mean"\nrange = [1, 3]'),
            "scores[1].range: 1 to 3 is narrower than what the items",
        ),
        (("edition = 1", "edition = 0"), "scores[1].edition: '0' is not a whole number from 1 to 999"),
    ],
)
def test_a_score_is_of_measures_in_one_unit_and_never_of_itself(score: tuple[str, str], told: str) -> None:
    others = [f'[[measures]]\nname = "{name}"\nlabel = "x"\nholds = "{holds}"\n' for name, holds in NO_NUMBERS.items()]

    assert problems(ITEMS, SMOKING, *others, MEAN.replace(*score))[0].startswith(told)


@pytest.mark.parametrize(
    ("ends", "rule", "told"),
    [
        (
            ("[0, inf]", "[0, 3]"),
            'rule = "sum"\nrange = [0, 19]',
            "0 to 19 is narrower than what the items can give, 0 and above",
        ),
        (
            ("[0, inf]", "[0, 3]"),
            'rule = "max"\nrange = [0, 19]',
            "0 to 19 is narrower than what the items can give, 0 and above",
        ),
        (
            ("[-inf, 3]", "[0, 3]"),
            'rule = "mean"\nrange = [0, 3]',
            "0 to 3 is narrower than what the items can give, 3 and below",
        ),
        (
            ("[-inf, 3]", "[0, 3]"),
            'rule = "max"\nrange = [1, 3]',
            "1 to 3 is narrower than what the items can give, 0 to 3",
        ),
        (
            ("[0, inf]", "[0, 3]"),
            'rule = "weighted"\nweights = { item_1 = -1, item_2 = 1 }\nrange = [0, 3]',
            "0 to 3 is narrower than what the items can give, 3 and below",
        ),
        (
            ("[0, 10]", "[0, 10]"),
            'rule = "sum"\nrange = [0, 19]',
            "0 to 19 is narrower than what the items can give, 0 to 20",
        ),
        (
            ("[0, 10]", "[0, 100]"),
            'rule = "sum"\nrange = [0, 110]\nmissing = { at_most = 1, then = "mean-of-others" }',
            "0 to 110 is narrower than what the items can give, 0 to 200",
        ),
        (
            ("[0, 10]", "[5, 10]"),
            'rule = "max"\nrange = [5, 10]\nmissing = { at_most = 1, then = "mean-of-others" }',
            "5 to 10 is narrower than what the items can give, 0 to 10",
        ),
        (
            ("[0, 1e28]", "[0, 3]"),
            'rule = "sum"\nrange = [0, 3]',
            "0 to 3 is narrower than what the items can give, 0 to 1",
        ),
    ],
)
def test_the_range_of_a_score_leaves_out_nothing_that_its_items_can_give(
    ends: tuple[str, str], rule: str, told: str
) -> None:
    items = ITEMS.replace("[0, 3]", "A", 1).replace("[0, 3]", ends[1]).replace("A", ends[0], 1)

    [problem] = problems(items, MEAN.replace('rule = "mean"', rule))

    assert problem.startswith(f"scores[1].range: {told}")


@pytest.mark.parametrize("weights", ["{ item_1 = 1, item_2 = 0 }", "{ item_1 = 0.5, item_2 = 0.0 }"])
def test_an_item_that_weighs_nothing_limits_no_range(weights: str) -> None:
    items = ITEMS.replace("[0, 3]", "A", 1).replace("[0, 3]", "[0, inf]").replace("A", "[0, 3]", 1)

    assert protocol(items, MEAN.replace('rule = "mean"', f'rule = "weighted"\nweights = {weights}\nrange = [0, 3]'))


def test_a_score_is_never_of_another_score_of_the_file() -> None:
    of_both = MEAN.replace('"both"', '"more"', 1).replace('"item_2"', '"both"')

    assert problems(ITEMS, MEAN, of_both) == [
        "scores[2].items: 'both' is a score; write the measures that it is made of"
    ]


def test_a_score_of_one_item_has_no_other_that_could_stand_for_it() -> None:
    of_one = MEAN.replace(', "item_2"', "")

    assert problems(ITEMS, of_one, "missing = { at_most = 1 }\n") == [
        "scores[1].missing: is of scores with other items, whose mean stands for the missing one; remove it"
    ]


def test_a_missing_item_counts_as_the_mean_of_the_others_without_anybody_saying_so() -> None:
    [score] = protocol(ITEMS, MEAN, "missing = { at_most = 1 }\n").scores

    assert score.missing == MissingItems(at_most=1, then="mean-of-others")


@pytest.mark.parametrize("limits", ["[-1, 8]", "[0, 7.5]", "[0.5, inf]"])
def test_a_count_is_a_whole_number_from_0(limits: str) -> None:
    count = BMI.replace('unit = "kg/m2"', 'holds = "count"')

    assert problems(count.replace("[10, 80]", limits))[0].endswith("is not of whole numbers from 0, which counts are")
    assert protocol(count.replace("[10, 80]", "[0, inf]")).measures[0].range == (Decimal(0), None)


@pytest.mark.parametrize("text", ["\\u3164", "x\\u115f", "\\u0301x", "a\\U000e0100"])
def test_every_sign_of_a_text_is_seen(text: str) -> None:
    in_a_label, in_a_code = problems(BMI.replace("body", text)), problems(SMOKING.replace("never =", f'"{text}" ='))

    assert in_a_label[0].startswith("measures[1].label: ")
    assert in_a_label[0].endswith(
        "is not text of which every sign is seen; remove fillers, and a mark without its letter"
    )
    assert any("is not 1 to 64 printable signs" in told for told in in_a_code)


@pytest.mark.parametrize(
    "table",
    [
        '"\\u001b[31m" = 1\n',
        '[missing]\n"\\u001b[31m" = "red"\n',
        '[[measures]]\nname = "m"\nlabel = "m"\ncodes = { "\\u001b[31m" = "red" }\n',
        '[[units]]\nname = "x"\nto = { "mg/l" = 1, "\\u001b[31m" = 1 }\n',
    ],
)
def test_a_key_is_told_with_every_sign_of_it_seen(table: str) -> None:
    [told] = problems(table)

    assert told.isprintable()
    assert "\\x1b[31m" in told


def test_a_key_that_is_long_is_told_by_its_beginning() -> None:
    [told] = problems(f'[missing]\n{"long" * 2_000} = "x"\n')

    assert told.startswith("missing.longlong")
    assert len(told) < 300


def test_an_item_is_turned_round_only_where_its_range_has_two_ends() -> None:
    [told] = problems(ITEMS.replace("[0, 3]", "[0, inf]"), MEAN, 'reverse = ["item_1"]\n')

    assert told == "scores[1].reverse: 'item_1' has no range with two ends, by which it could be turned round"


def test_a_score_can_stand_in_several_editions_each_once() -> None:
    second = MEAN.replace("edition = 1", "edition = 2").replace('"mean"', '"sum"')

    assert [score.edition for score in protocol(ITEMS, MEAN, second).scores] == [1, 2]
    assert problems(ITEMS, MEAN, MEAN) == ["scores[2].edition: 'both/1' stands in scores[1] already; remove one"]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[[agents]]\nname = "Humira"\nclass = "TNFi"', "agents[1].name: 'Humira' means 'adalimumab' already"),
        ('[[agents]]\nname = "etanercept"\nclass = "TNFi"', "agents[1].name: 'etanercept' means 'etanercept' already"),
        ('[[agents]]\nname = "x-7"\nclass = "IL-18i"', "agents[1].class: 'IL-18i' is no class of drugs"),
        ('[[agents]]\nname = "x-7"\nclass = "TNFi"\natc = "L04AB01"', "agents[1].atc: 'L04AB01' means 'etanercept'"),
        ('[[agents]]\nname = "x-7"\nclass = "TNFi"\natc = "L04"', "agents[1].atc: 'L04' is no ATC code of a substance"),
        ('[[products]]\nname = "Humira"\nagent = "etanercept"\nkind = "generic"', "products[1].name: 'Humira' means"),
        ('[[products]]\nname = "Anakinra"\nagent = "anakinra"\nkind = "generic"', "products[1].name: 'Anakinra' is an"),
        (
            '[[products]]\nname = "N"\nagent = "etanercpt"\nkind = "generic"',
            "products[1].agent: 'etanercpt' is no",
        ),
        ('[[products]]\nname = "N"\nagent = "anakinra"\nkind = "copy"', "products[1].kind: 'copy' is not 'originator'"),
        (
            '[[agents]]\nname = "x-7"\nclass = "tnfi"',
            "agents[1].class: 'tnfi' is no class of drugs; did you mean 'TNFi'?",
        ),
        ('[[agents]]\nname = "HUMIRA®"\nclass = "TNFi"', "agents[1].name: 'HUMIRA®' means 'adalimumab' already"),
        ('[[agents]]\nname = "Étanercept"\nclass = "TNFi"', "agents[1].name: 'Étanercept' means 'etanercept' already"),
        (
            '[[agents]]\nname = "TNF-i"\nclass = "TNFi"',
            "agents[1].name: 'TNF-i' is a class of drugs; write the name of one",
        ),
        ('[[agents]]\nname = "placebo"\nclass = "TNFi"', "agents[1].name: 'placebo' is a class of drugs"),
        ('[[agents]]\nname = "L04AB99"\nclass = "TNFi"', "agents[1].name: 'L04AB99' is written as an ATC code"),
        ('[[agents]]\nname = "®"\nclass = "TNFi"', "agents[1].name: '®' is not 1 to 64 printable signs"),
        (
            '[[products]]\nname = "Humira®"\nagent = "adalimumab"\nkind = "originator"',
            "products[1].name: 'Humira®' is built in as 'Humira'; write it so, or leave it out",
        ),
        (
            '[[products]]\nname = "Humira"\nagent = "adalimumab"\nkind = "biosimilar"',
            "products[1].kind: 'biosimilar' is not 'originator', as which Humira is built in",
        ),
        (
            (
                '[[agents]]\nname = "study-drugs"\nclass = "TNFi"\n'
                '[[products]]\nname = "N"\nagent = "study-drug"\nkind = "generic"'
            ),
            "products[1].agent: 'study-drug' is no agent; did you mean 'study-drugs'?",
        ),
        ('[[conditions]]\nname = "X"\nlabel = "x"\ngroup = "event"', "conditions[1].name: 'X' is not 1 to 64"),
        ('[[conditions]]\nname = "x"\nlabel = "x"\ngroup = "event"\nicd10 = ["35"]', "conditions[1].icd10: '35' is no"),
        (
            '[[conditions]]\nname = "anterior-uveitis"\nlabel = "x"\ngroup = "event"',
            "conditions[1].name: 'anterior-uveitis' is built in as 'uveitis'",
        ),
        (
            '[[conditions]]\nname = "x"\nlabel = "Anterior uveitis"\ngroup = "event"',
            "conditions[1].label: 'Anterior uveitis' means 'uveitis' already; write another label",
        ),
        (
            (
                '[[conditions]]\nname = "x"\nlabel = "z"\ngroup = "event"\n'
                '[[conditions]]\nname = "y"\nlabel = "X"\ngroup = "event"'
            ),
            "conditions[2].label: 'X' means 'x' already",
        ),
        ('[[centres]]\ncode = " C1"\ntitle = "x"', "centres[1].code: ' C1' is not 1 to 64 printable signs"),
        ('[[arms]]\ncode = "A"\ntitle = "x"\n[[arms]]\ncode = "a"\ntitle = "y"', "arms[2].code: 'a' stands in arms[1]"),
    ],
)
def test_words_of_therapies_conditions_and_places_mean_one_thing(table: str, told: str) -> None:
    assert problems(f"{table}\n")[0].startswith(told)


def test_what_a_trial_gives_as_placebo_may_be_called_so_and_a_product_that_is_built_in_be_listed() -> None:
    agent = '[[agents]]\nname = "placebo"\nclass = "placebo"\n'
    product = '[[products]]\nname = "Benepali"\nagent = "etanercept"\nkind = "biosimilar"\n'

    assert [each.name for each in (*protocol(agent, product).agents, *protocol(agent, product).products)] == [
        "placebo",
        "Benepali",
    ]


@pytest.mark.parametrize("product", ["X7", "x-7®", "X 7™", "ẍ7"])
def test_two_own_words_of_drugs_are_not_one_but_for_what_makes_no_other_drug(product: str) -> None:
    agent = '[[agents]]\nname = "x-7"\nclass = "placebo"\n'
    table = f'{agent}[[products]]\nname = "{product}"\nagent = "x-7"\nkind = "generic"\n'

    assert problems(table) == ["products[1].name: 'x7' stands in agents[1] already; remove one"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('every = "1 year"', ""), "schedule[1].day: the schedule has a day or a rhythm, and here neither is"),
        (('every = "1 year"', 'every = "1 year"\nday = 3'), "schedule[1].day: the schedule has a day or a rhythm"),
        (('"1 year"', '"0 years"'), "schedule[1].every: '0 years' is not a length of time above 0"),
        (('"1 year"', '"often"'), "schedule[1].every: 'often' is not a length of time above 0"),
        (('"enrolment"', '"birth"'), "schedule[1].from: 'birth' is not 'enrolment', 'course' or 'line'"),
        (('"enrolment"', '"line"'), "schedule[1].of: is missing; write the classes or agents whose line begins it"),
        (('"enrolment"', '"line"\nof = ["TNFI"]'), "schedule[1].of: 'TNFI' is no class and no agent"),
        (('"enrolment"', '"enrolment"\nof = ["TNFi"]'), 'schedule[1].of: is of from = "course" or "line" only'),
        (("[-90, 90]", "[5, 90]"), "schedule[1].window: [5, 90] does not hold the due day, which is 0"),
        (("[-90, 90]", "[90, -90]"), "schedule[1].window: '[90, -90]' is not two whole numbers"),
        (
            ("[-90, 90]", '[-90, 90]\nrequires = ["basdia"]'),
            "schedule[1].requires: 'basdia' is no measure",
        ),
        (
            ("[-90, 90]", "[-90, 90]\nsince = 2030-01-01\nuntil = 2029-01-01"),
            "schedule[1].until: 2029-01-01 lies",
        ),
        (
            ("[-90, 90]", '[-90, 90]\nimaging = [{ modality = "PET", regions = ["leg"] }]'),
            "schedule[1].imaging[1].modality: 'PET' is no modality",
        ),
        (
            ("[-90, 90]", '[-90, 90]\nimaging = [{ modality = "mri", regions = ["sij"] }]'),
            "schedule[1].imaging[1].modality: 'mri' is no modality; did you mean 'MRI'?",
        ),
        (
            ("[-90, 90]", '[-90, 90]\nimaging = [{ modality = "MRI", regions = ["cervical-spin"] }]'),
            "schedule[1].imaging[1].regions: 'cervical-spin' is no region; did you mean 'cervical-spine'?",
        ),
        (
            (
                "[-90, 90]",
                (
                    '[-90, 90]\nimaging = [{ modality = "MRI", regions = ["sij", "spine"] }, { modality = "MRI", '
                    'regions = ["spine", "sij"], every = "2 years" }]'
                ),
            ),
            "schedule[1].imaging: asks twice for MRI of sij and spine; remove one",
        ),
    ],
)
def test_a_scheduled_visit_has_one_due_day_or_one_rhythm_and_a_window_around_it(
    change: tuple[str, str], told: str
) -> None:
    assert problems(YEARLY.replace(*change))[0].startswith(told)


@pytest.mark.parametrize(("every", "narrow", "wide"), [("1 year", 364, 365), ("1 month", 27, 28), ("2 weeks", 13, 14)])
def test_the_windows_of_a_rhythm_do_not_overlap(every: str, narrow: int, wide: int) -> None:
    rhythm = YEARLY.replace("1 year", every)

    assert protocol(rhythm.replace("[-90, 90]", f"[0, {narrow}]")).schedule[0].window == (0, narrow)
    assert problems(rhythm.replace("[-90, 90]", f"[0, {wide}]")) == [
        f"schedule[1].window: [0, {wide}] overlaps the next one: two due days are {wide} days apart at the least"
    ]


def test_the_windows_of_two_visits_from_one_anchor_do_not_overlap() -> None:
    """The first year ends 365 days after enrolment at the earliest: 90 days before is day 275."""
    assert len(protocol(BASELINE.replace("14]", "274]"), YEARLY).schedule) == 2
    [told] = problems(BASELINE.replace("14]", "275]"), YEARLY)
    assert told.startswith(
        "schedule[2].window: overlaps that of 'baseline', from the same enrolment: both hold day 275"
    )


def test_two_rhythms_from_one_anchor_meet_unless_one_ends_before_the_other_begins() -> None:
    half_yearly = YEARLY.replace("1 year", "6 months").replace("year {n}", "half-year {n}").replace("90", "10")

    [told] = problems(YEARLY.replace("90", "10"), half_yearly)

    assert told.startswith("schedule[2].window: overlaps that of 'year 1', from the same enrolment: both hold day 35")
    parted = (YEARLY.replace("90", "10"), "until = 2027-01-01\n", half_yearly, "since = 2027-01-01\n")
    assert len(protocol(*parted).schedule) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [('["TNFi"]', '["adalimumab"]'), ('["TNFi", "IL-17i"]', '["IL-17i", "JAKi"]'), ('["x"]', '["IL-6i"]')],
)
def test_one_course_is_one_anchor_be_it_named_by_its_agent_or_by_its_class(one: str, other: str) -> None:
    agent = '[[agents]]\nname = "x"\nclass = "IL-6i"\n'
    visits = [
        YEARLY.replace("year {n}", name).replace('"enrolment"', f'"course"\nof = {of}')
        for name, of in (("a", one), ("b", other))
    ]

    [told] = problems(agent, *visits)

    assert told.startswith("schedule[2].window: overlaps that of 'a', from the same course: both hold day 275")
    apart = visits[1].replace(other, '["NSAID"]')
    assert len(protocol(agent, visits[0], apart).schedule) == 2


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("year {n}", "Year 1", "Year 1"),
        ("year {n}", "year{n}", "year1"),
        ("year {n}", "year 1{n}", "year 11"),
        ("year 12", "year {n}", "year 12"),
        ("Baseline", "baseline", "baseline"),
    ],
)
def test_no_two_visits_are_called_alike_whatever_they_count_from(first: str, second: str, both: str) -> None:
    one, other = (
        BASELINE.replace("baseline", name) if "{" not in name else YEARLY.replace("year {n}", name)
        for name in (first, second)
    )
    of_a_line = other.replace('"enrolment"', '"line"\nof = ["TNFi"]')

    assert problems(one, of_a_line) == [
        f"schedule[2].name: {second!r} is called as {first!r} in schedule[1]: both can be {both!r}; write another name"
    ]


def test_names_that_no_number_makes_one_stand_beside_each_other() -> None:
    names = ("year {n}", "year 0", "year 101", "year {n} b", "year 1{n} c")
    visits = [
        YEARLY
        if name == names[0]
        else YEARLY.replace("year {n}", name).replace('"enrolment"', f'"course"\nof = ["{of}"]')
        for name, of in zip(names, ("", "TNFi", "JAKi", "IL-17i", "IL-6i"))
    ]

    assert [each.name for each in protocol(*visits).schedule] == list(names)


@pytest.mark.parametrize("name", ["year {N}", "year {m}", "year { n }", "year {n"])
def test_a_name_counts_with_n_or_not_at_all(name: str) -> None:
    assert problems(YEARLY.replace("year {n}", name)) == [
        f"schedule[1].name: {name!r} has braces that do not count; write {{n}}, as in year {{n}}, or none"
    ]


@pytest.mark.parametrize("word", ["NSAID", "methotrexate", "placebo"])
def test_a_line_begins_with_a_targeted_therapy(word: str) -> None:
    agent = '[[agents]]\nname = "placebo"\nclass = "placebo"\n'
    visit = YEARLY.replace('"enrolment"', f'"line"\nof = ["TNFi", "{word}"]')

    assert problems(agent, visit) == [
        f'schedule[1].of: {word!r} begins no line of therapy; write from = "course", or a targeted therapy'
    ]
    assert protocol(agent, visit.replace('"line"', '"course"')).schedule[0].of == ("TNFi", word)


def test_a_visit_can_be_due_before_its_anchor() -> None:
    assert protocol(BASELINE.replace("day = 0", "day = -14").replace("14]", "13]")).schedule[0].day == -14


def test_windows_from_other_anchors_may_meet() -> None:
    of_a_line = BASELINE.replace("baseline", "start").replace('"enrolment"', '"line"\nof = ["TNFi"]')

    assert len(protocol(BASELINE, of_a_line).schedule) == 2


@pytest.mark.parametrize(("table", "number", "at_most"), [("measures", 10_000, "1,000"), ("centres", 501, "500")])
def test_a_protocol_of_more_than_anybody_oversees_is_refused(table: str, number: int, at_most: str) -> None:
    named = "code" if table == "centres" else "name"
    tables = [f'[[{table}]]\n{named} = "a{each}"\ntitle = "x"\n' for each in range(number)]

    told = problems(*tables) if number < 1_000 else _refused(tables)

    assert any(problem.startswith(f"{table}: has {number:,} ") and at_most in problem for problem in told)


def _refused(tables: list[str]) -> list[str]:
    with pytest.raises(DefinitionError) as refusal:
        protocol_of((HEAD + "".join(tables)).encode(), "p.toml")
    return list(refusal.value.problems)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (HEAD.replace("format = 1", "format = 2"), "format: '2' is not a whole number from 1 to 1"),
        (HEAD.replace("format = 1", ""), "format: is missing"),
        (HEAD.replace("axspa-north", "AxSpA North"), "protocol: 'AxSpA North' is not 1 to 64 of a-z 0-9 . _ -"),
        (HEAD + "\x00", "is not TOML in UTF-8"),
        (HEAD + "[[measures]\n", "is not TOML in UTF-8"),
        (HEAD + "measures = 7\n", "measures: is not a list of tables; write [[measures]]"),
    ],
)
def test_what_is_no_protocol_file_is_told_as_one_line(head: str, told: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        protocol_of(head.encode(), "p.toml")

    assert refusal.value.problems[0].startswith(told)
