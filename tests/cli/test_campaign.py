"""`spondyl campaign`: a reader study run from the command line, and what each command says and refuses."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.projections.cohort.test_chosen_studies import COHORT
from tests.spec.campaigns import NAME, STUDIES, declared
from tests.spec.readers import fill


@pytest.fixture
def centre(spondyl: Spondyl, tmp_path: Path) -> Spondyl:
    """A registry of two patients with two studies each, and a campaign's file beside it."""
    (tmp_path / "patients.csv").write_text("patient,enrolled_on\nBAR1-01,2002-01-14\nBAR1-02,2002-01-14\n")
    rows = [f"{study},{patient},{day},MRI,spine" for study, (patient, day) in STUDIES.items()]
    (tmp_path / "imaging.csv").write_text("\n".join(["study,patient,performed_on,modality,regions", *rows, ""]))
    declared(tmp_path, due="2014-01-01")
    for command in ("init", "import patients.csv imaging.csv"):
        assert spondyl(*command.split()).code == 0
    return spondyl


def readings(folder: Path, *readers: str) -> Path:
    file = folder / "readings.csv"
    rows = [f"{study},{reader},berlin,C2/3,1,{NAME}" for study in STUDIES for reader in readers]
    file.write_text("\n".join(["study,reader,method,location,grade,session", *rows, ""]))
    return file


def test_a_dry_run_says_who_would_read_how_much(centre: Spondyl, tmp_path: Path) -> None:
    answer = centre("campaign", "start", "campaign.toml", "--dry-run")

    assert answer.code == 0
    assert "R1           2" in answer.out
    assert f"{NAME} would read 4 studies in 2 units; nothing was recorded" in answer.err
    assert not (tmp_path / f"{NAME}.key").exists()


def test_a_campaign_from_its_start_to_its_unblinding(centre: Spondyl, tmp_path: Path) -> None:
    answer = centre("campaign", "start", "campaign.toml")
    assert (answer.code, f"started {NAME}, @16: 4 studies in 2 units" in answer.err) == (0, True)
    assert f"the key is in {NAME}.key; keep a copy apart" in answer.err
    assert (tmp_path / f"{NAME}.key").exists()

    assert "nothing changed" in centre("campaign", "start", "campaign.toml").err

    assert centre("import", readings(tmp_path, "R1")).code == 0
    answer = centre("campaign", "lock", NAME)
    assert (answer.code, f"campaign: {NAME} has 2 unread cases; say why" in answer.err) == (3, True)
    assert "is not locked" in centre("campaign", "unblind", NAME, "--why", "now").err
    assert f"locked {NAME}, @" in centre("campaign", "lock", NAME, "--why", "R2 is ill").err
    assert f"nothing changed: {NAME} was locked @" in centre("campaign", "lock", NAME).err

    refused = centre("import", readings(tmp_path, "R1", "R2"))
    assert (refused.code, "is locked" in refused.err) == (3, True)

    answer = centre("campaign", "unblind", NAME, "--why", "for the paper", "--json")
    assert answer.code == 0
    assert answer.json["unblinded"]["reason"] == "for the paper"
    assert answer.json["locked"]["reason"] == "R2 is ill"


def test_who_has_read_how_much_and_who_is_late(centre: Spondyl, tmp_path: Path) -> None:
    centre("campaign", "start", "campaign.toml")
    centre("import", readings(tmp_path, "R1"))

    both = {"campaign": NAME, "role": "reader", "cases": 2, "retracted": 0}
    assert centre("campaign", "status", NAME, "--json").json == [
        {**both, "reader": "R1", "read": 2, "unread": 0, "overdue": 0},
        {**both, "reader": "R2", "read": 0, "unread": 2, "overdue": 2},
    ]
    [row] = centre("campaign", "status", "--json").json
    assert {key: row[key] for key in ("campaign", "method", "cases", "read", "unread", "overdue", "locked_at")} == {
        "campaign": NAME, "method": "berlin", "cases": 4, "read": 2, "unread": 2, "overdue": 2, "locked_at": None,
    }  # fmt: skip


