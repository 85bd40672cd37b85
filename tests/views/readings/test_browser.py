"""Reading in a real browser: by keyboard alone, without a mishap that loses anything, and for everybody's eyes."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry import Registry
from registry.campaigns.reader_tokens import ReaderTokens
from registry.campaigns.worklists import Case
from tests.spec.campaigns import NAME, STUDIES, examined, started

AXE: Final = (Path(__file__).parents[2] / "data" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS: Final = (320, 375, 1024, 1600)  # 320: a window of 1280 at 400 %
STARTED: Final = "from spondyl import main; main()"
SHOWN: Final = {study: grade for grade, study in enumerate(STUDIES)}  # what there is to be seen in each study
CELLS: Final = 46  # of a pair


class Server:
    """`spondyl serve-readings` in a process of its own, which can be killed and started again at its address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.start()

    def start(self) -> None:
        registry, key = str(self.folder / "cohort.db"), str(self.folder / "campaign.key")
        arguments = ["--db", registry, "serve-readings", NAME, "--key", key, "--port", str(self.port)]
        command = [sys.executable, "-c", STARTED, *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.base = self._process.stdout.readline().strip()
        self.port = int(self.base.rpartition(":")[2])

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=60)


class Desk:
    """A campaign that is served, and a browser in which R1 has opened the link."""

    def __init__(self, folder: Path, registry: Registry, server: Server, context: BrowserContext) -> None:
        self.folder, self.registry, self.server, self.context = folder, registry, server, context
        self.complaints: list[str] = []
        self.asked: list[str] = []

    def cases(self) -> list[Case]:
        """The list of the custodian of the images."""
        return self.registry.campaign_cases(NAME, reader="R1", key=self.folder / "campaign.key")

    def tab(self, path: str = "/") -> Page:
        """Open a page in a tab of its own."""
        page = self.context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.server.base}{path}")
        return page


