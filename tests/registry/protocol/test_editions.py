"""What a new edition of a protocol may change: it adds, relabels, widens and ends; what stored values mean stays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.protocol import Protocol
from registry.protocol.coherence import problems_of
from registry.protocol.editions import Difference, differences, edition_problems
from tests.registry.protocol.given import BASELINE, BMI, ITEMS, MEAN, SMOKING, YEARLY, protocol

UNIT = '[[units]]\nname = "ng/ml"\nto = { "ug/l" = "1" }\n'
AGENT = '[[agents]]\nname = "x-7"\nclass = "IL-17i"\n'
PRODUCT = '[[products]]\nname = "Newcept"\nagent = "etanercept"\nkind = "biosimilar"\n'
CONDITION = '[[conditions]]\nname = "sjogren"\nlabel = "S"\nicd10 = ["M35.0"]\ngroup = "comorbidity"\n'
CENTRE = '[[centres]]\ncode = "C1"\ntitle = "Northtown"\n'
MISSING = '[missing]\nNASK = "not asked"\n'
WHOLE = (UNIT, BMI, SMOKING, ITEMS, MEAN, AGENT, PRODUCT, CONDITION, CENTRE, BASELINE, MISSING)
FIRST = protocol(*WHOLE)


def refused(*tables: str) -> list[str]:
    """What is told of a second edition with these tables, after one that has all."""
    return [str(problem) for problem in edition_problems(FIRST, protocol(*tables))]


def changed(table: str, *change: str) -> list[str]:
    """What is told of a second edition in which something of one table is said otherwise."""
    assert change[0] in table
    return refused(*(table.replace(*change) if each == table else each for each in WHOLE))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (BMI, ("body mass index", "BMI")),
        (BMI, ("[10, 80]", "[9.5, 81]")),
        (BMI, ("[10, 80]", "[10, inf]")),
        (BMI, ("range", "plausible = [14, 60]\nlaboratory = true\nuntil = 2030-01-01\nrange")),
        (SMOKING, ('never = "never"', 'never = "non-smoker", unsure = "unsure"')),
        (SMOKING, ("label", "ended_codes = { former = 2030-01-01 }\nordinal = true\nlabel")),
        (MEAN, ("both items", "mean of both")),
        (MEAN, ("edition = 1", "edition = 2")),
        (UNIT, ('{ "ug/l" = "1" }', '{ "ug/l" = 1.0, "mg/l" = 0.001 }')),
        (AGENT, ("class", 'atc = "L04AC99"\nclass')),
        (CONDITION, ('["M35.0"]', '["M35", "M35.0"]')),
        (CENTRE, ("Northtown", "Northtown General")),
        (BASELINE, ("[-30, 14]", "[-14, 14]")),
        (BASELINE, ("day = 0", "day = 7")),
        (BASELINE, ('"basdai", ', "")),
        (BASELINE, ("day = 0", "day = 0\nsince = 2010-01-01\nuntil = 2030-01-01")),
        (MISSING, ("not asked", "was not asked")),
    ],
)
def test_an_edition_may_relabel_widen_end_and_schedule_anew(table: str, change: tuple[str, str]) -> None:
    assert changed(table, *change) == []


def test_an_edition_may_add_in_any_place() -> None:
    assert refused(YEARLY, BMI.replace('"bmi"', '"weight_index"'), *WHOLE) == []


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (UNIT, "units: 'ng/ml' of the edition before is gone; write it again"),
        (BMI, "measures: 'bmi' of the edition before is gone; what is collected no more stays, with until"),
        (MEAN, "scores: 'both' of the edition before is gone"),
        (AGENT, "agents: 'x-7' of the edition before is gone"),
        (PRODUCT, "products: 'Newcept' of the edition before is gone"),
        (CONDITION, "conditions: 'sjogren' of the edition before is gone"),
        (CENTRE, "centres: 'C1' of the edition before is gone"),
        (BASELINE, "schedule: 'baseline' of the edition before is gone"),
        (MISSING, "missing: 'NASK' of the edition before is gone; write it again"),
    ],
)
def test_nothing_is_ever_taken_away(left_out: str, told: str) -> None:
    [problem] = refused(*(each for each in WHOLE if each != left_out))

    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        (BMI, ("kg/m2", "score"), "measures[1].unit: was 'kg/m2' and stays; write another name for what is 'score'"),
        (BMI, ("[10, 80]", "[11, 80]"), "measures[1].range: 11 to 80 is narrower than 10 to 80 of the edition before"),
        (BMI, ("[10, 80]", "[10, 79.9]"), "measures[1].range: 10 to 79.9 is narrower than 10 to 80"),
        (
            BMI,
            ('unit = "kg/m2"\nrange = [10, 80]', 'holds = "text"'),
            "measures[1].holds: was 'number' and stays; write another name for what is 'text'",
        ),
        (
            SMOKING,
            ('never = "never", ', ""),
            "measures[2].codes: 'never' of the edition before is gone",
        ),
        (
            SMOKING,
            (', current = "current" }', " }"),
            "measures[2].codes: 'current' of the edition before is gone; write it again, with its day in ended_codes",
        ),
        (
            MEAN,
            ('"item_1", "item_2"', '"item_2", "item_1"'),
            "scores[1].edition: items changed, and",
        ),
        (MEAN, ('"mean"', '"max"'), "scores[1].edition: rule changed, and the edition did not; write edition = 2"),
        (MEAN, ('"mean"', '"mean"\nreverse = ["item_1"]'), "scores[1].edition: reverse changed"),
        (UNIT, ('"1"', '"2"'), "units[1].to.ug/l: was 1 and stays"),
        (AGENT, ("IL-17i", "TNFi"), "agents[1].class: was 'IL-17i' and stays"),
        (PRODUCT, ('agent = "etanercept"', 'agent = "x-7"'), "products[1].agent: was 'etanercept' and stays"),
        (CONDITION, ('["M35.0"]', '["M35"]'), "conditions[1].icd10: 'M35.0' of the edition before is gone"),
        (
            BASELINE,
            ('"enrolment"', '"course"\nof = ["TNFi"]'),
            "schedule[1].from: was 'enrolment' and stays; write another name for what is 'course'",
        ),
        (BASELINE, ("day = 0", 'every = "1 year"'), "schedule[1].every: the visit had day, and stays with it"),
        (CONDITION, ('"comorbidity"', '"event"'), "conditions[1].group: was 'comorbidity' and stays"),
    ],
)
def test_what_stored_values_mean_is_never_changed(table: str, change: tuple[str, str], told: str) -> None:
    assert changed(table, *change)[0].startswith(told)


def test_a_visit_that_recurs_does_so_as_often_as_before_however_that_is_written() -> None:
    yearly, half_yearly, in_months = (
        protocol(YEARLY.replace("1 year", each)) for each in ("1 year", "6 months", "12 months")
    )

    [told] = edition_problems(yearly, half_yearly)

    assert str(told).startswith(
        "schedule[1].every: was '1 year' and stays, for its repetitions are counted by it; give it"
    )
    assert [*edition_problems(yearly, in_months)] == []


def test_the_words_of_a_list_keep_their_order() -> None:
    other = SMOKING.replace('never = "never", ', "").replace("current =", 'never = "never", current =')

    assert changed(SMOKING, SMOKING, other) == [
        "measures[2].codes: was in the order never, former and current, which stays; new words may stand between"
    ]


def test_a_score_never_goes_back_to_an_earlier_edition() -> None:
    second, first = MEAN.replace("edition = 1", "edition = 2"), MEAN

    told = [str(each) for each in edition_problems(protocol(ITEMS, second), protocol(ITEMS, first))]

    assert told == ["scores[1].edition: 1 is before 2, which the registry has"]


def test_a_score_keeps_its_first_edition_beside_the_second_or_leaves_it_out() -> None:
    second = MEAN.replace("edition = 1", "edition = 2").replace('"mean"', '"sum"')
    one = protocol(ITEMS, MEAN)

    assert [*edition_problems(one, protocol(ITEMS, MEAN, second))] == []
    assert [*edition_problems(one, protocol(ITEMS, second))] == []


def test_an_edition_of_a_score_that_was_left_out_does_not_come_back_with_another_formula() -> None:
    second = MEAN.replace("edition = 1", "edition = 2")

    [told] = edition_problems(protocol(ITEMS, second), protocol(ITEMS, MEAN.replace('"mean"', '"max"'), second))

    assert str(told) == (
        "scores[1].edition: 1 was left out before 2, and its formula is not known any more; leave it out"
    )


def test_a_measure_takes_values_beyond_a_limit_for_ever_once_it_did() -> None:
    of_a_laboratory = protocol(BMI, "laboratory = true\n")

    [told] = edition_problems(of_a_laboratory, protocol(BMI))

    assert str(told) == "measures[1].laboratory: was true and stays: values below and above a limit were taken"


def test_a_visit_is_asked_of_more_courses_and_never_of_others() -> None:
    of_two, of_three, of_one = (
        protocol(YEARLY.replace('"enrolment"', f'"line"\nof = {of}'))
        for of in ('["TNFi", "JAKi"]', '["IL-17i", "JAKi", "TNFi"]', '["TNFi"]')
    )

    assert [*edition_problems(of_two, of_three)] == []
    assert [str(each) for each in edition_problems(of_two, of_one)] == [
        "schedule[1].of: 'JAKi' of the edition before is gone; write it again"
    ]


def test_another_protocol_is_no_edition_of_this_one() -> None:
    south = Protocol(protocol="south", title="Southern cohort")

    assert [str(each) for each in edition_problems(FIRST, south)] == [
        "protocol: 'south' is another protocol than this registry's 'axspa-north'"
    ]


def test_what_a_registry_has_adopted_is_not_judged_anew_where_a_later_spondyl_has_the_word_itself() -> None:
    held = protocol(BMI)
    built_in = replace(BUILT_IN, measures={**BUILT_IN.measures, "bmi": BUILT_IN.measures["crp"]})

    assert [str(each) for each in problems_of(held, built_in)] == [
        "measures[1].name: 'bmi' is built in; write another name"
    ]
    assert [*problems_of(protocol(SMOKING, BMI), built_in, held=held)] == []


def test_differences_are_told_by_thing_and_key_in_the_order_of_a_file() -> None:
    one = protocol(BMI, SMOKING)
    other = protocol(BMI.replace("80]", "81.5]"), SMOKING, CENTRE, MISSING)

    assert differences(one, other) == [
        Difference("protocol", "missing", None, {"NASK": "not asked"}),
        Difference("measures bmi", "range", (Decimal(10), Decimal(80)), (Decimal(10), Decimal("81.5"))),
        Difference("centres C1", None, None, {"code": "C1", "title": "Northtown"}),
    ]
    assert differences(one, one) == []


TURNED = MEAN.replace('rule = "mean"', 'rule = "mean"\nreverse = ["item_2"]')
WIDER = ITEMS.replace("range = [0, 3]", "range = [0, 4]")
MORE = ITEMS.replace("range = [0, 3]", "range = [-1, 4]")


def after_turned(*tables: str) -> list[str]:
    """What is told of a second edition with these tables, after one whose score turns an item round."""
    return [str(problem) for problem in edition_problems(protocol(ITEMS, TURNED), protocol(*tables))]


def test_a_range_by_which_a_score_turns_an_item_round_widens_with_a_new_edition_of_the_score_alone() -> None:
    (why,) = after_turned(WIDER, TURNED)

    assert why.startswith(
        "scores[1].edition: the range of item_2, by which it is turned round, changed, and the edition"
    )
    assert why.endswith("did not; write edition = 2")
    assert after_turned(WIDER, TURNED.replace("edition = 1", "edition = 2")) == []
    assert after_turned(WIDER, TURNED, TURNED.replace("edition = 1", "edition = 2")) == []


def test_a_range_that_widens_by_as_much_at_both_ends_changes_no_score() -> None:
    assert after_turned(MORE, TURNED) == []
