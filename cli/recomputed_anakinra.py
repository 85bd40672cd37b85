"""The clinical tables of the anakinra study, recomputed from projections and laid beside the printed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cli.examples import printed_figures
from cli.rounding import median_and_range
from projections.rounding import half_up

if TYPE_CHECKING:
    from projections.point_in_time import Facts

AGENT: Final = "anakinra"
VISITS: Final = {"baseline": "baseline", "week 12": "week 12", "post-withdrawal": "weeks 14–19"}  # label: as printed
MEASURES: Final = (  # Table 1, in its order
    "crp",
    "esr",
    "morning_stiffness",
    "night_back_pain",
    "total_back_pain",
    "patient_global",
    "basfi",
    "basdai",
    "asqol",
)
RESPONSES: Final = (  # Figure 1: criterion, visit label, as printed
    ("asas20", "week 2", "ASAS 20, week 2"),
    ("asas20", "week 8", "ASAS 20, week 8"),
    ("asas20", "week 12", "ASAS 20, week 12"),
    ("asas50", "week 12", "ASAS 50, week 12"),
    ("asas70", "week 12", "ASAS 70, week 12"),
)
FLARE: Final = "flare 1-2 weeks after the last injection"
ONE_TO_TWO_WEEKS: Final = range(7, 15)  # days after the last dose


class Compared(NamedTuple):
    """One figure, recomputed and as printed."""

    name: str
    recomputed: str
    printed: str


def medians(facts: Facts) -> list[tuple[str, list[str]]]:
    """Return Table 1: by measure, the median (range) at each visit with the printed one after it."""
    from projections.selection import patients_given
    from projections.visit_summaries import summaries

    printed = printed_figures("anakinra2004")
    found = {(row.measure, row.visit): row for row in summaries(facts, patients=patients_given(facts, AGENT))}
    table = []
    for measure in MEASURES:
        cells: list[str] = []
        for label, wording in VISITS.items():
            cells += [median_and_range(found[measure, label]), printed[f"{measure}, {wording}, median (range)"]]
        table.append((measure, cells))
    return table


def responders_and_flares(facts: Facts) -> list[Compared]:
    """Return Figure 1, the responders of those who are known, and the flares after the last injection."""
    from projections import project
    from projections.responders import of_agent, responders

    printed = printed_figures("anakinra2004")
    answers = of_agent(project("responses", facts), facts, AGENT)
    counts = {(row.criterion, row.visit): row for row in responders(answers, facts)}
    figures = []
    for criterion, visit, wording in RESPONSES:
        row = counts[criterion, visit]
        share = half_up(100 * row.n / row.n_known, 0)
        figures.append(Compared(f"{criterion}, {visit}", f"{share}% ({row.n} of {row.n_known})", printed[wording]))
    flares = [row for row in project("flares", facts).to_pylist() if row["last_agent"] == AGENT]
    soon = {row["patient"] for row in flares if row["days_since_last_stop"] in ONE_TO_TWO_WEEKS}
    patients = {row["patient"] for row in answers.to_pylist()}
    figures.append(
        Compared("flare within 7-14 days of the last dose", f"{len(soon)} of {len(patients)}", printed[FLARE])
    )
    return figures
