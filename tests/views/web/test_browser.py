"""The pages in a real browser: nothing leaves, nothing is forbidden, all is reached by keyboard, and it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from projections import facts_at, project
from projections.columns.tables import rows
from registry import Registry
from tests.views.web.conftest import Served
from tests.views.web.test_pages import ADDRESSES

AXE: Final = (Path(__file__).parents[2] / "data" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS: Final = (320, 375, 1024, 1600)  # 320: a window of 1280 at 400 %


class Seen(NamedTuple):
    """A browser that has opened the registry: its page, whom it asked, and what it complained of."""

    page: Page
    base: str
    asked: list[str]
    complaints: list[str]

    def at(self, address: str) -> Page:
        """Go to a page, once what it shows is computed."""
        self.page.goto(f"{self.base}{address}")
        self.page.wait_for_selector("footer.origin", timeout=60_000)
        return self.page


@pytest.fixture(scope="module")
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A browser that has opened the registry once."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(served.address)
    page.wait_for_selector("footer.origin", timeout=60_000)
    yield context
    context.close()


@pytest.fixture
def seen(context: BrowserContext, served: Served) -> Iterator[Seen]:
    page, asked, complaints = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Seen(page, f"http://127.0.0.1:{served.port}", asked, complaints)
    page.close()


@pytest.mark.parametrize("name", ADDRESSES)
def test_nothing_leaves_the_server_and_nothing_is_complained_of(seen: Seen, name: str) -> None:
    seen.at(ADDRESSES[name])

    assert len(seen.asked) >= 3
    assert [url for url in seen.asked if not url.startswith((f"{seen.base}/", "data:,"))] == []
    assert seen.complaints == []


@pytest.mark.parametrize("name", ADDRESSES)
def test_axe_finds_no_violation(seen: Seen, name: str) -> None:
    page = seen.at(ADDRESSES[name])
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(AXE)

        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
        assert len(found["passes"]) > 10


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_page_scrolls_sideways(seen: Seen, name: str) -> None:
    page = seen.at(ADDRESSES[name])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})

        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ADDRESSES)
def test_everything_that_can_be_used_is_reached_by_the_keyboard(seen: Seen, name: str) -> None:
    page = seen.at(ADDRESSES[name])
    usable = page.evaluate(
        """[...document.querySelectorAll(
            'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]'
        )].filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length"""
    )
    reached = set[str]()
    for _ in range(usable * 4):  # a field of a day has several places
        page.keyboard.press("Tab")
        place = page.evaluate(
            "[...document.querySelectorAll('*')].indexOf(document.activeElement) + document.activeElement.tagName"
        )
        if "BODY" in place:
            break
        reached.add(place)

    assert len(reached) == usable


def test_all_pages_are_walked_through_by_keyboard_alone(seen: Seen) -> None:
    page = seen.at("/")
    for name, title in (
        ("Patients", "Patients"),
        ("Cohorts", "Cohorts"),
        ("Follow-up", "Follow-up"),
        ("Warnings", "Warnings"),
        ("Freezes", "Freezes and exports"),
        ("Log", "The log"),
    ):
        follow(page, name)
        assert page.locator("h1").inner_text() == title

    follow(page, "Patients")
    follow(page, "BAR1-01")
    assert page.locator("h1").inner_text() == "BAR1-01"
    follow(page, "MR1-6347")
    assert page.locator("h1").inner_text() == "MR1-6347"
    follow(page, "History of the study")
    assert page.locator("h1").inner_text() == "imaging/MR1-6347"
    follow(page, "Course of BAR1-01")
    assert page.locator("h1").inner_text() == "BAR1-01"


def follow(page: Page, name: str) -> None:
    """Go by the tab key to the link of a name, and follow it."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            page.wait_for_selector("footer.origin", timeout=60_000)
            return
    raise AssertionError(f"no link {name!r} is reached")


def test_the_numbers_that_are_read_out_are_those_of_the_projection(seen: Seen, baraliakos: str) -> None:
    with Registry.open_to_read(baraliakos) as registry:
        facts = facts_at(registry, as_of="2010-06-30", known_at="@266")
        born = [f"{row['patient']} – {row['sex']} {row['birth_year']}" for row in rows(project("patients", facts))]

    read_out = seen.at("/patients?as_of=2010-06-30&known_at=@266").locator("main").aria_snapshot()

    assert len(born) == 22
    assert [each for each in born if each not in read_out] == []


def test_a_table_is_sorted_by_its_headings(seen: Seen) -> None:
    page = seen.at("/patients?as_of=2010-06-30&known_at=@266")
    born = page.get_by_role("button", name="Born")

    born.click()
    up = page.locator("tbody td.n").all_inner_texts()
    born.click()
    down = page.locator("tbody td.n").all_inner_texts()

    assert up == sorted(up)
    assert down == up[::-1]
    assert page.locator("th[aria-sort=descending]").inner_text() == "Born"


def test_the_marks_of_a_course_are_told_by_keyboard(seen: Seen) -> None:
    page = seen.at("/patients/BAR1-01")
    page.locator(".chart-frame").first.focus()

    page.keyboard.press("ArrowRight")

    assert page.locator(".tip").inner_text() == "BASDAI 5.3 on 2002-06-04"
    page.keyboard.press("Escape")
    assert not page.locator(".tip").is_visible()


def test_moving_in_time_needs_no_script(browser: Browser, served: Served, context: BrowserContext) -> None:
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"http://127.0.0.1:{served.port}/patients/BAR1-01")
    page.locator(".moving summary").click()

    page.locator("input[name=as_of]").fill("2003-01-01")
    page.locator(".moving button").click()

    assert "as_of=2003-01-01" in page.url
    assert "MR1-9842" not in page.locator("main").inner_text()
    assert "MR1-6347" in page.locator("main").inner_text()
    plain.close()


def test_what_is_saved_is_a_file_and_no_page(seen: Seen) -> None:
    page = seen.at("/patients?as_of=2010-06-30&known_at=@266")

    with page.expect_download() as waited:
        page.get_by_role("link", name="CSV").click()

    assert waited.value.suggested_filename == "patients-2010-06-30-at-266.csv"
    assert waited.value.path().read_text().startswith("patient,centre,sex")


@pytest.mark.parametrize("name", ["overview", "patient", "study", "cohort"])
def test_paper_keeps_every_section(seen: Seen, name: str, tmp_path: Path) -> None:
    page = seen.at(ADDRESSES[name])
    page.emulate_media(media="print")

    hidden = page.evaluate(
        "[...document.querySelectorAll('h2, table, svg')].filter((each) => !each.checkVisibility()).length"
    )
    page.pdf(path=tmp_path / "page.pdf")

    assert hidden == 0
    assert (tmp_path / "page.pdf").stat().st_size > 10_000


def test_a_browser_that_has_not_opened_the_registry_sees_nothing(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{served.port}/patients")

    assert page.locator("h1").inner_text() == "Closed"
    assert "BAR1" not in page.content()
    page.close()
