"""`spondyl serve-readings`, `campaign token` and `campaign drafts` on the command line."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from registry.campaigns.drafts import Drafts
from tests.cli.conftest import Spondyl
from tests.cli.test_campaign import centre as centre  # noqa: PLC0414 - pytest finds fixtures by name
from tests.spec.campaigns import NAME


@pytest.fixture
def begun(centre: Spondyl) -> Spondyl:
    assert centre("campaign", "start", "campaign.toml").code == 0
    return centre


def first_case(begun: Spondyl) -> str:
    return str(json.loads(begun("campaign", "cases", NAME, "--reader", "R1", "--json").out)[0]["case"])


def test_a_link_is_printed_once_and_alone_on_the_standard_output(begun: Spondyl) -> None:
    answer = begun("campaign", "token", NAME, "R1")
    other = begun("campaign", "token", NAME, "R1", "--address", "https://readings.example.org/")

    assert re.fullmatch(r"http://127\.0\.0\.1:8766/open\?token=[\w-]{43}\n", answer.out)
    assert re.fullmatch(r"https://readings\.example\.org/open\?token=[\w-]{43}\n", other.out)
    assert "give this link to R1 alone" in answer.err
    assert answer.out.split("token=")[1] != other.out.split("token=")[1]


def test_a_link_can_be_taken_away(begun: Spondyl) -> None:
    begun("campaign", "token", NAME, "R1")

    assert begun("campaign", "token", NAME, "R1", "--revoke").err == "the link of R1 opens nothing any more\n"
    assert begun("campaign", "token", NAME, "R1", "--revoke").err == "R1 had no link\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((NAME, "R9"), f"reader: 'R9' is not a known reader of campaign {NAME}; write R1 or R2"),
        (("other", "R1"), "campaign: 'other' is not a known campaign"),
        ((NAME, "R1", "--key", "none.key"), "none.key: is not there"),
        ((NAME, "R1", "--address", "javascript:alert(1)"), "is no address, as https://readings.example.org"),
    ],
)
def test_no_link_is_made_for_what_there_is_not(begun: Spondyl, arguments: tuple[str, ...], said: str) -> None:
    answer = begun("campaign", "token", *arguments)

    assert (answer.code, answer.out, said in answer.err) == (3, "", True)


def test_after_the_lock_no_link_is_made(begun: Spondyl) -> None:
    begun("campaign", "lock", NAME, "--why", "the study ends")

    answer = begun("campaign", "token", NAME, "R1")

    assert (answer.code, "is locked, and nothing is read in it any more" in answer.err) == (3, True)


def test_drafts_are_listed_without_what_was_entered_and_discarded(begun: Spondyl, tmp_path: Path) -> None:
    code, kept = first_case(begun), Drafts(tmp_path / f"{NAME}.key")
    kept.keep(code, {"C2/3": {"A grade": "2", "B grade": "0"}}, milliseconds=61_400)
    kept.keep("0A1B-2C3D", {"C2/3": {"A grade": "2"}}, milliseconds=0)  # of a case that is no more

    [row] = json.loads(begun("campaign", "drafts", NAME, "--json").out)

    assert row == {"reader": "R1", "number": 1, "case": code, "cells": 2, "seconds": 61, "recorded": False}
    assert begun("campaign", "drafts", NAME, "--discard", code.lower()).err == f"the draft of {code} is removed\n"
    assert begun("campaign", "drafts", NAME, "--discard", code).code == 3
    assert "no draft is kept" in begun("campaign", "drafts", NAME).err
    assert kept.cases() == []


def test_it_starts_and_ends_when_nobody_asks(begun: Spondyl) -> None:
    answer = begun("serve-readings", NAME, "--port", "0", "--until-idle", "0")

    assert (answer.code, re.fullmatch(r"http://127\.0\.0\.1:\d+\n", answer.out) is not None) == (0, True)


def test_an_address_that_is_open_to_others_needs_tls(begun: Spondyl) -> None:
    answer = begun("serve-readings", NAME, "--bind", "0.0.0.0")

    assert (answer.code, "--bind 0.0.0.0 is open to others" in answer.err) == (3, True)


def test_without_the_extra_it_says_what_to_install(begun: Spondyl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    for name in [each for each in sys.modules if each.startswith(("views.", "starlette."))]:
        monkeypatch.delitem(sys.modules, name)

    answer = begun("serve-readings", NAME)

    assert (answer.code, "install them as spondyl[serve]" in answer.err) == (3, True)
