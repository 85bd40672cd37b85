"""`spondyl cohort`: a paper's tables on a terminal, for a manuscript and for machines."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from projections.cohort.figures.figures import COHORT_STATISTICS
from registry import Registry
from registry.intake import import_batch
from tests.cli.conftest import Spondyl

EXAMPLES = Path(__file__).parents[2] / "examples"
LESIONS = """
cohort = "lesions"
title = "Lesions & <b>more</b> | of two years"

[day0]
event = "course"
of = ["infliximab", "etanercept"]

[[time_points]]
name = "baseline"
day = 0
window = [-60, 14]

[[time_points]]
name = "2 years"
day = 730
window = [640, 820]

[tables.lesions]

[tables.scores]
methods = ["asspimri", "berlin"]
"""


@pytest.fixture(scope="session")
def mri_study(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the MRI study; tests only read it."""
    path = tmp_path_factory.mktemp("mri") / "registry.db"
    shutil.copy(sqlite_template, path)
    with Registry.open(str(path), actor="lindner") as registry:
        import_batch(registry, EXAMPLES / "baraliakos2013")
    return path


@pytest.fixture
def mri(spondyl: Spondyl, mri_study: Path, monkeypatch: pytest.MonkeyPatch) -> Spondyl:
    """The command on the registry of the MRI study, with a definition in `lesions.toml`."""
    monkeypatch.setenv("SPONDYL_DB", str(mri_study))
    Path("lesions.toml").write_text(LESIONS, encoding="utf-8")
    return spondyl


def line(text: str, start: str) -> str:
    """The first line that starts so, its columns set apart by one space."""
    return next(" ".join(each.split()) for each in text.splitlines() if each.strip().startswith(start))


def test_the_lesion_table_reads_like_table_1_of_the_paper(mri: Spondyl) -> None:
    out = mri("cohort", "lesions.toml", "--table", "lesions").out

    assert line(out, "active erosions ") == "active erosions 90 (8.9%) 37 (3.7%) 58.9 (48.0–69.2) 0.018"
    assert line(out, "inflammation only ") == "inflammation only 251 (24.8%) 84 (8.3%) 66.5 (60.3–72.3) 0.001"
    assert "SCORES" not in out


def test_patients_without_a_known_state_are_left_out_and_a_footnote_says_so(mri: Spondyl) -> None:
    out = mri("cohort", "lesions.toml", "--table", "lesions").out

    row = next(each for each in out.splitlines() if each.startswith(" inactive erosions ") and "8 of 21" in each)
    (mark,) = re.findall(r"8 of 21 \(38%\)(\S)", row)
    left_out = "1 with a location that leaves doubt of the count; of all 22, 8 to 9 have one"
    assert line(out, mark) == f"{mark} 21 of 22 patients; {left_out}"


def test_the_flow_counts_who_is_left_at_each_step(mri: Spondyl) -> None:
    text = LESIONS.replace('event = "course"', 'event = "course"\nwhich = "first"') + '\n[who]\nsex = ["female"]\n'
    Path("women.toml").write_text(text, encoding="utf-8")

    flow = mri("cohort", "women.toml", "--json").json["flow"]

    assert [(step["n_left"], step["n_excluded"]) for step in flow] == [(22, 0), (22, 0), (5, 17)]
    assert flow[-1]["name"] == "sex: female"


def test_what_the_file_leaves_open_is_printed_with_the_default_that_was_taken(mri: Spondyl) -> None:
    out = mri("cohort", "lesions.toml").out

    assert "Left open, so by default:" in out
    assert "imaging: rule = one; reader, session = the only one there is" in out
    assert "mcnemar = uncorrected" in out
    assert "patients p (lesions): McNemar: uncorrected" in out


def test_choosing_a_table_does_not_change_who_is_in_the_cohort(mri: Spondyl) -> None:
    text = LESIONS + '\n[who]\nreadings_at = ["2 years"]\n'
    Path("read.toml").write_text(text, encoding="utf-8")

    whole, part = (mri("cohort", "read.toml", *only, "--json").json for only in ((), ("--table", "scores")))

    assert part["flow"] == whole["flow"]
    assert part["figures"] == [
        {**figure, "table_number": 1} for figure in whole["figures"] if figure["table"] == "scores"
    ]


def test_json_has_every_figure_with_the_cut_and_the_definitions_defaults(mri: Spondyl) -> None:
    found = mri("cohort", "lesions.toml", "--as-of", "2012-12-31", "--json").json

    assert (found["cohort"], found["as_of"], found["n_patients"]) == ("lesions", "2012-12-31", 22)
    assert found["known_at"]["position"] > 0
    assert found["defaults"]["statistics.mcnemar"] == "uncorrected"
    (share,) = [
        each
        for each in found["figures"]
        if (each["row"], each["timepoint"], each["statistic"]) == ("inflammation", "2 years", "patients")
    ]
    assert (share["numerator"], share["denominator"], share["text"]) == (14, 22, "14 of 22 (64%)")


