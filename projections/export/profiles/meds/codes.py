"""The codes of a data set of MEDS, each with what it means and the codes of terminologies that stand for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from projections.export.profiles.meds.stretches import SEPARATOR
from registry.catalogue.standard_codes import standard_code

if TYPE_CHECKING:
    from registry.catalogue.catalogue import Catalogue
    from registry.catalogue.standard_codes import Kind

Told = tuple[str, list[str]]  # what it means, and its parents
PLAIN: Final = {
    "MEDS_BIRTH": "birth; the first day of the year, which alone is known",
    "MEDS_DEATH": "death",
    "SYMPTOM_ONSET": "first symptoms",
    "DIAGNOSIS": "diagnosis of axial spondyloarthritis",
    "ENROLMENT": "entry into the registry",
    "CONSENT": "consent to the registry",
    "FOLLOW_UP_RESUMPTION": "first day of follow-up after an end of it",
    "VISIT": "visit; text_value is its label",
    "FLARE": "reported flare; text_value is its severity",
    "FLARE_END": "end of a reported flare",
    "ADVERSE_EVENT": "adverse event; text_value is its term",
    "ADVERSE_EVENT_END": "end of an adverse event; text_value is its outcome",
}
OF_WORDS: Final = {  # what begins a code whose second part is a word
    "SEX": "sex",
    "CENTRE": "recruiting centre",
    "HLA_B27": "HLA-B27",
    "CRITERIA": "classification criteria fulfilled",
    "FOLLOW_UP_END": "end of follow-up, because of",
    "IMAGING": "imaging study; text_value are its regions",
}


def told(code: str, catalogue: Catalogue) -> Told:
    """Return what a code means, and its parents in terminologies, as `LOINC/1988-5`."""
    kind, *words = code.split(SEPARATOR)
    if kind in PLAIN:
        return PLAIN[kind], []
    if kind in OF_WORDS:
        return f"{OF_WORDS[kind]}: {SEPARATOR.join(words)}", []
    return OF_CATALOGUE[kind](words, catalogue)


def code_rows(codes: Iterable[str], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return a row for each code, in their order: the code, what it means, its parents."""
    rows = ((code, *told(code, catalogue)) for code in sorted(codes))
    return [{"code": code, "description": meaning, "parent_codes": parents} for code, meaning, parents in rows]


def _measure(words: list[str], catalogue: Catalogue) -> Told:
    measure = catalogue.measures[words[0]]
    said = f": {measure.codes.get(words[1], words[1])}" if len(words) > 1 else ""
    return f"{measure.label}, taken{said}", _standard("measure", words[0])


def _missing(words: list[str], catalogue: Catalogue) -> Told:
    reason = catalogue.missing_reasons.get(words[1], words[1])
    return f"no value of {catalogue.measures[words[0]].label}: {reason}", []


def _computed(words: list[str], catalogue: Catalogue) -> Told:
    return f"{words[0]}, computed by {catalogue.computable[words[0]].rule()}", _standard("measure", words[0])


def _drug(what: str) -> Callable[[list[str], Catalogue], Told]:
    def of(words: list[str], catalogue: Catalogue) -> Told:
        atc = catalogue.agents[words[0]].atc
        return f"{what} of a course of {words[0]}", [
            *([f"ATC/{atc}"] if atc else []),
            *_standard("agent", words[0]),
        ]

    return of


def _condition(what: str) -> Callable[[list[str], Catalogue], Told]:
    def of(words: list[str], catalogue: Catalogue) -> Told:
        condition = catalogue.conditions[words[0]]
        icd10 = [f"ICD10/{code}" for code in condition.icd10]
        return f"{what} of {condition.label}", [*icd10, *_standard("condition", words[0])]

    return of


def _score(words: list[str], catalogue: Catalogue) -> Told:
    return f"score {SEPARATOR.join(words[1:])} of a reading by {words[0]}", []


def _standard(kind: Kind, word: str) -> list[str]:
    code = standard_code(kind, word)
    return [] if code is None else [f"{code.vocabulary}/{code.code}"]


OF_CATALOGUE: Final[Mapping[str, Callable[[list[str], Catalogue], Told]]] = {
    "MEASURE": _measure,
    "MISSING": _missing,
    "COMPUTED": _computed,
    "DRUG_START": _drug("start"),
    "DRUG_STOP": _drug("end"),
    "CONDITION": _condition("start"),
    "CONDITION_END": _condition("end"),
    "SCORE": _score,
}
