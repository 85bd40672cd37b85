"""What a mapped import keeps of rows that hold several of ours, and how it says what is wrong with many alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake.sources.checking import check_mapping
from tests.registry.intake.sources.opened import imported, problems

SOURCE = """
[source]
kind = "csv"
files = ["cohort.csv"]
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = { field = "day" }
"""
DRUGS = """
[[table]]
to = "treatments"
repeat = { n = [1, 2, 3] }
when = { field = "drug_{n}", not = "" }
agent = { field = "drug_{n}" }
started_on = { year = "year_{n}" }
"""
WIDE = """\
pat,day,drug_1,year_1,drug_2,year_2,drug_3,year_3
P1,2020-01-02,Humira,2015,Enbrel,2016,Cosentyx,2018
P2,2020-01-03,Enbrel,2017,Humira,2019,,
"""


@pytest.mark.parametrize("key", ["", 'key = ["pat"]'], ids=["without a key", "with a key"])
def test_all_drugs_of_a_wide_row_are_recorded_once(registry: Registry, tmp_path: Path, key: str) -> None:
    (tmp_path / "cohort.csv").write_text(WIDE)
    mapping = SOURCE + DRUGS + key

    assert imported(registry, tmp_path, mapping).tables["treatments"].recorded == 5
    assert imported(registry, tmp_path, mapping).events == 0


def test_a_drug_of_a_wide_row_is_refused_at_its_own_field(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(WIDE.replace("Cosentyx", "Wundermab"))

    assert problems(registry, tmp_path, SOURCE + DRUGS) == [
        (
            "cohort.csv (treatments, n = 3):2:drug_3: agent: 'Wundermab' is not a known agent; "
            "declare it under [[agents]] or [[products]] of the protocol, or say which drug it is, as "
            'codes = { "Wundermab" = "…" }'
        )
    ]


VISITS = """
[[table]]
to = "visits"
key = ["visit"]
visited_on = { field = "day" }
visit = { field = "visit" }
esr = { field = "esr" }
"""


def test_a_key_without_the_patient_is_refused_once_with_the_key_to_write(registry: Registry, tmp_path: Path) -> None:
    rows = [f"P{number},2020-01-02,V0,12" for number in range(1, 6)]
    (tmp_path / "cohort.csv").write_text("\n".join(["pat,day,visit,esr", *rows]))

    assert problems(registry, tmp_path, SOURCE + VISITS) == [
        (
            "cohort.csv (visits):3:visit: 'V0' is another row at cohort.csv (visits):2; "
            'a key names one row of the table; write key = ["pat", "visit"] (4 rows)'
        )
    ]


def test_a_key_that_has_the_patient_wants_a_field_more(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text(
        "pat,day,visit,esr\nP1,2020-01-02,V0,12\nP1,2020-01-02,V0,13\nP1,2020-01-02,V0,14\n"
    )

    assert problems(registry, tmp_path, SOURCE + VISITS.replace('["visit"]', '["pat", "visit"]')) == [
        (
            "cohort.csv (visits):3: visit/P1/id=P1%2FV0 stands at cohort.csv (visits):2 too, with other content; "
            "keep one, or where both are meant, for a key names one row of the table, "
            "add a field to it that tells them apart (2 rows)"
        )
    ]


def test_a_word_among_numbers_is_told_once_with_what_to_write(registry: Registry, tmp_path: Path) -> None:
    rows = [f'P{number},2020-01-02,V0,"NF ""x"""' for number in range(1, 6)]
    (tmp_path / "cohort.csv").write_text("\n".join(["pat,day,visit,esr", *rows]))

    assert problems(registry, tmp_path, SOURCE + VISITS.replace('["visit"]', '["pat", "visit"]')) == [
        (
            "cohort.csv (visits):2:esr: 'NF \"x\"' is not a number but a word; "
            'say what it stands for, as missing = { "NF \\"x\\"" = "" } (5 rows)'
        )
    ]


def test_a_row_in_which_a_table_finds_nothing_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text("pat,day,drug,year\nP1,2020-01-02,Humira,2015\nP2,2020-01-03,,\n")
    drugs = '[[table]]\nto = "treatments"\nagent = { field = "drug" }\nstarted_on = { field = "year" }\n'
    (tmp_path / "mapping.toml").write_text("format = 1\n" + SOURCE + drugs)

    found = check_mapping(tmp_path / "mapping.toml")

    assert found.rows == {"patients": 2, "treatments": 1}