def test_csv_is_the_table_cohort_statistics_in_contract_order(mri: Spondyl) -> None:
    rows = list(csv.reader(io.StringIO(mri("cohort", "lesions.toml", "--csv").out)))

    assert rows[0] == [column.name for column in COHORT_STATISTICS.columns]
    assert rows[1:] == sorted(rows[1:], key=lambda row: row[:5])
    assert len(rows) - 1 == len(mri("cohort", "lesions.toml", "--json").json["figures"])


def test_labels_are_for_people_and_machines_keep_the_names(mri: Spondyl) -> None:
    words = '[labels]\nactive-erosions = "erosions beside inflammation"\nbsdai = "BASDAI"\n'
    Path("labelled.toml").write_text(f"{LESIONS}{words}", encoding="utf-8")

    out = mri("cohort", "labelled.toml").out

    assert line(out, "erosions beside inflammation ").endswith("90 (8.9%) 37 (3.7%) 58.9 (48.0–69.2) 0.018")
    assert " labels and order: no row here is called bsdai" in out.splitlines()
    figures = [mri("cohort", name, "--json").json["figures"] for name in ("lesions.toml", "labelled.toml")]
    assert figures[0] == figures[1]


def test_html_is_one_page_in_which_every_text_is_escaped(mri: Spondyl) -> None:
    page = mri("cohort", "lesions.toml", "--html").out

    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>", "", page))
    assert root.findtext("body/h1") == "Lesions & <b>more</b> | of two years"
    cells = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert ["active erosions", "90 (8.9%)", "37 (3.7%)", "58.9 (48.0–69.2)", "0.018"] in cells
    assert not re.search(r"""(?:src|href|url)\s*[=(]""", page)


def test_markdown_tables_have_as_many_cells_in_each_line_as_in_their_heading(mri: Spondyl) -> None:
    text = mri("cohort", "lesions.toml", "--markdown").out

    assert text.startswith("# Lesions \\& \\<b\\>more\\</b\\> \\| of two years\n")
    assert "| active erosions | 90 (8.9%) | 37 (3.7%) | 58.9 (48.0–69.2) | 0.018 |" in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", each)) for each in table.splitlines()}) == 1


