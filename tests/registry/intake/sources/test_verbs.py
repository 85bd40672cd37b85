"""The verbs of a mapping: what each makes of a cell, and what it refuses to make of it."""

from __future__ import annotations

import re

import pytest

from registry.intake.sources.foreign_source import SourceField
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.hand_made import HandMade, found, mapped, rows_of

VISITS = """
[[table]]
to = "visits"
visited_on = { field = "date" }
"""


def visit(**values: str) -> dict[str, str]:
    return {"pat": "P1", "date": "2020-01-02", **values}


def made(cell: str, *rows: dict[str, str], said: str = "", to: str = "visits") -> list[str]:
    """What a cell of each row becomes: its verbs, in TOML."""
    name = cell.split(" ", maxsplit=1)[0]
    source = mapped(HandMade(rows), f'[[table]]\nto = "{to}"\n{cell}', said=said)
    return [row.get(name, "") for row in rows_of(source)]


def test_a_field_is_taken_as_it_stands() -> None:
    assert made('crp = { field = "x" }', visit(x="<5")) == ["<5"]


def test_a_unit_becomes_part_of_the_header() -> None:
    source = mapped(HandMade([visit(x="0.5")]), VISITS + 'crp = { field = "x", unit = "mg/dl" }')

    assert rows_of(source) == [{"patient": "P1", "visited_on": "2020-01-02", "crp [mg/dl]": "0.5"}]


def test_a_constant_stands_in_each_row() -> None:
    source = mapped(HandMade([visit(), visit()]), VISITS + 'visit = { constant = "baseline" }')

    assert [row["visit"] for row in rows_of(source)] == ["baseline", "baseline"]


def test_codes_are_words_of_ours() -> None:
    codes = 'visit = { field = "x", codes = { "0" = "baseline", "1" = "week 12" } }'

    assert made(codes, visit(x="1"), visit(x="0")) == ["week 12", "baseline"]


def test_a_value_that_no_code_covers_is_refused_once_with_how_often() -> None:
    rows = [visit(x="1"), visit(x="7"), visit(x="7"), visit(x="8")]
    source = mapped(HandMade(rows), VISITS + 'visit = { field = "x", codes = { "1" = "week 12" } }')

    assert found(source) == [
        "x: '7' is covered by none of the codes (2 rows)",
        "x: '8' is covered by none of the codes (1 row)",
    ]


def test_what_no_code_covers_is_missing_where_the_mapping_says_so() -> None:
    other = VISITS + 'visit = { field = "x", codes = { "1" = "week 12" }, other = "missing" }'
    source = mapped(HandMade([visit(x="7")]), other)

    assert rows_of(source) == [{"patient": "P1", "visited_on": "2020-01-02"}]
    assert found(source) == []


def test_the_first_field_that_says_something_counts() -> None:
    first = 'crp = { first = ["a", "b"] }'

    assert made(first, visit(a="1", b="2"), visit(a="", b="2")) == ["1", "2"]


def test_a_value_counts_before_the_reason_why_another_is_missing() -> None:
    catalogue_reason = 'crp = { first = ["a", "b"] }'

    assert made(catalogue_reason, visit(a="-99", b="2"), said='missing = { "-99" = "" }') == ["2"]


def test_words_for_nothing_are_nothing() -> None:
    assert made('crp = { field = "x" }', visit(x="k.A.", date="2020-01-02"), visit(x="5"),
                said='missing = { "k.A." = "", "?" = "" }') == ["5"]  # fmt: skip


@pytest.mark.parametrize("said", ["-99", "k.A.", "n.d.", "?"])
def test_a_row_counts_as_empty_where_its_field_says_nothing(said: str) -> None:
    when = VISITS + 'when = { field = "done" }'
    source = mapped(HandMade([visit(done=said), visit(done="x")]), when,
                    said='missing = { "-99" = "", "k.A." = "", "n.d." = "", "?" = "" }')  # fmt: skip

    assert len(rows_of(source)) == 1


def test_rows_count_where_a_field_is_one_of_some_values() -> None:
    when = VISITS + 'when = { field = "done", is = ["1", "2"] }'
    rows = [visit(done="1"), visit(done="2"), visit(done="3"), visit(done="")]

    assert len(rows_of(mapped(HandMade(rows), when))) == 2


def test_rows_count_where_a_field_is_none_of_some_values_and_not_empty() -> None:
    when = VISITS + 'when = { field = "done", not = ["3"] }'
    rows = [visit(done="1"), visit(done="3"), visit(done="")]

    assert len(rows_of(mapped(HandMade(rows), when))) == 1


