"""How many members of a cohort had each word of a measure's list at a time point, and which word they had later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.address import ARROW, without
from projections.cohort.figures.comparing import between, counted_share, left_out_for, proportion_test, share
from projections.cohort.figures.completeness import known_share
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import NO_ANCHOR, Cohort
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth

Words = Sequence[str | None]  # one a member, None where it is not known


class CodeValues(NamedTuple):
    """A measure at a time point, one word a member and None where there is none; `codes` are all words of its list."""

    name: str
    codes: tuple[str, ...]
    time_point: str
    words: list[str | None]
    without_anchor: Truth
    without_visit: Truth

    def of_members(self, rows: Rows) -> CodeValues:
        """Return the words of some of the members."""
        return self._replace(
            words=[self.words[row] for row in rows.tolist()],
            without_anchor=self.without_anchor[rows],
            without_visit=self.without_visit[rows],
        )

    @property
    def note(self) -> str:
        """Of how many members there is a word, and why not of the others."""
        none, absent = int(self.without_anchor.sum()), int(self.without_visit.sum())
        return left_out_for(
            len(self.words),
            [
                (none, NO_ANCHOR),
                (absent - none, "without a visit"),
                (self.words.count(None) - absent, "without a value"),
            ],
        )


def code_values(cohort: Cohort, measure: str) -> list[CodeValues]:
    """Return a measure whose values are words of a list at each time point."""
    return [*cohort.by_member(("codes", measure), lambda whole: _Said(_code_values(whole, measure))).at]


class _Said(NamedTuple):
    """What the members said at each time point."""

    at: list[CodeValues]

    def of_members(self, rows: Rows) -> _Said:
        return _Said([values.of_members(rows) for values in self.at])


def _code_values(cohort: Cohort, measure: str) -> list[CodeValues]:
    of_visit, list_ = cohort.inputs.codes(measure), tuple(cohort.facts.catalogue.measures[measure].codes)
    rows, visits = cohort.visit_rows(of_visit != NONE), cohort.visit_rows()
    words = np.array([*list_, None], dtype=object)  # the last is found by -1, where nobody said a word
    at_time_points = []
    for place, name in enumerate(cohort.names):
        said = np.where(rows[:, place] == NONE, NONE, of_visit[rows[:, place]]) if len(of_visit) else rows[:, place]
        without = (cohort.without_anchor(name), visits[:, place] == NONE)
        at_time_points.append(CodeValues(measure, list_, name, words[said].tolist(), *without))
    return at_time_points


def occurring(values: Iterable[CodeValues]) -> tuple[str, ...]:
    """Return the words of the list that some member has at some time point, in the order of the list."""
    each = list(values)
    said = {word for at in each for word in at.words}
    return tuple(word for word in each[0].codes if word in said) if each else ()


def code_summary(cohort: Cohort, values: CodeValues, shown: Sequence[str]) -> Iterator[Figure]:
    """Yield each of the words to be shown as a percentage of the members of whom it is known."""
    yield from word_shares(cohort, (values.name, values.time_point), values.words, shown, note=values.note)


def code_known(cohort: Cohort, values: CodeValues) -> Figure:
    """Return of how many of the members a word is known at a time point."""
    return known_share(cohort, (values.name, values.time_point), values.words, note=values.note)


def word_shares(
    cohort: Cohort, at: tuple[str, str], words: Words, shown: Sequence[str], *, note: str
) -> Iterator[Figure]:
    """Yield words as percentages of those of whom one is known; `at` is what they are of, and when.

    Where nothing is known that is a figure too.
    """
    name, on = at
    said = np.array([*words, None], dtype=object)[:-1]
    known = np.array([word is not None for word in words], dtype=bool)
    for word in shown if known.any() else ():
        yield share_of(cohort, (f"{name}: {word}", on, "percent"), said == word, known, note=note)
    if not known.any():
        yield share((f"{name}: known", on, "percent"), 0, 0, cohort.options, note=note)


def code_changes(
    before: CodeValues, after: CodeValues, shown: Sequence[str], options: StatisticalOptions
) -> Iterator[Figure]:
    """Yield of each word McNemar's test between two time points, over the members of whom both are known."""
    both, note = _known_at_both(before, after)
    timepoint = between((before.time_point, after.time_point))
    for word in shown:
        had, has = (np.array([pair[side] == word for pair in both], dtype=bool) for side in (0, 1))
        yield proportion_test((f"{before.name}: {word}", timepoint, "p"), had, has, options, note=note)


def code_transitions(before: CodeValues, after: CodeValues, options: StatisticalOptions) -> Iterator[Figure]:
    """Yield how many members had one word at a time point and another, or the same, at a later one.

    Rows are named `smoking: current → former`; there is one for each word of the earlier and each of the later time
    point, so that they add up to the members of whom both are known. Shares are of those who had the earlier word.
    """
    both, known = _known_at_both(before, after)
    counts, earlier = Counter(both), Counter(one for one, _ in both)
    for one in (word for word in before.codes if word in earlier):
        note = f"{one} at {before.time_point}, of {known}"
        for two in occurring([after._replace(words=[later for _, later in both])]):
            row = f"{before.name}: {ARROW.join(without(ARROW, word) for word in (one, two))}"
            at = (row, between((before.time_point, after.time_point)), "n")
            yield counted_share(at, counts[one, two], earlier[one], options, note=note)


def _known_at_both(before: CodeValues, after: CodeValues) -> tuple[list[tuple[str, str]], str]:
    """Return the words of the members of whom both are known, and how many these are and why not the others."""
    both = [(one, two) for one, two in zip(before.words, after.words) if one is not None and two is not None]
    return both, left_out_for(len(before.words), [(len(before.words) - len(both), "without both values")])
