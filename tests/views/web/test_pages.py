"""Every page in every form; what it shows is what the projection says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from projections import Facts, facts_at, facts_of, project
from projections.checks import all_warnings
from projections.columns.tables import rows
from projections.course import course_entries
from registry import Registry
from tests.views.web.conftest import EXAMPLES, HOST
from views.web.all_pages import PAGES
from views.web.application import application
from views.web.live import Live
from views.web.tokens import Sessions

POINT = "as_of=2010-06-30&known_at=@266"
ADDRESSES = {
    "overview": "/",
    "patients": "/patients",
    "patient": "/patients/BAR1-01",
    "study": "/studies/MR1-6347",
    "history": "/facts/reading/MR1-6347/R1/berlin",
    "cohorts": "/cohorts",
    "cohort": "/cohorts/baraliakos2013",
    "follow-up": "/follow-up",
    "warnings": "/warnings",
    "freezes": "/freezes",
    "log": "/log",
}


@pytest.fixture(scope="module")
def facts(baraliakos: str) -> Iterator[Facts]:
    """The facts of the registry at the point in time of the pages."""
    with Registry.open_to_read(baraliakos) as registry:
        yield facts_at(registry, as_of="2010-06-30", known_at="@266", withdrawn="exclude")


def saved(opened: TestClient, address: str, more: str = "") -> list[dict[str, str]]:
    """Return what a page saves as CSV."""
    return [*csv.DictReader(StringIO(opened.get(f"{address}?{POINT}&form=csv{more}").text))]


def texts(table: pa.Table, *columns: str) -> list[tuple[str, ...]]:
    return [tuple("" if row[name] is None else str(row[name]) for name in columns) for row in rows(table)]


def test_every_page_is_among_those_that_are_looked_at() -> None:
    assert {page.name for page in PAGES} == ADDRESSES.keys()


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_is_shown_and_saved_in_every_form(opened: TestClient, name: str) -> None:
    address = f"{ADDRESSES[name]}?{POINT}"

    html, as_csv, parquet = (opened.get(f"{address}{form}") for form in ("", "&form=csv", "&form=parquet"))

    assert [each.status_code for each in (html, as_csv, parquet)] == [200, 200, 200]
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    assert as_csv.headers["content-disposition"] == f'attachment; filename="{name}-2010-06-30-at-266.csv"'
    table = pq.read_table(BytesIO(parquet.content))
    written = [*csv.reader(StringIO(as_csv.text))]
    assert written[0] == table.column_names
    assert len(written) == table.num_rows + 1


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_has_no_style_and_no_script_of_its_own(opened: TestClient, name: str) -> None:
    html = opened.get(f"{ADDRESSES[name]}?{POINT}").text

    assert html.count("<script") == html.count('<script src="/static/spondyl.js" defer></script>') == 1
    assert not re.findall(r"<style|style=|javascript:|\son\w+=", html)
    assert not re.findall(r'(?:src|href)="(?!/|#|data:,)', html)


@pytest.mark.parametrize("name", ["patient", "study", "history"])
def test_a_page_of_one_patient_says_that_it_holds_personal_data(opened: TestClient, name: str) -> None:
    assert "Holds personal data</strong> of BAR1-01" in opened.get(f"{ADDRESSES[name]}?{POINT}").text


def test_the_overview_counts_what_is_visible(opened: TestClient, facts: Facts) -> None:
    told = {row["holds"]: int(row["number"]) for row in saved(opened, "/")}

    assert told == {name: facts.count(name) for name in told}
    assert (told["patients"], told["readings"]) == (22, 132)
    assert "<dd>132</dd>" in opened.get(f"/?{POINT}").text


def test_the_patients_are_those_of_the_table(opened: TestClient, facts: Facts) -> None:
    table = project("patients", facts)

    told = saved(opened, "/patients")

    columns = ("patient", "sex", "birth_year", "enrolled_on", "last_seen_on")
    assert [tuple(row[name] for name in columns) for row in told] == texts(table, *columns)


def test_patients_are_found_by_a_part_of_the_pseudonym_and_by_sex(opened: TestClient, facts: Facts) -> None:
    expected = [row["patient"] for row in rows(project("patients", facts)) if row["sex"] == "female"]

    assert [row["patient"] for row in saved(opened, "/patients", "&sex=female")] == expected
    assert [row["patient"] for row in saved(opened, "/patients", "&q=1-07")] == ["BAR1-07"]
    assert "Nobody is found so" in opened.get(f"/patients?{POINT}&q=zzz").text


def test_the_course_of_a_patient_is_that_of_the_projection(opened: TestClient, baraliakos: str) -> None:
    with Registry.open_to_read(baraliakos) as registry:
        own = facts_of(registry, "BAR1-01", as_of="2010-06-30", known_at="@266")
        expected = [(each.on, each.what, each.details, each.reference) for each in course_entries(own, "BAR1-01")]

    told = saved(opened, "/patients/BAR1-01")

    assert [tuple(row[name] for name in ("on", "what", "details", "reference")) for row in told] == expected
    assert len(expected) == 6


def test_a_study_has_the_findings_and_the_scores_of_its_readings(opened: TestClient, facts: Facts) -> None:
    findings = [row for row in rows(project("findings", facts)) if row["study"] == "MR1-6347"]
    (total,) = [
        row["value"]
        for row in rows(project("scores", facts))
        if (row["study"], row["method"], row["score"]) == ("MR1-6347", "asspimri", "total")
    ]

    told = saved(opened, "/studies/MR1-6347")

    assert [(row["location"], row["reader"]) for row in told] == [(row["location"], row["reader"]) for row in findings]
    assert total == 30.0
    assert '<td>total</td><td class="n">30</td>' in opened.get(f"/studies/MR1-6347?{POINT}").text


def test_a_facts_history_says_who_when_whence_why_and_what_changed(opened: TestClient) -> None:
    page = opened.get("/facts/patient/BAR1-01").text

    assert "<strong>EnrolmentAmended</strong> by lindner from python: “read again”" in page
    (changed,) = [
        row
        for row in csv.DictReader(StringIO(opened.get("/facts/patient/BAR1-01?form=csv").text))
        if row["event"] == "EnrolmentAmended"
    ]
    assert (changed["field"], changed["before"], changed["after"], changed["reason"]) == (
        "centre",
        "",
        "Herne",
        "read again",
    )


def test_a_history_ends_at_the_point_in_time(opened: TestClient) -> None:
    page = opened.get(f"/facts/patient/BAR1-01?{POINT}").text

    assert "EnrolmentAmended" not in page
    assert ">Later changes</a>" in page
    assert "Later changes" not in opened.get("/facts/patient/BAR1-01").text


def test_of_a_reference_that_is_only_begun_the_facts_are_listed(opened: TestClient) -> None:
    told = saved(opened, "/facts/visit/BAR1-01")

    assert [row["fact"] for row in told] == ["visit/BAR1-01/2002-06-04/baseline", "visit/BAR1-01/2004-05-10/2 years"]


def test_warnings_are_those_of_the_projection_and_found_by_rule(opened: TestClient, facts: Facts) -> None:
    table = all_warnings.table(facts)

    told = saved(opened, "/warnings")

    assert [tuple(row.values()) for row in told] == texts(table, *table.column_names)
    assert len(told) == 13
    assert saved(opened, "/warnings", "&rule=erosion-below-asspimri-4") == told


def test_the_log_tells_the_last_events_first(opened: TestClient) -> None:
    told = saved(opened, "/log")

    assert [int(row["position"]) for row in told] == [*range(266, 166, -1)]
    assert told[0]["event"] == "LogFrozen"
    assert [int(row["position"]) for row in saved(opened, "/log", "&before=4")] == [3, 2, 1]


def test_a_freeze_is_listed_with_its_digest_and_leads_there(opened: TestClient, baraliakos: str) -> None:
    with Registry.open_to_read(baraliakos) as registry:
        (paper,) = registry.freezes()

    (told,) = saved(opened, "/freezes")

    assert (told["name"], int(told["position"]), told["digest"]) == ("paper", paper.position, paper.digest.hex())
    assert "spondyl export FOLDER --known-at paper" in opened.get(f"/freezes?{POINT}").text


def line_of(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("table", "row", "timepoint", "group"))


def test_a_cohort_of_the_folder_hides_what_few_stand_behind(opened: TestClient) -> None:
    told = saved(opened, "/cohorts/baraliakos2013")

    assert {row["cohort"] for row in told} == {"baraliakos2013"}
    assert any(row["reason"] == "hidden-small-number" for row in told)
    without_n = {line_of(row) for row in told if row["statistic"] == "n" and not row["value"]}
    assert without_n
    assert {row["value"] for row in told if line_of(row) in without_n} == {""}
    assert not [row for row in told if row["statistic"] == "n" and row["value"] in ("1.0", "2.0", "3.0", "4.0")]


def test_only_definitions_of_cohorts_are_listed(opened: TestClient) -> None:
    names = [row["cohort"] for row in saved(opened, "/cohorts")]

    assert "baraliakos2013" in names
    assert not [name for name in names if name.endswith((".published", ".protocol"))]


@pytest.fixture
def faulty(baraliakos: str, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a server whose folder of cohorts has a definition with two faults, and a file that is no TOML."""
    (tmp_path / "faulty.toml").write_text('cohort = "x"\nnonsense = 1\n')
    (tmp_path / "torn.toml").write_text('cohort = "x')
    live, sessions = Live(baraliakos, cohorts=tmp_path, patience=60), Sessions()
    client = TestClient(application(live, sessions, [HOST]))
    client.get(f"/open?token={sessions.token}")
    yield client
    live.close()


