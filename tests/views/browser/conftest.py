"""Reports of every kind, and what opens them in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from projections import facts_at
from projections.cohort.all_tables import figures
from projections.cohort.definition_file import read_definition
from projections.cohort.for_figures import with_all_points
from projections.cohort.members.cohort import Cohort
from registry import Registry
from tests.example_cohorts import EXAMPLES, import_example
from tests.faults.hostile_texts import HOSTILE, hostile_registry
from views.report.centre import centre_report
from views.report.cohort import cohort_report
from views.report.completeness import completeness_report
from views.report.patient import patient_report


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of every kind, by name: of the example cohorts, and of a patient whose every text is hostile."""
    folder = tmp_path_factory.mktemp("reports")
    with Registry.create(str(folder / "examples.db"), actor="tester") as registry:
        import_example(registry, "baraliakos2013", "anakinra2004")
        facts = facts_at(registry, as_of="2024-01-01")
        made = {
            "patient": patient_report(facts, "ana1-01"),
            "images": patient_report(facts, "BAR1-01"),
            "centre": centre_report(facts, "C1"),
            "completeness": completeness_report(facts),
        }
        for name, minimum in (("baraliakos2013", 5), ("anakinra2004", 1)):
            definition = read_definition(EXAMPLES / f"{name}.toml", catalogue=facts.catalogue)
            cohort = Cohort.of(with_all_points(definition), facts)
            made[name] = cohort_report(cohort, list(figures(cohort)), minimum=minimum, definition="0" * 64)
    hostile_registry(folder / "hostile.db")
    with Registry.open(str(folder / "hostile.db")) as registry:
        made["hostile"] = patient_report(facts_at(registry), f"P-{len(HOSTILE) - 1}")
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


class Opened(NamedTuple):
    """A page, the addresses that it asked for, and what the browser complained of."""

    page: Page
    asked: list[str]
    complaints: list[str]


class Opener:
    """Opens reports in pages of some size and colours, and closes them at the end."""

    def __init__(self, browser: Browser, reports: dict[str, Path]) -> None:
        self.browser, self.reports = browser, reports
        self.pages: list[Page] = []

    def __call__(self, name: str, width: int = 1024, *, dark: bool = False) -> Opened:
        """Open a report in a window of so many pixels."""
        colours = "dark" if dark else "light"
        page = self.browser.new_page(viewport={"width": width, "height": 900}, color_scheme=colours)
        self.pages.append(page)
        asked, complaints = list[str](), list[str]()

        def ask(request: Request) -> None:
            asked.append(request.url)

        def complain(message: ConsoleMessage) -> None:
            complaints.append(message.text)

        page.on("request", ask)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(self.reports[name].as_uri())
        return Opened(page, asked, complaints)


@pytest.fixture
def opened(browser: Browser, reports: dict[str, Path]) -> Iterator[Opener]:
    """What opens a report."""
    opener = Opener(browser, reports)
    yield opener
    for page in opener.pages:
        page.close()
