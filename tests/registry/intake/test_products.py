"""The product that a file names as agent, or under its own column, and what a source says that names it no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.domain.notes import Note
from registry.domain.origins import Origin
from registry.domain.statements import Treatment
from registry.intake import ImportOptions, import_batch
from registry.streams import encoded
from tests.registry.intake.batches import events, folder_of, only, problems, statement, topics

COURSE = "treatment/P-1/etanercept/2020-02"
PLAIN = "patient,agent,started_on\nP-1,{},2020-02"
BOXED = "patient,agent,started_on,product\nP-1,{},2020-02,{}"


@pytest.fixture
def followed(registry: Registry) -> Registry:
    """A registry with one patient."""
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    return registry


@pytest.fixture
def of_old(followed: Registry) -> Registry:
    """A registry whose only course came from a file before products were kept: `Benepali` is the source's word."""
    patient = followed.patient_batch.patients(["P-1"])["P-1"]
    said = dict.fromkeys(("stopped_on", "stop_reason", "dose", "dose_unit", "frequency", "route"))
    course = Treatment(agent="etanercept", started_on="2020-02", **said)
    origin = Origin(columns=("agent", "started_on"), words={"agent": "Benepali"})
    patient.record(COURSE, course, Note("tester", "treatments.csv:2", None, origin))
    followed.patient_batch.save([*map(encoded, patient.collect_events())])
    return followed


def deliver(registry: Registry, folder: Path, treatments: str, *, source: str = "") -> list[str]:
    """Import a file of courses; return what happened."""
    before = registry.head.position
    import_batch(registry, folder_of(folder, treatments=treatments), options=ImportOptions(source=source))
    return topics(registry, after=before)


def product(registry: Registry) -> object:
    """The product of the course as it stands."""
    return statement(registry, COURSE).get("product")


def test_a_product_in_the_column_of_agents_is_kept_beside_the_agent_and_the_word(
    followed: Registry, tmp_path: Path
) -> None:
    deliver(followed, tmp_path, PLAIN.format("BENEPALI"))

    (started,) = events(followed, after=1)
    assert product(followed) == "Benepali"
    assert started["origin"] == {"columns": ["agent", "started_on", "product"], "words": {"agent": "BENEPALI"}}


def test_a_file_that_names_the_substance_says_nothing_of_a_product(followed: Registry, tmp_path: Path) -> None:
    deliver(followed, tmp_path, PLAIN.format("etanercept"))

    (started,) = events(followed, after=1)
    assert product(followed) is None
    assert started["origin"] == {"columns": ["agent", "started_on"]}


@pytest.mark.parametrize(("agent", "boxed"), [("etanercept", "Benepali"), ("Benepali", ""), ("Benepali", "Benepali")])
def test_a_file_may_have_both_columns(followed: Registry, tmp_path: Path, agent: str, boxed: str) -> None:
    deliver(followed, tmp_path, BOXED.format(agent, boxed))

    assert product(followed) == "Benepali"


@pytest.mark.parametrize(
    ("agent", "boxed", "why"),
    [
        ("etanercept", "Humira", "Humira is adalimumab, not etanercept; give another product, or leave it empty"),
        ("Benepali", "Enbrel", "Enbrel is not Benepali, which stands as agent; give one of the two"),
    ],
)
def test_columns_that_contradict_each_other_are_refused(
    registry: Registry, tmp_path: Path, agent: str, boxed: str, why: str
) -> None:
    folder = only(tmp_path, treatments=BOXED.format(agent, boxed))

    assert problems(registry, folder) == [f"treatments.csv:2:product: {why}"]


@pytest.mark.parametrize("file", [PLAIN.format("Benepali"), BOXED.format("etanercept", "Benepali")])
def test_a_file_that_comes_again_changes_nothing(followed: Registry, tmp_path: Path, file: str) -> None:
    deliver(followed, tmp_path, file)

    assert deliver(followed, tmp_path, file) == []


def test_a_source_that_names_another_product_amends_the_course(followed: Registry, tmp_path: Path) -> None:
    deliver(followed, tmp_path, PLAIN.format("Benepali"))

    assert deliver(followed, tmp_path, PLAIN.format("Enbrel")) == ["TreatmentAmended"]
    assert product(followed) == "Enbrel"


