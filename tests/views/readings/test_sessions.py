"""Who may read: personal links, cookies that no script and no other site has, and forms of our own pages alone."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from registry.campaigns.blinding import Blinding
from registry.campaigns.reader_tokens import ReaderTokens
from tests.registry.campaigns.given import KEY
from tests.spec.campaigns import NAME
from tests.views.readings.conftest import Running
from tests.views.readings.page_readers import Reader, zeros
from views.readings.sessions import COOKIE, WORKING_DAY, ReaderSessions
from views.served.doors import HEADERS, WITH_REQUESTS
from views.served.tries import TRIES_AT_MOST, TooManyTriesError

PAGES = ("/", "/cases/7K3M-Q9XD", "/nowhere", "/static/readings.js", "/open", "/open?token=x", "/../x")


def token_of(campaign: Running, reader: str = "R1") -> str:
    return ReaderTokens(campaign.key, NAME).renew(reader)


def test_nothing_is_shown_to_whom_nobody_knows(campaign: Running) -> None:
    client = campaign.client()

    for page in ("/", f"/cases/{campaign.cases()[0].code}"):
        answer = client.get(page)
        assert (answer.status_code, campaign.cases()[0].code in answer.text) == (401, False)


def test_a_token_becomes_a_cookie_that_no_script_and_no_other_site_has(campaign: Running) -> None:
    token = token_of(campaign)

    answer = campaign.client(secure=True).get(f"/open?token={token}", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Secure"} <= set(answer.headers["set-cookie"].split("; "))
    assert token not in answer.headers["set-cookie"]


def test_a_link_opens_as_often_as_it_is_used_until_there_is_another(campaign: Running) -> None:
    token = token_of(campaign)
    readers = [campaign.client() for _ in range(2)]
    assert [client.get(f"/open?token={token}").status_code for client in readers] == [200, 200]

    token_of(campaign)

    assert campaign.client().get(f"/open?token={token}").status_code == 403
    assert [client.get("/").status_code for client in readers] == [401, 401]


def test_a_link_that_was_taken_away_opens_nothing(campaign: Running) -> None:
    reader = campaign.reader()

    assert ReaderTokens(campaign.key, NAME).revoke("R1")

    assert reader.client.get("/").status_code == 401


def test_another_reader_s_link_stays(campaign: Running) -> None:
    other = campaign.reader("R2")

    token_of(campaign, "R1")

    assert other.client.get("/").status_code == 200


def test_a_session_lasts_a_working_day_and_lives_on_in_a_server_that_was_started_anew(campaign: Running) -> None:
    now = [1_000_000.0]
    sessions = ReaderSessions(campaign.desk.tokens, campaign.desk.blinding, clock=lambda: now[0])
    session = sessions.opened_by(token_of(campaign), "10.0.0.1")
    assert session is not None
    anew = ReaderSessions(campaign.desk.tokens, campaign.desk.blinding, clock=lambda: now[0])

    now[0] += WORKING_DAY - 1
    assert anew.reader_of(session) == "R1"
    now[0] += 1
    assert anew.reader_of(session) is None


@pytest.mark.parametrize("session", ["", ".", "x.y", "0.", "-1.00", "ffffffffffffffffffff.00", "é.é", "1" * 5_000])
def test_what_is_no_session_is_nobody_s(campaign: Running, session: str) -> None:
    token_of(campaign)

    assert campaign.sessions.reader_of(session) is None


def test_a_session_of_another_campaign_s_key_is_nobody_s(campaign: Running) -> None:
    token = token_of(campaign)
    foreign = ReaderSessions(campaign.desk.tokens, Blinding(KEY, NAME)).opened_by(token, "10.0.0.1")

    assert foreign is not None
    assert campaign.sessions.reader_of(foreign) is None


def test_after_ten_wrong_tokens_from_an_address_none_opens_there_for_a_minute(campaign: Running) -> None:
    now = [0.0]
    sessions = ReaderSessions(campaign.desk.tokens, campaign.desk.blinding, stopwatch=lambda: now[0])
    token = token_of(campaign)
    for _ in range(TRIES_AT_MOST):
        assert sessions.opened_by("wrong", "10.0.0.1") is None

    with pytest.raises(TooManyTriesError):
        sessions.opened_by(token, "10.0.0.1")

    assert sessions.opened_by(token, "10.0.0.2") is not None
    now[0] = 61.0
    assert sessions.opened_by(token, "10.0.0.1") is not None


def test_whoever_tries_too_often_is_told_to_wait(campaign: Running) -> None:
    client = campaign.client()
    for _ in range(TRIES_AT_MOST):
        assert client.get("/open?token=wrong").status_code == 403

    answer = client.get("/open?token=wrong")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_is_kept_nowhere_framed_nowhere_and_runs_no_script_but_ours(campaign: Running, page: str) -> None:
    headers = campaign.reader().client.get(page).headers

    assert {name: headers[name] for name in HEADERS} == {**HEADERS, "content-security-policy": WITH_REQUESTS}
    assert "unsafe" not in headers["content-security-policy"]


LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def test_a_link_in_a_letter_opens_a_page_from_which_the_reader_goes_on(campaign: Running) -> None:
    client = campaign.client()

    answer = client.get(f"/open?token={token_of(campaign)}", headers=LINK, follow_redirects=False)

    assert (answer.status_code, COOKIE in client.cookies, 'href="/"' in answer.text) == (200, True, True)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", LINK),
        ("/open?token={token}", {**LINK, "sec-fetch-dest": "iframe"}),
        ("/open?token={token}", {**LINK, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}),
        ("/open?token={token}", {**LINK, "origin": "https://evil.example"}),
    ],
)
def test_whatever_else_leads_here_from_elsewhere_is_refused(
    campaign: Running, path: str, headers: dict[str, str]
) -> None:
    answer = campaign.reader().client.get(path.format(token=token_of(campaign)), headers=headers)

    assert answer.status_code == 403


def test_a_page_that_was_left_open_goes_on_when_the_link_is_opened_anew(campaign: Running) -> None:
    token = token_of(campaign)
    reader = Reader(campaign.client())
    reader.open(token)
    code = reader.codes()[0]
    form = reader.form(code, zeros)
    reader.client.cookies.clear()
    assert reader.send(code, form, "save").status_code == 401

    reader.open(token)

    assert reader.send(code, form, "save").status_code == 303


def forms(campaign: Running) -> tuple[TestClient, str, dict[str, str]]:
    """A reader's browser, a case, and its form filled in."""
    reader = campaign.reader()
    code = reader.codes()[0]
    return reader.client, code, {**reader.form(code, zeros), "do": "submit"}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver:81"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": ""},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_cookie(campaign: Running, headers: dict[str, str]) -> None:
    client, code, form = forms(campaign)
    before = campaign.registry.head
    if not headers["sec-fetch-site"]:
        del client.headers["sec-fetch-site"]

    answer = client.post(f"/cases/{code}", data=form, headers={k: v for k, v in headers.items() if v})

    assert answer.status_code == 403
    assert campaign.registry.head == before
    assert campaign.desk.drafts.cases() == []


