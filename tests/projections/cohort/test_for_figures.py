"""What the figures of a cohort need beside its tables."""

from __future__ import annotations

from pathlib import Path

from projections.cohort.all_tables import figures
from projections.cohort.definition_file import read_definition
from projections.cohort.figures.drawn_points import drawn_points
from projections.cohort.for_figures import as_asked, by_reader, with_all_points
from projections.cohort.members.cohort import Cohort
from projections.point_in_time import facts_at
from registry import Registry
from tests.projections.cohort.defined import small

EXAMPLES = Path(__file__).parents[3] / "examples"
MEAN_OF_READERS = """
[imaging]
rule = "mean"

[tables.progression]
methods = ["berlin"]
threshold = 1
interval = [100, 2000]
points = true
"""


def test_the_tables_are_the_same_whether_or_not_points_are_drawn(published: Registry) -> None:
    definition = read_definition(EXAMPLES / "anakinra2004.toml")
    facts = facts_at(published)

    plain = list(figures(Cohort.of(definition, facts), only=("survival", "clinical")))
    drawn = list(figures(Cohort.of(with_all_points(definition), facts), only=("survival", "clinical")))

    assert len(drawn) > len(plain)
    assert as_asked(drawn, definition) == plain


def read(registry: Registry, study: str, reader: str, total: int) -> None:
    levels = [each.name for each in registry.catalogue.methods["berlin"].locations]
    grades = {level: 3 if place < total else 0 for place, level in enumerate(levels)}
    registry.record_reading(study, reader=reader, method="berlin", grades=grades)


def test_each_reader_alone_has_his_own_changes_where_the_mean_counts(scanned: Registry) -> None:
    for study, one, other in (("A", 3, 1), ("B", 1, 2)):
        read(scanned, study, "R1", one)
        read(scanned, study, "R2", other)
    cohort = small(scanned, MEAN_OF_READERS)

    changes = {
        reader: [point.figure.value for each in drawn_points(found, "progression") for point in each.points]
        for reader, found in by_reader(cohort).items()
        if not isinstance(found, str)
    }

    assert changes == {"R1": [-6.0], "R2": [3.0]}
    assert [point.figure.value for each in drawn_points(figures(cohort), "progression") for point in each.points] == [
        -1.5
    ]


def test_where_one_reader_counts_there_are_no_others(scanned: Registry) -> None:
    assert by_reader(small(scanned, '[imaging]\nreader = "R1"\n')) == {}
