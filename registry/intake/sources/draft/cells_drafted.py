"""The lines of a draft for single columns: a cell that can be taken as it is, or several to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.intake.sources import toml_words as toml
from registry.intake.sources.draft.code_words import word_for
from registry.intake.sources.draft.folding import folded
from registry.intake.sources.draft.proposals import Proposal
from registry.intake.sources.draft.repeats import Block
from registry.intake.sources.draft.samples import Sample
from registry.schema.tables import Column
from registry.wording import listed


class Cell(NamedTuple):
    """The lines for one column of a table."""

    column: str
    lines: tuple[str, ...]


def cells_of(block: Block, unit_of: Callable[[Sample], str]) -> Iterator[Cell]:
    """Yield the lines for each column of a table; `unit_of` says which unit the source states of a field."""
    for name, several in block.columns.items():
        if block.repeat:
            yield Cell(name, tuple(_lines(several[0], block.names[name], several, unit_of(several[0].sample))))
        elif len(_fields(several)) > 1 and several[0].sureness == several[-1].sureness:
            yield Cell(name, tuple(_several(several)))
        else:
            yield Cell(name, tuple(_with_others(several, unit_of)))


def _several(several: Sequence[Proposal]) -> Iterator[str]:
    """Yield fields of which one is meant, and none is surer than the others."""
    yield toml.comment(f"{several[0].column.name}: which of these? Take one, and ignore or map the others:")
    for field in _fields(several):
        yield f"# {several[0].column.name} = {{ field = {toml.quoted(field)} }}"


def _with_others(several: Sequence[Proposal], unit_of: Callable[[Sample], str]) -> Iterator[str]:
    best, *others = several
    field = best.sample.field.checkbox or best.sample.name
    yield from _lines(best, field, [each for each in several if _field(each) == field], unit_of(best.sample))
    for other in _fields(others):
        if other != field:
            yield f"# {best.column.name} = {{ field = {toml.quoted(other)} }}  # this may be meant as well"


def _lines(best: Proposal, field: str, same: Sequence[Proposal], unit: str) -> Iterator[str]:
    """Yield the lines for a column that comes of a field; `same` are its boxes, or what repeats."""
    column, is_boxes = best.column, best.sample.field.checkbox is not None
    if best.parts or best.drugs:
        yield from _in_parts(best, field) if best.parts else _of_drugs(best, field)
        return
    units = column.measure.units if column.measure is not None and column.measure.is_number else ()
    if len(units) > 1:
        unit = unit or next((each for each in units if folded(field).endswith(f" {folded(each)}")), "")
        said = f"; the source says {unit}" if unit else ""
        units = tuple(sorted(units, key=lambda each: folded(each) != folded(unit)))
        yield toml.comment(f"{column.name}: in which unit{said}? Take one ({best.why}):")
        for each in units:
            yield f"# {column.name} = {{ field = {toml.quoted(field)}, unit = {toml.quoted(each)} }}"
        return
    cell = {"checkbox" if is_boxes else "field": toml.quoted(field)}
    words = _words(column)
    given = _given(same) if words else {}
    codes = {code: word for code, label in given.items() if (word := word_for(label, words))}
    if left := [f"{code} ({label})" if label != code else code for code, label in given.items() if code not in codes]:
        yield toml.comment(f"{column.name}: {listed(left[:12], 'and')} without a word yet; write {listed(words)}")
    if any(code != word for code, word in codes.items()):
        cell["codes"] = toml.words(codes)
    yield f"{'# ' if is_boxes and not codes else ''}{column.name} = {toml.table(cell)}  # {best.why}"


def _in_parts(best: Proposal, field: str) -> Iterator[str]:
    """Yield the line for a day of which the source has the parts; where they repeat, all have the same number."""
    number = best.sample.name.removeprefix(field.removesuffix("{n}")) if field != best.sample.name else ""
    names = {part: f"{name.removesuffix(number)}{{n}}" if number else name for part, name in best.parts.items()}
    yield f"{best.column.name} = {toml.table({part: toml.quoted(name) for part, name in names.items()})}  # {best.why}"


def _of_drugs(best: Proposal, field: str) -> Iterator[str]:
    """Yield the lines for a field whose choices are drugs, and rows of other choices to be left out."""
    others = {code: label for code, label in best.sample.field.codes.items() if code not in best.drugs}
    if others:
        named = listed([f"{code} ({label})" for code, label in others.items()], "and")
        yield toml.comment(f"{named} name no drug; their rows are left out by")
        yield f"# when = {{ field = {toml.quoted(field)}, not = {toml.array(others)} }}"
    cell = {"field": toml.quoted(field), "codes": toml.words(best.drugs)}
    yield f"{best.column.name} = {toml.table(cell)}  # {best.why}"


def _words(column: Column) -> tuple[str, ...]:
    """Return the closed list of words that a column holds, none for others."""
    if column.words:
        return column.words
    measure = column.measure
    return tuple(measure.codes) or ("yes", "no") if measure is not None and measure.is_coded else ()


def _given(same: Sequence[Proposal]) -> dict[str, str]:
    """Return what the source has for a word, with its label: by its choices, or by what stands there."""
    codes: dict[str, str] = {}
    for each in same:
        field = each.sample.field
        if field.codes:
            codes |= _labelled(field.codes)
        elif not each.sample.is_open:
            codes |= {value: value for value in each.sample.values}
    return codes


def _labelled(codes: Mapping[str, str]) -> dict[str, str]:
    return {code: label or code for code, label in codes.items()}


def _field(proposal: Proposal) -> str:
    return proposal.sample.field.checkbox or proposal.sample.name


def _fields(several: Sequence[Proposal]) -> list[str]:
    """Return the fields of proposals, the boxes of a checkbox once."""
    return [*dict.fromkeys(map(_field, several))]
