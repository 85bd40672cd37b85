"""Days and numbers in the ways in which a source writes them: stated by the mapping, and never guessed."""

from __future__ import annotations

from collections import Counter

import pytest

from registry.intake.sources.foreign_source import SourceField
from registry.intake.sources.month_names import SHORT, WHOLE
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.hand_made import HandMade, found, mapped, rows_of

VISITS = '[[table]]\nto = "visits"\nvisited_on = { field = "d" }\n'
PATIENTS = '[[table]]\nto = "patients"\nenrolled_on = { constant = "2020-01-02" }\n'


def days(*texts: str, said: str, typed_days: bool = False) -> list[str]:
    source = HandMade([{"pat": "P1", "d": text} for text in texts], typed_days=typed_days)
    return [row["visited_on"] for row in rows_of(mapped(source, VISITS, said=said))]


def refused(*texts: str, said: str, tables: str = VISITS) -> list[str]:
    return found(mapped(HandMade([{"pat": "P1", "d": text} for text in texts]), tables, said=said))


def test_days_are_read_as_the_mapping_says() -> None:
    assert days("24.03.2021", "1.2.2021", said='dates = ["%d.%m.%Y"]') == ["2021-03-24", "2021-02-01"]


def test_several_ways_are_read_side_by_side() -> None:
    assert days("24.03.2021", "2021-03-25", said='dates = ["%d.%m.%Y", "%Y-%m-%d"]') == ["2021-03-24", "2021-03-25"]


@pytest.mark.parametrize(
    ("written", "way", "day"),
    [
        ("3. März 2020", "%d. %B %Y", "2020-03-03"),
        ("3. Ma\u0308rz 2020", "%d. %B %Y", "2020-03-03"),
        ("1. Jänner 2020", "%d. %B %Y", "2020-01-01"),
        ("31 DÉCEMBRE 2020", "%d %B %Y", "2020-12-31"),
        ("14 juillet 2020", "%d %B %Y", "2020-07-14"),
        ("5 maart 2020", "%d %B %Y", "2020-03-05"),
        ("5 May 2020", "%d %B %Y", "2020-05-05"),
        ("05-Okt-20", "%d-%b-%y", "2020-10-05"),
        ("5 févr. 2020", "%d %b. %Y", "2020-02-05"),
        ("5 mrt 2020", "%d %b %Y", "2020-03-05"),
        ("5-Dec-2020", "%d-%b-%Y", "2020-12-05"),
    ],
)
def test_months_have_names_in_four_languages(written: str, way: str, day: str) -> None:
    assert days(written, said=f'dates = ["{way}"]') == [day]


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("3 jui 2020", "%d %b %Y"),
        ("3 Oktober 2020", "%d %b %Y"),
        ("3 Okt 2020", "%d %B %Y"),
        ("3 Mäy 2020", "%d %B %Y"),
    ],
    ids=["of two months", "whole", "cut short", "of no month"],
)
def test_another_name_of_a_month_than_the_way_to_write_it_has_is_refused(written: str, way: str) -> None:
    assert refused(written, said=f'dates = ["{way}"]') == [f"d: '{written}' is no day as {way} (1 row)"]


def test_no_name_is_that_of_two_months_in_all_the_languages_together() -> None:
    pairs = zip(WHOLE.items(), SHORT.items(), strict=True)
    of_months = [{*f"{whole} {names} {short} {others}".casefold().split()} for (whole, names), (short, others) in pairs]
    months = Counter(name for names in of_months for name in names)

    assert max(months.values()) == 1
    assert len(months) > 50


def test_days_in_mixed_orders_are_read_where_only_one_can_be_meant() -> None:
    assert days("24/03/2021", "03/24/2021", "4/4/2021", said='dates = ["%d/%m/%Y", "%m/%d/%Y"]') == [
        "2021-03-24",
        "2021-03-24",
        "2021-04-04",
    ]


def test_ambiguous_days_are_refused_in_one_message_with_how_many_they_are() -> None:
    mixed = refused("03/04/2021", "24/03/2021", "05/06/2021", "07/08/2021", said='dates = ["%d/%m/%Y", "%m/%d/%Y"]')

    assert mixed == [
        "d: '03/04/2021' may be 2021-03-04 or 2021-04-03; list one way to write days (3 rows)",
    ]


def test_days_written_otherwise_are_refused_in_one_message() -> None:
    assert refused("2021-03-24", "2021-03-25", said='dates = ["%d.%m.%Y"]') == [
        "d: '2021-03-24' is no day as %d.%m.%Y (2 rows)"
    ]


def test_without_a_way_days_are_ours() -> None:
    assert days("2021-03-24", said="") == ["2021-03-24"]
    assert refused("24.03.2021", said="") == [
        "d: '24.03.2021' is no day as YYYY-MM-DD; list how days are written under dates, as \"%d.%m.%Y\" (1 row)"
    ]


def test_a_way_without_anything_between_needs_all_digits() -> None:
    assert days("01122021", said='dates = ["%d%m%Y"]') == ["2021-12-01"]
    assert refused("1122021", said='dates = ["%d%m%Y"]') == ["d: '1122021' is no day as %d%m%Y (1 row)"]


