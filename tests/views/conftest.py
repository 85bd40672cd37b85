"""The browser of all tests that need one: Playwright can be begun once in a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from shutil import which
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM: Final = which("chromium") or which("chromium-browser")
REQUIRED: Final = "SPONDYL_BROWSER_REQUIRED"  # where a missing browser is a failure and nothing is skipped
HOW: Final = "no chromium here; `apt-get install chromium poppler-utils`, then these tests run"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; without one the tests are skipped, or fail where it is required."""
    if CHROMIUM is None:
        if os.environ.get(REQUIRED):
            pytest.fail(HOW)
        pytest.skip(HOW)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