def test_on_a_narrow_terminal_no_column_is_lost(mri: Spondyl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.output.terminal_width", lambda: 60)
    monkeypatch.setattr("cli.manuscript.on_terminal.terminal_width", lambda: 60)

    answer = mri("cohort", "lesions.toml")

    assert max(map(len, answer.out.splitlines())) <= 60
    for heading in ("baseline n (%)", "2 years n (%)", "reduction % (CI)", "→ not assessable"):
        assert heading in answer.out
    assert answer.err == ""


def test_where_names_leave_no_room_for_figures_these_stand_beneath(
    corrected: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.output.terminal_width", lambda: 60)
    monkeypatch.setattr("cli.manuscript.on_terminal.terminal_width", lambda: 60)

    answer = corrected("cohort", "lesions.toml", "--table", "lesions", "--known-at", "printed", "--versus", "@267")

    assert max(map(len, answer.out.splitlines())) <= 60
    assert " active-erosions / baseline / n\n    then 90 (8.9%); now 91 (9.0%); change +1; by @267\n" in answer.out
    assert answer.err == ""


def test_a_definition_that_cannot_be_used_is_refused_with_a_line_for_each_problem(mri: Spondyl) -> None:
    Path("wrong.toml").write_text('cohort = ""\ncolour = "red"\n', encoding="utf-8")

    answer = mri("cohort", "wrong.toml")

    assert (answer.code, answer.out) == (3, "")
    lines = answer.err.splitlines()
    assert len(lines) == 3
    assert all(each.startswith("spondyl: wrong.toml: ") for each in lines)


def test_a_table_that_the_definition_does_not_want_is_refused(mri: Spondyl) -> None:
    answer = mri("cohort", "lesions.toml", "--table", "lesion")

    assert (answer.code, answer.out) == (3, "")
    assert "lesions" in answer.err


def test_a_cohort_of_nobody_has_a_reason_beside_every_figure_that_it_has_not(mri: Spondyl) -> None:
    text = LESIONS.replace('"infliximab", "etanercept"', '"secukinumab"')
    Path("nobody.toml").write_text(text, encoding="utf-8")

    found = mri("cohort", "nobody.toml", "--json").json
    answer = mri("cohort", "nobody.toml")

    assert found["n_patients"] == 0
    assert all(figure["reason"] for figure in found["figures"] if figure["value"] is None)
    assert "nothing given" in answer.out
    assert "nan" not in json.dumps(found).casefold()


@pytest.fixture
def corrected(spondyl: Spondyl, mri_study: Path) -> Spondyl:
    """The command on a registry of its own of the MRI study, frozen as `printed`, with one correction after it."""
    shutil.copy(mri_study, "spondyl.db")
    Path("lesions.toml").write_text(LESIONS, encoding="utf-8")
    spondyl("freeze", "printed")
    spondyl("amend", "reading/MR1-6347/R1/vu-lesions", "C2/3 anterior erosion=1", "--reason", "read again")
    return spondyl


def test_then_and_now_shows_the_figures_that_moved_and_the_correction_that_moved_them(corrected: Spondyl) -> None:
    answer = corrected("cohort", "lesions.toml", "--table", "lesions", "--known-at", "printed", "--versus", "@267")

    assert line(answer.out, "active-erosions ") == "active-erosions baseline n 90 (8.9%) 91 (9.0%) +1 @267"
    assert "@267 ReadingAmended reading/MR1-6347/R1/vu-lesions, 'read again'" in answer.out
    assert answer.err == ""


def test_then_and_now_for_machines_has_every_figure_that_moved(corrected: Spondyl) -> None:
    asked = ("cohort", "lesions.toml", "--table", "lesions", "--known-at", "printed", "--versus", "@267")
    found, rows = corrected(*asked, "--json").json, list(csv.DictReader(io.StringIO(corrected(*asked, "--csv").out)))

    assert (found["then"]["position"], found["now"]["position"]) == (265, 267)
    assert len(rows) == len(found["moved"])
    (erosions,) = [row for row in rows if (row["row"], row["timepoint"]) == ("erosions", "baseline → 2 years")][:1]
    assert (erosions["numerator_then"], erosions["denominator_now"], erosions["by"]) == ("50.0", "108.0", "267")
    assert [event["position"] for event in found["events"]] == [267]


def test_then_and_now_tells_figures_whose_footnote_moved_only_apart(corrected: Spondyl) -> None:
    corrected("record", "patient", "patient=NEW-1", "enrolled_on=2001-01-01")
    corrected("record", "treatment", "patient=NEW-1", "agent=infliximab", "started_on=2001-01-01")
    asked = ("cohort", "lesions.toml", "--table", "lesions", "--known-at", "@267", "--versus", "@269")

    answer, found = corrected(*asked), corrected(*asked, "--json").json

    assert {row["what"] for row in found["moved"]} == {"footnote"}
    assert (
        f"0 of {found['n_figures']} figures moved, and the footnotes alone of {len(found['moved'])} more" in answer.out
    )
    assert "22 of 22 patients → 22 of 23 patients; 1 not read at both time points, by @26" in answer.out


def test_a_series_has_a_column_for_each_year_and_ends_with_all_that_is_known(mri: Spondyl) -> None:
    answer = mri("cohort", "lesions.toml", "--every", "year", "--figure", "lesions / erosions / baseline / n")

    assert line(answer.out, "figure ").startswith("figure 2000-12-31 2001-12-31")
    assert line(answer.out, "patients ").split()[-1] == "22"
    assert line(answer.out, "lesions / erosions").endswith("107 (10.8%)")


def test_a_series_for_machines_has_a_row_for_each_cut_and_figure(mri: Spondyl) -> None:
    asked = ("cohort", "lesions.toml", "--every", "year", "--to", "2003-12-31", "--figure", "scores / * / total")

    rows = mri(*asked, "--json").json

    assert sorted({row["as_of"] for row in rows}) == ["2000-12-31", "2001-12-31", "2002-12-31", "2003-12-31"]
    assert len(rows) == 4 * 4


def test_a_series_without_a_cut_says_why(mri: Spondyl) -> None:
    answer = mri("cohort", "lesions.toml", "--every", "year", "--to", "1990-01-01")

    assert (answer.code, answer.out) == (0, "")
    assert answer.err.startswith("no points in time")


@pytest.mark.parametrize(
    "options",
    [
        ("--every", "year", "--versus", "@1"),
        ("--every", "year", "--table", "lesions"),
        ("--every", "year", "--html"),
        ("--versus", "@1", "--markdown"),
        ("--figure", "lesions / erosions / baseline / n"),
        ("--over", "recorded"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_not_understood(mri: Spondyl, options: tuple[str, ...]) -> None:
    assert mri("cohort", "lesions.toml", *options).code == 2


def test_rows_of_patients_with_several_days_0_are_told_as_episodes(cohort: Spondyl) -> None:
    for start, stop in (("2020-03-01", "2020-04-01"), ("2021-03-01", "2021-04-01")):
        course = ("patient=P-1", "agent=infliximab", f"started_on={start}", f"stopped_on={stop}")
        assert cohort("record", "treatment", *course).code == 0
    text = LESIONS.partition("[tables")[0].replace('event = "course"', 'event = "episode"\nwhich = "all"')
    Path("episodes.toml").write_text(f"{text}[tables.rates]\n", encoding="utf-8")

    assert "2 episodes of 1 patient;" in cohort("cohort", "episodes.toml").out
