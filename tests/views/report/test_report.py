"""Reports as text: what stands in them, that it is the projections' and the same for the same question, and no more."""

from __future__ import annotations

import re
import stat
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from projections import facts_at, facts_of, project
from projections.cohort.all_tables import figures
from projections.cohort.definition_file import parsed
from projections.cohort.for_figures import with_all_points
from projections.cohort.members.cohort import Cohort
from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table
from projections.point_in_time import Facts
from projections.tables import _MADE
from registry import Registry
from tests.cli.conftest import Spondyl, spondyl  # noqa: F401
from tests.example_cohorts import EXAMPLES, import_example
from tests.faults.hostile_texts import HOSTILE, hostile_registry
from views.pages.environment import NO_SCRIPT
from views.report.centre import centre_report
from views.report.cohort import cohort_report
from views.report.completeness import completeness_report
from views.report.patient import patient_report

SCHEDULED = ["baseline", "week 2", "week 8", "week 12"]  # of the anakinra study, those that were expected
BARALIAKOS = EXAMPLES / "baraliakos2013.toml"


class Structure(HTMLParser):
    """The elements of a page with their attributes, and the text of each table's cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.texts: list[str] = []
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._within.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if {"td", "th"} & set(self._within) and "sup" not in self._within:
            self.cells[-1] += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("report") / "examples.db"
    with Registry.create(str(path), actor="tester") as registry:
        import_example(registry, "baraliakos2013", "anakinra2004")
        yield registry


def cohort_page(registry: Registry, *, minimum: int = 5, changed: str = "") -> str:
    facts = facts_at(registry)
    definition = with_all_points(parsed(BARALIAKOS.read_bytes() + changed.encode(), catalogue=facts.catalogue))
    cohort = Cohort.of(definition, facts)
    return cohort_report(cohort, list(figures(cohort)), minimum=minimum, definition="ab" * 32)


def test_a_patients_report_projects_each_table_once(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Counter[str]()

    def counting(table: Table, make: Callable[[Facts], ArrowTable], facts: Facts) -> ArrowTable:
        made[table.name] += 1
        return make(facts)

    for table, make in list(_MADE.items()):
        monkeypatch.setitem(_MADE, table, partial(counting, table, make))

    patient_report(facts_of(registry, "BAR1-01", as_of="2024-01-01"), "BAR1-01")

    assert {"patients", "measures", "findings", "scores", "lesion_courses", "treatments"} <= made.keys()
    assert set(made.values()) == {1}


@pytest.fixture(scope="module")
def pages(registry: Registry) -> dict[str, str]:
    facts = facts_at(registry, as_of="2024-01-01")
    return {
        "patient": patient_report(facts, "ana1-01"),
        "images": patient_report(facts, "BAR1-01"),
        "cohort": cohort_page(registry),
        "centre": centre_report(facts, "C1"),
    }


@pytest.mark.parametrize("name", ["patient", "images", "cohort", "centre"])
def test_every_figure_has_a_role_a_title_a_sentence_and_its_numbers(name: str, pages: dict[str, str]) -> None:
    drawn = re.findall(r'<figure class="chart-figure" id="([^"]+)">(.*?)</figure>', pages[name], re.DOTALL)

    assert drawn or name == "cohort"
    assert len({of for of, _ in drawn}) == len(drawn)
    for of, figure in drawn:
        assert f'role="img" aria-labelledby="{of}-title {of}-sentence"' in figure
        assert re.search(rf'<title id="{of}-title">.+?</title><desc id="{of}-sentence">.+?</desc>', figure)
        assert re.search(r"<details><summary>.+?</summary><table><caption>.+?</caption>", figure)


@pytest.mark.parametrize("name", ["patient", "images", "cohort", "centre"])
def test_every_heading_of_a_table_says_what_it_is_of(name: str, pages: dict[str, str]) -> None:
    page = Structure(pages[name])

    assert {each.get("scope") for each in page.of("th")} <= {"col", "row", "colgroup"}
    assert len(page.of("table")) == len(page.of("caption"))


@pytest.mark.parametrize("name", ["patient", "images", "cohort", "centre"])
def test_a_page_allows_itself_no_more_than_its_styles(name: str, pages: dict[str, str]) -> None:
    page = Structure(pages[name])
    (policy,) = (each["content"] for each in page.of("meta") if each.get("http-equiv") == "Content-Security-Policy")

    assert policy == NO_SCRIPT == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    strange = {"script", "iframe", "object", "embed", "form", "link", "base", "img"}
    assert not strange & {tag for tag, _ in page.elements}
    assert [name for _, given in page.elements for name in given if name.startswith("on")] == []
    assert {each.get("href", "")[:1] for each in page.of("a")} == {"#"}  # type: ignore[index]


def test_the_head_and_the_foot_say_what_a_report_rests_on(registry: Registry, pages: dict[str, str]) -> None:
    head, said = registry.log.head(), " ".join(Structure(pages["cohort"]).texts)

    for fact in (f"@{head.position}", head.digest.hex(), registry.root().hex(), "ab" * 32, "spondyl "):
        assert fact in said
    assert "Anakinra in active ankylosing spondylitis" in said  # the title of the registry's protocol


def test_the_values_of_a_patient_are_those_of_the_projection(registry: Registry, pages: dict[str, str]) -> None:
    rows = project("measures", facts_at(registry, as_of="2024-01-01")).to_pylist()
    values = {f"{row['value']:.10g}" for row in rows if row["patient"] == "ana1-01" and row["value"] is not None}
    cells = set(Structure(pages["patient"]).cells)

    assert len(values) > 20
    assert values - cells == set()


def test_the_numbers_of_a_cohort_are_those_of_its_figures(registry: Registry) -> None:
    page = Structure(cohort_page(registry, minimum=1))

    for printed in ("107 (10.8%)", "57 (5.9%)", "46.7 (37.0–56.6)", "341 (33.7%)", "64.5 (59.2–69.6)"):  # Table 1
        assert printed in page.cells


def test_the_same_question_gives_the_same_bytes(registry: Registry, tmp_path: Path) -> None:
    with Registry.create(str(tmp_path / "again.db"), actor="tester") as again:
        import_example(again, "baraliakos2013", "anakinra2004")
        facts = [facts_at(each, as_of="2024-01-01") for each in (again, again)]

        assert patient_report(facts[0], "BAR1-01") == patient_report(facts[1], "BAR1-01")
        assert centre_report(facts[0], "C1") == centre_report(facts[1], "C1")
    assert cohort_page(registry) == cohort_page(registry)


def test_a_small_number_is_a_dot_with_a_footnote(registry: Registry) -> None:
    hidden, whole = (Structure(cohort_page(registry, minimum=minimum)) for minimum in (5, 1))

    assert "17 (1.7%)" in whole.cells  # inactive erosions, seen in few
    assert "17 (1.7%)" not in hidden.cells
    assert any("hidden small number" in text for text in hidden.texts)
    assert not any("hidden small number" in text for text in whole.texts)


def test_of_a_cohort_of_few_nothing_is_shown(registry: Registry) -> None:
    page = cohort_page(registry, minimum=23)

    assert "fewer than 23 patients" in page
    assert "22 patients" not in page
    assert "<table" not in page


def test_a_centre_sees_nobody_elses_patients(registry: Registry, pages: dict[str, str]) -> None:
    patients = facts_at(registry).of("patients").to_pylist()
    others = [row["patient"] for row in patients if row["centre"] != "C1"]

    assert len(others) == 22
    assert [each for each in others if each in pages["centre"]] == []
    assert "9 patients enrolled" in pages["centre"]


def test_patient_and_centre_say_that_they_hold_personal_data(pages: dict[str, str]) -> None:
    assert {name for name, page in pages.items() if "Holds personal data" in page} == {"patient", "images", "centre"}


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_what_somebody_typed_is_text_of_a_report(place: int, tmp_path: Path) -> None:
    hostile_registry(tmp_path / "hostile.db")
    with Registry.open(str(tmp_path / "hostile.db")) as registry:
        html = patient_report(facts_at(registry), f"P-{place}")

    page = Structure(html)

    assert not {"script", "img"} & {tag for tag, _ in page.elements}
    assert [name for _, given in page.elements for name in given if name.startswith("on")] == []
    assert all(sign.isprintable() or sign == "\n" or sign == "\u00a0" for sign in html)


@pytest.fixture
def demo(spondyl: Spondyl, registry: Registry) -> Spondyl:  # noqa: F811
    def called(*arguments: object) -> Any:
        return spondyl("--db", registry.log.database.path, *arguments)  # type: ignore[attr-defined]

    return called


def test_a_report_is_private_and_never_written_over_unless_that_is_asked(demo: Spondyl, tmp_path: Path) -> None:
    out = tmp_path / "p.html"
    first = demo("report", out, "--patient", "BAR1-01")
    content = out.read_bytes()
    refused = demo("report", out, "--patient", "BAR1-02")
    kept = out.read_bytes()
    out.chmod(0o640)
    replaced = demo("report", out, "--patient", "BAR1-02", "--overwrite")

    assert (first.code, first.out.strip()) == (0, str(out))
    assert (refused.code, kept) == (3, content)
    assert "--overwrite" in refused.err
    assert replaced.code == 0
    assert b"BAR1-02" in out.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["p.html"]


def test_a_new_report_is_for_its_owner_alone(demo: Spondyl, tmp_path: Path) -> None:
    demo("report", tmp_path / "p.html", "--patient", "BAR1-01")

    assert stat.S_IMODE((tmp_path / "p.html").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "<!DOCTYPE html><p>mine</p>"])
def test_only_a_report_is_written_over(content: str, demo: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "mine.html").write_text(content)

    answer = demo("report", tmp_path / "mine.html", "--patient", "BAR1-01", "--overwrite")

    assert answer.code == 3
    assert "no report of spondyl" in answer.err
    assert (tmp_path / "mine.html").read_text() == content


def test_a_link_is_not_followed(demo: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "elsewhere.html")

    assert demo("report", tmp_path / "link.html", "--patient", "BAR1-01", "--overwrite").code == 3
    assert not (tmp_path / "elsewhere.html").exists()


def test_of_an_unknown_patient_there_is_no_report(demo: Spondyl, tmp_path: Path) -> None:
    answer = demo("report", tmp_path / "p.html", "--patient", "nobody")

    assert (answer.code, "'nobody'" in answer.err) == (3, True)
    assert list(tmp_path.iterdir()) == []


def test_before_enrolment_there_is_no_report(demo: Spondyl, tmp_path: Path) -> None:
    assert demo("report", tmp_path / "p.html", "--patient", "BAR1-01", "--as-of", "1990-01-01").code == 3


@pytest.mark.parametrize("arguments", [("--centre", "nowhere"), ("--cohort", "missing.toml"), ()])
def test_a_report_of_nothing_is_refused(arguments: tuple[str, ...], demo: Spondyl, tmp_path: Path) -> None:
    assert demo("report", tmp_path / "x.html", *arguments).code in (2, 3)
    assert not (tmp_path / "x.html").exists()


def test_of_an_erased_patient_there_is_no_report_and_the_refusal_says_so(spondyl: Spondyl) -> None:  # noqa: F811
    spondyl("init")
    spondyl("record", "patient", "patient=P-1", "enrolled_on=2020-01-01")
    spondyl("erase", "P-1", "--reason", "asked", "--yes")

    answer = spondyl("report", "p.html", "--patient", "P-1")

    assert answer.code == 3
    assert "erased" in answer.err
    assert not Path("p.html").exists()


def test_who_withdrew_consent_is_shown_until_then_or_not_at_all(spondyl: Spondyl) -> None:  # noqa: F811
    spondyl("init")
    fields = ("follow_up_ended_on=2021-01-01", "follow_up_end_reason=withdrawn")
    assert spondyl("record", "patient", "patient=P-1", "enrolled_on=2020-01-01", *fields).code == 0

    kept = spondyl("report", "kept.html", "--patient", "P-1")
    excluded = spondyl("report", "excluded.html", "--patient", "P-1", "--withdrawn", "exclude")

    assert kept.code == 0
    assert "consent withdrawn" in Path("kept.html").read_text(encoding="utf-8")
    assert excluded.code == 3
    assert "consent was withdrawn" in excluded.err


def test_visits_stand_in_the_order_of_the_schedule(registry: Registry) -> None:
    page = completeness_report(facts_at(registry, as_of="2024-01-01"))

    assert re.findall(r"<title [^>]+>Completeness of ([^<]+)</title>", page) == SCHEDULED


@pytest.mark.parametrize("minimum", [1, 5])
def test_a_p_that_is_hidden_or_not_there_is_no_word_beside_the_exact_one(minimum: int, registry: Registry) -> None:
    by_sex = '\n[tables.responders]\n[groups]\nby = "sex"\ntests = true\n'
    page = Structure(cohort_page(registry, minimum=minimum, changed=by_sex))

    assert any("(exact " in cell for cell in page.cells) or minimum > 1
    assert not [cell for cell in page.cells if "None" in cell]


@pytest.mark.parametrize("known_at", ["day", "position"])
def test_a_report_of_a_fixed_place_is_as_of_its_day_in_utc_in_every_zone(
    known_at: str,
    demo: Spondyl,
    registry: Registry,
    tmp_path: Path,
    in_zone: Callable[[str], None],
) -> None:
    recorded_at = registry.head.recorded_at
    assert recorded_at is not None
    day = datetime.fromtimestamp(recorded_at // 1_000_000, UTC).date().isoformat()
    place = day if known_at == "day" else f"@{registry.head.position}"

    written = []
    for number, zone in enumerate(("UTC", "America/Adak", "Pacific/Kiritimati")):
        in_zone(zone)
        answer = demo("report", tmp_path / f"{number}.html", "--completeness", "--known-at", place)
        assert answer.code == 0
        written.append((tmp_path / f"{number}.html").read_text("utf-8"))

    assert written[1:] == written[:1] * 2
    assert re.findall(r"as of</dt>\s*<dd>([^<]+)", written[0]) == [day]


def test_a_report_of_before_the_first_event_is_of_nobody(demo: Spondyl, tmp_path: Path) -> None:
    assert demo("report", tmp_path / "c.html", "--completeness", "--known-at", "@0").code == 0
