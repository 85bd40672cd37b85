"""OMOP's numbers for the registry's words, and the little of its vocabularies that keys of the model demand.

A number is written where the catalogue has it, and it was read (`registry.catalogue.standard_codes`). The concepts that
are used stand in the tables `concept`, `vocabulary`, `domain` and `concept_class`, so that no key of the model points
nowhere; whoever has OMOP's vocabularies loads those instead. Their days of validity are the widest that OMOP has.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from projections.columns.arrow import ArrowArray
from projections.columns.coded import coded
from registry.catalogue.standard_codes import standard_code, standard_codes

if TYPE_CHECKING:
    from registry.catalogue.standard_codes import Kind

KINDS: Final[Mapping[str, tuple[str, str]]] = {  # kind: domain and class of its concepts
    "agent": ("Drug", "Ingredient"),
    "measure": ("Measurement", "Lab Test"),
    "condition": ("Condition", "Disorder"),
    "unit": ("Unit", "Unit"),
    "sex": ("Gender", "Gender"),
    "comparator": ("Meas Value Operator", "Qualifier Value"),
    "provenance": ("Type Concept", "Type Concept"),
}
WIDEST: Final = (date(1970, 1, 1), date(2099, 12, 31))
CDM_5_4: Final = 756265
_OF_THE_MODEL: Final[dict[int, tuple[str | None, ...]]] = {  # number: name, domain, vocabulary, class, standard, code
    0: ("No matching concept", "Metadata", "None", "Undefined", None, "No matching concept"),
    CDM_5_4: ("OMOP CDM Version 5.4.0", "Metadata", "CDM", "CDM", "S", "CDM v5.4.0"),
}
Row = dict[str, Any]


def registry_type() -> int:
    """Return the number of what says that something is known by a registry."""
    return numbered("provenance", "registry")


def numbered(kind: Kind, word: str) -> int:
    """Return OMOP's number for a word, 0 where it has none for sure."""
    code = standard_code(kind, word)
    return 0 if code is None else code.concept_id


def concept_ids(kind: Kind, words: ArrowArray) -> ArrowArray:
    """Return OMOP's number for each word of a column, 0 where there is none, null where there is no word."""
    found = coded(words)
    numbers = [numbered(kind, word) for word in found.words.to_pylist()]
    return pa.array(numbers, pa.int32()).take(pa.array(found.codes, mask=found.codes < 0))


def concept_rows(used: Collection[int]) -> list[Row]:
    """Return the rows of `concept` that the numbers stand for, in their order."""
    kept: dict[int, tuple[str | None, ...]] = {
        code.concept_id: (code.name, *_placed(kind, code.vocabulary), "S", code.code)
        for kind, code in standard_codes()
        if code.concept_id in used
    }
    kept |= _OF_THE_MODEL
    names = ["concept_name", "domain_id", "vocabulary_id", "concept_class_id", "standard_concept", "concept_code"]
    days = dict(zip(("valid_start_date", "valid_end_date"), WIDEST))
    return [{"concept_id": number, **dict(zip(names, kept[number])), **days} for number in sorted(kept)]


def vocabulary_rows(concepts: Collection[Row]) -> dict[str, list[Row]]:
    """Return the rows of `vocabulary`, `domain` and `concept_class` that concepts name; each is concept 0."""
    return {
        table: [
            {f"{table}_id": name, f"{table}_name": name, f"{table}_concept_id": 0}
            for name in sorted({row[f"{table}_id"] for row in concepts})
        ]
        for table in ("vocabulary", "domain", "concept_class")
    }


def _placed(kind: str, vocabulary: str) -> tuple[str, str, str]:
    domain, kind_of_concept = KINDS[kind]
    return domain, vocabulary, kind_of_concept
