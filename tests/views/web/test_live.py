"""A registry that changes while it is shown: seen at the next request, and of who is gone nothing is left anywhere."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from eventsourcing.persistence import PersistenceError
from starlette.testclient import TestClient

from registry import Registry
from registry.errors import UnreachableError
from tests.views.web.conftest import EXAMPLES, HOST
from views.web.application import application
from views.web.asked import Asked
from views.web.live import KEPT_AT_MOST, LARGE_AT_MOST, Live, NotYetError, Point
from views.web.tokens import Sessions

GONE = "P-2"
SECRETS = (GONE, "MR-2", "Kniegelenk rechts")
PAGES = (
    "/",
    "/patients",
    f"/patients/{GONE}",
    "/studies/MR-2",
    f"/facts/patient/{GONE}",
    f"/facts/flare/{GONE}/2020-03-01",
    f"/facts/visit/{GONE}",
    "/facts/imaging/MR-2",
    "/cohorts",
    "/follow-up",
    "/warnings",
    "/freezes",
    "/log",
)


@pytest.fixture
def place(tmp_path: Path) -> str:
    """The path of a registry with two patients, of whom the second had a flare and a study."""
    place = str(tmp_path / "cohort.db")
    with Registry.create(place, actor="ines") as registry:
        for patient in ("P-1", GONE):
            registry.enrol_patient(patient, enrolled_on="2020-01-01")
            registry.record_visit(patient, visited_on="2020-02-01", visit="baseline", measures={"crp": 12})
        registry.start_flare(GONE, started_on="2020-03-01", note="Kniegelenk rechts")
        registry.record_study("MR-2", patient=GONE, performed_on="2020-03-02", modality="MRI", regions="spine")
        registry.freeze("before")
    return place


@pytest.fixture
def live(place: str) -> Iterator[Live]:
    opened = Live(place, cohorts=EXAMPLES, patience=60)
    yield opened
    opened.close()


@pytest.fixture
def client(live: Live) -> TestClient:
    sessions = Sessions()
    client = TestClient(application(live, sessions, [HOST]))
    client.get(f"/open?token={sessions.token}")
    return client


def forms(client: TestClient, query: str = "") -> Iterator[tuple[str, str]]:
    """Yield what every page says, in HTML and in CSV, but for its own address."""
    for page in PAGES:
        for form in ("html", "csv"):
            address = f"{page}?form={form}{query}"
            yield address, client.get(address).text


def test_what_is_recorded_is_seen_at_the_next_request(place: str, client: TestClient) -> None:
    assert "P-3" not in client.get("/patients").text

    with Registry.open(place, actor="ines") as registry:
        registry.enrol_patient("P-3", enrolled_on="2020-05-01")
        registry.record_visit("P-1", visited_on="2020-06-01", visit="year 1")

    assert "P-3" in client.get("/patients").text
    assert "year 1" in client.get("/patients/P-1").text
    assert client.get("/?form=csv").text.splitlines()[1] == "patients,3"


def test_what_is_amended_and_retracted_is_seen_and_was_otherwise_before(place: str, client: TestClient) -> None:
    before = str(client.get("/patients").url)
    with Registry.open(place, actor="ines") as registry:
        registry.amend("patient/P-1", {"centre": "Herne"}, reason="read again")
        registry.retract(f"flare/{GONE}/2020-03-01", reason="another patient's")

    assert "Herne" in client.get("/patients").text
    assert "Herne" not in client.get(before).text
    assert "flares,0" in client.get("/?form=csv").text.splitlines()


def test_of_who_was_erased_nothing_is_on_any_page_cached_or_not(place: str, client: TestClient) -> None:
    shown = " ".join(text for _, text in forms(client))
    assert all(secret in shown for secret in SECRETS)

    with Registry.open(place, actor="ines") as registry:
        registry.erase_patient(GONE, reason="asked for it")

    for query in ("", "&as_of=2021-01-01&known_at=@7", "&known_at=before"):
        for address, text in forms(client, query):
            assert not [secret for secret in SECRETS if secret in said_of_itself(text)], (address, query)


def said_of_itself(text: str) -> str:
    """Return what a page says, but where it says that what was asked for is not there."""
    return "" if "is not recorded" in text or "no imaging study" in text else text


def test_an_erased_patient_is_told_to_be_gone(place: str, client: TestClient) -> None:
    with Registry.open(place, actor="ines") as registry:
        registry.erase_patient(GONE, reason="asked for it")

    answer = client.get(f"/patients/{GONE}")

    assert (answer.status_code, "was erased" in answer.text) == (410, True)
    assert client.get(f"/facts/patient/{GONE}").status_code == 410


def test_of_who_withdrew_nothing_is_on_any_page_at_any_point_in_time(place: str, client: TestClient) -> None:
    assert GONE in client.get("/patients").text

    with Registry.open(place, actor="ines") as registry:
        registry.end_follow_up(GONE, ended_on="2020-12-01", reason="withdrawn")

    for query in ("", "&as_of=2020-06-01&known_at=@7", "&known_at=before"):
        for address, text in forms(client, query):
            assert not [secret for secret in SECRETS if secret in text], (address, query)
    for page in (f"/patients/{GONE}", "/studies/MR-2", f"/facts/patient/{GONE}", f"/facts/visit/{GONE}"):
        assert client.get(page).status_code == 410


def test_a_pseudonym_that_was_merged_leads_to_the_patient(place: str, client: TestClient) -> None:
    with Registry.open(place, actor="ines") as registry:
        registry.merge_patients(GONE, into="P-1", reason="one person")

    answer = client.get(f"/patients/{GONE}")

    assert answer.status_code == 404
    assert '<a href="/patients/P-1">Go to P-1</a>' in answer.text


def test_a_copied_link_to_a_fact_says_the_same_whatever_is_recorded_later(place: str, client: TestClient) -> None:
    pages = ("/facts/visit/P-1", f"/facts/flare/{GONE}/2020-03-01", "/facts/imaging/MR-2", "/studies/MR-2")
    links = [str(client.get(page).url) for page in pages]
    before = [client.get(f"{link}&form=csv").text for link in links]
    assert [">Later changes<" in client.get(link).text for link in links] == [False] * 4

    with Registry.open(place, actor="ines") as registry:
        registry.record_visit("P-1", visited_on="2020-06-01", visit="year 1")
        registry.amend("visit/P-1/2020-02-01/baseline", {"visit": "first"}, reason="read again")
        registry.merge_patients(GONE, into="P-1", reason="one person", keep_enrolment=True)

    assert [client.get(f"{link}&form=csv").text for link in links] == before
    assert [">Later changes<" in client.get(link).text for link in links] == [True, True, True, False]
    assert f"Imaging study of {GONE}" in client.get(links[-1]).text
    assert "Imaging study of P-1" in client.get("/studies/MR-2").text


def test_markup_in_a_note_stays_text(place: str, client: TestClient) -> None:
    note = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    with Registry.open(place, actor=note) as registry:
        registry.start_flare("P-1", started_on="2020-04-01", note=note)

    for page in ("/patients/P-1", "/facts/flare/P-1/2020-04-01", "/log"):
        html = client.get(page).text

        assert "&lt;script&gt;alert(" in html
        assert "<script>alert" not in html
        assert "<img" not in html


def test_a_registry_that_was_migrated_is_not_read_on(place: str, client: TestClient) -> None:
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE spondyl_schema SET version_num = '0005'")
        connection.commit()

    answer = client.get("/patients")

    assert answer.status_code == 503
    assert "changed by another edition of spondyl" in answer.text
    assert "Start `spondyl serve` anew" in answer.text


def test_a_registry_in_whose_place_another_stands_is_not_read_on(place: str, client: TestClient) -> None:
    other = Path(place).with_name("other.db")
    with Registry.create(str(other), actor="ines") as registry:
        registry.enrol_patient("X-9", enrolled_on="2020-01-01")
    other.replace(place)

    answer = client.get("/patients")

    assert (answer.status_code, "X-9" in answer.text) == (503, False)


def test_a_registry_that_is_gone_is_told_to_be(place: str, client: TestClient) -> None:
    Path(place).unlink()

    assert client.get("/patients").status_code == 503


def test_a_registry_that_is_shown_refuses_to_be_written(live: Live) -> None:
    with pytest.raises((UnreachableError, PersistenceError), match="readonly"):
        live.registry.enrol_patient("P-9", enrolled_on="2020-01-01")


def test_looking_changes_no_byte(place: str, tmp_path: Path) -> None:
    before = tmp_path / "before.db"
    shutil.copy(place, before)
    opened = Live(place, patience=60)
    opened.facts_of("P-1", Point(opened.registry.today(), opened.head().position)).count("visits")
    opened.close()

    assert Path(place).read_bytes() == before.read_bytes()


def test_what_takes_longer_than_a_page_may_comes_later(live: Live) -> None:
    point = Point(live.registry.today(), live.head().position)
    with pytest.raises(NotYetError):
        live.made("slow", point, lambda facts: sum(range(3_000_000)), patience=0)

    assert live.made("slow", point, lambda facts: 0) == sum(range(3_000_000))


def test_of_what_is_large_the_last_asked_for_is_kept_and_the_rest_made_anew(live: Live) -> None:
    point = Point(live.registry.today(), live.head().position)
    made = list[str]()

    def asked_for(name: str) -> None:
        live.made(name, point, lambda facts: made.append(name), is_large=True)

    names = [f"cohort {number}" for number in range(LARGE_AT_MOST + 1)]
    for name in (*names, names[-1], names[0]):
        asked_for(name)

    assert made == [*names, names[0]]


def test_of_what_is_small_so_much_is_kept_as_there_is_room_for(live: Live) -> None:
    point = Point(live.registry.today(), live.head().position)
    made = list[int]()
    for number in (*range(KEPT_AT_MOST + 1), KEPT_AT_MOST, 0):
        live.made(str(number), point, lambda facts, number=number: made.append(number))

    assert made == [*range(KEPT_AT_MOST + 1), 0]


def test_what_takes_long_does_not_hold_up_what_is_quick(live: Live) -> None:
    point, is_over = Point(live.registry.today(), live.head().position), Event()
    with pytest.raises(NotYetError):
        live.made("long", point, lambda facts: is_over.wait(60), patience=0, is_large=True)

    assert live.made("quick", point, lambda facts: "there") == "there"

    is_over.set()
    assert live.made("long", point, lambda facts: False, is_large=True) is True


def test_all_that_a_page_waits_for_comes_out_of_one_patience(live: Live) -> None:
    point, is_over = Point(live.registry.today(), live.head().position), Event()
    asked = Asked(live, "/", point, point.position, "html", {}, {}, since=time.monotonic() - live.patience)

    assert asked.soon("long", lambda facts: is_over.wait(60)) is None

    is_over.set()
    assert live.made("long", point, lambda facts: False) is True
