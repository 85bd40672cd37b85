"""A figure goes out with a title, a sentence and its numbers, without a script, and as the same bytes."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from views.drawing.figure import Figure, Numbers, cell
from views.drawing.marks import box, text
from views.drawing.patterns import hatched

NASTY = "<script>alert(1)</script>"


def figure(id_: str = "fig") -> Figure:
    marks = (text((4, 12), NASTY), *hatched(id_, (0, 0, 10, 10)), box((0, 0), (1 / 3, 2), "bar series-1"))
    return Figure(id_, NASTY, "What it shows.", (100, 50), marks, Numbers(("who", "n"), [(NASTY, 0.5), ("b", None)]))


def test_the_drawing_is_told_by_its_title_and_its_sentence() -> None:
    svg = ElementTree.fromstring(str(figure().svg))

    told = {each.get("id"): each.text for each in svg.iter() if each.get("id")}
    assert svg.get("role") == "img"
    assert [told[name] for name in str(svg.get("aria-labelledby")).split()] == [NASTY, "What it shows."]


def test_the_numbers_stand_in_a_table_with_heads_of_rows_and_columns() -> None:
    page = ElementTree.fromstring(figure().html)

    table = page.find("details/table")
    assert table is not None
    assert [(each.text, each.get("scope")) for each in table.iter("th")] == [
        ("who", "col"), ("n", "col"), (NASTY, "row"), ("b", "row"),
    ]  # fmt: skip
    assert ["".join(each.itertext()) for each in table.iter("td")] == ["0.5", "–"]


def test_nothing_in_a_figure_is_a_script_or_a_style_of_its_own() -> None:
    page = figure().html

    assert "<script" not in page
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_ids_begin_with_that_of_the_figure() -> None:
    one, other = (re.findall(r'\sid="([^"]+)"', figure(name).html) for name in ("one", "other"))

    assert {each.partition("-")[0] for each in one} == {"one"}
    assert not set(one) & set(other)
    assert 'fill="url(#one-hatch)"' in figure("one").html
    assert 'id="one-hatch"' in figure("one").html


def test_a_file_brings_its_styles_light_and_dark_and_for_print_light_alone() -> None:
    on_screen, in_print = figure().document(), figure().document(on_light_paper=True)

    assert "prefers-color-scheme:dark" in on_screen
    assert "var(" not in in_print
    assert "prefers-color-scheme" not in in_print
    for each in (on_screen, in_print):
        ElementTree.fromstring(each)


def test_the_same_figure_is_the_same_bytes() -> None:
    assert figure().document() == figure().document()
    assert figure().html == figure().html


def test_what_a_cell_of_numbers_says() -> None:
    assert [cell(each) for each in (None, 1, 2.0, False, "x", 1e15)] == ["–", "1", "2", "no", "x", "1000000000000000"]