def test_a_time_of_day_is_read_where_the_mapping_says_so() -> None:
    assert days("2021-03-24 08:30", said='dates = ["%Y-%m-%d %H:%M"]') == ["2021-03-24"]
    assert refused("2021-03-24 08:30", said='dates = ["%Y-%m-%d"]') == [
        "d: '2021-03-24 08:30' is no day as %Y-%m-%d (1 row)"
    ]


@pytest.mark.parametrize(("way", "day"), [("excel-serial", "2020-01-01"), ("excel-serial-1904", "2024-01-02")])
def test_serial_numbers_are_days_where_the_mapping_says_so(way: str, day: str) -> None:
    assert days("43831", said=f'dates = ["{way}"]') == [day]


def test_a_serial_number_is_refused_with_the_mend_where_nobody_says_so() -> None:
    assert refused("43831", said='dates = ["%d.%m.%Y"]') == [
        (
            "d: '43831' is no day as %d.%m.%Y; a number of days as spreadsheets count them is read by \"excel-serial\" "
            "under dates (1 row)"
        )
    ]


def test_typed_days_need_no_way() -> None:
    assert days("2021-03-24", "25.03.2021", said='dates = ["%d.%m.%Y"]', typed_days=True) == [
        "2021-03-24",
        "2021-03-25",
    ]


@pytest.mark.parametrize(("text", "day"), [("03/2019", "2019-03"), ("2019", "2019"), ("24.03.2019", "2019-03-24")])
def test_partial_days_are_as_fine_as_they_are_written(text: str, day: str) -> None:
    source = mapped(HandMade([{"pat": "P1", "d": text}]), PATIENTS + 'symptom_onset = { field = "d" }',
                    said='dates = ["%d.%m.%Y"]\npartial_dates = ["%m/%Y", "%Y"]')  # fmt: skip

    assert [row["symptom_onset"] for row in rows_of(source)] == [day]


def test_a_partial_day_is_no_whole_one() -> None:
    assert refused("03/2019", said='dates = ["%d.%m.%Y"]\npartial_dates = ["%m/%Y"]') == [
        "d: '03/2019' is no day as %d.%m.%Y (1 row)"
    ]


@pytest.mark.parametrize(("text", "year"), [("24.03.1980", "1980"), ("1980", "1980")])
def test_a_year_is_taken_of_a_day_where_the_mapping_says_so(text: str, year: str) -> None:
    source = mapped(HandMade([{"pat": "P1", "d": text}]), PATIENTS + 'birth_year = { field = "d", as = "year" }',
                    said='dates = ["%d.%m.%Y"]')  # fmt: skip

    assert [row["birth_year"] for row in rows_of(source)] == [year]


@pytest.mark.parametrize("way", ["%d.%d.%Y", "day", "%x", "excel-serial-1905"])
def test_what_is_no_way_to_write_a_day_is_refused(way: str) -> None:
    with pytest.raises(DefinitionError, match="is no way to write a day"):
        mapped(HandMade([{"pat": "P1", "d": ""}]), VISITS, said=f'dates = ["{way}"]')


CRP = '[[table]]\nto = "visits"\nvisited_on = { constant = "2020-01-02" }\ncrp = { field = "d" }\n'


def numbers(*texts: str, decimal: str) -> list[str]:
    source = HandMade([{"pat": "P1", "d": text} for text in texts], SourceField("d", decimal=decimal))
    return [row["crp"] for row in rows_of(mapped(source, CRP))]


def numbers_refused(*texts: str, decimal: str) -> list[str]:
    source = HandMade([{"pat": "P1", "d": text} for text in texts], SourceField("d", decimal=decimal))
    return found(mapped(source, CRP))


def test_a_decimal_comma_becomes_a_point_and_a_comparator_stays() -> None:
    assert numbers("5,1", "12", "<0,5", "< 5", "-1,0", decimal=",") == ["5.1", "12", "<0.5", "< 5", "-1.0"]


@pytest.mark.parametrize("text", ["1.234,5", "1.234", "1 234,5", "5.1", "1'234", "1,234,5"])
def test_a_number_with_more_than_its_comma_is_refused(text: str) -> None:
    assert numbers_refused(text, "5,1", text, decimal=",") == [
        (
            f"d: {text!r} is no number with a decimal comma alone; write none with points or blanks between thousands "
            "(2 rows)"
        )
    ]


def test_a_comma_that_nobody_stated_is_refused_in_one_message() -> None:
    assert numbers_refused("5,1", "6.2", "7,3", "8,4", decimal=".") == [
        "d: '5,1' has a comma, and decimals have a point here; write decimal = ',' if it is one (3 rows)"
    ]


def test_words_stay_words_beside_a_decimal_comma() -> None:
    assert numbers("not done", decimal=",") == ["not done"]


def test_digits_without_end_are_judged_at_once() -> None:
    assert numbers("1" * 200_000 + "x", decimal=",") == ["1" * 200_000 + "x"]


def test_a_month_without_a_way_to_write_it_says_where_that_is_listed() -> None:
    source = mapped(HandMade([{"pat": "P1", "d": "03/2019"}]), PATIENTS + 'symptom_onset = { field = "d" }',
                    said='dates = ["%d.%m.%Y"]')  # fmt: skip

    rows_of(source)

    assert [finding.why for finding in source.findings.all] == [
        'is no day as %d.%m.%Y; list how months and years are written under partial_dates, as "%m/%Y" or "%Y"'
    ]
