"""Days that a source has in parts: fields called alike but for a word for the year, the month or the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from registry.intake.sources.draft.folding import folded
from registry.intake.sources.draft.samples import Sample

PARTS: Final = {  # of a day: its words in names and labels, in four languages
    "year": frozenset(["year", "yr", "yyyy", "y", "jahr", "annee", "jaar"]),
    "month": frozenset(["month", "mo", "mm", "m", "monat", "mois", "maand"]),
    "day": frozenset(["day", "dd", "d", "tag", "jour", "dag"]),
}


class DayParts(NamedTuple):
    """The fields of the parts of a day, by `year`, `month` and `day`, and what it is called without those words."""

    fields: dict[str, str]
    year: Sample
    called: tuple[str, ...]


def day_parts(samples: Iterable[Sample]) -> list[DayParts]:
    """Return the days of which there are fields for the year and the month, in the order of their years."""
    groups: dict[str, dict[str, Sample]] = {}
    for sample in samples:
        if (found := _part(sample.name)) is not None:
            rest, part = found
            groups.setdefault(rest, {}).setdefault(part, sample)
    return [
        DayParts({part: there[part].name for part in PARTS if part in there}, there["year"], _called(rest, there))
        for rest, there in groups.items()
        if "year" in there and "month" in there
    ]


def _part(text: str) -> tuple[str, str] | None:
    """Return what a name is without its word for a part of a day, and which part; None where it has none, or two.

    >>> _part("start_year_2"), _part("Monat Beginn"), _part("bd1")
    (('start 2', 'year'), ('beginn', 'month'), None)
    """
    words = folded(text).split()
    found = [(at, part) for at, word in enumerate(words) for part, said in PARTS.items() if word in said]
    if len(found) != 1 or len(words) < 2:
        return None
    at, part = found[0]
    return " ".join([*words[:at], *words[at + 1 :]]), part


def _called(rest: str, there: Mapping[str, Sample]) -> tuple[str, ...]:
    of_label = _part(there["year"].field.label)
    return (rest, of_label[0]) if of_label is not None else (rest,)
