"""Random values of a visit: totals beside single items, phone calls, missing domains, marks and other units."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.answers.facts import Taken

BASDAI_ITEMS: Final = tuple(f"basdai_{n}" for n in range(1, 7))
BASFI_ITEMS: Final = tuple(f"basfi_{n}" for n in range(1, 11))
MOBILITY: Final = ("lateral_lumbar_flexion", "tragus_to_wall", "lumbar_flexion", "intermalleolar_distance")
DOMAINS: Final = ("patient_global", "total_back_pain", "basfi", "basdai_5", "basdai_6")

scores = st.sampled_from(("0", "1", "2", "2.9", "3", "4", "5", "6", "8", "10"))
millimetres = st.sampled_from(("0", "9", "20", "20.1", "40", "50", "59.9", "60", "80", "100"))
centimetres = st.sampled_from(("0.3", "2.06", "7.14", "12.5", "14", "18.5", "40", "82", "95"))
marks = st.sampled_from((None, None, "<", ">"))
laboratory = st.builds(Taken, st.sampled_from(("0", "1.2", "5", "24.7", "33")), mark=marks)
crps = laboratory | st.builds(Taken, st.sampled_from(("0.3", "2.47")), unit=st.just("mg/dl"), mark=marks)
globals_ = st.builds(Taken, millimetres) | st.builds(Taken, scores, unit=st.just("nrs"))


def value_of(measure: str) -> st.SearchStrategy[Taken]:
    """Return values of a measure."""
    if measure == "patient_global":
        return globals_
    if measure in ("crp", "esr"):
        return crps if measure == "crp" else laboratory
    if measure == "basmi":
        return st.builds(Taken, scores, version=st.sampled_from((None, "2-step", "10-step", "linear")))
    if measure in (*MOBILITY, "cervical_rotation"):
        return st.builds(Taken, centimetres)
    return st.builds(Taken, millimetres if measure in ("total_back_pain", "night_back_pain") else scores)


def some_of(*measures: str, missing: int = 0) -> st.SearchStrategy[dict[str, Taken]]:
    """Return values of all the measures, or of all but a few."""
    kept = st.sets(st.sampled_from(measures), max_size=missing).map(
        lambda gone: [name for name in measures if name not in gone]
    )
    return kept.flatmap(lambda names: st.fixed_dictionaries({name: value_of(name) for name in names}))


NOTHING: Final[st.SearchStrategy[dict[str, Taken]]] = st.just({})
contents = st.one_of(
    some_of(*BASDAI_ITEMS, missing=1),
    some_of("basdai"),
    some_of("basdai", "basdai_3", "basfi"),  # a total beside one item
    some_of("basdai", *BASDAI_ITEMS),
    some_of(*DOMAINS, missing=2),
    some_of(*DOMAINS),
    some_of("patient_global", "total_back_pain", *BASFI_ITEMS, *BASDAI_ITEMS, missing=1),
    some_of("patient_global"),  # a phone call
    some_of("basdai_2", "basdai_3", "basdai_6", "patient_global"),
    some_of("crp", "esr", missing=1),
    some_of("basdai_2", "basdai_3", "basdai_6", "patient_global", "crp", "esr", missing=1),
    some_of(*MOBILITY, "cervical_rotation", "basmi", missing=1),
    some_of("basmi"),
    NOTHING,
)
