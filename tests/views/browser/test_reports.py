"""Reports in a real browser: nothing leaves, nothing is refused, everything is reached, and it prints."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from projections import facts_at
from projections.cohort.all_tables import figures
from projections.cohort.definition_file import read_definition
from projections.cohort.members.cohort import Cohort
from registry import Registry
from tests.example_cohorts import EXAMPLES, import_example
from tests.views.browser.conftest import Opener
from tests.views.conftest import HOW, REQUIRED

AXE = (Path(__file__).parents[2] / "data" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
KINDS = ("patient", "images", "centre", "completeness", "baraliakos2013", "anakinra2004", "hostile")
PERSONAL = ("patient", "images", "centre")


@pytest.mark.parametrize("name", KINDS)
def test_a_report_asks_for_nothing_and_nothing_in_it_is_refused(name: str, opened: Opener) -> None:
    page, asked, complaints = opened(name)

    assert asked == [page.url]
    assert complaints == []
    assert page.locator("script").count() == 0


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_no_violation_in_light_or_dark(name: str, opened: Opener) -> None:
    page = opened(name).page
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.evaluate(AXE)
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)

        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
        assert len(found["passes"]) > 10


@pytest.mark.parametrize("name", KINDS)
def test_no_page_scrolls_sideways(name: str, opened: Opener) -> None:
    page = opened(name).page
    for width in (320, 375, 1024, 1600):  # 320: a window of 1280 at 400 %
        page.set_viewport_size({"width": width, "height": 900})

        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_that_can_be_used_is_reached_by_the_keyboard(opened: Opener) -> None:
    page = opened("patient").page
    usable = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].map(each => each.outerHTML.slice(0, 120))"
    )
    reached = []
    for _ in usable:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))

    assert reached == usable
    assert reached[0].startswith('<a class="skip"')


def test_the_numbers_of_a_chart_unfold_by_the_keyboard(opened: Opener) -> None:
    page = opened("patient").page
    page.locator("#timeline summary").focus()
    page.keyboard.press("Enter")

    assert page.locator("#timeline table").is_visible()


def test_the_numbers_that_are_read_out_are_those_of_the_projection(opened: Opener, tmp_path: Path) -> None:
    page = opened("anakinra2004").page
    with Registry.create(str(tmp_path / "registry.db"), actor="tester") as registry:
        import_example(registry, "anakinra2004")
        facts = facts_at(registry, as_of="2024-01-01")
        definition = read_definition(EXAMPLES / "anakinra2004.toml", catalogue=facts.catalogue)
        texts = {
            placed.figure.text
            for placed in figures(Cohort.of(definition, facts), only=("verdicts", "rates"))
            if placed.figure.statistic in ("responding", "per 100 patient-years")
        }

    read_out = page.locator("main").aria_snapshot()

    assert len(texts) > 5
    assert [text for text in texts if text not in read_out] == []


def test_what_somebody_typed_stays_text(opened: Opener) -> None:
    page = opened("hostile").page

    assert "<script>alert(1)</script>" in page.locator("main").inner_text()
    assert page.locator("img").count() == 0
    assert page.locator("main b i, main script").count() == 0


def printed(page_html: Path, opened: Opener, name: str) -> list[str]:
    """The text of each page of a report on paper."""
    if which("pdftotext") is None:
        if os.environ.get(REQUIRED):
            pytest.fail(HOW)
        pytest.skip(HOW)
    opened(name).page.pdf(path=page_html, format="A4", prefer_css_page_size=True)
    told = subprocess.run(["pdftotext", "-layout", page_html, "-"], capture_output=True, check=True, text=True)
    return told.stdout.split("\f")[:-1]


@pytest.mark.parametrize("name", KINDS)
def test_paper_has_every_section_and_the_numbers_of_every_chart(name: str, opened: Opener, tmp_path: Path) -> None:
    page = opened(name).page
    titles = page.locator("h2").all_inner_texts()
    captions = page.locator("figure.chart-figure caption").all_text_contents()

    text = re.sub(r"\s+", " ", " ".join(printed(tmp_path / "printed.pdf", opened, name)))

    assert [title for title in titles if re.sub(r"\s+", " ", title) not in text] == []
    if name != "hostile":  # whose titles are broken at other places
        assert [each for each in captions if text.count(each) < 2] == []  # below the chart, and above its numbers


@pytest.mark.parametrize("name", PERSONAL)
def test_each_page_on_paper_says_that_it_holds_personal_data(name: str, opened: Opener, tmp_path: Path) -> None:
    pages = printed(tmp_path / "printed.pdf", opened, name)

    assert len(pages) > 1
    assert [place for place, text in enumerate(pages, 1) if "Holds personal data" not in text] == []