@pytest.mark.parametrize("headers", [{"origin": "null"}, {"origin": "http://testserver"}, {}])
def test_a_form_of_our_own_page_is_taken_as_browsers_send_it(campaign: Running, headers: dict[str, str]) -> None:
    client, code, form = forms(campaign)

    assert client.post(f"/cases/{code}", data=form, headers=headers, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "ä"])
def test_a_form_without_the_token_of_its_session_is_refused(campaign: Running, token: str) -> None:
    client, code, form = forms(campaign)
    before = campaign.registry.head

    for answer in (
        client.post(f"/cases/{code}", data={**form, "form": token}),
        client.post(f"/cases/{code}/draft", data={**form, "form": token}),
        client.post("/leave", data={"form": token}),
    ):
        assert answer.status_code == 403

    assert campaign.registry.head == before


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=1", "text/plain", 415),
        (b"form=%ff", "application/x-www-form-urlencoded", 400),
        (b"form=a&form=b", "application/x-www-form-urlencoded", 400),
        (b"x" * 1_000_001, "application/x-www-form-urlencoded", 413),
        (b"revision=-1", "application/x-www-form-urlencoded", 400),
        (b"revision=1_0", "application/x-www-form-urlencoded", 400),
        (b"revision=%2B1", "application/x-www-form-urlencoded", 400),
        (b"r0c0=1" * 3, "application/x-www-form-urlencoded", 403),
    ],
)
def test_what_is_no_form_of_ours_is_refused(campaign: Running, body: bytes, kind: str, status: int) -> None:
    client, code, _ = forms(campaign)

    answer = client.post(f"/cases/{code}", content=body, headers={"content-type": kind})

    assert answer.status_code == status


@pytest.mark.parametrize("do", ["throw away", "discard", "submit"])
def test_a_draft_is_saved_and_nothing_else_is_done_with_it(campaign: Running, do: str) -> None:
    client, code, form = forms(campaign)

    answer = client.post(f"/cases/{code}/draft", data={**form, "do": do})

    assert (answer.status_code, campaign.desk.drafts.cases()) == (400, [])


def test_a_cell_that_the_page_does_not_have_is_refused(campaign: Running) -> None:
    client, code, form = forms(campaign)

    assert client.post(f"/cases/{code}", data={**form, "r99c0": "1"}).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(campaign: Running, method: str) -> None:
    assert campaign.reader().client.request(method, "/").status_code == 405


def test_under_another_name_nothing_is_answered(campaign: Running) -> None:
    assert campaign.reader().client.get("/", headers={"host": "rebound.example"}).status_code == 421


def test_who_leaves_is_not_known_any_more(campaign: Running) -> None:
    reader = campaign.reader()
    form = reader.page(reader.codes()[0]).hidden["form"]

    reader.client.post("/leave", data={"form": form})

    assert COOKIE not in reader.client.cookies
    assert reader.client.get("/").status_code == 401
