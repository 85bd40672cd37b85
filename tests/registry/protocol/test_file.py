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
from tests.registry.protocol.given import BMI, HEAD, SMOKING, problems

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
