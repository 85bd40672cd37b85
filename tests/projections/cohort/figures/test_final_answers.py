"""Criteria over final scores of a campaign, in a cohort."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from projections.cohort.figures.figures import Figure
from projections.cohort.members.reader_selection import CohortError
from registry import Registry
from tests.projections.cohort.defined import by_address, small
from tests.spec import given

NAME = "two-years"
FINAL = f'[imaging]\nrule = "final"\ncampaign = "{NAME}"\n'
PROGRESSION = "progression / msasss-progression / baseline → 2 years"
PATIENTS = {"ST-0001": "BAR1-01", "ST-0002": "BAR1-01", "ST-0011": "BAR1-02", "ST-0012": "BAR1-02"}
LUMBAR = ("T12 lower", "L1 upper", "L1 lower", "L2 upper")  # four of a segment are too many to impute
SIX = ("C2/3", "C3/4", "T1/2", "T7/8", "L1/2", "L5/S1")
OTHER = ("C4/5", *SIX[1:])


def begun(registry: Registry, folder: Path, method: str, *, modality: str = "XR", second: str = "2004-03-15") -> None:
    """Two patients, enrolled on 14 January 2002, with studies of 15 March 2002 and of a later day, to be read twice."""
    for patient in sorted(set(PATIENTS.values())):
        given.enrolled(registry, patient)
    for study, patient in PATIENTS.items():
        day = "2002-03-15" if study.endswith("1") else second
        registry.record_study(study, patient=patient, performed_on=day, modality=modality, regions="spine")
    (folder / "studies.csv").write_text("\n".join(("study", *PATIENTS, "")), "utf-8")
    lines = ("format = 1", f'campaign = "{NAME}"', f'method = "{method}"', 'studies = "studies.csv"')
    (folder / "campaign.toml").write_text("\n".join((*lines, 'readers = ["R1", "R2"]', 'unit = "pair"')), "utf-8")
    registry.start_campaign(folder / "campaign.toml", key=folder / "campaign.key")


def reads(registry: Registry, reader: str, method: str, of_studies: Iterable[dict[str, int | None]]) -> None:
    """The readings of a reader in the order of the studies: grades of one item a location, 0 where nothing is said."""
    names = [location.name for location in registry.catalogue.methods[method].locations]
    for study, said in zip(PATIENTS, of_studies, strict=True):
        grades = [(name, said.get(name, 0)) for name in names]
        registry.record_reading(study, reader=reader, method=method, grades=dict(grades), session=NAME)


def films_read(registry: Registry, *, lacking: tuple[str, ...] = ()) -> None:
    """The totals of R1 rise by 3 and 2, of R2 by 1 and 1, in the second patient's last film without some corners."""
    reads(registry, "R1", "msasss", [{"L4 upper": grade} for grade in (0, 3, 0, 2)])
    last: dict[str, int | None] = {"L4 upper": 1, **dict.fromkeys(lacking)}
    reads(registry, "R2", "msasss", [{}, {"L4 upper": 1}, {}, last])


def levels_read(registry: Registry, reader: str, of_studies: Iterable[tuple[tuple[str, ...], int]]) -> None:
    """The readings of six levels each, of which the first has so many inflamed quadrants."""
    items = ("upper anterior", "upper posterior", "lower anterior", "lower posterior", "intensity", "depth")
    for study, (levels, n) in zip(PATIENTS, of_studies, strict=True):
        grades: dict[str | tuple[str, str], int | str | None] = {
            f"{level} slice {slice_} {item}": 0 for level in levels for slice_ in (1, 2, 3) for item in items
        }
        inflamed = [f"{levels[0]} slice {slice_} {item}" for slice_ in (1, 2, 3) for item in items[:4]]
        grades |= dict.fromkeys(inflamed[:n], 1)
        registry.record_reading(study, reader=reader, method="sparcc-spine-6", grades=grades, session=NAME)


def found(registry: Registry, keys: str) -> dict[str, Figure]:
    return by_address(small(registry, keys + FINAL))


def of(figure: Figure) -> tuple[float | None, float | None]:
    return figure.numerator, figure.denominator


def test_progression_is_judged_by_the_change_between_final_scores(registry: Registry, tmp_path: Path) -> None:
    begun(registry, tmp_path, "msasss")
    films_read(registry)

    figures = found(registry, "[tables.progression]\n")

    met = figures[f"{PROGRESSION} / met"]
    assert of(met) == (1, 2)  # 2 is a progression, 1.5 is none
    assert figures[f"{PROGRESSION} / mean"].value == 1.75
    assert f"final scores of {NAME}, mean;" in str(met.variant)


def test_progression_is_open_where_there_is_no_final_score(registry: Registry, tmp_path: Path) -> None:
    begun(registry, tmp_path, "msasss")
    films_read(registry, lacking=LUMBAR)

    figures = found(registry, "[tables.progression]\n")

    assert of(figures[f"{PROGRESSION} / met"]) == (1, 1)
    assert of(figures[f"{PROGRESSION} / open"]) == (1, 2)


def test_final_scores_of_films_at_another_distance_are_left_out(registry: Registry, tmp_path: Path) -> None:
    begun(registry, tmp_path, "msasss", second="2004-10-01")
    films_read(registry)

    met = found(registry, "[tables.progression]\n")[f"{PROGRESSION} / met"]

    assert of(met) == (0, 0)
    assert "2 studies not 548 to 914 days apart" in str(met.denominator_note)


def test_what_no_final_score_tells_is_left_out_and_refused_by_its_name(registry: Registry, tmp_path: Path) -> None:
    begun(registry, tmp_path, "msasss")
    films_read(registry)

    addresses = found(registry, "[tables.progression]\n")

    assert {address.split(" / ")[1] for address in addresses if address.startswith("progression")} == {
        "msasss-progression"
    }
    for name in ("new-syndesmophyte", "msasss-progression-complete"):
        with pytest.raises(CohortError, match=f"{name} judges something else of msasss"):
            found(registry, f'[tables.progression]\ncriteria = ["{name}"]\n')


def test_remission_is_judged_by_final_scores(registry: Registry, tmp_path: Path) -> None:
    begun(registry, tmp_path, "berlin", modality="MRI")
    reads(registry, "R1", "berlin", [{"L4/5": grade} for grade in (2, 3, 3, 3)])
    reads(registry, "R2", "berlin", [{"L4/5": grade} for grade in (2, 1, 2, 3)])

    figures = found(registry, '[tables.imaging_criteria]\ncriteria = ["berlin-remission"]\n')

    at = "imaging_criteria / berlin-remission"
    assert of(figures[f"{at} / baseline / met"]) == (1, 2)  # of 2 and 2.5
    assert of(figures[f"{at} / 2 years / met"]) == (1, 2)  # of 2 and 3


def test_selected_levels_are_compared_where_each_reader_took_the_same(registry: Registry, tmp_path: Path) -> None:
    begun(registry, tmp_path, "sparcc-spine-6", modality="MRI")
    levels_read(registry, "R1", [(SIX, 6), (SIX, 0), (SIX, 6), (SIX, 0)])
    levels_read(registry, "R2", [(OTHER, 4), (OTHER, 0), (SIX, 6), (OTHER, 0)])

    figures = found(registry, '[tables.progression]\ncriteria = ["sparcc-spine-6-mic"]\n')

    at = "progression / sparcc-spine-6-mic / baseline → 2 years"
    assert of(figures[f"{at} / met"]) == (1, 1)  # -5, and R2 read the other patient at other levels
    assert of(figures[f"{at} / open"]) == (1, 2)
