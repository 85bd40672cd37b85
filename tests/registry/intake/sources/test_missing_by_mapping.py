"""What is gone from a source that a mapping reads, where that is asked for: of its source and its tables alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake import import_mapped
from registry.intake.report import ImportOptions, ImportReport
from tests.registry.intake.sources.redcap.projects import Field, Project, Row

VISITS = """
format = 1
[source]
kind = "csv"
files = ["{sheet}.csv"]
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = {{ constant = "2019-01-01" }}
[[table]]
to = "visits"
key = ["pat", "nr"]
visited_on = {{ field = "day" }}
crp = {{ field = "crp" }}
"""
OF_PROJECT = """
format = 1
[source]
kind = "redcap"
files = ["{file}"]
{beside}
forms = ["complete"]
[patient]
field = "record_id"
[[table]]
to = "patients"
enrolled_on = {{ constant = "2019-01-01" }}
[[table]]
to = "visits"
each = {{ instrument = "visit" }}
visited_on = {{ field = "day" }}
"""
FILES = [("project.xml", ""), ("data.csv", 'dictionary = "dictionary.csv"')]


def by_mapping(registry: Registry, folder: Path, text: str, **said: str) -> ImportReport:
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return import_mapped(registry, folder / "mapping.toml", options=ImportOptions(retract_missing=True, **said))


@pytest.mark.parametrize(("sources", "gone"), [(("", ""), 1), (("clinic", "laboratory"), 0)])
def test_two_mappings_for_one_table_are_two_sources_where_they_are_called_so(
    registry: Registry, tmp_path: Path, sources: tuple[str, str], gone: int
) -> None:
    (tmp_path / "clinic.csv").write_text("pat,nr,day,crp\nP1,1,2020-01-02,5\n", encoding="utf-8")
    (tmp_path / "laboratory.csv").write_text("pat,nr,day,crp\nP1,L1,2020-02-03,7\n", encoding="utf-8")
    by_mapping(registry, tmp_path, VISITS.format(sheet="clinic"), source=sources[0])

    report = by_mapping(registry, tmp_path, VISITS.format(sheet="laboratory"), source=sources[1])

    assert (report.tables["visits"].recorded, report.tables["visits"].retracted) == (1, gone)


@pytest.mark.parametrize(("file", "beside"), FILES)
def test_a_form_whose_status_counts_no_more_is_gone_and_told(
    registry: Registry, tmp_path: Path, file: str, beside: str
) -> None:
    def with_status(second: str) -> ImportReport:
        fields = [Field("record_id", "enrolment"), Field("day", "visit", validation="date_ymd")]
        said = [{"day": "2020-01-01", "visit_complete": "2"}, {"day": "2020-01-02", "visit_complete": second}]
        visits = [Row("1", values, instrument="visit", instance=n) for n, values in enumerate(said, 1)]
        Project(fields, [Row("1", {"enrolment_complete": "2"}), *visits], repeats=[("", "visit")]).write(tmp_path)
        return by_mapping(registry, tmp_path, OF_PROJECT.format(file=file, beside=beside))

    assert with_status("2").tables["visits"].recorded == 2
    report = with_status("0")

    assert (report.tables["visits"].unchanged, report.tables["visits"].retracted) == (1, 1)
    assert report.left_out == ["the form visit where it is incomplete, once"]