def test_a_study_that_was_retracted_after_reading_is_listed(centre: Spondyl, tmp_path: Path) -> None:
    centre("campaign", "start", "campaign.toml")
    centre("import", readings(tmp_path, "R1"))
    assert centre("retract", "imaging/MR-0001", "--reason", "of somebody else").code == 0

    answer = centre("campaign", "status", NAME)

    assert "Retracted since they were assigned" in answer.out
    assert [line.split() for line in answer.out.splitlines() if "MR-0001" in line] == [
        ["MR-0001", "R1", "no", "yes"],
        ["MR-0001", "R2", "no", "no"],
    ]


def test_before_any_start_there_is_no_campaign(centre: Spondyl) -> None:
    assert "no campaign was started by then" in centre("campaign", "status").err
    answer = centre("campaign", "status", NAME)
    assert (answer.code, f"campaign: '{NAME}' is not a known campaign" in answer.err) == (3, True)


def test_the_custodian_gets_a_line_a_study(centre: Spondyl) -> None:
    centre("campaign", "start", "campaign.toml")

    rows = list(csv.DictReader(StringIO(centre("campaign", "cases", NAME, "--csv").out)))

    assert {(row["reader"], row["study"]) for row in rows} == {(r, study) for r in ("R1", "R2") for study in STUDIES}
    assert len({row["case"] for row in rows}) == 4
    by_case = {case: [row["letter"] for row in rows if row["case"] == case] for case in {row["case"] for row in rows}}
    assert list(by_case.values()) == [["A", "B"]] * 4
    assert [row["number"] for row in rows] == ["1", "1", "2", "2"] * 2
    one = list(csv.DictReader(StringIO(centre("campaign", "cases", NAME, "--reader", "R2", "--csv").out)))
    assert one == [row for row in rows if row["reader"] == "R2"]


def test_cases_without_the_key_are_refused(centre: Spondyl, tmp_path: Path) -> None:
    centre("campaign", "start", "campaign.toml", "--key", "kept.key")

    answer = centre("campaign", "cases", NAME)

    assert answer.code == 3
    assert f"spondyl: {NAME}.key: is not there; give the key of {NAME} by --key FILE" in answer.err
    assert centre("campaign", "cases", NAME, "--key", "kept.key").code == 0


def test_all_that_is_wrong_with_a_file_is_told_at_once(centre: Spondyl, tmp_path: Path) -> None:
    declared(tmp_path, method='"berlim"', readers='["R1", "r1"]', unit='"trio"')

    answer = centre("campaign", "start", "campaign.toml")

    assert answer.code == 3
    assert [line.partition("campaign.toml: ")[2].partition(":")[0] for line in answer.err.splitlines()] == [
        "method",
        "readers",
        "unit",
    ]


def test_a_campaign_over_a_cohort_says_who_has_what_is_to_be_read(centre: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "paper.toml").write_text(COHORT)
    file = declared(tmp_path, cohort='"paper.toml"', time_points='["baseline", "year 2"]')
    file.write_text(file.read_text().replace('studies = "studies.csv"\n', ""))

    answer = centre("campaign", "start", "campaign.toml", "--json")

    assert answer.code == 0
    assert "2 of 2 members of the cohort have what is to be read" in answer.err
    told = json.loads(answer.out)
    assert (told["studies"], told["units"], told["per_reader"]) == (4, 2, {"R1": 2, "R2": 2})
    assert told["state"]["started"]["position"] == 16


def started_with_adjudicator(centre: Spondyl, folder: Path) -> None:
    """The campaign of the file, with an adjudicator where two differ by more than 5 units."""
    lines = ("[adjudicate]", 'to = "R3"', "status = { differ = 5 }")
    declared(folder, *lines, readers='["R1", "R2"]', unit='"pair"')
    assert centre("campaign", "start", "campaign.toml").code == 0


