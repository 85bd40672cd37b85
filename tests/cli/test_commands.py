"""Every command, its data, its talk and its exit code."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests.cli.conftest import Spondyl

VISIT = "visit/P-1/2020-01-02/baseline"
READING = "reading/MR-1/R1/berlin"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_with_its_own_sentence(spondyl: Spondyl, name: str) -> None:
    answer = spondyl(name, "--help")

    assert answer.code == 0
    assert answer.out.startswith(f"Usage: spondyl {name}")
    assert len(answer.out.splitlines()) > 5


def test_the_help_names_every_command_in_the_order_of_a_registrys_life(spondyl: Spondyl) -> None:
    answer = spondyl("--help")

    places = [answer.out.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_a_mistyped_command_is_answered_with_the_nearest_one(spondyl: Spondyl) -> None:
    answer = spondyl("exprot")

    assert answer.code == 2
    assert "Did you mean 'export'?" in answer.err


def test_without_a_registry_every_command_says_how_to_make_one(spondyl: Spondyl) -> None:
    answer = spondyl("status")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "spondyl: no registry at spondyl.db; create one with `spondyl init`\n"


def test_init_may_be_said_twice(spondyl: Spondyl) -> None:
    spondyl("init")

    assert spondyl("init").err == "registry at spondyl.db is ready, at position @0\n"


def test_the_database_is_named_by_option_or_environment(spondyl: Spondyl, monkeypatch: pytest.MonkeyPatch) -> None:
    spondyl("--db", "there.db", "init")
    monkeypatch.setenv("SPONDYL_DB", "there.db")

    assert spondyl("status", "--json").json["position"] == 0
    assert Path("there.db").exists()
    assert not Path("spondyl.db").exists()


def test_status_of_an_empty_registry_says_what_to_do_next(spondyl: Spondyl) -> None:
    spondyl("init")

    assert "spondyl import" in spondyl("status").err
    assert spondyl("status", "--json").json["recorded_at"] is None


def test_status_counts_what_the_registry_holds(cohort: Spondyl) -> None:
    status = cohort("status", "--json").json

    assert (status["position"], status["events"], status["patients"], status["readings"]) == (6, 6, 1, 2)
    assert len(status["digest"]) == 64


def test_a_refusal_is_one_line_and_exit_code_three_and_stores_nothing(cohort: Spondyl) -> None:
    answer = cohort("record", "visit", "patient=P-1", "visited_on=2020-02-30")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == ("spondyl: visited_on: '2020-02-30' is not a day of the calendar; write YYYY-MM-DD\n")
    assert cohort("status", "--json").json["position"] == 6


@pytest.mark.parametrize("pair", ["visited_on", "=2020-01-01"])
def test_a_cell_without_its_column_is_a_usage_error(cohort: Spondyl, pair: str) -> None:
    answer = cohort("record", "visit", pair)

    assert answer.code == 2
    assert f"{pair!r} is not COLUMN=VALUE" in answer.err


def test_the_history_names_the_source_that_delivered_a_version_where_it_has_a_name(cohort: Spondyl) -> None:
    Path("laboratory").mkdir()
    Path("laboratory/visits.csv").write_text("patient,visited_on,visit,esr\nP-1,2020-01-02,baseline,12\n")
    cohort("import", "laboratory", "--source", "laboratory")

    told = [line.strip() for line in cohort("history", VISIT).out.splitlines() if line.strip().startswith("by ")]

    assert told[0].endswith("from command line")
    assert told[1].endswith("from visits.csv:2 of laboratory: changed at the source")


def test_an_amendment_and_its_history_are_readable(cohort: Spondyl) -> None:
    cohort("--actor", "ana", "amend", VISIT, "crp=1.2", "esr=", "--reason", "decimal point lost")

    last = cohort("history", VISIT).out.splitlines()[-3:]
    assert last[0].endswith("VisitAmended")
    assert last[1:] == ["    by ana from command line: decimal point lost", "    crp: 12 mg/l → 1.2 mg/l"]


def test_an_amendment_that_says_what_is_known_stores_nothing(cohort: Spondyl) -> None:
    answer = cohort("amend", VISIT, "crp=12.0", "--reason", "to be sure")

    assert answer.err == f"{VISIT} says so already; nothing was stored\n"


def test_a_single_grade_is_amended_by_its_place(cohort: Spondyl) -> None:
    cohort("amend", READING, "T7/8=2", "--reason", "read again")

    assert cohort("history", READING).out.endswith("    T7/8: 3 → 2\n")


def test_what_was_retracted_is_not_there_afterwards_and_was_there_before(cohort: Spondyl) -> None:
    cohort("retract", VISIT, "--reason", "another patient's")

    assert cohort("table", "visits", "--json").json == []
    assert len(cohort("table", "visits", "--known-at", "@6", "--json").json) == 1


def test_a_retraction_needs_a_reason(cohort: Spondyl) -> None:
    assert cohort("retract", VISIT).code == 2
    assert "reason is empty" in cohort("retract", VISIT, "--reason", " ").err


def test_a_reference_that_nobody_recorded_is_answered_with_the_nearest(cohort: Spondyl) -> None:
    answer = cohort("history", "visit/P-1/2020-01-02/basline")

    assert answer.code == 3
    assert f"did you mean '{VISIT}'?" in answer.err


def test_a_reference_that_is_only_begun_is_answered_with_the_facts_that_begin_so(cohort: Spondyl) -> None:
    cohort("record", "visit", "patient=P-1", "visited_on=2020-03-02", "visit=week 8")

    answer = cohort("history", "visit/P-1")

    assert [line.split() for line in answer.out.splitlines()[2:]] == [
        [VISIT, "1", "VisitRecorded"],
        ["visit/P-1/2020-03-02/week", "8", "1", "VisitRecorded"],
    ]
    assert answer.err.startswith("2 facts whose reference begins with visit/P-1;")
    assert [each["fact"] for each in cohort("history", "visit/P-1/2020-01", "--json").json] == [VISIT]


def test_show_tells_a_course_in_the_order_of_its_days(cohort: Spondyl) -> None:
    rows = cohort("show", "P-1", "--json").json

    assert [(row["on"], row["what"]) for row in rows] == [
        ("2020-01-01", "enrolment"),
        ("2020-01-02", "visit"),
        ("2020-01-03", "study"),
        ("2022-01-03", "study"),
    ]
    assert rows[2]["details"] == "MRI spine; berlin by R1: total not complete"
    assert "Course of P-1" in cohort("show", "P-1").out


def test_show_of_an_unknown_patient_is_refused(cohort: Spondyl) -> None:
    answer = cohort("show", "P-2")

    assert (answer.code, answer.err) == (3, "spondyl: patient 'P-2' at this point in time is not recorded\n")


def test_courses_are_counted_for_people_and_listed_for_machines(cohort: Spondyl) -> None:
    rows = list(csv.DictReader(io.StringIO(cohort("courses", "--csv", "--course", "improved").out)))

    assert [(row["location"], row["from_state"], row["to_state"]) for row in rows] == [("T7/8", "3", "1")]
    assert "improved" in cohort("courses").out
    assert cohort("courses").err == "of 23 locations between two studies each\n"


def test_scores_say_on_how_many_locations_they_rest(cohort: Spondyl) -> None:
    assert "1/23" in cohort("scores").out
    totals = [row["value"] for row in cohort("scores", "--json").json if row["score"] == "total"]
    assert totals == [None, None]


def test_every_question_takes_a_point_in_time(cohort: Spondyl) -> None:
    assert cohort("status", "--as-of", "2021-12-31", "--json").json["imaging"] == 1
    assert cohort("status", "--known-at", "@1", "--json").json["imaging"] == 0
    assert cohort("show", "P-1", "--known-at", "@1", "--json").json[0]["what"] == "enrolment"


@pytest.mark.parametrize(
    ("place", "why"),
    [("@7", "the log goes from @0 to @6"), ("yesterday", "known_at 'yesterday'"), ("2020-02-30", "known_at")],
)
def test_a_place_that_the_log_does_not_have_is_refused(cohort: Spondyl, place: str, why: str) -> None:
    answer = cohort("status", "--known-at", place)

    assert answer.code == 3
    assert why in answer.err


def test_a_day_that_is_none_is_a_usage_error(cohort: Spondyl) -> None:
    answer = cohort("status", "--as-of", "2020-13-01")

    assert answer.code == 2
    assert "'2020-13-01' is not a day of the calendar; write YYYY-MM-DD" in answer.err


def test_a_freeze_names_a_place_for_ever(cohort: Spondyl) -> None:
    frozen = cohort("freeze", "paper", "--note", "Table 1")
    cohort("retract", VISIT, "--reason", "another patient's")

    assert frozen.err.startswith("froze position @6 as 'paper': the name means all up to there, and not the freeze ")
    assert "which is @7;" in frozen.err
    assert cohort("freeze", "paper").code == 3
    assert [(row["name"], row["position"], row["note"]) for row in cohort("freeze", "--json").json] == [
        ("paper", 6, "Table 1")
    ]
    assert cohort("status", "--known-at", "paper", "--json").json["visits"] == 1


def test_verify_names_the_head_or_the_first_bad_position(cohort: Spondyl) -> None:
    answer = cohort("verify")

    assert answer.code == 0
    assert answer.err.startswith("the log is whole: 6 events, head ")
    assert cohort("verify", "--json").json["problems"] == []


def test_verify_holds_the_log_against_a_manifest_and_a_printed_digest(cohort: Spondyl) -> None:
    cohort("export", "out", "--tables", "visits")
    digest = cohort("status", "--json").json["digest"]

    assert cohort("verify", "--against", "out/manifest.json", "--against", f"@6={digest}").code == 0
    wrong = cohort("verify", "--against", f"@5={digest}", "--against", f"@7={digest}", "--json")
    assert (wrong.code, [problem["position"] for problem in wrong.json["problems"]]) == (3, [5, 7])
    assert "@5: the digest given for @5 was made here with another digest: the log was rewritten" in wrong.err


def test_verify_from_a_freeze_checks_what_came_since(cohort: Spondyl) -> None:
    cohort("freeze", "paper")
    cohort("record", "visit", "patient=P-1", "visited_on=2020-02-02")

    found = cohort("verify", "--from", "paper", "--json").json
    assert (found["since"], found["events"], found["head"]["position"]) == (6, 2, 8)
    assert cohort("verify", "--from", "paper").err.startswith("the log is whole from @6 on (freeze 'paper'): 2 events,")
    assert "from 'papre': there is no such freeze; write paper" in cohort("verify", "--from", "papre").err


def test_an_export_is_reproduced_and_a_changed_file_is_found(cohort: Spondyl) -> None:
    cohort("export", "out", "--as-of", "2021-12-31")

    assert cohort("reproduce", "out/manifest.json").out == "identical\n"
    assert cohort("reproduce", "out/manifest.json", "--files-only").out == "identical\n"
    Path("out/visits/part-00000.parquet").write_bytes(b"PAR1")
    changed = cohort("reproduce", "out/manifest.json", "--files-only")
    assert (changed.code, changed.out) == (3, "differs\n")
    assert "visits" in changed.err


def test_an_existing_folder_is_never_written_over_unless_asked_for(cohort: Spondyl) -> None:
    cohort("export", "out")

    assert cohort("export", "out").code == 3
    assert cohort("export", "out", "--overwrite").code == 0


def test_only_the_tables_asked_for_are_exported(cohort: Spondyl) -> None:
    cohort("export", "out", "--tables", "visits, scores")

    assert sorted(path.name for path in Path("out").iterdir()) == [
        "dictionary.json",
        "manifest.json",
        "scores",
        "visits",
    ]
    assert "did you mean 'visits'" in cohort("export", "other", "--tables", "visit").err


def test_a_batch_with_mistakes_lists_them_all_and_stores_nothing(cohort: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("patient,visited_on,crp\nP-1,2020-03-01,high\nP-9,2020-03-01,3\n")

    answer = cohort("import", "visits.csv")

    assert answer.code == 3
    assert answer.err.splitlines() == [
        "visits.csv:2:crp: 'high' is not a number but a word; leave the cell empty where there is none",
        "visits.csv:3:patient: 'P-9' is not enrolled; enrol the patient first",
        "spondyl: nothing was stored: 2 problems in the batch",
    ]


def test_a_dry_run_lists_what_would_be_and_stores_nothing(cohort: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("patient,visited_on,visit,crp\nP-1,2020-01-02,baseline,13\n")

    answer = cohort("import", "visits.csv", "--dry-run")

    assert f"would be amended: {VISIT} (visits.csv:2)" in answer.err
    assert cohort("status", "--json").json["position"] == 6


def test_templates_are_written_once_and_import_as_nothing(cohort: Spondyl) -> None:
    cohort("template", "files")

    assert cohort("template", "files").code == 3
    assert cohort("import", "files").err == "0 events stored from 0 rows\n"


def test_a_stop_can_be_recorded_as_the_file_would_say_it(cohort: Spondyl) -> None:
    course = ("patient=P-1", "agent=anakinra", "started_on=2020-02-01")
    cohort("record", "treatment", *course)

    cohort("record", "treatment", *course, "stopped_on=2020-03-01")

    assert "TreatmentStopped" in cohort("history", "treatment/P-1/anakinra/2020-02-01").out
    second = cohort("record", "treatment", *course, "stopped_on=2020-04-01")
    assert (second.code, "has ended already, on 2020-03-01" in second.err) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("check", "--rule", "nope"), "rule"),
        (("courses", "--method", "berlim"), "method"),
        (("courses", "--course", "newer"), "course"),
        (("scores", "--method", "berlim"), "method"),
        (("responses", "--criterion", "asas21"), "criterion"),
        (("summary", "--agent", "infliximap"), "agent"),
        (("summary", "--measure", "crpp"), "measure"),
    ],
)
def test_a_word_that_nothing_can_match_is_refused_and_not_answered_with_nothing(
    cohort: Spondyl, arguments: tuple[str, ...], field: str
) -> None:
    answer = cohort(*arguments)

    assert (answer.code, answer.out) == (3, "")
    assert f"spondyl: {field}: " in answer.err


def test_an_empty_place_is_refused(spondyl: Spondyl) -> None:
    assert spondyl("--db", "", "status").code == 3


def test_missing_rows_are_not_retracted_where_nobody_answers(
    cohort: Spondyl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "visits.csv").write_text("patient,visited_on\nP-1,2020-04-01\n")
    assert cohort("import", "visits.csv").code == 0
    (tmp_path / "visits.csv").write_text("patient,visited_on\nP-1,2020-05-01\n")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    answer = cohort("import", "visits.csv", "--retract-missing")

    assert answer.code == 3
    assert answer.err.splitlines() == [
        "the batch no longer contains:",
        "  visits: 1 fact of 1 patient",
        "retract 1 fact of 1 patient? [y/N]: ",
        "nobody answered; --yes retracts without asking",
        "spondyl: nothing was stored: the retraction of 1 fact of 1 patient was not confirmed",
    ]
    assert cohort("status", "--json").json["position"] == 8
