"""The counts of the two example studies, recomputed from projected tables and laid beside the printed ones."""

from __future__ import annotations

from collections import Counter, defaultdict
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
PATIENTS: Final = {  # score: how the paper words the number of patients
    "inflammation": "inflammation patients n",
    "active-erosions": "active erosions patients n",
    "inactive-erosions": "inactive erosions patients",
}
TOTALS: Final = {"asspimri": "ASspiMRI", "berlin": "Berlin"}
VERDICTS: Final = ("resolved", "improved", "unchanged", "worse", "new")


class Count(NamedTuple):
    """A number and how many it is of."""

    n: int
    of: int


class Figure(NamedTuple):
    """A figure at both time points, recomputed and as printed."""

    name: str
    recomputed: tuple[Count, Count]
    printed: tuple[int, int]


class Scored(NamedTuple):
    """One score of one patient at one time point."""

    value: int
    n_assessed: int
    n_expected: int


def spinal_lesions(facts: Facts) -> list[Figure]:
    """Return the counts of locations and patients and the totals of the two-year MRI study."""
    printed = printed_figures("baraliakos2013")
    scored = _by_score_and_time_point(facts)

    def printed_at_both(wording: str) -> tuple[int, int]:
        first, second = (int(printed[f"{wording}, {when}"]) for when in TIME_POINTS)
        return first, second

    figures = []
    for score, name in LOCATIONS.items():
        first, second = (_locations(scored[score, when]) for when in TIME_POINTS)
        figures.append(Figure(f"locations with {name}", (first, second), printed_at_both(f"{name} n")))
    for score, wording in PATIENTS.items():
        first, second = (_patients(scored[score, when]) for when in TIME_POINTS)
        figures.append(Figure(f"patients with {LOCATIONS[score]}", (first, second), printed_at_both(wording)))
    for method, name in TOTALS.items():
        first, second = (_locations(scored[method, when]) for when in TIME_POINTS)
        figures.append(Figure(f"{name} total", (first, second), printed_at_both(f"{name} total")))
    return figures


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
    for region, regions in (("sij", ("sij",)), ("spine", ("spine",)), ("total", ("sij", "spine"))):
        verdicts = [sum(counted[of, course] for of in regions) for course in VERDICTS]
        wording = f"{region}: baseline | resolution | improvement | unchanged | deterioration | new"
        rows.append((region, [sum(verdicts[:-1]), *verdicts], printed[wording]))
    return rows


def _locations(scored: list[Scored]) -> Count:
    """Return the sum over patients, of the locations that could be assessed."""
    return Count(sum(each.value for each in scored), sum(each.n_assessed for each in scored))


def _patients(scored: list[Scored]) -> Count:
    """Return the patients above zero, of those who are known to be or not to be: a zero must be complete."""
    known = [each for each in scored if each.value or each.n_assessed == each.n_expected]
    return Count(sum(each.value > 0 for each in known), len(known))


def _by_score_and_time_point(facts: Facts) -> defaultdict[tuple[str, str], list[Scored]]:
    by_score: defaultdict[tuple[str, str], list[Scored]] = defaultdict(list)
    for score, when, scored in _scores(facts):
        by_score[score, when].append(scored)
    return by_score


def _scores(facts: Facts) -> Iterator[tuple[str, str, Scored]]:
    from projections import project

    examinations: dict[str, dict[str, None]] = {}
    for row in project("scores", facts).to_pylist():  # in the order of patient and day
        studies = examinations.setdefault(row["patient"], {})
        studies[row["study"]] = None
        when = list(studies).index(row["study"])
        score = row["method"] if row["score"] == "total" else row["score"]
        if row["value"] is not None and when < len(TIME_POINTS):
            yield score, TIME_POINTS[when], Scored(int(row["value"]), row["n_assessed"], row["n_expected"])
