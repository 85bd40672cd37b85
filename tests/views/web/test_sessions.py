"""Who may look: one token, one session, one cookie; and what every answer says of itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.views.web.conftest import HOST
from views.served.doors import HEADERS
from views.served.tries import TRIES_AT_MOST, TooManyTriesError
from views.web.application import application
from views.web.live import Live
from views.web.tokens import Sessions


@pytest.fixture
def live(baraliakos: str) -> Iterator[Live]:
    opened = Live(baraliakos, patience=60)
    yield opened
    opened.close()


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def stranger(live: Live, sessions: Sessions) -> TestClient:
    """A client that has not opened anything."""
    return TestClient(application(live, sessions, [HOST]), follow_redirects=False)


def test_nothing_is_shown_before_the_registry_is_opened(stranger: TestClient) -> None:
    for page in ("/", "/patients", "/patients/BAR1-01", "/facts/patient/BAR1-01", "/log", "/nowhere"):
        answer = stranger.get(page)

        assert answer.status_code == 401
        assert "BAR1-01" not in answer.text


def test_a_token_becomes_a_cookie_that_no_script_and_no_other_site_has(
    stranger: TestClient, sessions: Sessions
) -> None:
    answer = stranger.get(f"/open?token={sessions.token}")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    parts = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(parts)
    assert sessions.token not in answer.headers["set-cookie"]


def test_the_cookie_is_for_tls_alone_where_browsers_come_by_tls(live: Live, sessions: Sessions) -> None:
    client = TestClient(application(live, sessions, [HOST], is_secure=True), follow_redirects=False)

    assert "Secure" in client.get(f"/open?token={sessions.token}").headers["set-cookie"].split("; ")


def test_a_token_opens_once(stranger: TestClient, sessions: Sessions) -> None:
    stranger.get(f"/open?token={sessions.token}")
    stranger.cookies.clear()

    answer = stranger.get(f"/open?token={sessions.token}")

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_whoever_has_opened_it_may_use_the_address_again(stranger: TestClient, sessions: Sessions) -> None:
    stranger.get(f"/open?token={sessions.token}")

    answer = stranger.get(f"/open?token={sessions.token}")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_after_ten_wrong_tokens_in_a_minute_none_opens() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    for _ in range(TRIES_AT_MOST):
        assert sessions.opened_by("wrong") is None

    with pytest.raises(TooManyTriesError):
        sessions.opened_by(sessions.token)

    now[0] = 61.0
    assert sessions.opened_by(sessions.token) is not None


def test_whoever_tries_too_often_is_told_to_wait(stranger: TestClient, sessions: Sessions) -> None:
    for _ in range(TRIES_AT_MOST):
        stranger.get("/open?token=wrong")

    answer = stranger.get(f"/open?token={sessions.token}")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


@pytest.mark.parametrize("page", ["/", "/patients/BAR1-01", "/static/spondyl.css", "/open", "/nowhere", "/../x"])
def test_every_answer_is_kept_nowhere_framed_nowhere_and_runs_no_script_but_ours(opened: TestClient, page: str) -> None:
    headers = opened.get(page).headers

    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert headers["cache-control"] == "no-store"
    assert "unsafe" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_only_the_head_is_answered_where_only_the_head_is_asked_for(opened: TestClient) -> None:
    answer = opened.head("/patients", follow_redirects=True)

    assert (answer.status_code, answer.text) == (200, "")


def test_behind_a_proxy_nobody_else_may_ask(live: Live, sessions: Sessions) -> None:
    app = application(live, sessions, [HOST], is_secure=True, proxy="10.0.0.7")

    assert TestClient(app, client=("10.0.0.8", 50_000)).get("/").status_code == 403
    assert TestClient(app, client=("10.0.0.7", 50_000)).get("/").status_code == 401
