"""Parts of pages: tables, what is typed, and a report that stays small enough to send."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from views.drawing.alignment import pads
from views.drawing.figure import Figure, Numbers
from views.drawing.svg import element
from views.pages.environment import environment
from views.pages.origin import Origin
from views.pages.projected import listed_in_part, table_of
from views.pages.sections import figures, section, table
from views.pages.tables import Cell, Table, said
from views.report.page import page

ORIGIN = Origin("North", None, 7, None, "ab" * 32, "cd" * 32, "keep", "1.0")


def drawn(number: int, size: int) -> Figure:
    """A figure of about so many bytes."""
    return Figure(f"chart-{number}", f"Chart {number}", "x" * size, (10, 10), (element("rect"),), Numbers((), ()))


def rendered(given: Table) -> str:
    return environment().from_string('{% import "parts.html" as parts %}{{ parts.table(t) }}').render(t=given)


def test_numbers_of_a_column_are_padded_to_one_width_behind_the_point() -> None:
    texts = ["12.50 (8.1–17.0)", "7", "104.2 (99–110)", "–"]
    rests = [".50 (8.1–17.0)", "", ".2 (99–110)", ""]

    widths = {tuple(sorted(re.sub(r"\d", "0", rest) + pad)) for rest, pad in zip(rests, pads(texts), strict=True)}

    assert len(widths) == 1  # the same signs in another order, which are as wide


def test_a_table_keeps_the_text_of_a_cell_whole_and_its_footnotes_beside_it() -> None:
    html = rendered(Table("T", ("", "n"), [("a", Cell("12.5", ("a", "b"))), ("b", 3)]))

    assert '<td class="n">12.5<sup>a b</sup></td>' in html
    assert '<td class="n" data-p=".0">3</td>' in html
    assert '<th scope="row">a</th>' in html
    assert '<th scope="col" class="n">n</th>' in html


def test_a_column_with_a_word_is_no_column_of_numbers() -> None:
    assert 'class="n"' not in rendered(Table("T", ("", "n"), [("a", "3"), ("b", "R1")]))


def test_days_are_no_numbers() -> None:
    assert 'class="n"' not in rendered(Table("T", ("", "on"), [("a", "2020-01-02"), ("b", "2020-03")]))


def test_a_heading_of_rows_spans_the_table() -> None:
    html = rendered(Table("T", ("", "n"), [("Laboratory", ""), ("CRP", 3)], above=frozenset({0})))

    assert '<th scope="colgroup" colspan="2">Laboratory</th>' in html


def test_a_table_without_rows_says_what_to_do() -> None:
    html = rendered(Table("T", ("a",), [], empty="Nobody. Write `spondyl init`."))

    assert "<table" not in html
    assert "Nobody. Write <code>spondyl init</code>." in html


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (False, "no"), (1969, "1969"), (13300, "13,300"), (2.50, "2.5"), (["C2", "C3"], "C2, C3")],
)
def test_a_value_is_said_as_a_person_reads_it(value: object, text: str) -> None:
    assert said(value) == text


def test_what_is_typed_between_backticks_is_escaped_too() -> None:
    template = environment().from_string("{{ text | typed }}")

    assert template.render(text="`<b>` & <i>\u202e") == "<code>&lt;b&gt;</code> &amp; &lt;i&gt;\\u202e"


def test_figures_are_drawn_in_turn_while_there_is_room_and_the_others_are_named() -> None:
    sections = [
        section("one", "One", figures(drawn(1, 900), drawn(2, 900))),
        section("two", "Two", figures(drawn(3, 900))),
    ]
    whole = len(page("T", sections, ORIGIN).encode())

    html = page("T", sections, ORIGIN, at_most=whole - 500, elsewhere="Elsewhere is `more`.")

    assert len(html.encode()) <= whole - 500
    assert re.findall(r'<figure class="chart-figure" id="(.+?)">', html) == ["chart-1", "chart-3"]
    assert "too large to send: Chart 2. Elsewhere is <code>more</code>.</p>" in html
    assert "Not drawn" not in page("T", sections, ORIGIN)


def test_tables_stand_in_a_report_whatever_its_size() -> None:
    sections = [section("one", "One", table(Table("T", ("a", "b"), [("x", n) for n in range(50)])))]

    assert page("T", sections, ORIGIN, at_most=10).count("<tr>") == 51


def test_a_mark_of_a_place_that_somebody_typed_is_no_figure() -> None:
    sections = [section("one", "<!--0,0,0-->", figures(drawn(1, 5)))]

    html = page("T", sections, ORIGIN)

    assert html.count('id="chart-1"') == 1
    assert "&lt;!--0,0,0--&gt;" in html


@pytest.mark.parametrize(
    ("n", "shown", "told"),
    [
        (300, 300, []),
        (301, 300, ["The first 300 of 301; `spondyl check --csv` lists all of them."]),
        (12_345, 300, ["The first 300 of 12,345; `spondyl check --csv` lists all of them."]),
    ],
)
def test_of_a_long_list_a_report_shows_the_first_rows_and_says_how_many_there_are(
    n: int, shown: int, told: list[str]
) -> None:
    found = pa.table({"patient": [f"P-{number}" for number in range(n)]})

    first, *texts = listed_in_part(found, lambda rows: table_of(rows, "Warnings"), "`spondyl check --csv`")

    assert [cell.text for (cell,) in first.content.rows] == [f"P-{number}" for number in range(shown)]
    assert [each.content for each in texts] == told