@pytest.fixture
def desk(tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    with Registry.create(str(tmp_path / "cohort.db"), actor="lindner") as registry:
        examined(registry)
        started(registry, tmp_path)
        server = Server(tmp_path)
        context = browser.new_context(viewport={"width": 1024, "height": 900})
        page = context.new_page()
        token = ReaderTokens(tmp_path / "campaign.key", NAME).renew("R1")
        page.goto(f"{server.base}/open?token={token}")
        page.close()
        yield Desk(tmp_path, registry, server, context)
        context.close()
        server.kill()


def graded(desk: Desk, study: str) -> object:
    """The grades of R1's reading, None where there is none."""
    found = [known.fact for known in desk.registry.facts_begun(f"reading/{study}")]
    if not found:
        return None
    [version] = desk.registry.history(found[0])
    assert version.statement is not None
    return version.statement["grades"]


def follow(page: Page, begins: str) -> None:
    """Go by the tab key to what begins with a text, and follow it."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(begins):
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"nothing that begins with {begins!r} is reached")


def saved(page: Page) -> None:
    """Wait until what was typed is saved."""
    expect(page.locator("#kept")).to_have_text("draft saved")


def type_all(page: Page, keys: str = "0") -> None:
    """Type into all cells, again and again the same keys."""
    for place in range(CELLS):
        page.keyboard.press(keys[place % len(keys)])


def test_a_case_is_read_by_keyboard_alone(desk: Desk) -> None:
    page = desk.tab()
    first, second = desk.cases()

    follow(page, "Begin with case")
    assert page.locator("h1").inner_text() == f"Case {first.code}"
    by_letter = {letter: str(SHOWN[study]) for study, letter in first.letters.items()}
    type_all(page, by_letter["A"] + by_letter["B"])
    assert page.evaluate("document.activeElement.id") == "submit"
    saved(page)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{second.code}**")

    assert "1 of 2 read" in page.locator(".desk").inner_text()
    assert {study: graded(desk, study) for study in first.letters} == {
        study: {"grade": [SHOWN[study]] * 23} for study in first.letters
    }
    assert desk.complaints == []
    assert [url for url in desk.asked if not url.startswith((f"{desk.server.base}/", "data:,"))] == []


def test_a_link_in_a_letter_leads_to_the_cases(desk: Desk, browser: Browser) -> None:
    token = ReaderTokens(desk.folder / "campaign.key", NAME).renew("R2")
    page = browser.new_page()
    page.set_content(f'<a href="{desk.server.base}/open?token={token}">Your cases</a>')

    page.get_by_role("link").click()
    page.get_by_role("link", name="To my cases").click()

    assert page.locator("h1").inner_text() == "Your cases"
    assert "R2" in page.locator(".whose").inner_text()
    page.close()


def test_keys_move_enter_and_clear(desk: Desk) -> None:
    page = desk.tab(f"/cases/{desk.cases()[0].code}")

    def at() -> str:
        return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))

    assert at() == "C2/3, A grade"
    page.keyboard.press("3")
    assert at() == "C2/3, B grade"
    page.keyboard.press("n")
    assert at() == "C3/4, A grade"
    for key, there in (
        ("ArrowDown", "C4/5, A grade"),
        ("ArrowRight", "C4/5, B grade"),
        ("ArrowUp", "C3/4, B grade"),
        ("ArrowLeft", "C3/4, A grade"),
        ("Backspace", "C2/3, B grade"),
    ):
        page.keyboard.press(key)
        assert at() == there
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.keyboard.press("9")
    assert at() == "C3/4, A grade"
    saved(page)

    assert page.get_by_label("C2/3, A grade").input_value() == "3"
    assert page.get_by_label("C2/3, B grade").input_value() == ""
    assert "C3/4, A grade: grade '9' at C3/4 is not in the list" in page.locator("#notes").inner_text()
    assert page.get_by_label("C3/4, A grade").get_attribute("aria-invalid") == "true"
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.id") == "submit"


def test_totals_are_live(desk: Desk) -> None:
    page = desk.tab(f"/cases/{desk.cases()[0].code}")

    type_all(page, "13")
    saved(page)

    totals = page.locator(".totals tbody tr").first
    assert totals.inner_text().split() == ["total", "23", "69"]
    assert page.locator("#left").inner_text() == "nothing is empty"


def test_of_two_tabs_the_first_submits_and_the_second_is_told(desk: Desk) -> None:
    code = desk.cases()[0].code
    one, other = desk.tab(f"/cases/{code}"), desk.tab(f"/cases/{code}")
    type_all(one, "0")
    saved(one)
    one.keyboard.press("Enter")
    one.wait_for_url("**/cases/*recorded=*")

    type_all(other, "1")
    expect(other.locator("#kept")).to_contain_text("submitted in another window")
    other.locator("#submit").click()

    assert "This case was submitted before" in other.locator("[role=alert]").inner_text()
    assert {str(graded(desk, study)) for study in desk.cases()[0].letters} == {str({"grade": [0] * 23})}
    assert "C2/3" in other.locator("details").inner_text()
    other.get_by_role("button", name="Discard").click()
    assert other.locator("h1").inner_text() == "Your cases"


def test_a_tab_that_another_one_has_overtaken_says_so_and_nothing_is_lost(desk: Desk) -> None:
    code = desk.cases()[0].code
    one, other = desk.tab(f"/cases/{code}"), desk.tab(f"/cases/{code}")
    one.keyboard.press("2")
    saved(one)

    other.keyboard.press("3")
    expect(other.locator("#kept")).to_contain_text("another window has saved this case since")
    assert desk.tab(f"/cases/{code}").get_by_label("C2/3, A grade").input_value() == "2"
    other.get_by_role("button", name="Keep what this window holds").click()
    saved(other)

    assert desk.tab(f"/cases/{code}").get_by_label("C2/3, A grade").input_value() == "3"


def test_a_lock_in_between_is_told_and_nothing_is_recorded(desk: Desk) -> None:
    page = desk.tab(f"/cases/{desk.cases()[0].code}")
    type_all(page)
    saved(page)

    desk.registry.lock_campaign(NAME, reason="the study ends")
    page.locator("#submit").click()

    assert page.locator("h1").inner_text() == "The campaign is locked"
    assert [graded(desk, study) for study in STUDIES] == [None] * 4


def test_a_draft_outlives_the_server_and_a_page_that_was_open_goes_on(desk: Desk) -> None:
    code = desk.cases()[0].code
    page = desk.tab(f"/cases/{code}")
    page.keyboard.press("2")
    saved(page)

    desk.server.kill()
    page.keyboard.press("3")
    expect(page.locator("#kept")).to_contain_text("no connection")
    desk.server.start()
    expect(page.locator("#kept")).to_have_text("draft saved", timeout=20_000)

    again = desk.tab(f"/cases/{code}")
    assert again.get_by_label("C2/3, A grade").input_value() == "2"
    assert again.get_by_label("C2/3, B grade").input_value() == "3"


def test_an_erasure_takes_drafts_along_though_nobody_asks(desk: Desk) -> None:
    for case in desk.cases():
        page = desk.tab(f"/cases/{case.code}")
        page.keyboard.press("2")
        saved(page)
        page.close()
    kept = desk.folder / "campaign.key.drafts"
    assert len([*kept.iterdir()]) == 2

    desk.registry.erase_patient("BAR1-01", reason="asked for")

    until = time.monotonic() + 30
    while len([*kept.iterdir()]) == 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert [path.stem for path in kept.iterdir()] == [case.code for case in desk.cases()]
    assert len(desk.cases()) == 1


def test_a_form_that_comes_too_slowly_is_given_up(desk: Desk) -> None:
    head = (
        f"POST /leave HTTP/1.1\r\nHost: 127.0.0.1:{desk.server.port}\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nfo"
    )
    with socket.create_connection(("127.0.0.1", desk.server.port), timeout=60) as wire:
        wire.sendall(head.encode())

        assert wire.recv(65_536).startswith(b"HTTP/1.1 408 ")


def test_without_a_script_the_same_is_done_by_the_form(desk: Desk, browser: Browser) -> None:
    plain = browser.new_context(java_script_enabled=False, storage_state=desk.context.storage_state())
    page = plain.new_page()
    first, second = desk.cases()
    page.goto(f"{desk.server.base}/cases/{first.code}")
    cells = page.locator("td input")

    cells.nth(0).fill("2")
    page.locator("#save").click()
    assert page.locator(".done").inner_text() == "Saved as a draft."
    for place in range(CELLS):
        cells.nth(place).fill("1")
    page.locator("#submit").click()

    assert page.locator("h1").inner_text() == f"Case {second.code}"
    assert [graded(desk, study) for study in first.letters] == [{"grade": [1] * 23}] * 2
    plain.close()


def pages(desk: Desk) -> Iterator[Page]:
    """Every kind of page: the list, a case, one with problems, one that is late, one that is recorded, one refused."""
    code = desk.cases()[0].code
    yield desk.tab()
    page, late = desk.tab(f"/cases/{code}"), desk.tab(f"/cases/{code}")
    page.keyboard.press("3")
    page.keyboard.press("9")
    saved(page)
    yield page
    page.locator("#submit").click()
    page.wait_for_selector("[role=alert]")
    yield page
    page.locator("td input").first.focus()
    type_all(page)
    saved(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**recorded=*")
    yield page
    type_all(late, "1")
    late.locator("#submit").click()
    late.wait_for_selector("[role=alert]")
    yield late
    yield desk.tab(f"/cases/{code}")
    yield desk.tab("/cases/none")


def test_every_page_is_for_everybody_s_eyes(desk: Desk) -> None:
    seen = 0
    for page in pages(desk):
        seen += 1
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(AXE)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen == 7
