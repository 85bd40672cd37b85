"""Courses that a reader judged: two studies side by side, a verdict a lesion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Rows, changes, coded, combined, constant, day_numbers, in_order
from projections.columns.lookups import Lookup
from projections.lesions.course_rows import Courses, Described

PAIRED_METHOD: Final = "paired-lesions"
PAIRED: Final = "paired-reading"
VERDICTS: Final = {  # verdict: course, state before, state after
    "resolution": ("resolved", "present", "absent"),
    "improvement": ("improved", "present", "present"),
    "unchanged": ("unchanged", "present", "present"),
    "deterioration": ("worse", "present", "present"),
    "new": ("new", "absent", "present"),
}
COURSE, BEFORE, AFTER = (pa.array(said).dictionary_encode() for said in zip(*VERDICTS.values()))
NO_ACTIVITY: Final = pa.nulls(len(VERDICTS), pa.int16())
OUTCOMES: Final = pa.table(
    {
        "from_state": BEFORE,
        "to_state": AFTER,
        "from_activity": NO_ACTIVITY,
        "to_activity": NO_ACTIVITY,
        "course": COURSE,
    }
)
NUMBERED_WITHIN: Final = ("patient", "baseline_study", "followup_study", "reader", "session")
JUDGED: Final = ("lesion", "location", "region", "kind", "verdict")


def paired_courses(lesions: ArrowTable) -> Courses:
    """Return the paired verdicts, in the order of the table."""
    words = {name: coded(lesions[name]) for name in (*NUMBERED_WITHIN, *JUDGED)}
    numbers = lesion_numbers(lesions, words)
    keys = [words[name] for name in ("patient", "reader", "session")]
    days = day_numbers(lesions["performed_on"])
    order = in_order(*keys, days, words["followup_study"], numbers, ties=lambda: coded(lesions["fact"]))
    n = len(order)
    said = {name: each.take(order).array() for name, each in words.items()}
    pairs = {
        **{name: said[name] for name in ("patient", "reader", "session")},
        "method": constant(PAIRED_METHOD, n).array(),
        "to_on": day_column(days[order]),
        "to_study": said["followup_study"],
        "from_on": day_column(day_numbers(lesions["baseline_on"])[order]),
        "from_study": said["baseline_study"],
        "basis": constant(PAIRED, n).array(),
    }
    places = {
        "location_number": numbers[order],
        "location": said["location"],
        "segment": said["region"],
        "kind": said["kind"],
    }
    every = Lookup(pa.array(np.arange(n, dtype=np.int32)), np.arange(n))
    known = pc.index_in(words["verdict"].words, value_set=pa.array(list(VERDICTS))).to_numpy()
    return Courses(
        np.ones(n, dtype=np.intp),
        Described(pa.table(pairs), every),
        Described(pa.table(places), every),
        Described(OUTCOMES, Lookup.of(known[words["verdict"].codes[order]])),
    )


def lesion_numbers(lesions: ArrowTable, words: Mapping[str, Coded]) -> npt.NDArray[np.int16]:
    """Return the place of each lesion, from 1, among those of its pair of studies, reader and session.

    Lesions are in the order of their codes: numbers by their value, then other texts. `words` has, as codes, the
    columns of the lesions that are in `NUMBERED_WITHIN`, and `lesion`.
    """
    pair = combined(*(words[name] for name in NUMBERED_WITHIN))
    order = in_order(pair, _by_number(words["lesion"]), ties=lambda: coded(lesions["fact"]))
    first = np.maximum.accumulate(np.where(changes(pair[order]), np.arange(len(order)), 0))
    numbers = np.empty(len(order), dtype=np.int16)
    numbers[order] = np.arange(1, len(order) + 1) - first
    return numbers


def _by_number(lesion: Coded) -> Rows:
    """Return the rank of each lesion's code among the codes in use."""
    words: list[str] = lesion.words.to_pylist()
    numbered = {word: (0, int(word)) if word.isascii() and word.isdigit() else (1, 0) for word in words}
    rank = np.empty(len(words), dtype=np.intp)
    rank[sorted(range(len(words)), key=lambda code: (*numbered[words[code]], words[code]))] = np.arange(len(words))
    return rank[lesion.codes]