def test_a_cohort_with_faults_is_told_with_all_of_them(faulty: TestClient) -> None:
    answer = faulty.get("/cohorts/faulty")

    assert answer.status_code == 422
    assert "nonsense" in answer.text
    assert "time_points" in answer.text
    assert faulty.get("/cohorts/torn").status_code == 422
    assert [said in faulty.get("/cohorts").text for said in (">2 faults<", ">1 fault<")] == [True, True]


def test_a_link_that_leads_out_of_the_folder_of_cohorts_is_not_followed(
    faulty: TestClient, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "any.toml"
    elsewhere.write_bytes((EXAMPLES / "baraliakos2013.toml").read_bytes())
    (tmp_path / "out.toml").symlink_to(elsewhere)
    (tmp_path / "copied.toml").write_bytes(elsewhere.read_bytes())
    (tmp_path / "within.toml").symlink_to(tmp_path / "copied.toml")

    listed = {row["cohort"]: row["title"] for row in saved(faulty, "/cohorts")}

    assert (listed["out"], listed["within"]) == ("", listed["copied"])
    for page in ("/cohorts", "/cohorts/out"):
        assert "is a link that leads out of the folder, and is not followed" in faulty.get(page).text
    assert faulty.get("/cohorts/out").status_code == 422


def test_an_address_is_no_path_into_the_folder(faulty: TestClient, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "hidden.toml").write_text('cohort = "x"\n')

    for name in ("below/hidden", "below%2Fhidden", "faulty.toml", "hidden"):
        assert faulty.get(f"/cohorts/{name}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("page", "status", "told"),
    [
        ("/patients/NOBODY", 404, "is not recorded"),
        ("/studies/NOTHING", 404, "no imaging study"),
        ("/facts/visit/NOBODY/2020-01-01", 404, "is not recorded"),
        ("/facts/nonsense/1", 404, "is not a known kind of fact"),
        ("/cohorts/nobody", 404, "nobody"),
        ("/nowhere", 404, "no page stands under this address"),
    ],
)
def test_what_is_not_there_is_told(opened: TestClient, page: str, status: int, told: str) -> None:
    answer = opened.get(page)

    assert answer.status_code == status
    assert told in answer.text.replace("No page", "no page")
