"""The words of a source, kept beside each staged fact wherever the statement says it in others."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.reading_files import read_batch
from registry.intake.staged_fact import StagedFact
from registry.intake.staging import Staging
from registry.schema.tables import tables_of
from tests.registry.intake.batches import folder_of


def staged(folder: Path, staging: Staging) -> list[StagedFact]:
    """Return what a folder states, as it comes out of the staging, in the order of its rows."""
    batch = read_batch([folder], tables_of(BUILT_IN), staging, lambda *_: None)
    assert [str(problem) for problem in batch.problems] == []
    return [fact for _, fact in staging.facts("ORDER BY row")]


@pytest.mark.parametrize(
    ("table", "header", "cells", "own"),
    [
        ("treatments", "patient,agent,started_on", "P-1,Humira,2020-01", {"agent": "Humira"}),
        ("treatments", "patient,agent,started_on", "P-1,L04AA17,2020-01", {"agent": "L04AA17"}),
        ("treatments", "patient,agent,started_on", "P-1,Adalimumab,2020-01", {"agent": "Adalimumab"}),
        ("treatments", "patient,agent,started_on", "P-1,adalimumab,2020-01", {}),
        ("treatments", "patient,agent,started_on,dose,dose_unit", "P-1,adalimumab,2020,4e1,mg", {}),
        ("patients", "patient,enrolled_on,birth_year", "P-1,2020-01-01,1980.0", {"birth_year": "1980.0"}),
        ("patients", "patient,enrolled_on,sex", "P-1,2020-01-01,FEMALE", {"sex": "FEMALE"}),
        ("patients", "patient,enrolled_on,criteria", "P-1,2020-01-01,ASAS-axSpA;mNY", {"criteria": "ASAS-axSpA;mNY"}),
        ("patients", "patient,enrolled_on,criteria", "P-1,2020-01-01,mNY;ASAS-axSpA", {}),
        ("visits", "patient,visited_on,crp,esr", "P-1,2020-01-01,< 5,>100", {"crp": "< 5"}),
        ("visits", "patient,visited_on,crp", "P-1,2020-01-01,5.0", {}),
        ("visits", "patient,visited_on,crp,esr", "P-1,2020-01-01,,", {}),
        ("visits", "patient,visited_on,visit", "P-1,2020-01-01, Week 12 ", {}),
    ],
)
def test_a_word_is_kept_where_the_statement_has_another(
    tmp_path: Path, table: str, header: str, cells: str, own: dict[str, str]
) -> None:
    with Staging() as staging:
        (fact,) = staged(folder_of(tmp_path, **{table: f"{header}\n{cells}"}), staging)

        assert fact.own == own


def test_a_fact_takes_over_the_words_of_another_row_for_the_columns_that_it_lacks(tmp_path: Path) -> None:
    with Staging() as staging:
        (fact,) = staged(folder_of(tmp_path, visits="patient,visited_on,crp\nP-1,2020-01-01,< 5"), staging)

    fact.complete({**fact.fields, "esr": None, "visit": "Week 12"}, {"crp": "<  5", "visit": "WEEK 12"})

    assert fact.own == {"crp": "< 5", "visit": "WEEK 12"}


def test_the_words_for_a_whole_reading_are_those_of_its_first_row(tmp_path: Path) -> None:
    readings = "study,reader,method,location,grade,seconds\nMR-1,R1,BERLIN,C2/3,1.0,90.0\nMR-1,R1,berlin,c3/4,2,90"

    with Staging() as staging:
        (fact,) = staged(folder_of(tmp_path, readings=readings), staging)

        assert fact.own == {"method": "BERLIN", "seconds": "90.0"}
