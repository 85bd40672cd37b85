"""Every address says its point in time, and says the same for ever; how a reader moves to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from registry import Registry

PAGES = ("/", "/patients", "/patients/BAR1-01", "/facts/patient/BAR1-01", "/cohorts", "/follow-up", "/log", "/freezes")


def asked(address: str) -> dict[str, str]:
    """Return what stands after the question mark of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def last(place: str) -> int:
    with Registry.open_to_read(place) as registry:
        return registry.head.position


def links(html: str, words: str) -> list[str]:
    """Return where the links with some words lead."""
    return [href.replace("&amp;", "&") for href in re.findall(rf'<a href="([^"]+)"[^>]*>{words}</a>', html)]


@pytest.mark.parametrize("page", PAGES)
def test_a_default_is_led_to_an_explicit_place(opened: TestClient, baraliakos: str, page: str) -> None:
    answer = opened.get(page, follow_redirects=False)

    assert answer.status_code == 303
    said = asked(answer.headers["location"])
    assert said["known_at"] == f"@{last(baraliakos)}"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", said["as_of"])


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_to_another_says_the_place(opened: TestClient, page: str) -> None:
    html = opened.get(page).text

    found = [href for href in re.findall(r'href="(/[^"]*)"', html) if not href.startswith("/static/")]
    assert len(found) > 5
    assert all({"as_of", "known_at"} <= asked(href.replace("&amp;", "&")).keys() for href in found)


def test_the_name_of_a_freeze_is_led_to_its_position_and_its_day(opened: TestClient, baraliakos: str) -> None:
    with Registry.open_to_read(baraliakos) as registry:
        (paper,) = registry.freezes()

    said = asked(opened.get("/patients?known_at=paper", follow_redirects=False).headers["location"])

    assert said["known_at"] == f"@{paper.position}"


@pytest.mark.parametrize("zone", ["America/Adak", "UTC", "Pacific/Kiritimati"])
def test_a_fixed_place_is_led_to_its_day_in_utc_in_every_zone(
    opened: TestClient, baraliakos: str, in_zone: Callable[[str], None], zone: str
) -> None:
    with Registry.open_to_read(baraliakos) as registry:
        recorded_at = registry.head.recorded_at
    assert recorded_at is not None
    day = datetime.fromtimestamp(recorded_at // 1_000_000, UTC).date().isoformat()
    in_zone(zone)

    for place in (day, f"@{last(baraliakos)}", "@0"):
        said = asked(opened.get(f"/patients?known_at={place}", follow_redirects=False).headers["location"])

        assert said["as_of"] == ("0001-01-01" if place == "@0" else day)


@pytest.mark.parametrize("page", ["/", "/patients", "/cohorts", "/follow-up", "/warnings", "/log"])
def test_before_the_first_event_each_page_of_all_is_shown(opened: TestClient, page: str) -> None:
    assert opened.get(f"{page}?known_at=@0").status_code == 200


@pytest.mark.parametrize("zone", ["America/Adak", "Pacific/Kiritimati"])
def test_no_day_is_offered_on_which_nothing_can_have_been_recorded_yet(
    opened: TestClient, in_zone: Callable[[str], None], zone: str
) -> None:
    in_zone(zone)

    (last_day,) = re.findall(r'name="known_on"[^>]* max="([^"]+)"', opened.get("/").text)

    assert opened.get(f"/?known_on={last_day}").status_code == 200
    assert opened.get(f"/?known_on={date.fromisoformat(last_day) + timedelta(days=1)}").status_code == 404


def test_a_copied_link_says_the_same_as_before_a_correction(opened: TestClient, baraliakos: str) -> None:
    before, now = last(baraliakos) - 2, last(baraliakos)

    assert "Herne" in opened.get(f"/facts/patient/BAR1-01?as_of=2020-01-01&known_at=@{now}").text
    assert "Herne" not in opened.get(f"/facts/patient/BAR1-01?as_of=2020-01-01&known_at=@{before}").text


def test_the_last_change_of_a_patient_is_one_step_away(opened: TestClient) -> None:
    here = opened.get("/patients/BAR1-01")
    (back,) = links(here.text, "← previous change")

    there = opened.get(back)

    assert there.status_code == 200
    assert "no earlier change" in there.text
    (forth,) = links(there.text, "next change →")
    assert forth == str(here.url).removeprefix("http://testserver")


def test_moving_the_day_of_one_clock_leaves_the_other_where_it_is(opened: TestClient, baraliakos: str) -> None:
    position = last(baraliakos) - 1
    at = opened.get(f"/patients?as_of=2020-01-01&known_at=@{position}").text
    (known_on,) = re.findall(r'name="known_on" value="([^"]+)"', at)

    moved = opened.get(
        f"/patients?as_of=2010-06-30&known_at=@{position}&known_on={known_on}", follow_redirects=False
    ).headers["location"]

    assert asked(moved) == {"as_of": "2010-06-30", "known_at": f"@{position}"}


def test_a_day_on_which_nothing_was_known_shows_that_nothing_is(opened: TestClient) -> None:
    page = opened.get("/?known_on=1999-01-01")

    assert asked(str(page.url)) == {"as_of": "1999-01-01", "known_at": "@0"}
    assert "The log is empty at this point in time." in page.text


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ("as_of=2020-01-01&known_at=@99999", 404, "the log goes from @0"),
        ("as_of=2020-01-01&known_at=nowhere", 404, "there is no such freeze"),
        ("as_of=2020-02-30&known_at=@1", 422, "is not a day of the calendar"),
        ("as_of=2020-01-01&known_at=2999-01-01", 404, "lies in the future"),
        ("as_of=2020-01-01&as_of=2021-01-01&known_at=@1", 422, "stands there twice"),
        ("as_of=2020-01-01&known_at=@1&sql=DROP", 422, "is nothing that this page takes"),
        ("as_of=2020-01-01&known_at=@1&form=xls", 422, "html, csv or parquet"),
        ("as_of=2020-01-01&known_at=@1&row=0", 422, "row"),
        (f"as_of=2020-01-01&known_at=@1&q={'a' * 201}", 422, "more than 200 characters"),
    ],
)
def test_a_point_that_there_is_not_and_what_no_page_takes_is_told(
    opened: TestClient, said: str, status: int, told: str
) -> None:
    answer = opened.get(f"/patients?{said}")

    assert answer.status_code == status
    assert told in answer.text