def test_all_of_several_conditions_must_hold() -> None:
    when = VISITS + 'when = [{ field = "a", is = "1" }, { field = "b", is = "1" }]'
    rows = [visit(a="1", b="1"), visit(a="1", b="0")]

    assert len(rows_of(mapped(HandMade(rows), when))) == 1


def test_a_name_with_n_stands_for_all_fields_that_there_are() -> None:
    source = mapped(HandMade([visit(bd1="3", bd2="4")]), VISITS + '"basdai_{n}" = { field = "bd{n}" }')

    assert rows_of(source)[0] == {"patient": "P1", "visited_on": "2020-01-02", "basdai_1": "3", "basdai_2": "4"}


def test_a_name_with_n_stands_for_the_first_of_several_fields_too() -> None:
    rows = HandMade([visit(bd1a="3", bd1b="9"), visit(bd1b="4", bd2b="5")])

    made = rows_of(mapped(rows, VISITS + '"basdai_{n}" = { first = ["bd{n}a", "bd{n}b"] }'))

    assert [(row["basdai_1"], row.get("basdai_2")) for row in made] == [("3", None), ("4", "5")]


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('"basdai_{m}" = { field = "bd{n}" }', "basdai_{m}"),
        ('basdai_1 = { field = "bd{n}" }', "basdai_1"),
        ('"basdai_{0}" = { field = "bd{0}" }', "basdai_{0}"),
        ('when = { field = "bd{n}" }', "when"),
    ],
)
def test_a_part_in_braces_that_stands_for_nothing_is_refused(more: str, key: str) -> None:
    with pytest.raises(DefinitionError, match=rf"table\[1\].{re.escape(key)}: visits.csv has no field"):
        mapped(HandMade([visit(bd1="3")]), VISITS + more)


def test_that_a_field_has_to_be_empty_is_said_by_its_value_and_not_by_no() -> None:
    with pytest.raises(DefinitionError, match=r"when.not-empty: is true or left out"):
        mapped(HandMade([visit(a="1")]), VISITS + 'when = { field = "a", not-empty = false }')


