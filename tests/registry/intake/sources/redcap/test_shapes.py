"""A project of every shape: by XML and by CSV it becomes equal intake tables, and a second time nothing is recorded."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.intake.sources.mapped_import import import_mapped
from registry.intake.sources.mapped_source import MappedSource
from tests.registry.intake.sources.redcap.projects import Event, Field, Project, Row

ID = Field("record_id", "enrolment")
DAY = Field("seen_on", "visit", validation="date_dmy")
CRP = Field("crp", "visit", validation="number")
ESR = Field("esr", "visit", validation="number_comma_decimal")
CRITERIA = Field("criteria", "enrolment", "checkbox", "Criteria", "1, mNY | 2, ASAS")
DRUG, BEGUN = Field("drug", "treatment"), Field("begun_on", "treatment", validation="date_ymd")
EVENTS = [Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12"), Event("start_arm_2", "Start", "2")]
FIRST = {"seen_on": "2020-01-02", "crp": "5.1", "visit_complete": "2"}
SECOND = {"seen_on": "2020-04-02", "crp": "7", "visit_complete": "2"}
PATIENTS = '[[table]]\nto = "patients"\nenrolled_on = { constant = "2019-01-01" }\n'
VISITS = '[[table]]\nto = "visits"\nwhen = { field = "seen_on" }\nvisited_on = { field = "seen_on" }\n'
CRPS = 'crp = { field = "crp" }\n'


class Shape(NamedTuple):
    """A project, the tables to which it is mapped, and how many events come of it."""

    project: Project
    tables: str
    n_events: int


def drug(instance: int, event: str = "") -> Row:
    values = {"drug": "Humira", "begun_on": f"2021-0{instance}-01", "treatment_complete": "2"}
    return Row("1", values, event, "treatment", instance)


SHAPES = {
    "classic": Shape(Project([ID, DAY, CRP], [Row("1", FIRST), Row("2", SECOND)]), PATIENTS + VISITS + CRPS, 4),
    "longitudinal": Shape(
        Project(
            [ID, DAY, CRP],
            [Row("1", FIRST, "baseline_arm_1"), Row("1", SECOND, "week_12_arm_1"), Row("2", FIRST, "start_arm_2")],
            EVENTS,
        ),
        PATIENTS + VISITS + CRPS,
        5,
    ),
    "a form that repeats": Shape(
        Project([ID, DAY, CRP, DRUG, BEGUN], [Row("1", FIRST), drug(1), drug(2)], repeats=[("", "treatment")]),
        PATIENTS
        + VISITS
        + CRPS
        + '[[table]]\nto = "treatments"\neach = { instrument = "treatment" }\nagent = { field = "drug" }\n'
        'started_on = { field = "begun_on" }\nstopped_on = { field = "begun_on" }\n',
        6,
    ),
    "an event that repeats": Shape(
        Project(
            [ID, DAY, CRP],
            [Row("1", FIRST, "week_12_arm_1", "", 1), Row("1", SECOND, "week_12_arm_1", "", 2)],
            EVENTS,
            [("week_12_arm_1", "")],
        ),
        PATIENTS + VISITS + CRPS,
        3,
    ),
    "groups": Shape(
        Project([ID, DAY, CRP], [Row("1", FIRST, group="north"), Row("2", SECOND, group="south")], groups=True),
        PATIENTS + 'centre = { field = "redcap_data_access_group" }\n' + VISITS + CRPS,
        4,
    ),
    "checkboxes": Shape(
        Project([ID, CRITERIA, DAY, CRP], [Row("1", {"criteria___2": "1", "enrolment_complete": "2", **FIRST})]),
        PATIENTS + 'criteria = { checkbox = "criteria", codes = { 1 = "mNY", 2 = "ASAS-axSpA" } }\n' + VISITS + CRPS,
        2,
    ),
    "commas": Shape(
        Project([ID, DAY, ESR], [Row("1", {"seen_on": "2020-01-02", "esr": "7,5", "visit_complete": "2"})]),
        PATIENTS + VISITS + 'esr = { field = "esr" }\n',
        2,
    ),
    "nobody": Shape(Project([ID, DAY, CRP], []), PATIENTS + VISITS + CRPS, 0),
}


@pytest.fixture
def registry(sqlite_url: str) -> Registry:
    """An empty registry."""
    return Registry.create(sqlite_url, actor="ines")


def mappings(shape: Shape, folder: Path) -> tuple[Path, Path]:
    """The mapping of a project's XML and that of its CSV."""
    shape.project.write(folder)
    beside = 'dictionary = "dictionary.csv"' + '\nevents = "events.csv"\narms = "arms.csv"' * bool(shape.project.events)
    for name, said in (("xml", 'files = ["project.xml"]'), ("csv", f'files = ["data.csv"]\n{beside}')):
        text = f'format = 1\n[source]\nkind = "redcap"\n{said}\n[patient]\nfield = "record_id"\n{shape.tables}'
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / "xml.toml", folder / "csv.toml"


def tables(mapping: Path) -> Counter[tuple[str, ...]]:
    mapped = MappedSource.open(mapping, BUILT_IN)
    return Counter((table.table.name, *cells) for table, _, cells in mapped.rows())


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_xml_and_csv_are_equal_tables_that_are_recorded_once(registry: Registry, tmp_path: Path, shape: Shape) -> None:
    of_xml, of_csv = mappings(shape, tmp_path)

    assert tables(of_xml) == tables(of_csv)
    with registry:
        assert import_mapped(registry, of_xml).events == shape.n_events
        assert import_mapped(registry, of_xml).events == 0
        assert import_mapped(registry, of_csv).events == 0
