"""How patients went from line to line of targeted therapy: who had which class, and which next; small numbers hidden.

Nodes are the classes of a line with their patients, links the patients who went from a class of a line to one of the
next, or had no further line. Where fewer than a minimum of patients had a class in a line, it is put together with the
next smallest as `other classes`; a line in which that does not suffice is left out with all that follow. Links below
the minimum have no number, and with them so many more that no hidden one follows from the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.cohort.small_numbers.hiding import with_what_gives_away
from projections.therapy import treatment_lines
from registry.catalogue.therapy_lines import MAX_GAP_DAYS

if TYPE_CHECKING:
    from projections.point_in_time import Facts

MINIMUM: Final = 5
LINES: Final = 4
OTHER: Final = "other classes"
NO_FURTHER: Final = "no further line"

Link = tuple[int, str, str]  # the line from which, the class there, the class of the next


class FlowNode(NamedTuple):
    """A class of a line, and how many patients had it there."""

    line: int
    name: str
    n: int


class FlowLink(NamedTuple):
    """From a class of a line to one of the next; `n` is None where it is hidden."""

    line: int
    source: str
    target: str
    n: int | None


class LineFlow(NamedTuple):
    """The flow of patients through lines; `n_lines` is how many they had at most, whatever is shown."""

    nodes: list[FlowNode]
    links: list[FlowLink]
    n_patients: int
    n_lines: int
    minimum: int


def line_flow(
    facts: Facts,
    patients: Collection[str] | None = None,
    *,
    minimum: int = MINIMUM,
    max_gap_days: int = MAX_GAP_DAYS,
) -> LineFlow:
    """Return the flow of some patients, of all where none are named. Raises as `treatment_lines`."""
    lines = treatment_lines.table(facts, max_gap_days=max_gap_days)
    had: dict[str, list[str]] = {}
    for patient, name in zip(lines["patient"].to_pylist(), lines["drug_class"].to_pylist(), strict=True):
        if patients is None or patient in patients:
            had.setdefault(patient, []).append(name)
    return flow_of(list(had.values()), minimum=minimum)


def flow_of(sequences: Sequence[Sequence[str]], *, minimum: int = MINIMUM) -> LineFlow:
    """Return the flow of patients, each with the classes of the lines in their order.

    >>> [tuple(link) for link in flow_of([["TNFi", "JAKi"]] * 5 + [["TNFi"]] * 9).links]
    [(1, 'TNFi', 'JAKi', 5), (1, 'TNFi', 'no further line', 9)]
    """
    shown = list(_shown(sequences, minimum))
    named = [[names[each] for names, each in zip(shown, sequence)] for sequence in sequences]
    nodes = Counter((line, name) for sequence in named for line, name in enumerate(sequence, 1))
    links = Counter(link for sequence in named for link in _links(sequence, len(shown)))
    hidden = _hidden(links, minimum)
    return LineFlow(
        [FlowNode(*each, n) for each, n in sorted(nodes.items(), key=lambda each: (each[0][0], -each[1], each[0][1]))],
        [FlowLink(*link, None if link in hidden else n) for link, n in sorted(links.items())],
        len(sequences),
        max(map(len, sequences), default=0),
        minimum,
    )


def _shown(sequences: Sequence[Sequence[str]], minimum: int) -> Iterator[dict[str, str]]:
    """Yield for each line that is shown what its classes are called: their own name or that of the others."""
    for place in range(LINES):
        counts = Counter(sequence[place] for sequence in sequences if len(sequence) > place)
        small = {name for name, n in counts.items() if n < minimum}
        rest = sorted(counts.keys() - small, key=lambda name: (counts[name], name))
        while small and sum(counts[name] for name in small) < minimum and rest:
            small.add(rest.pop(0))
        if not counts or (small and sum(counts[name] for name in small) < minimum):
            return
        yield {name: OTHER if name in small else name for name in counts}


def _links(sequence: Sequence[str], n_lines: int) -> Iterator[Link]:
    """Yield the links of one patient: between lines that are shown, and out of the last that there is."""
    for line, (one, next_) in enumerate(pairwise(sequence), 1):
        yield line, one, next_
    if sequence and len(sequence) < n_lines:
        yield len(sequence), sequence[-1], NO_FURTHER


def _hidden(links: Counter[Link], minimum: int) -> set[Link]:
    """Return the links below the minimum, and more until none of them follows from the others at either end."""
    small = {link for link, n in links.items() if n < minimum}
    ends = [
        [link for link in links if (link[0], link[end]) == at]
        for end in (1, 2)
        for at in sorted({(link[0], link[end]) for link in links})
    ]
    return with_what_gives_away(links, ends, small, minimum)
