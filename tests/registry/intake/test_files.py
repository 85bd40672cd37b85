"""Which files are read, and what a file must look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake import import_batch
from tests.registry.intake.batches import (
    COHORT,
    PATIENTS,
    VISITS,
    content,
    events,
    folder_of,
    only,
    problems,
    statement,
    topics,
)

ENROLLED = "patient,enrolled_on\nP-1,2020-01-01\n"


def test_a_folder_is_one_batch(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, [folder_of(tmp_path, **COHORT)])

    assert (report.rows, report.events) == (11, 9)
    assert list(report.tables) == ["patients", "visits", "treatments", "imaging", "readings"]


def test_several_files_are_one_batch(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients=PATIENTS, visits=VISITS)

    report = import_batch(registry, [folder / "visits.csv", folder / "patients.csv"])

    assert report.events == 5


def test_a_path_may_be_given_alone(registry: Registry, tmp_path: Path) -> None:
    assert import_batch(registry, folder_of(tmp_path, patients=PATIENTS)).events == 2


def test_two_files_of_one_table_from_two_folders_are_read_as_one(registry: Registry, tmp_path: Path) -> None:
    berlin = folder_of(tmp_path, "berlin", patients="patient,enrolled_on\nP-1,2020-01-01")
    herne = folder_of(tmp_path, "herne", patients="patient,enrolled_on\nP-2,2020-01-01")

    report = import_batch(registry, [berlin, herne])

    assert report.tables["patients"].recorded == 2
    assert [event["source"] for event in events(registry)] == [
        "berlin/patients.csv:2",
        "herne/patients.csv:2",
    ]


def test_files_of_one_name_are_called_alike_however_their_paths_are_typed(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_of(tmp_path, "berlin", patients="patient,enrolled_on\nP-1,2020-01-01")
    herne = folder_of(tmp_path, "herne", patients="patient,enrolled_on\nP-2,2020-01-01")
    monkeypatch.chdir(tmp_path)

    import_batch(registry, ["berlin/../berlin", herne])

    assert [event["source"] for event in events(registry)] == ["berlin/patients.csv:2", "herne/patients.csv:2"]


def test_a_file_that_is_given_twice_is_read_once(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients=PATIENTS)

    assert import_batch(registry, [folder, folder / "patients.csv"]).rows == 2


def test_an_unknown_table_is_refused_with_the_nearest_known_one(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, visit=VISITS)

    assert problems(registry, folder) == ["visit.csv:1: file: 'visit' is not a known table; did you mean 'visits'?"]


def test_what_is_no_table_is_left_alone_and_listed(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients=PATIENTS)
    for name in ("README", "README.md", "published.json", "visits.md", ".DS_Store", "~$cohort.xlsx"):
        (folder / name).write_text("")
    (folder / "older").mkdir()

    report = import_batch(registry, folder)

    assert report.ignored == [
        ".DS_Store",
        "README",
        "README.md",
        "older/",
        "published.json",
        "visits.md",
        "~$cohort.xlsx",
    ]


def test_a_folder_without_tables_is_refused(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "empty")

    assert problems(registry, folder) == [
        "empty:1: no tables in this folder; name the files patients.csv, visits.csv, …"
    ]


def test_a_path_that_is_not_there_is_refused(registry: Registry, tmp_path: Path) -> None:
    assert problems(registry, tmp_path / "gone.csv") == [f"{tmp_path / 'gone.csv'}:1: no such file or folder"]


def test_names_of_tables_are_matched_without_regard_to_case(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "Patients.CSV").write_text(ENROLLED)

    assert import_batch(registry, tmp_path / "Patients.CSV").events == 1


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("\ufeff" + ENROLLED, id="byte-order mark"),
        pytest.param(ENROLLED.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(ENROLLED.rstrip("\n"), id="no line break at the end"),
        pytest.param("enrolled_on,patient\n2020-01-01,P-1\n", id="columns in another order"),
        pytest.param("Patient, ENROLLED_ON \nP-1,2020-01-01\n", id="header in another case"),
        pytest.param('"patient","enrolled_on"\n"P-1","2020-01-01"\n', id="quotes"),
        pytest.param("patient,enrolled_on\n\nP-1,2020-01-01\n , \n", id="blank rows"),
        pytest.param("# from the clinic\n\n#, its second line\n" + ENROLLED, id="comments above the header"),
        pytest.param('"# from Excel, with a comma",\n' + ENROLLED, id="a comment that a spreadsheet quoted"),
        pytest.param("patient,enrolled_on\n P-1 ,2020-01-01 \n", id="spaces around cells"),
        pytest.param("sep=,\n" + ENROLLED, id="a declared separator"),
        pytest.param("\ufeffSEP=;\r\n" + ENROLLED.replace(",", ";"), id="declared semicolons"),
        pytest.param('"sep=;"\n# from Excel\n' + ENROLLED.replace(",", ";"), id="declared, quoted, above a comment"),
        pytest.param("sep=\t\n" + ENROLLED.replace(",", "\t"), id="declared tabs"),
        pytest.param("patient,enrolled_on,,\nP-1,2020-01-01,,\n,,,\n", id="empty columns at the end"),
        pytest.param("patient,enrolled_on, ,\nP-1,2020-01-01\n", id="empty columns at the end of the header"),
    ],
)
def test_a_file_says_the_same_however_it_is_written(registry: Registry, tmp_path: Path, written: str) -> None:
    (tmp_path / "patients.csv").write_bytes(written.encode())

    import_batch(registry, tmp_path / "patients.csv")

    assert [(event["fact"], event["clinical_on"]) for event in events(registry)] == [("patient/P-1", "2020-01-01")]


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        pytest.param(b"", "patients.csv:1: no header row; name the columns, patient among them", id="empty"),
        pytest.param(
            b"# only\n# comments\n", "patients.csv:1: no header row; name the columns, patient", id="comments"
        ),
        pytest.param(
            b"patient;enrolled_on\nP-1;2020-01-01\n",
            "patients.csv:1: the columns are separated by semicolons; write commas, or begin it with a line sep=;",
            id="semicolons",
        ),
        pytest.param(
            b"# made in Excel\npatient\tenrolled_on\n",
            "patients.csv:2: the columns are separated by tabs; write commas, or name the file .tsv",
            id="tabs",
        ),
        pytest.param(
            "patient,enrolled_on,centre\nP-1,2020-01-01,Köln\n".encode("latin-1"),
            "patients.csv:2: byte 0xf6 at place 17 of the line is not UTF-8; save it as UTF-8",
            id="latin-1",
        ),
        pytest.param(
            ENROLLED.encode("utf-16"),
            "patients.csv:1: byte 0xff at place 1 of the line is not UTF-8; save it as UTF-8",
            id="utf-16",
        ),
        pytest.param(
            ENROLLED.encode() + b"P-2,2020-01-01\0\n",
            "patients.csv:3: a NUL byte; this is no text, save it as UTF-8",
            id="NUL",
        ),
        pytest.param(
            b"patient,enrolled_on,centre\nP-1,2020-01-01,a,b\nP-2,2020-01-01\n",
            "patients.csv:2: 4 cells under 3 columns; put quotes around text that holds a separator",
            id="ragged",
        ),
        pytest.param(
            ENROLLED.encode() + b"# no comment here\n",
            "patients.csv:3: 1 cell under 2 columns; leave what was not recorded empty",
            id="comment below the header",
        ),
        pytest.param(
            ENROLLED.encode() + b'P-2,"2020-01-01\nP-3,2020-01-01\n',
            "patients.csv:3: the quote that opens in this row is never closed",
            id="open quote",
        ),
        pytest.param(
            ENROLLED.encode() + b'P-2,"2020"-01-01\n',
            "patients.csv:3: text after a closing quote; write a quote within quotes twice",
            id="stray quote",
        ),
        pytest.param(
            b"patient,enrolled_on\nP-1," + b"x" * 1_000_001,
            "patients.csv:2: a cell of more than 1,000,000 characters",
            id="endless cell",
        ),
        pytest.param(
            b"patient,,enrolled_on\nP-1,,2020-01-01\n",
            "patients.csv:1: column 2 has no name; name it or remove it",
            id="nameless column",
        ),
        pytest.param(
            b"patient,enrolled_on,,\nP-1,2020-01-01,,x\n",
            "patients.csv:2: 4 cells under 2 columns; put quotes around text that holds a separator",
            id="value under no name",
        ),
        pytest.param(
            b"patient,enrolled_on,\nP-1,2020-01-01,,\n",
            "patients.csv:2: 4 cells under 2 columns",
            id="more cells than the header draws",
        ),
        pytest.param(b"sep=|\npatient|enrolled_on\n", "patients.csv:1: sep=| declares columns", id="strange separator"),
        pytest.param(
            b"# first\nsep=;\npatient;enrolled_on\n", "patients.csv:2: the columns are separated by semi", id="late sep"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_line(
    registry: Registry, tmp_path: Path, written: bytes, problem: str
) -> None:
    (tmp_path / "patients.csv").write_bytes(written)

    assert problems(registry, tmp_path / "patients.csv")[0].startswith(problem)


def test_every_ragged_row_is_refused(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients="patient,enrolled_on\nP-1\nP-2,2020-01-01\nP-3,2020-01-01,x")

    assert [problem.split(" ")[0] for problem in problems(registry, folder)] == ["patients.csv:2:", "patients.csv:4:"]


def test_a_tsv_with_commas_is_refused(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "patients.tsv").write_text(ENROLLED)

    assert "\n".join(problems(registry, tmp_path / "patients.tsv")) == (
        "patients.tsv:1: the columns are separated by commas; write tabs, or name the file .csv, "
        'or read it by a mapping with delimiter = ","'
    )


def test_a_row_is_placed_on_the_line_on_which_it_begins(registry: Registry, tmp_path: Path) -> None:
    flares = 'patient,started_on,note\nP-1,2020-03-01,"two\nlines"\nP-1,2020-13-01,\n'
    folder = only(tmp_path)
    (folder / "flares.csv").write_text(flares)

    assert problems(registry, folder)[0].startswith("flares.csv:4:started_on: '2020-13-01' is not a day")


def test_line_breaks_within_quotes_are_kept(registry: Registry, tmp_path: Path) -> None:
    folder = only(tmp_path)
    (folder / "flares.csv").write_text('patient,started_on,note\nP-1,2020-03-01,"two\nlines"\n')

    import_batch(registry, folder)

    assert statement(registry, "flare/P-1/2020-03-01")["note"] == "two\nlines"


def test_unicode_is_kept(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, patients="patient,enrolled_on,centre\nP-1,2020-01-01,Poznań 漢字 ½"))

    assert statement(registry, "patient/P-1")["centre"] == "Poznań 漢字 ½"


def test_an_unknown_column_is_refused_with_the_nearest_known_one(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients="patient,enroled_on,hight\nP-1,2020-01-01,180")

    assert problems(registry, folder) == [
        (
            "patients.csv:1:enroled_on: column: 'enroled_on' is not a known column of patients; "
            "did you mean 'enrolled_on'?"
        ),
        (
            "patients.csv:1:hight: column: 'hight' is not a known column of patients; write patient, enrolled_on, "
            "centre, sex, birth_year, symptom_onset, diagnosed_on, criteria, hla_b27, consented_on, "
            "follow_up_ended_on, follow_up_end_reason or id"
        ),
    ]


def test_a_missing_required_column_and_a_doubled_one_are_refused(registry: Registry, tmp_path: Path) -> None:
    doubled = folder_of(tmp_path, "doubled", patients="patient,enrolled_on,Patient\nP-1,2020-01-01,P-1")
    lacking = folder_of(tmp_path, "lacking", patients="patient\nP-1")

    assert problems(registry, doubled) == ["patients.csv:1:patient: column patient stands twice; remove one"]
    assert problems(registry, lacking) == [
        "patients.csv:1:enrolled_on: column enrolled_on is missing; patients must have it"
    ]


NO_MEASURE = "; declare it under [[measures]] of the protocol, or leave it out"


def test_missing_required_columns_are_told_together_with_unknown_ones(registry: Registry, tmp_path: Path) -> None:
    strange = folder_of(tmp_path, "strange", visits="record,event,day\n1,intake,2001-01-01")
    alone = folder_of(tmp_path, "alone", visits="record,visited_on,crp\n1,2020-01-01,5")
    meant = folder_of(tmp_path, "meant", visits="patients,visited_on\nP-1,2020-01-01")

    assert [problem.split(": ")[-1] for problem in problems(registry, strange)] == [
        f"'day' is not a known column of visits{NO_MEASURE}",
        f"'event' is not a known column of visits{NO_MEASURE}",
        "column patient is missing; visits must have it",
        f"'record' is not a known column of visits{NO_MEASURE}",
        "column visited_on is missing; visits must have it",
    ]
    assert problems(registry, alone) == [
        "visits.csv:1:patient: column patient is missing; visits must have it; is 'record' meant by it?",
        f"visits.csv:1:record: column: 'record' is not a known column of visits{NO_MEASURE}",
    ]
    assert problems(registry, meant) == [
        "visits.csv:1:patients: column: 'patients' is not a known column of visits; did you mean 'patient'?"
    ]


def test_text_of_several_lines_says_the_same_in_a_file_with_crlf(registry: Registry, tmp_path: Path) -> None:
    folder = only(tmp_path)
    (folder / "flares.csv").write_bytes(b'patient,started_on,note\r\nP-1,2020-03-01,"two\r\nlines"\r\n')
    import_batch(registry, folder)

    assert statement(registry, "flare/P-1/2020-03-01")["note"] == "two\nlines"
    (folder / "flares.csv").write_bytes(b'patient,started_on,note\nP-1,2020-03-01,"two\nlines"\n')
    assert import_batch(registry, folder).events == 0


def test_a_no_break_space_in_a_text_is_kept(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, flares="patient,started_on,note\nP-1,2020-03-01,5\u00a0mg\u202fdaily"))

    assert statement(registry, "flare/P-1/2020-03-01")["note"] == "5\u00a0mg\u202fdaily"


def test_a_list_of_words_is_as_long_and_as_printable_as_text_may_be(registry: Registry, tmp_path: Path) -> None:
    header = "study,patient,performed_on,modality,regions,sequences\n"
    long, control = f"{header}MR-9,P-1,2020-02-01,MRI,sij,{'T' * 1001}", f"{header}MR-9,P-1,2020-02-01,MRI,sij,T1\x1b"

    assert problems(registry, only(tmp_path, imaging=long))[0].startswith(
        "imaging.csv:2:sequences: text of 1001 characters is outside 1 to 1000"
    )
    assert "is not printable text" in problems(registry, only(tmp_path, imaging=control))[0]


def test_a_thousand_unknown_columns_are_a_thousand_problems(registry: Registry, tmp_path: Path) -> None:
    header = ",".join(f"q{number:04}" for number in range(1000))
    folder = folder_of(tmp_path, visits=f"patient,visited_on,{header}")

    found = problems(registry, folder)

    assert len(found) == 1000
    assert found[999].startswith("visits.csv:1:q0999: ")


def test_a_table_without_rows_records_nothing(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, folder_of(tmp_path, patients="patient,enrolled_on"))

    assert (report.rows, report.events, topics(registry), content(registry)) == (0, 0, [], [])
