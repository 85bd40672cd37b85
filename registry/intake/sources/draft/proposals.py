"""Where each field of a source may go: by its name, its label, its unit and what stands in it; and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.intake.sources.draft.day_parts import day_parts
from registry.intake.sources.draft.folding import closed, folded, has_words, unit_in, without_unit
from registry.intake.sources.draft.samples import Sample
from registry.intake.sources.draft.words import (
    BASDAI_LABELS,
    BIRTH_DATE,
    COLUMNS,
    IDENTIFYING,
    ITEMS,
    QUESTION,
    Words,
    labels_of,
    names_of,
)
from registry.schema.tables import ID_COLUMN, Column, tables_of

BY_NAME: Final = "by name"
BY_LABEL: Final = "by label, look at it"
BY_PART: Final = "by part of the name, look at it"
BY_UNIT: Final = "by unit, look at it"
BY_CONTENT: Final = "by content, look at it"
SURENESS: Final = (BY_NAME, BY_LABEL, BY_PART, BY_UNIT, BY_CONTENT)
AGENT: Final = "agent"
PARTIAL_DAY: Final = "partial day"
SCORES: Final = ("asdas",)  # that have no column, for they are computed
NUMBERED: Final = re.compile(r"(.*?)[ _.-]*(\d{1,3})", re.DOTALL)
AGENTS_AT_LEAST: Final = 2  # different drugs, before a column is taken for one of drugs
NUMBER: Final = re.compile(r"[<>]?\s*[-+]?\d+([.,]\d+)?", re.ASCII)
ONLY_UNITS: Final = {"mm/h": "visits.esr", "mm/1h": "visits.esr"}  # that only one measure has


class Proposal(NamedTuple):
    """A field, and the column of which table it may be: why, and what speaks against it.

    Of a day in parts `sample` is its year, and `parts` the fields by `year`, `month` and `day`. `drugs` are the
    choices of a field of drugs that name one.
    """

    sample: Sample
    table: str
    column: Column
    why: str
    parts: Mapping[str, str] = {}
    drugs: Mapping[str, str] = {}

    @property
    def sureness(self) -> int:
        """How sure it is, the surest first."""
        return SURENESS.index(self.why.split("; but")[0])


class Naming(NamedTuple):
    """A field that names a person, and what it says of him."""

    name: str
    what: str


def named_persons(samples: Iterable[Sample]) -> Iterator[Naming]:
    """Yield the fields that the source flags as identifiers, or that are called as such."""
    for sample in samples:
        what = next((words.column for words in (BIRTH_DATE, IDENTIFYING) if _called(sample, words)), None)
        if what is not None or sample.field.identifier:
            yield Naming(sample.name, what or "flagged at the source as naming a person")


def proposed(samples: Iterable[Sample], catalogue: Catalogue) -> Iterator[Proposal]:
    """Yield where each field may go; of a field that may go to two columns alike, nothing."""
    columns = {f"{name}.{column}": (name, table.columns[column]) for name, table in tables_of(catalogue).items()
               for column in table.columns if column not in (ID_COLUMN, "patient")}  # fmt: skip
    samples = [*samples]
    in_parts = [*_in_parts(samples, catalogue, columns)]
    yield from in_parts
    taken = {name for each in in_parts for name in each.parts.values()}
    for sample in samples:
        if sample.name in taken or is_score(sample):
            continue
        for why, find in _WAYS.items():
            found = {each for each in find(sample, catalogue, columns) if each in columns}
            if len(found) == 1:
                table, column = columns[next(iter(found))]
                drugs = _drugs(sample, catalogue) if column.name == AGENT else {}
                yield Proposal(sample, table, column, why + _doubt(sample, column), drugs=drugs)
            if found:
                break


def is_score(sample: Sample) -> bool:
    """Return whether a field is a score that the registry computes, and does not take."""
    return any(has_words(folded(text), score) for text in (sample.name, sample.field.label) for score in SCORES)


def called_as(sample: Sample, words: Words) -> bool:
    """Return whether a field is called, or labelled, as something is."""
    return _called(sample, words)


def numbered(name: str) -> tuple[str, str] | None:
    """Return a name without the number at its end, and the number; None where it has none.

    >>> numbered("drug_2"), numbered("Medikament 12"), numbered("crp")
    (('drug', '2'), ('Medikament', '12'), None)
    """
    found = NUMBERED.fullmatch(name)
    return (found[1], found[2]) if found and found[1] else None


Columns = Mapping[str, tuple[str, Column]]
Find = Callable[[Sample, Catalogue, Columns], Iterator[str]]


def _in_parts(samples: Sequence[Sample], catalogue: Catalogue, columns: Columns) -> Iterator[Proposal]:
    """Yield the days of which a source has the parts, where what they are called is a day of ours."""
    for each in day_parts(samples):
        for called in each.called:
            named = each.year._replace(field=each.year.field._replace(name=called, label=""))
            found = {key for key in _by_name(named, catalogue, columns) if key in columns}
            table, column = columns[next(iter(found))] if len(found) == 1 else ("", None)
            if column is not None and column.holds == PARTIAL_DAY:
                yield Proposal(each.year, table, column, BY_NAME if called == each.called[0] else BY_LABEL, each.fields)
                break


def _by_name(sample: Sample, catalogue: Catalogue, columns: Columns) -> Iterator[str]:
    for name in _names(sample):
        if item := _item(name, "^"):
            yield item
            continue
        whole = closed(name)
        yield from (words.column for words in COLUMNS if whole in names_of(words))
        yield from (key for key, (_, column) in columns.items() if whole == closed(column.name) and column.measure)


def _by_label(sample: Sample, catalogue: Catalogue, columns: Columns) -> Iterator[str]:
    label = folded(without_unit(sample.field.label))
    if not label:
        return
    if item := _item(label, ".*?") or _asked(label):
        yield item
        return
    own = [key for key, (_, column) in columns.items()
           if column.measure is not None and label == folded(column.measure.label)]  # fmt: skip
    yield from own or _longest(label)


def _by_part(sample: Sample, catalogue: Catalogue, columns: Columns) -> Iterator[str]:
    for name in _names(sample):
        text = folded(name)
        if item := _item(text, ".*?") or _asked(text):
            yield item
            continue
        yield from _longest(text)


def _by_unit(sample: Sample, catalogue: Catalogue, columns: Columns) -> Iterator[str]:
    if column := ONLY_UNITS.get(unit_of(sample).casefold().replace(" ", "")):
        yield column


def _by_content(sample: Sample, catalogue: Catalogue, columns: Columns) -> Iterator[str]:
    said = [*(sample.field.codes.values() or sample.values)]
    known = [value for value in said if _is_drug(value, catalogue)]
    if len(known) >= AGENTS_AT_LEAST and 2 * len(known) > len(said):
        yield "treatments.agent"


_WAYS: Final[dict[str, Find]] = {
    BY_NAME: _by_name,
    BY_LABEL: _by_label,
    BY_PART: _by_part,
    BY_UNIT: _by_unit,
    BY_CONTENT: _by_content,
}


def unit_of(sample: Sample) -> str:
    """Return the unit that a source states of a field: by itself, in its header or its label; empty where it does not.

    It is stated, not decided: what stands there may be wrong.
    """
    return sample.field.unit or unit_in(sample.name) or unit_in(sample.field.label)


def _names(sample: Sample) -> list[str]:
    """Return what a field is called: its name, that of its checkbox, and both without a number that repeats."""
    name = sample.field.checkbox or without_unit(sample.name)
    parts = numbered(name)
    return [name, *([parts[0]] if parts and not _item(name, ".*?") else [])]


def _item(name: str, before: str) -> str | None:
    """Return the item of a questionnaire that a name means: `bd1`, `BASDAI Frage 3`, `basfi_q07`, `basdai-2 nacken`."""
    text, words = folded(name), "|".join(QUESTION)
    for instrument, names in ITEMS.items():
        called = "|".join(names)
        found = re.fullmatch(rf"{before}\b(?:{called})(?: (?:{words}))* (\d+)(?: [a-z].*)?", text)
        if found is not None:
            return f"visits.{instrument}_{found[1]}"
    return None


def _asked(label: str) -> str | None:
    """Return the item of the BASDAI that a label asks for in its words, where it names the BASDAI."""
    if not has_words(label, "basdai"):
        return None
    found = [number for number, languages in enumerate(BASDAI_LABELS, 1)
             for each in "|".join(languages).split("|") if has_words(label, each)]  # fmt: skip
    return f"visits.basdai_{found[0]}" if len(set(found)) == 1 else None


def _longest(text: str) -> set[str]:
    """Return the columns whose word in a text is the longest; of two that are as long, both."""
    found = {words.column: word for words in COLUMNS
             if (word := next((each for each in labels_of(words) if has_words(text, each)), None))}  # fmt: skip
    longest = max(map(len, found.values()), default=0)
    return {column for column, word in found.items() if len(word) == longest}


def _called(sample: Sample, words: Words) -> bool:
    if closed(without_unit(sample.name)) in names_of(words):
        return True
    said = (folded(sample.field.label), folded(sample.name))
    return any(has_words(each, word) for word in labels_of(words) for each in said)


def _drugs(sample: Sample, catalogue: Catalogue) -> dict[str, str]:
    return {code: label for code, label in sample.field.codes.items() if _is_drug(label, catalogue)}


def _is_drug(value: str, catalogue: Catalogue) -> bool:
    return catalogue.agent_words.agent_named(value) is not None


def _doubt(sample: Sample, column: Column) -> str:
    """Return what speaks against a proposal in the values that stand there, empty where nothing does."""
    is_number = column.holds == "number" or (column.measure is not None and column.measure.is_number)
    if is_number and not sample.field.codes and sample.values:
        n = sum(1 for value in sample.values if not NUMBER.fullmatch(value.strip()))
        if 2 * n > len(sample.values):
            return "; but most of its values are no numbers"
    return ""
