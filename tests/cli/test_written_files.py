"""Commands that write a file which an argument names: where nothing stands, and through no link."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

VISIT = "visit/P-1/2020-01-02/baseline"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A place beside the folder of the command, to which links lead; nothing stands there."""
    (tmp_path.parent / f"{tmp_path.name}-outside").mkdir()
    return tmp_path.parent / f"{tmp_path.name}-outside" / "victim"


@pytest.mark.parametrize("leads_to_a_file", [False, True])
def test_a_template_is_not_written_through_a_link(spondyl: Spondyl, outside: Path, leads_to_a_file: bool) -> None:
    if leads_to_a_file:
        outside.write_text("mine")
    Path("forms").mkdir()
    Path("forms/visits.csv").symlink_to(outside)

    answer = spondyl("template", "forms")

    assert answer.code == 3
    assert answer.err == ("spondyl: visits.csv: in forms already, and never overwritten; choose another folder\n")
    assert [path.name for path in Path("forms").iterdir()] == ["visits.csv"]
    assert outside.read_text() == "mine" if leads_to_a_file else not outside.exists()


@pytest.mark.parametrize("stands", ["file", "folder", "link", "link to a file"])
def test_a_proof_is_written_where_nothing_stands(cohort: Spondyl, outside: Path, stands: str) -> None:
    place = Path("proof.json")
    if stands == "folder":
        place.mkdir()
    elif stands == "file":
        place.write_text("mine")
    else:
        place.symlink_to(outside)
    if stands == "link to a file":
        outside.write_text("mine")

    answer = cohort("prove", VISIT, "--out", place)

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "spondyl: cannot write proof.json: something is there, and is never written over\n"
    if stands == "link":
        assert not outside.exists()
    elif stands != "folder":
        assert place.read_text() == "mine"


def test_a_proof_that_cannot_be_written_is_told(cohort: Spondyl) -> None:
    answer = cohort("prove", VISIT, "--out", "no/such/folder.json")

    assert (answer.code, answer.err) == (
        3,
        "spondyl: cannot write no/such/folder.json: No such file or directory\n",
    )


def test_a_proof_has_a_patient_in_it_and_is_for_its_owner_alone(cohort: Spondyl) -> None:
    assert cohort("prove", VISIT, "--out", "proof.json").code == 0
    assert Path("proof.json").stat().st_mode & 0o777 == 0o600


def test_an_invented_cohort_is_written_through_no_link(spondyl: Spondyl, outside: Path) -> None:
    Path("link").symlink_to(outside)

    answer = spondyl("simulate", "link", "--patients", "2")

    assert (answer.code, answer.err) == (
        3,
        "spondyl: cannot write link: something is there, and is never written over\n",
    )
    assert not outside.exists()


def test_a_demo_does_not_empty_what_a_link_leads_to(spondyl: Spondyl, outside: Path) -> None:
    outside.mkdir()
    (outside / ".made-by-spondyl-demo").touch()
    Path("demo").symlink_to(outside)

    answer = spondyl("demo", "--into", "demo")

    assert answer.code == 3
    assert answer.err == ("spondyl: demo is a link, and what it leads to is not removed; choose another with --into\n")
    assert [path.name for path in outside.iterdir()] == [".made-by-spondyl-demo"]


@pytest.mark.parametrize("command", ["template", "simulate", "demo"])
def test_a_folder_that_cannot_be_made_is_told(spondyl: Spondyl, command: str) -> None:
    Path("file").write_text("mine")

    answer = spondyl(command, *(["--into"] if command == "demo" else []), "file/below")

    assert (answer.code, answer.err) == (3, "spondyl: cannot write file/below: Not a directory\n")


def test_an_export_to_links_in_a_circle_is_told(cohort: Spondyl) -> None:
    Path("loop").symlink_to("loop")

    answer = cohort("export", "loop")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("spondyl: cannot export to loop: ")


@pytest.mark.parametrize("command", ["template", "simulate"])
def test_folders_without_end_are_not_made(spondyl: Spondyl, tmp_path: Path, command: str) -> None:
    answer = spondyl(command, "a/" * 2_000)

    assert answer.code == 3
    assert answer.err.endswith(": more than 100 folders within one another\n")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("command", [("reproduce",), ("verify", "--against"), ("check-proof",), ("cohort",)])
def test_a_device_without_end_is_not_read(cohort: Spondyl, command: tuple[str, ...]) -> None:
    Path("zero").symlink_to("/dev/zero")

    answer = cohort(*command, "zero")

    assert answer.code == 3
    assert answer.err.rstrip().endswith("cannot be read: it is no file, but a pipe or a device")