@pytest.mark.parametrize("to", ['to = "visit"', "to = 3", ""], ids=["a slip", "a number", "nothing"])
def test_of_an_unknown_table_that_alone_is_told_and_not_that_its_columns_are_unknown_too(to: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        mapped(HandMade([{"d": "x"}]), f'[[table]]\n{to}\nvisited_on = {{ field = "d" }}\ncrp = {{ field = "d" }}')

    (problem,) = refused.value.problems
    assert problem.startswith("table[1].to: ")


def test_codes_are_refused_where_nothing_has_a_code() -> None:
    with pytest.raises(DefinitionError, match=r"basdai_1.codes: are of field, first and checkbox only"):
        mapped(HandMade([visit()]), VISITS + 'basdai_1 = { constant = "1", codes = { 1 = "2" } }')


def test_a_row_that_another_rule_takes_for_its_unit_is_what_it_was() -> None:
    rules = [
        f'{VISITS}key = ["pat"]\nwhen = {{ field = "u", is = "{unit}" }}\ncrp = {{ field = "x", unit = "{unit}" }}\n'
        for unit in ("mg/l", "mg/dl")
    ]
    source = mapped(HandMade([visit(u="mg/l", x="5"), visit(u="mg/dl", x="5")]), "".join(rules))

    assert [row["id"] for row in rows_of(source)] == ["P1", "P1"]


def test_the_sign_between_the_parts_of_a_key_makes_no_two_rows_one() -> None:
    key = '[[table]]\nto = "visits"\nkey = ["a", "b"]\nvisited_on = { field = "date" }'
    source = mapped(HandMade([visit(a="1/2", b="3"), visit(a="1", b="2/3")]), key)

    assert len({row["id"] for row in rows_of(source)}) == 2


WIDE = """
[[table]]
to = "treatments"
repeat = { n = [1, 2] }
when = { field = "drug_{n}", not = "" }
agent = { field = "drug_{n}" }
started_on = { year = "y_{n}", month = "m_{n}" }
stop_reason = { first = ["a_{n}", "b_{n}"], codes = { "3" = "adverse-event" } }
"""


def test_wide_rows_become_long_ones() -> None:
    row = {"pat": "P1", "drug_1": "Humira", "y_1": "2019", "m_1": "5", "a_1": "", "b_1": "3"}
    row |= {"drug_2": "Enbrel", "y_2": "2020", "m_2": "", "a_2": "", "b_2": ""}

    assert rows_of(mapped(HandMade([row]), WIDE)) == [
        {"patient": "P1", "agent": "Humira", "started_on": "2019-05", "stop_reason": "adverse-event"},
        {"patient": "P1", "agent": "Enbrel", "started_on": "2020"},
    ]


def test_a_repeat_that_the_source_has_not_is_refused_by_its_name() -> None:
    row = {f"{name}_1": "1" for name in ("drug", "y", "m", "a", "b")} | {"pat": "P1", "drug_2": ""}

    with pytest.raises(DefinitionError, match=r"table\[1\].started_on: visits.csv has no field 'y_2'"):
        mapped(HandMade([row]), WIDE)


def test_several_fields_of_a_row_are_rows_of_their_own() -> None:
    pivot = """
    [[table]]
    to = "readings"
    study = { field = "mri" }
    reader = { constant = "R1" }
    method = { constant = "berlin" }
    pivot = { location = "{place}", field = "berlin_{place}", names = { c2c3 = "C2/3", c3c4 = "C3/4" } }
    """
    row = {"pat": "P1", "mri": "M1", "berlin_c2c3": "2", "berlin_c3c4": "-99"}
    source = mapped(HandMade([row]), pivot, said='missing = { "-99" = "" }')

    assert rows_of(source) == [{"study": "M1", "reader": "R1", "method": "berlin", "location": "C2/3", "grade": "2"}]


def test_a_pattern_that_no_field_has_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"visits.csv has no field like 'bd\{n\}'"):
        mapped(HandMade([visit()]), VISITS + '"basdai_{n}" = { field = "bd{n}" }')


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        pytest.param(("2019", "5", "7"), "2019-05-07", id="day"),
        pytest.param(("2019", "05", ""), "2019-05", id="month"),
        pytest.param(("2019", "", ""), "2019", id="year"),
        pytest.param(("-99", "", ""), "", id="nothing"),
    ],
)
def test_a_partial_day_comes_from_its_parts(parts: tuple[str, str, str], day: str) -> None:
    row = {"pat": "P1", "enr": "2020-01-02", **dict(zip("ymd", parts, strict=True))}
    cells = 'enrolled_on = { field = "enr" }\nsymptom_onset = { year = "y", month = "m", day = "d" }'
    source = mapped(HandMade([row]), f'[[table]]\nto = "patients"\n{cells}', said='missing = { "-99" = "" }')

    assert rows_of(source)[0].get("symptom_onset", "") == day


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("2019", "", "7"), "d: '7' stands without m (1 row)"),
        (("98", "", ""), "y: '98' is no part of a day (1 row)"),
        (("2019", "Mai", ""), "m: 'Mai' is no part of a day (1 row)"),
    ],
)
def test_parts_that_make_no_day_are_refused(parts: tuple[str, str, str], why: str) -> None:
    row = {"pat": "P1", **dict(zip("ymd", parts, strict=True))}
    source = mapped(
        HandMade([row]), '[[table]]\nto = "patients"\nsymptom_onset = { year = "y", month = "m", day = "d" }'
    )

    assert found(source) == [why]


def test_the_key_tells_rows_apart_for_good() -> None:
    key = '[[table]]\nto = "visits"\nkey = ["pat", "nr"]\nvisited_on = { field = "date" }'

    assert rows_of(mapped(HandMade([visit(nr="3")]), key))[0]["id"] == "P1/3"


@pytest.mark.parametrize("cell", ['visit = { event = { a = "baseline" } }', "visit = { instance = true }"])
def test_events_and_instances_are_of_redcap_alone(cell: str) -> None:
    with pytest.raises(DefinitionError, match=r"table\[1\].visit: only redcap has events and instances"):
        mapped(HandMade([visit()]), VISITS + cell)


def test_a_field_of_an_unknown_format_is_refused_where_it_is_mapped_and_may_be_ignored() -> None:
    source = HandMade([visit(w="3")], SourceField("w", holds="unknown", format="WKYR8"))

    with pytest.raises(DefinitionError, match=r"table\[1\].esr: w is written in the format 'WKYR8', which is not"):
        mapped(source, VISITS + 'esr = { field = "w" }')
    assert rows_of(mapped(source, '[ignore]\nw = "weeks"\n' + VISITS))
