"""What must hold of every figure, whoever the patients are."""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

import pytest

from projections import facts_at
from projections.cohort.all_tables import cohort_statistics
from registry import Registry
from registry.intake import import_batch
from tests.example_cohorts import with_protocol_of
from tests.projections.cohort.defined import EXAMPLES, by_address, of_paper

SIZE_OF_REGISTRY = "characteristics / patients / enrolment / n"
DATA_CUT = "2014-01-01"  # of both: the published registry goes on beyond the last day of one of its cohorts


def relabelled(cohort: str, folder: Path, seed: int) -> Path:
    """The files of an example cohort with other pseudonyms, and all rows in another order."""
    chance = random.Random(seed)
    names: dict[str, str] = {}
    folder.mkdir()
    for file in sorted((EXAMPLES / cohort).glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        place = header.index("patient") if "patient" in header else None
        for row in rows if place is not None else ():
            row[place] = names.setdefault(row[place], f"Q{chance.randrange(10**9):09}")
        chance.shuffle(rows)
        with (folder / file.name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([header, *rows])
    return folder


@pytest.mark.parametrize("name", ["baraliakos2013", "anakinra2004"])
def test_relabelling_patients_and_reordering_files_changes_no_figure(
    name: str, published: Registry, sqlite_url: str, tmp_path: Path
) -> None:
    with Registry.open(sqlite_url, actor="lindner") as other:
        import_batch(with_protocol_of(other, name), relabelled(name, tmp_path / "files", seed=5))
        found = by_address(of_paper(name, facts_at(other, as_of=DATA_CUT), resamples=100))
    before = by_address(of_paper(name, facts_at(published, as_of=DATA_CUT), resamples=100))

    for figures in (found, before):
        figures.pop(SIZE_OF_REGISTRY)  # the published registry holds both cohorts
    assert found == before


@pytest.mark.parametrize("name", ["baraliakos2013", "anakinra2004"])
def test_every_figure_has_a_value_or_a_reason_and_no_numerator_without_its_denominator(
    name: str, published: Registry
) -> None:
    for address, figure in by_address(of_paper(name, published, resamples=100)).items():
        assert figure.value is not None or figure.reason, address
        assert figure.numerator is None or figure.denominator is not None, address
        assert not any(math.isnan(value) for value in figure if isinstance(value, float)), address
        assert figure.ci_low is None or (figure.ci_method and figure.value is not None), address


def test_the_table_of_a_point_in_time_is_the_same_whatever_was_recorded_since(registry: Registry) -> None:
    import_batch(registry, EXAMPLES / "baraliakos2013")
    position = registry.head.position
    before = cohort_statistics(of_paper("baraliakos2013", registry, resamples=100))
    registry.amend("reading/MR1-6347/R1/vu-lesions", {"C2/3 anterior erosion": 1}, reason="seen again")

    then = cohort_statistics(of_paper("baraliakos2013", facts_at(registry, known_at=position), resamples=100))
    now = cohort_statistics(of_paper("baraliakos2013", registry, resamples=100))

    assert then.equals(before)
    assert not now.equals(before)
