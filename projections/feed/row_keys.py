"""The key of a row as one text: a canonical JSON array of the values of the table's key, each as a text.

`["P-001","reading/P-001/MR-1/berlin/R1","23","0"]`: no blanks, and of each text only what JSON has to escape, in the
shortest way (RFC 8785). So two rows have the same text exactly where their keys are the same, and whoever orders rows
by it, byte by byte, has them patient by patient.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Rows, changes, combined, end_to_end

ENDS_AT_MOST: Final = 1 << 12
ESCAPED: Final = r'["\\\x00-\x1f]'


class _Words(NamedTuple):
    """The values of one column of a key: a rank for each row, in the order of the texts in JSON, and these texts."""

    ranks: npt.NDArray[np.int64]
    texts: ArrowArray

    @classmethod
    def of(cls, column: ArrowArray) -> Self:
        """Return the ranks of a column without nulls.

        The closing quotation mark counts: in `["P","…` it stands before what `["P-1","…` goes on with.
        """
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.unify_dictionaries().combine_chunks()
        texts = _in_json(encoded.dictionary.cast(pa.string()))
        order = pc.sort_indices(texts).to_numpy()
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return cls(rank[encoded.indices.to_numpy()], texts.take(pa.array(order)))


class RowKeys(NamedTuple):
    """The keys of rows: `numbers` are in their order and the same where they are, `texts` are made when asked for."""

    numbers: npt.NDArray[np.int64]
    words: tuple[_Words, ...]

    @classmethod
    def of(cls, rows: ArrowTable, key: Sequence[str]) -> Self:
        """Return the keys of the rows of a table; `key` names the columns."""
        words = tuple(_Words.of(rows[name]) for name in key)
        return cls(np.broadcast_to(combined(*(each.ranks for each in words)), (rows.num_rows,)), words)

    @property
    def order(self) -> Rows | None:
        """The rows in the order of their keys; None where they stand in it."""
        if (self.numbers[1:] >= self.numbers[:-1]).all():
            return None
        return np.argsort(self.numbers, kind="stable")

    def texts(self, rows: Rows | None = None) -> ArrowArray:
        """Return the texts of the keys, of some rows in their order or of all.

        What many rows that follow one another begin with is put together once for all of them; what is the end of many,
        wherever they stand, too.
        """
        ranks = [each.ranks if rows is None else each.ranks[rows] for each in self.words]
        n_ends = self._n_ends
        begins, ends = len(self.words) - n_ends, range(len(self.words) - n_ends, len(self.words))
        run = changes(combined(*ranks[:begins]))
        first = np.flatnonzero(run)
        parts = [_texts(self.words[each], ranks[each][first], "," if each else "[") for each in range(begins)]
        begin = pc.binary_join_element_wise(*parts, "").take(pa.array(np.cumsum(run) - 1))
        if not n_ends:
            return pc.binary_join_element_wise(begin, "]", "")
        combinations = [np.arange(len(self.words[each].texts)) for each in ends]
        spread = [each.reshape(-1) for each in np.meshgrid(*combinations, indexing="ij")]
        end = pc.binary_join_element_wise(
            *(_texts(self.words[each], of, ",") for each, of in zip(ends, spread)), "]", ""
        )
        which = np.ravel_multi_index([ranks[each] for each in ends], [len(each) for each in combinations])
        return pc.binary_join_element_wise(begin, end.take(pa.array(which)), "")

    @property
    def _n_ends(self) -> int:
        """How many of the last columns have few values: of all their combinations there are not many."""
        size, n = 1, 0
        for each in reversed(self.words[1:]):
            size *= max(len(each.texts), 1)
            if size > ENDS_AT_MOST:
                break
            n += 1
        return n


def _in_json(words: ArrowArray) -> ArrowArray:
    """Return texts as JSON has them; most have nothing that is to be escaped."""
    if pc.any(pc.match_substring_regex(words, ESCAPED)).as_py():
        return pa.array([json.dumps(word, ensure_ascii=False) for word in words.to_pylist()], pa.string())
    return pc.binary_join_element_wise('"', words, '"', "")


def _texts(words: _Words, ranks: npt.NDArray[np.int64], before: str) -> ArrowArray:
    return pc.binary_join_element_wise(before, words.texts, "").take(pa.array(ranks))


def both_sorted(before: ArrowTable, after: ArrowTable, key: Sequence[str]) -> tuple[RowKeys, Rows]:
    """Return the keys of the rows of two tables, one after the other, and the rows in their order, `before` first."""
    joined = pa.table({name: end_to_end(before[name], after[name]) for name in key})
    keys = RowKeys.of(joined, key)
    return keys, np.argsort(keys.numbers, kind="stable")
