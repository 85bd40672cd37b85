"""`spondyl serve` on the command line: what it needs, and what it refuses."""

from __future__ import annotations

import sys

import pytest

from tests.cli.conftest import Spondyl


def test_without_the_extra_it_says_what_to_install(spondyl: Spondyl, monkeypatch: pytest.MonkeyPatch) -> None:
    spondyl("init")
    monkeypatch.setitem(sys.modules, "starlette", None)
    for name in [each for each in sys.modules if each.startswith(("views.web", "starlette."))]:
        monkeypatch.delitem(sys.modules, name)

    answer = spondyl("serve")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == ("spondyl: pages are served by Starlette and uvicorn; install them as spondyl[serve]\n")


def test_a_registry_that_is_not_there_is_refused(spondyl: Spondyl) -> None:
    answer = spondyl("serve")

    assert (answer.code, answer.err) == (3, "spondyl: no registry at spondyl.db; create one with `spondyl init`\n")


def test_an_address_that_is_open_to_others_needs_tls(spondyl: Spondyl) -> None:
    spondyl("init")

    answer = spondyl("serve", "--bind", "0.0.0.0")

    assert (answer.code, answer.out) == (3, "")
    assert "--bind 0.0.0.0 is open to others" in answer.err


def test_it_starts_and_ends_when_nobody_asks(spondyl: Spondyl) -> None:
    spondyl("init")

    answer = spondyl("serve", "--port", "0", "--until-idle", "0")

    assert answer.code == 0
    assert answer.out.startswith("http://127.0.0.1:")
