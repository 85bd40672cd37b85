"""Courses that a reader judged: two studies side by side, a verdict a lesion."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.coded import Coded, Rows, coded, constant, day_numbers, in_order

PAIRED_METHOD: Final = "paired-lesions"
PAIRED: Final = "paired-reading"
VERDICTS: Final = {  # verdict: course, state before, state after
    "resolution": ("resolved", "present", "absent"),
    "improvement": ("improved", "present", "present"),
    "unchanged": ("unchanged", "present", "present"),
    "deterioration": ("worse", "present", "present"),
    "new": ("new", "absent", "present"),
}


def paired_courses(lesions: Any) -> dict[str, Any]:
    """Return the columns of the paired verdicts, in the order of the table."""
    numbers = lesion_numbers(lesions)
    keys = [coded(lesions[name]) for name in ("patient", "reader", "session")]
    study, fact = coded(lesions["followup_study"]), coded(lesions["fact"])
    order = in_order(*keys, day_numbers(lesions["performed_on"]), study, numbers, fact)
    lesions = lesions.take(pa.array(order))
    of_verdict = pc.index_in(lesions["verdict"], value_set=pa.array(list(VERDICTS)))
    course, before, after = (pa.array(said).take(of_verdict) for said in zip(*VERDICTS.values()))
    nothing = pa.nulls(lesions.num_rows)
    return {
        **{name: lesions[name] for name in ("patient", "reader", "session", "kind", "location")},
        "method": constant(PAIRED_METHOD, lesions.num_rows).array(),
        "segment": lesions["region"],
        "location_number": pa.array(numbers[order]),
        "to_on": lesions["performed_on"],
        "to_study": lesions["followup_study"],
        "from_on": lesions["baseline_on"],
        "from_study": lesions["baseline_study"],
        "from_state": before,
        "to_state": after,
        "from_activity": nothing,
        "to_activity": nothing,
        "course": course,
        "basis": constant(PAIRED, lesions.num_rows).array(),
    }


def lesion_numbers(lesions: Any) -> npt.NDArray[np.int16]:
    """Return the place of each lesion, from 1, among those of its pair of studies, reader and session.

    Lesions are in the order of their codes: numbers by their value, then other texts.
    """
    pair = [coded(lesions[name]).codes for name in ("patient", "baseline_study", "followup_study", "reader", "session")]
    order = in_order(*pair, _by_number(coded(lesions["lesion"])), coded(lesions["fact"]))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = np.any([key[order[1:]] != key[order[:-1]] for key in pair], axis=0) if len(order) else begins[1:]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
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
