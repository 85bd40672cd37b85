"""The text of a draft: a mapping that can be read, with all that a person has to decide left open, and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from registry.catalogue.catalogue import Catalogue
from registry.intake.sources import toml_words as toml
from registry.intake.sources.draft.cells_drafted import Cell, cells_of
from registry.intake.sources.draft.found import Found
from registry.intake.sources.draft.pivots import PivotFound, pivots_of, placed
from registry.intake.sources.draft.proposals import (
    BY_NAME,
    called_as,
    is_score,
    named_persons,
    proposed,
    unit_of,
)
from registry.intake.sources.draft.repeats import Block, blocks_of
from registry.intake.sources.draft.samples import Sample, samples_of
from registry.intake.sources.draft.source_drafted import source_lines
from registry.intake.sources.draft.words import BIRTH_DATE, CENTRE, PATIENT, Words
from registry.intake.sources.foreign_source import ForeignSource
from registry.intake.sources.mapping import SourceRule
from registry.schema.tables import Table, tables_of
from registry.wording import listed

HEAD: Final = """\
# A draft, made from {name}. Behind each line stands how sure it is: "by name" is, the others are to be looked at.
# What only a person can decide, as a unit or how days are written, stands as lines to choose from: take away the
# "# " before one of them. `spondyl map check` says what is left to decide; nothing is imported before.
"""
FORM_STATUS: Final = "form-status"
NAMED: Final = 8  # values of codes that an undecided field is shown with


def draft_of(source: ForeignSource, rule: SourceRule, catalogue: Catalogue) -> str:
    """Return the draft of a mapping of a source that a rule names. Raises `UnreadableError`, `OSError`."""
    found = _found(source, rule, catalogue)
    tables = [each for block in found.blocks for each in _table(block, found)]
    readings = [line for each in found.pivots for line in _reading(each, found)]
    above = [*source_lines(found), *_patient(found), *tables, *readings]
    parts = (HEAD.format(name=source.name), *above, *_ignored(found), *_undecided(found))
    return "\n".join(parts) + "\n"


def _found(source: ForeignSource, rule: SourceRule, catalogue: Catalogue) -> Found:
    samples = samples_of(source)
    patient = next(iter(samples), None) if rule.kind == "redcap" else _only(samples.values(), PATIENT)
    centre = _only((each for each in samples.values() if each.name != patient), CENTRE)
    pivots = [*pivots_of(samples, catalogue)]
    taken = {patient, centre, *placed(pivots)}
    others = [each for each in samples.values() if each.name not in taken]
    persons = {each.name: each.what for each in named_persons(others)}
    proposals = [*proposed((each for each in others if each.name not in persons), catalogue)]
    blocks = blocks_of(proposals, tables_of(catalogue))
    return Found(source, rule, catalogue, samples, patient, centre, persons, blocks, pivots)


def _only(samples: Iterable[Sample], words: Words) -> str | None:
    """Return the field that is called as something is, None where none is or several are."""
    found = [each.name for each in samples if called_as(each, words)]
    return found[0] if len(found) == 1 else None


def _patient(found: Found) -> Iterator[str]:
    yield from ("", "[patient]")
    if found.patient is not None:
        why = "the record's id" if found.rule.kind == "redcap" else "by name"
        yield f"field = {toml.quoted(found.patient)}  # {why}"
    else:
        yield "# Which field says whose a row is? Take one:"
        names = _without_place(found) or [*found.samples]
        yield from (f"# field = {toml.quoted(name)}" for name in names[:NAMED])
        if len(names) > NAMED:
            yield f"# … or another of those that are not yet decided; there are {len(names) - NAMED:,} more"
    yield '# mapped = "codes.csv"  # if it is no pseudonym: a file of two columns, what stands there and its pseudonym'
    if found.centre is not None:
        yield f"centre = {{ field = {toml.quoted(found.centre)} }}  # by name"


def _table(block: Block, found: Found) -> Iterator[str]:
    table = tables_of(found.catalogue)[block.table]
    yield from ("", "[[table]]", f"to = {toml.quoted(block.table)}")
    if where := _each(block, found):
        yield f"each = {toml.table(where)}"
    if block.repeat:
        yield f"repeat = {{ n = {toml.array(block.repeat)} }}"
        yield f'when = {{ field = {toml.quoted(block.first)}, not = "" }}'
    if found.rule.kind != "redcap" and block.table != "patients":
        yield _key(block, found)
    cells = [*cells_of(block, unit_of)]
    if block.table == "visits" and found.source.events and not any(cell.column == "visit" for cell in cells):
        yield f"visit = {{ event = {toml.words(_event_words(block, found))} }}  # the labels of the events"
    yield from (line for cell in cells for line in cell.lines)
    yield from _needed(table, cells, found)


def _reading(pivot: PivotFound, found: Found) -> Iterator[str]:
    """Yield the table of a reading that stands in one row; what is needed beside its grades is left to say."""
    cells = [Cell(name, ()) for name in ("method", "location")]
    said = {"location": '"{location}"', "field": toml.quoted(f"{pivot.prefix}{{location}}"),
            "names": toml.words(pivot.names)}  # fmt: skip
    yield from ("", "[[table]]", 'to = "readings"')
    if pivot.instrument:
        yield f"each = {{ instrument = {toml.quoted(pivot.instrument)} }}"
    if pivot.others:
        why = f"no location of {pivot.method}, though it begins so too: {listed(pivot.others, 'and')}"
        yield toml.comment(f"{why}; call it otherwise at the source before this can be taken:")
    yield f"{'# ' * bool(pivot.others)}pivot = {toml.table(said)}  # {BY_NAME}"
    yield f"method = {{ constant = {toml.quoted(pivot.method)} }}  # {BY_NAME}"
    yield from _needed(tables_of(found.catalogue)["readings"], cells, found)


def _key(block: Block, found: Found) -> str:
    """Return the line for the fields that tell a row from all others: whose it is, and what else, if known."""
    visit = [each.sample.name for each in block.columns.get("visit", ())[:1]]
    fields = [found.patient or "…", *([] if block.repeat else visit or ["…"])]
    return (
        f"# key = {toml.array(fields)}  # what tells a row from all others for good, "
        "so that a corrected day is an amendment"
    )


def _each(block: Block, found: Found) -> dict[str, str]:
    """Return which rows of a REDCap project have the fields of a table."""
    where = {}
    if found.source.events:
        where["events"] = toml.array(_events(block, found))
    if block.instrument:
        where["instrument"] = toml.quoted(block.instrument)
    return {name: value for name, value in where.items() if value != "[]"}


def _events(block: Block, found: Found) -> list[str]:
    there = {event for each in block.proposals for event in each.sample.events}
    return [event for event in found.source.events if event in there]


def _event_words(block: Block, found: Found) -> dict[str, str]:
    return {event: found.source.events[event] or event for event in _events(block, found) or found.source.events}


def _needed(table: Table, cells: Sequence[Cell], found: Found) -> Iterator[str]:
    said = {cell.column for cell in cells} | {"patient"}
    if found.centre is not None:
        said.add("centre")
    for column in table.columns.values():
        if column.required and column.name not in said:
            yield toml.comment(f'{column.name} = {{ field = "…" }}  # needed, and not found: {column.meaning}')


def _ignored(found: Found) -> Iterator[str]:
    yield from ("", "[ignore]")
    for name, what in found.persons.items():
        yield f"{toml.key(name)} = {toml.quoted(what)}"
    birth = [name for name, what in found.persons.items() if what == BIRTH_DATE.column]
    if birth:
        cell = toml.table({"field": toml.quoted(birth[0]), "as": '"year"'})
        yield f"# of a date of birth the year may be taken, under patients: birth_year = {cell}"


def _statuses(found: Found) -> list[str]:
    return [name for name, sample in found.samples.items() if sample.field.holds == FORM_STATUS]


def _undecided(found: Found) -> Iterator[str]:
    """Yield the fields that have no place, a line each; a checkbox is one field."""
    left: dict[str, list[Sample]] = defaultdict(list)
    for name in _without_place(found):
        left[found.samples[name].field.checkbox or name].append(found.samples[name])
    if left:
        yield ""
        yield '# Not yet decided. Map each in a table above, or take away the "# " and write why it is left out;'
        yield "# what no table has a column for may be declared in a protocol first (spondyl protocol template):"
    for name, samples in left.items():
        yield f'# {toml.key(name)} = "…"  {toml.comment(_described(samples))}'


def _without_place(found: Found) -> list[str]:
    """Return the fields that have no place."""
    proposals = [each for block in found.blocks for each in block.proposals]
    taken = {each.sample.field.checkbox or each.sample.name for each in proposals}
    taken |= {name for each in proposals for name in each.parts.values()}
    taken |= {found.patient or "", found.centre or "", *found.persons, *_statuses(found), *placed(found.pivots)}
    return [name for name, each in found.samples.items() if not {name, each.field.checkbox or name} & taken]


def _described(samples: Sequence[Sample]) -> str:
    """Return what an undecided field is: its label, its choices, and how many different values it has."""
    field, codes = samples[0].field, dict[str, str]()
    for sample in samples:
        codes |= dict(sample.field.codes)
    n = len({value for sample in samples for value in sample.values})
    said = [field.label, ", ".join(f"{code} = {label}" for code, label in [*codes.items()][:NAMED])]
    said += ["a score that is computed, and not taken"] * is_score(samples[0])
    many = "many" if any(sample.is_open for sample in samples) else str(n) if n else "no"
    return "; ".join([*filter(None, said), f"{many} different values" if n != 1 else "1 value"])