def test_a_source_that_names_the_substance_where_it_named_a_product_withdraws_the_product(
    followed: Registry, tmp_path: Path
) -> None:
    deliver(followed, tmp_path, PLAIN.format("Benepali"))

    assert deliver(followed, tmp_path, PLAIN.format("etanercept")) == ["TreatmentAmended"]
    assert product(followed) is None
    assert deliver(followed, tmp_path, PLAIN.format("etanercept")) == []


def test_a_file_without_the_column_leaves_what_the_column_said(followed: Registry, tmp_path: Path) -> None:
    deliver(followed, tmp_path, BOXED.format("etanercept", "Benepali"))

    assert deliver(followed, tmp_path, PLAIN.format("etanercept")) == []
    assert product(followed) == "Benepali"


def test_another_source_that_knows_the_substance_alone_leaves_the_product(followed: Registry, tmp_path: Path) -> None:
    deliver(followed, tmp_path, PLAIN.format("Benepali"), source="pharmacy")

    assert deliver(followed, tmp_path, PLAIN.format("etanercept"), source="clinic") == ["TreatmentConfirmed"]
    assert product(followed) == "Benepali"


def test_a_product_that_was_corrected_here_outlasts_its_source(followed: Registry, tmp_path: Path) -> None:
    deliver(followed, tmp_path, PLAIN.format("Benepali"))
    followed.amend(COURSE, {"product": "Erelzi"}, reason="the box was found")

    assert deliver(followed, tmp_path, PLAIN.format("Benepali")) == []
    assert product(followed) == "Erelzi"


def test_a_withdrawn_product_that_was_corrected_here_is_remembered_as_withdrawn(
    followed: Registry, tmp_path: Path
) -> None:
    deliver(followed, tmp_path, PLAIN.format("Benepali"))
    followed.amend(COURSE, {"product": None}, reason="nobody saw the box")

    assert deliver(followed, tmp_path, PLAIN.format("etanercept")) == ["TreatmentConfirmed"]
    assert deliver(followed, tmp_path, PLAIN.format("Benepali")) == ["TreatmentAmended"]
    assert product(followed) == "Benepali"


def test_a_course_from_before_products_were_kept_has_none_and_keeps_its_word(of_old: Registry) -> None:
    (started,) = events(of_old, after=1)

    assert product(of_old) is None
    assert started["origin"] == {"columns": ["agent", "started_on"], "words": {"agent": "Benepali"}}


def test_the_file_of_such_a_course_brings_the_product_when_it_comes_again(of_old: Registry, tmp_path: Path) -> None:
    assert deliver(of_old, tmp_path, PLAIN.format("Benepali")) == ["TreatmentAmended"]
    assert product(of_old) == "Benepali"
    assert deliver(of_old, tmp_path, PLAIN.format("Benepali")) == []


def test_such_a_course_that_was_withdrawn_here_stays_so_when_its_file_comes_again(
    of_old: Registry, tmp_path: Path
) -> None:
    of_old.retract(COURSE, reason="another patient's")

    assert deliver(of_old, tmp_path, PLAIN.format("Benepali")) == ["TreatmentConfirmed"]
    assert deliver(of_old, tmp_path, PLAIN.format("Benepali")) == []
    assert COURSE not in of_old.patient_batch.patients(["P-1"])["P-1"].facts


def test_a_course_under_another_product_is_asked_about_as_one_under_another_key(
    followed: Registry, tmp_path: Path
) -> None:
    deliver(followed, tmp_path, PLAIN.format("Benepali"))
    again = folder_of(tmp_path, treatments="patient,agent,started_on\nP-1,Humira,2020-02")
    asked: list[tuple[str, str]] = []

    def same_fact(gone: str, row: str) -> bool:
        asked.append((gone, row))
        return True

    import_batch(followed, again, options=ImportOptions(retract_missing=True, same_fact=same_fact))

    assert asked == [(COURSE, "treatments.csv:2")]
    assert statement(followed, COURSE)["agent"] == "adalimumab"
    assert product(followed) == "Humira"
