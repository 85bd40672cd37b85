"""New names for patients, for what refers to them, and for who and what else has a name, by a keyed hash.

A name is 32 hexadecimal digits of an HMAC-SHA-256: the same for the same text with the same key, and of no use to
anybody without it. References are named within their patient, so that two patients whose studies have one code do not
show it. An empty text says that there is nothing, and stays empty.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowArray
from projections.columns.coded import Coded, coded
from projections.export.profiles.release_key import ReleaseKey
from registry.campaigns.file import CONSENSUS
from registry.domain.campaigns import REPEAT

DIGITS: Final = 32
PATIENT, REFERENCE, PERSON, PLACE, NAME = "patient", "reference", "person", "place", "name"
KEPT: Final = {PERSON: ("", CONSENSUS)}  # what is no person's name, but says what readers agreed on


def new_name(key: ReleaseKey, purpose: str, *texts: str) -> str:
    """Return the new name of a text, the last; those before it say within what it is a name."""
    return key.digest(purpose, *texts).hex()[:DIGITS]


def new_names(key: ReleaseKey, purpose: str, words: ArrowArray) -> ArrowArray:
    """Return the new name of each word; those of sessions of repeats end as the old ones do."""
    kept = KEPT.get(purpose, ("",))

    def named(word: str) -> str:
        if word in kept:
            return word
        ending = REPEAT if purpose == NAME and word.endswith(REPEAT) else ""
        return new_name(key, purpose, word.removesuffix(ending)) + ending

    return pa.array([named(word) for word in words.to_pylist()], pa.string())


def renamed(key: ReleaseKey, purpose: str, column: ArrowArray) -> ArrowArray:
    """Return a column of names, or of lists of them, none of which is null, with the new ones."""
    if pa.types.is_list(column.type):
        lists = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        return pa.ListArray.from_arrays(lists.offsets, renamed(key, purpose, lists.values).cast(pa.string()))
    found = coded(column)
    return _coded(found, new_names(key, purpose, found.words))


def renamed_references(key: ReleaseKey, patients: Coded, column: ArrowArray) -> ArrowArray:
    """Return a column of references with new ones, each named within the patient of its row."""
    found = coded(column)
    whose, words = patients.words.to_pylist(), found.words.to_pylist()
    n, is_word = max(len(words), 1), found.codes >= 0
    if "" in words:
        is_word &= found.codes != words.index("")
    pairs, rows = np.unique(patients.codes[is_word].astype(np.int64) * n + found.codes[is_word], return_inverse=True)
    named = [new_name(key, REFERENCE, whose[pair // n], words[pair % n]) for pair in pairs.tolist()]
    codes = np.where(found.codes < 0, np.int32(-1), np.int32(len(named)))
    codes[is_word] = rows.reshape(-1)
    return _coded(Coded(codes.astype(np.int32), found.words), pa.array([*named, ""], pa.string()))


def _coded(column: Coded, words: ArrowArray) -> ArrowArray:
    return pa.DictionaryArray.from_arrays(pa.array(column.codes, mask=column.codes < 0), words)
