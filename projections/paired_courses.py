"""Courses that a reader judged: two studies side by side, a verdict a lesion."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.coded import Coded, Rows, changes, coded, combined, constant, day_numbers, in_order
from projections.courses import Courses, Described
from projections.lookups import Lookup

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
WORDS: Final = {  # column of the table: that of the verdicts
    "patient": "patient",
    "reader": "reader",
    "session": "session",
    "to_study": "followup_study",
    "from_study": "baseline_study",
    "location": "location",
    "segment": "region",
    "kind": "kind",
}


def paired_courses(lesions: Any) -> Courses:
    """Return the paired verdicts, in the order of the table."""
    numbers = lesion_numbers(lesions)
    keys = [coded(lesions[name]) for name in ("patient", "reader", "session")]
    study, fact = coded(lesions["followup_study"]), coded(lesions["fact"])
    order = in_order(*keys, day_numbers(lesions["performed_on"]), study, numbers, fact)
    lesions = lesions.take(pa.array(order)).combine_chunks()
    n = lesions.num_rows
    words = {name: lesions[column].dictionary_encode() for name, column in WORDS.items()}
    pairs = {
        **{name: words[name] for name in ("patient", "reader", "session", "to_study", "from_study")},
        "method": constant(PAIRED_METHOD, n).array(),
        "to_on": lesions["performed_on"],
        "from_on": lesions["baseline_on"],
        "basis": constant(PAIRED, n).array(),
    }
    places = {
        "location_number": numbers[order],
        **{name: words[name] for name in ("location", "segment", "kind")},
    }
    every = Lookup(pa.array(np.arange(n, dtype=np.int32)), np.arange(n))
    verdicts = pc.index_in(lesions["verdict"], value_set=pa.array(list(VERDICTS))).to_numpy()
    return Courses(
        np.ones(n, dtype=np.int64),
        Described(pa.table(pairs), every),
        Described(pa.table(places), every),
        Described(OUTCOMES, Lookup.of(verdicts)),
    )


def lesion_numbers(lesions: Any) -> npt.NDArray[np.int16]:
    """Return the place of each lesion, from 1, among those of its pair of studies, reader and session.

    Lesions are in the order of their codes: numbers by their value, then other texts.
    """
    pair = combined(
        *(coded(lesions[name]) for name in ("patient", "baseline_study", "followup_study", "reader", "session"))
    )
    order = in_order(pair, _by_number(coded(lesions["lesion"])), coded(lesions["fact"]))
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