def test_sheets_go_out_come_back_and_what_differs_goes_to_the_adjudicator(centre: Spondyl, tmp_path: Path) -> None:
    started_with_adjudicator(centre, tmp_path)
    for reader, grade in (("R1", 1), ("R2", 2)):
        answer = centre("campaign", "worklist", NAME, reader, f"for-{reader}")
        assert f"wrote for-{reader}/{NAME}-{reader}-01.xlsx" in answer.err
        fill(tmp_path / f"for-{reader}" / f"{NAME}-{reader}-01.xlsx", lambda asked, grade=grade: grade)
    files = [f"for-{reader}/{NAME}-{reader}-01.xlsx" for reader in ("R1", "R2")]

    answer = centre("campaign", "import", NAME, *files, "--dry-run")
    assert "dry run: nothing was stored; 8 events would be" in answer.err
    answer = centre("campaign", "import", NAME, *files)
    assert (answer.code, "8 events stored" in answer.err) == (0, True)
    assert f"{NAME}-R1-01.xlsx R1 2 · ·" in " ".join(answer.out.split())
    assert centre("campaign", "import", NAME, *files, "--json").json["events"] == 0

    answer = centre("campaign", "adjudicate", NAME, "for-R3")
    assert "R3 gets 2 units more; had 0 before" in answer.err
    assert (tmp_path / "for-R3" / f"{NAME}-R3-01.xlsx").exists()
    again = centre("campaign", "adjudicate", NAME, "--json").json
    assert (len(again["known"]), again["assigned"]) == (2, [])


def test_where_nobody_differs_the_adjudicator_gets_nothing(centre: Spondyl, tmp_path: Path) -> None:
    started_with_adjudicator(centre, tmp_path)
    centre("import", readings(tmp_path, "R1", "R2"))

    answer = centre("campaign", "adjudicate", NAME, "for-R3")

    assert (answer.code, answer.err) == (0, "R3 gets 0 units more; had 0 before\nR3 has nothing to read\n")
    assert not (tmp_path / "for-R3").exists()


def test_a_refused_sheet_is_told_with_its_cell_and_as_json(centre: Spondyl, tmp_path: Path) -> None:
    centre("campaign", "start", "campaign.toml")
    centre("campaign", "worklist", NAME, "R1", "out")
    file = fill(tmp_path / "out" / f"{NAME}-R1-01.xlsx", lambda asked: 9 if asked.row == "C2/3" else 0)

    answer = centre("campaign", "import", NAME, file)
    assert answer.code == 3
    assert ":6:B6: grade '9' at C2/3 is not in the list; choose 0, 1, 2, 3 or n/a" in answer.err
    assert "nothing was stored: 4 problems in the batch" in answer.err

    told = centre("campaign", "import", NAME, file, "--json")
    assert (told.code, len(told.json["problems"])) == (3, 4)


def test_sheets_stand_where_they_were_and_tables_are_had_by_name(centre: Spondyl, tmp_path: Path) -> None:
    centre("campaign", "start", "campaign.toml")
    centre("campaign", "worklist", NAME, "R1", "out")

    answer = centre("campaign", "worklist", NAME, "R1", "out")
    assert (answer.code, "a sheet stands there, and is never written over" in answer.err) == (3, True)
    assert centre("campaign", "worklist", NAME, "R1", "out", "--as-csv").code == 0
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [f"{NAME}-R1-01.csv", f"{NAME}-R1-01.xlsx"]


def test_an_import_of_tables_points_to_the_import_of_sheets(centre: Spondyl, tmp_path: Path) -> None:
    centre("campaign", "start", "campaign.toml")
    centre("campaign", "worklist", NAME, "R1", "out")

    answer = centre("import", f"out/{NAME}-R1-01.xlsx")

    assert f"read it by spondyl campaign import {NAME}" in answer.err
