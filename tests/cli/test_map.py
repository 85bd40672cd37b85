"""`spondyl map` and `spondyl import --map`, as a person calls them, on a small project of REDCap."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

DICTIONARY = """\
Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"Choices, Calculations, OR Slider Labels",\
Field Note,Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,Identifier?,\
"Branching Logic (Show field only if...)",Required Field?,Custom Alignment,Question Number (surveys only),\
Matrix Group Name,Matrix Ranking?,Field Annotation
record_id,visit,,text,Record,,,,,,,,,,,,,
enrol_date,visit,,text,Date of enrolment,,,date_ymd,,,,,,,,,,
sex,visit,,radio,Sex,"1, Weiblich | 2, Maennlich",,,,,,,,,,,,
visit_date,visit,,text,Visit date,,,date_dmy,,,,,,,,,,
crp,visit,,text,CRP (mg/l),,,number,,,,,,,,,,
first_name,visit,,text,First name,,,,,,y,,,,,,,
mood,visit,,text,Mood,,,,,,,,,,,,,
"""
DATA = """\
record_id,enrol_date,sex,visit_date,crp,first_name,mood,visit_complete
P-1,2020-01-01,1,2020-01-05,12,Anna,good,2
P-2,2020-02-01,2,2020-02-05,<5,Bert,,2
"""
CHOICES = (
    ('# crp = { field = "crp", unit = "mg/l" }', 'crp = { field = "crp", unit = "mg/l" }'),
    ('# mood = "…"', 'mood = "of no interest"'),
)


@pytest.fixture
def project(spondyl: Spondyl, tmp_path: Path) -> Spondyl:
    """Return the command, in a folder with a project of two people."""
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return spondyl


def draft(project: Spondyl) -> str:
    answer = project("map", "draft", "data.csv", "--kind", "redcap", "--dictionary", "dictionary.csv")
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def write(tmp_path: Path, text: str, *, chosen: bool = True) -> None:
    for line, choice in CHOICES if chosen else ():
        assert line in text
        text = text.replace(line, choice)
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")


def test_a_project_becomes_a_registry_without_a_script(project: Spondyl, tmp_path: Path) -> None:
    write(tmp_path, draft(project), chosen=False)
    undecided = project("map", "check", "mapping.toml")
    assert undecided.code == 3
    assert "an import by it would be refused: 2 columns are not yet decided" in undecided.err

    write(tmp_path, (tmp_path / "mapping.toml").read_text(encoding="utf-8"))
    assert project("map", "check", "mapping.toml").code == 0
    project("init")
    assert project("map", "check", "mapping.toml").err.endswith("an import by it would be taken\n")
    assert "would be recorded: visit/P-1" in project("import", "--map", "mapping.toml", "--dry-run").err
    assert project("import", "--map", "mapping.toml").err == "4 events stored from 4 rows\n"
    assert project("import", "--map", "mapping.toml").err == "0 events stored from 4 rows\n"


def test_an_undecided_mapping_is_refused_by_column(project: Spondyl, tmp_path: Path) -> None:
    write(tmp_path, draft(project), chosen=False)
    project("init")

    answer = project("import", "--map", "mapping.toml")

    assert answer.code == 3
    assert "mapping.toml: crp: is neither mapped nor ignored; map it, or write its reason under [ignore]" in answer.err
    assert project("status", "--json").json["events"] == 0


def test_a_check_is_there_for_machines(project: Spondyl, tmp_path: Path) -> None:
    write(tmp_path, draft(project))
    (tmp_path / "data.csv").write_text(DATA.replace("P-2,2020-02-01,2", "P-2,2020-02-01,3"), encoding="utf-8")

    answer = project("map", "check", "mapping.toml", "--json")

    assert answer.code == 3
    assert [(each["field"], each["value"], each["n_rows"]) for each in answer.json["findings"]] == [("sex", "3", 1)]
    assert answer.json["is_refused"] is True
    assert {each["name"]: each["fate"] for each in answer.json["fields"]}["first_name"] == "ignored"


def test_a_check_on_a_screen_fits_it(project: Spondyl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, draft(project), chosen=False)

    answer = project("map", "check", "mapping.toml")

    assert "crp" in answer.out
    assert "not yet decided" in answer.out
    assert "a name, an address or a number" in answer.out


def test_the_tables_can_be_looked_at_and_are_never_written_over(project: Spondyl, tmp_path: Path) -> None:
    write(tmp_path, draft(project))

    assert project("map", "show", "mapping.toml", "--to", "tables").code == 0
    assert (tmp_path / "tables" / "patients.csv").read_text(encoding="utf-8").splitlines()[1] == "P-1,2020-01-01,female"
    again = project("map", "show", "mapping.toml", "--to", "tables")
    assert again.code == 3
    assert "something is there" in again.err
    assert project("map", "show", "mapping.toml", "--to", "tables", "--overwrite", "--json").json["n_rows"] == 2


def test_a_fact_is_traced_to_the_row_that_it_came_from(project: Spondyl, tmp_path: Path) -> None:
    write(tmp_path, draft(project))
    project("init")
    project("import", "--map", "mapping.toml", "--source", "clinic")

    answer = project("history", "patient/P-2", "--json")

    assert answer.json[0]["source"] == "data.csv (patients):3"
    assert f"read by the mapping {answer.json[0]['mapping']}" in project("history", "patient/P-2").out
    (batch,) = project("status", "--json").json["batches"]
    assert batch["delivered_by"] == "clinic"
    assert batch["files"][0]["name"] == "data.csv"
    assert batch["mapping"] == sha256((tmp_path / "mapping.toml").read_bytes()).hexdigest() == answer.json[0]["mapping"]
    assert project("history", "patient/P-2", "--json").json[0]["mapping"] in project("status").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("draft",), 2, "name a SOURCE, or a database by --url-env"),
        (("draft", "--query", "select 1"), 2, "--query has no effect without --url-env"),
        (("draft", "postgresql://ines:secret@host/db"), 2, "by a variable of the environment: --url-env"),
        (("draft", "postgresql://host/db"), 3, "put the URL into a variable of the environment"),
        (("draft", "nothing.xml"), 3, "nothing.xml"),
        (("check", "nothing.toml"), 3, "nothing.toml: cannot be read"),
        (("show", "nothing.toml", "--to", "x"), 3, "nothing.toml: cannot be read"),
    ],
)
def test_mistakes_are_told_in_a_line(spondyl: Spondyl, arguments: tuple[str, ...], code: int, said: str) -> None:
    answer = spondyl("map", *arguments)

    assert answer.code == code
    assert said in " ".join(answer.err.split())
    assert "secret" not in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "name a file or a folder, or a mapping by --map"), ((".", "--map", "m.toml"), "has no effect with --map")],
)
def test_an_import_has_files_or_a_mapping(spondyl: Spondyl, arguments: tuple[str, ...], said: str) -> None:
    spondyl("init")

    answer = spondyl("import", *arguments)

    assert answer.code == 2
    assert said in " ".join(answer.err.split())
