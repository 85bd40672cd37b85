"""Words of open lists, as labels of visits: those that few patients have are hidden.

What somebody typed into a column without a list can be anything, also a name. A word that several patients have says
little of one. It counts as a word of a patient however often that patient has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable

if TYPE_CHECKING:
    from projections.point_in_time import Facts

OTHER: Final = "other"  # stands for a word that few patients have
STATED_IN: Final = {"lesion_courses": "lesions"}  # the kind of fact that states the words of a table, of another name
Column = tuple[str, str]  # a table and its column


class Words(NamedTuple):
    """Of how many patients each word of some columns is."""

    counts: Mapping[Column, Counter[str]]

    def frequent(self, column: Column, *, at_least: int) -> set[str]:
        """Return the words of a column that at least so many patients have."""
        return {word for word, patients in self.counts[column].items() if patients >= at_least}

    def n_rare(self, columns: Iterable[Column], *, below: int) -> dict[str, int]:
        """Return how many words of some columns fewer patients have, of those columns that have such."""
        rare = {
            f"{table}.{column}": sum(patients < below for patients in self.counts[table, column].values())
            for table, column in columns
            if (table, column) in self.counts
        }
        return {name: n for name, n in rare.items() if n}


def counted(facts: Facts, columns: Collection[Column]) -> dict[Column, Counter[str]]:
    """Return of how many patients of a range each word of some columns is; columns of exported tables, as stated."""
    found = {}
    for table, column in columns:
        stated = facts.of(STATED_IN.get(table, table)).select(["patient", column])
        found[table, column] = _patients_by_word(stated)
    return found


def summed(ranges: Iterable[Mapping[Column, Counter[str]]], columns: Collection[Column]) -> Words:
    """Return the words of all ranges of patients, none of whom is in two of them."""
    total: dict[Column, Counter[str]] = {column: Counter() for column in columns}
    for counts in ranges:
        for column, words in counts.items():
            total[column].update(words)
    return Words(total)


def hidden(words: ArrowArray, frequent: Collection[str]) -> ArrowArray:
    """Return a column of words, or of lists none of which is null, with `other` for each word that is not frequent."""
    if pa.types.is_list(words.type):
        lists = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
        return pa.ListArray.from_arrays(lists.offsets, hidden(lists.values, frequent))
    plain = words.cast(pa.string())
    known = pc.is_in(plain, pa.array(sorted(frequent), pa.string()))
    return pc.if_else(pc.or_(known, pc.is_null(plain)), plain, OTHER)


def _patients_by_word(stated: ArrowTable) -> Counter[str]:
    patients, words = stated["patient"].cast(pa.string()), stated[stated.column_names[1]]
    if pa.types.is_list(words.type):
        patients, words = patients.take(pc.list_parent_indices(words)), pc.list_flatten(words)
    pairs = pa.table({"patient": patients, "word": words.cast(pa.string())}).group_by(["patient", "word"]).aggregate([])
    return Counter(word for word in pairs["word"].to_pylist() if word is not None)
