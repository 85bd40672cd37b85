"""Subjects: the numbers by which a data set of MEDS knows patients, and the part of it to which each is put.

A number is 63 bits of an HMAC-SHA-256 of the pseudonym, the same in every data set by one key. Two patients with one
number would be one subject: that is refused. A subject stays in its split, for it follows from the key too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from projections.columns.arrow import ArrowTable
from projections.errors import ProfileError
from projections.export.profiles.release_key import ReleaseKey

NAME: Final = "meds"
BITS: Final = 63  # of a subject's number, which is never below 0
SPLITS: Final = (*8 * ("train",), "tuning", "held_out")  # tenths
Numbers = npt.NDArray[np.int64]


def subject_ids(key: ReleaseKey, patients: Iterable[str]) -> dict[str, int]:
    """Return the number of each patient. Raises `ProfileError` where two have one."""
    ids, whose = {}, set()
    for patient in patients:
        number = int.from_bytes(key.digest("subject", patient)[:8], "big") >> 64 - BITS
        if number in whose:
            why = f"subject_id {number} would be that of two patients; take another key"
            raise ProfileError(NAME, why)
        whose.add(number)
        ids[patient] = number
    return ids


def split_of(key: ReleaseKey, patient: str) -> str:
    """Return the split of a patient: eight tenths train, one tuning, one held_out."""
    return SPLITS[int.from_bytes(key.digest("split", patient)[:8], "big") % len(SPLITS)]


def splits(key: ReleaseKey, ids: Mapping[str, int]) -> list[dict[str, object]]:
    """Return a row for each patient, its number and its split, in the order of the numbers."""
    ordered = sorted(ids, key=ids.__getitem__)
    return [{"subject_id": ids[patient], "split": split_of(key, patient)} for patient in ordered]


def part_of(rows: ArrowTable, n: int) -> Numbers:
    """Return the part of each row, of n, by where its subject's number lies among all that there could be."""
    width = -(-(1 << BITS) // n)
    return np.asarray(rows["subject_id"].to_numpy() // width, dtype=np.int64)
