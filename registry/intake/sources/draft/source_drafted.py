"""The lines of a draft for `[source]`: what was found, how days may be written, and what may stand for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from registry.intake.sources import toml_words as toml
from registry.intake.sources.draft.days_found import is_ours, together, ways_of
from registry.intake.sources.draft.found import Found
from registry.intake.sources.draft.proposals import Proposal

NOTHINGS: Final = (
    "", ".", "-", "--", "?", "NA", "N/A", "n/a", "na", "#N/A", "NULL", "null", "None", "nan", "NaN", "inf", "-inf",
    "k.A.", "k. A.",
    "k.a.", "n.d.", "n.b.", "n. b.", "n.v.t.", "ND", "nd", "unbekannt", "unknown", "inconnu", "onbekend", "fehlt",
    "missing", "-1", "-7", "-8", "-9", "-66", "-77", "-88", "-99", "-999", "99", "999", "9999", "88", "77",
)  # fmt: skip


def source_lines(found: Found) -> Iterator[str]:
    rule = found.rule
    yield from ("format = 1", "", "[source]", f"kind = {toml.quoted(rule.kind)}")
    if rule.files:
        yield f"files = {toml.array(rule.files)}"
    for name in ("dictionary", "events", "arms", "sheet", "url_env", "query"):
        if said := getattr(rule, name):
            yield f"{name} = {toml.quoted(said)}"
    if rule.header_row is not None:
        yield f"header_row = {rule.header_row}  # as found"
    for name in ("delimiter", "encoding", "decimal"):
        if said := getattr(rule, name):
            yield f"{name} = {toml.quoted(said)}  # as found"
    yield from _days(found)
    nothings = _nothings(found)
    if nothings:
        yield "# These stand among numbers, days or codes; keep what stands for nothing in all columns, and say why:"
        yield f"# missing = {toml.words(dict.fromkeys(nothings, ''))}"
    if rule.kind == "redcap":
        yield 'forms = ["complete", "unverified"]  # which form status counts; "incomplete" may be added'


def _days(found: Found) -> Iterator[str]:
    """Yield how days may be written, where that is not plain: each way is there to be chosen."""
    whole, partial = _written_days(found, "day"), _written_days(found, "partial day")
    if all(map(is_ours, (*whole, *partial))):
        return
    yield "# How days are written is not decided. Take those that are meant; a day that two of them read is refused:"
    texts = [*whole, *(text for text in partial if not ways_of([text], partial=True))]
    for ways, n_read in together(texts, partial=False):
        yield f"# dates = {toml.array(ways)}  # reads {n_read} of {len(texts)} different ones looked at"
    for ways, n_read in together(partial, partial=True):
        yield f"# partial_dates = {toml.array(ways)}  # reads {n_read} of {len(partial)} looked at"


def _written_days(found: Found, holds: str) -> list[str]:
    """Return the different texts where columns hold days, or partial ones, without those that a source types itself."""
    proposals = [each for block in found.blocks for each in block.proposals if each.column.holds == holds]
    texts = [text for each in proposals if each.sample.field.holds != "day" and not each.parts
             for text in each.sample.values]  # fmt: skip
    is_typed = found.source.has_typed_days
    return [text for text in dict.fromkeys(texts) if text not in NOTHINGS and not (is_typed and is_ours(text))]


def _nothings(found: Found) -> list[str]:
    """Return what stands where numbers, days or codes do and may stand for nothing, the most frequent first."""
    times: Counter[str] = Counter()
    for each in (each for block in found.blocks for each in block.proposals):
        for value, n in each.sample.values.items():
            if _may_be_nothing(value, each):
                times[value] += n * (not _is_plausible(value, each))
    return [value for value, n in times.most_common() if n]


def _may_be_nothing(value: str, proposal: Proposal) -> bool:
    """Return whether a value may say that there is none: by its word, as a word among numbers, or as declared."""
    field, column = proposal.sample.field, proposal.column
    if value in field.codes or column.holds == "text":
        return False
    if value in field.reasons:
        return bool(field.reasons[value]) and column.measure is not None
    is_number = column.measure is not None and column.measure.is_number and not field.codes
    return value in NOTHINGS or (is_number and not any(map(str.isdigit, value)))


def _is_plausible(value: str, proposal: Proposal) -> bool:
    """Return whether a number that often stands for nothing may be a value of a measure, as an ESR of 99 is."""
    measure = proposal.column.measure
    if value in proposal.sample.field.reasons:
        return False
    return measure is not None and measure.is_number and value.isdigit()
