"""The counts of the two example studies, recomputed from projected tables and laid beside the printed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from cli.examples import printed_figures

if TYPE_CHECKING:
    from projections.point_in_time import Facts

TIME_POINTS: Final = ("baseline", "2 years")  # a patient's first and second examination
LOCATIONS: Final = {  # score: what the paper calls it
    "erosions": "erosions (any)",
    "inflammation": "inflammation",
    "inflammation-only": "inflammation without erosion",
    "active-erosions": "active erosions",
    "inactive-erosions": "inactive erosions",
}
PATIENTS: Final = ("inflammation", "active-erosions", "inactive-erosions")
TOTALS: Final = {"asspimri": "ASspiMRI", "berlin": "Berlin"}
VERDICTS: Final = ("resolved", "improved", "unchanged", "worse", "new")


class Figure(NamedTuple):
    """A figure at both time points, recomputed and as printed."""

    name: str
    recomputed: tuple[int, int]
    printed: tuple[str, str]


def spinal_lesions(facts: Facts) -> list[Figure]:
    """Return the counts of locations and patients and the totals of the two-year MRI study."""
    printed = printed_figures("baraliakos2013")
    sums, positive = _by_time_point(facts)

    def figure(name: str, counted: Counter[tuple[str, str]], score: str, wording: str) -> Figure:
        first, second = (counted[score, when] for when in TIME_POINTS)
        return Figure(name, (first, second), (printed[f"{wording}, baseline"], printed[f"{wording}, 2 years"]))

    return [
        *(figure(f"locations with {name}", sums, score, f"{name} n") for score, name in LOCATIONS.items()),
        *(figure(f"patients with {LOCATIONS[score]}", positive, score, _patients_wording(score)) for score in PATIENTS),
        *(figure(f"{name} total", sums, method, f"{name} total") for method, name in TOTALS.items()),
    ]


def what_became_of(facts: Facts, state: str) -> list[tuple[str, int]]:
    """Return what the locations in a state at baseline were two years later, the most frequent first."""
    from projections import project

    later = Counter(
        row["to_state"] or "not assessable"
        for row in project("lesion_courses", facts).to_pylist()
        if row["method"] == "vu-lesions" and row["from_state"] == state
    )
    return later.most_common()


def paired_verdicts(facts: Facts) -> list[tuple[str, list[int], str]]:
    """Return by region the baseline lesions and each consensus verdict, with the printed row."""
    from projections import project

    printed = printed_figures("anakinra2004")
    counted = Counter(
        (row["segment"], row["course"])
        for row in project("lesion_courses", facts).to_pylist()
        if row["basis"] == "paired-reading" and row["reader"] == "consensus"
    )
    rows = []
    for region in ("sij", "spine", "total"):
        verdicts = [
            sum(n for (of, what), n in counted.items() if what == course and region in (of, "total"))
            for course in VERDICTS
        ]
        wording = f"{region}: baseline | resolution | improvement | unchanged | deterioration | new"
        rows.append((region, [sum(verdicts[:-1]), *verdicts], printed[wording]))
    return rows


def _by_time_point(facts: Facts) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Return sums over patients, and numbers of patients above zero, by score or method and time point."""
    sums: Counter[tuple[str, str]] = Counter()
    positive: Counter[tuple[str, str]] = Counter()
    for score, when, value in _dated_scores(facts):
        sums[score, when] += value
        positive[score, when] += value > 0
    return sums, positive


def _dated_scores(facts: Facts) -> Iterator[tuple[str, str, int]]:
    from projections import project

    examinations: dict[str, dict[str, None]] = {}
    for row in project("scores", facts).to_pylist():  # in the order of patient and day
        studies = examinations.setdefault(row["patient"], {})
        studies[row["study"]] = None
        when = list(studies).index(row["study"])
        score = row["method"] if row["score"] == "total" else row["score"]
        if row["value"] is not None and when < len(TIME_POINTS):
            yield score, TIME_POINTS[when], int(row["value"])


def _patients_wording(score: str) -> str:
    return "inactive erosions patients" if score == "inactive-erosions" else f"{LOCATIONS[score]} patients n"
