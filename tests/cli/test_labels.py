"""What the rows of a cohort's tables are called for people, in which order, and under which headings."""

from __future__ import annotations

import pytest

from cli.manuscript.as_html import html
from cli.manuscript.as_markdown import markdown
from projections.cohort.figures.figures import Figure
from projections.cohort.tables import cohort_table
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.extended import extended
from registry.catalogue.paper_labels import HEADINGS
from tests.spec.own_measures import REAL_LIFE
from views.manuscript.document import Document
from views.manuscript.labels import Labels
from views.manuscript.panels import Lines, Sheet, sheet

LABELS = Labels()


@pytest.mark.parametrize(
    ("row", "unit", "label"),
    [
        ("basdai", "score", "BASDAI"),
        ("crp", "mg/l", "CRP, mg/l"),
        ("lateral_lumbar_flexion", "cm", "lateral lumbar flexion, cm"),
        ("age", "a", "age, years"),
        ("morning_stiffness", "min", "morning stiffness, minutes"),
        ("asas20", "%", "ASAS20"),
        ("asspimri v berlin", "", "ASspiMRI-a v Berlin MRI spine"),
        ("asspimri v crp", "", "ASspiMRI-a v CRP"),
        ("sparcc-sss fat", "", "SPARCC SSS fat"),
        ("new-syndesmophyte msasss", "", "new syndesmophyte, mSASSS"),
        ("erosions:cervical", "", "erosions, cervical"),
        ("active-erosion → not-assessable", "", "active erosion → not assessable"),
        ("ended: lack-of-efficacy", "", "ended: lack of efficacy"),
        ("sex: male", "", "sex: male"),
        ("first uveitis", "", "first uveitis"),
    ],
)
def test_rows_are_called_as_papers_call_them(row: str, unit: str, label: str) -> None:
    assert LABELS.of(row, unit) == label


def test_what_stands_under_a_heading_is_there_and_stands_under_no_other() -> None:
    placed = [name for heading, rows in HEADINGS.items() if heading != "Patients" for name in rows]

    assert len(placed) == len(set(placed)) > 50
    assert set(placed) <= {*BUILT_IN.valued, *BUILT_IN.methods}


def test_a_measure_of_a_registrys_own_stands_after_the_others_by_its_own_label() -> None:
    labels = Labels(extended(BUILT_IN, REAL_LIFE, edition=1))
    rows = labels.sorted(["smoking: former", "eq5d_vas", "crp"])

    assert [labels.of(row) for row in rows] == ["CRP", "smoking status: former, none for 12 months", "eq5d_vas"]
    assert labels.headings(rows) == ["Laboratory", "Other measures", "Other measures"]


def test_no_two_numbers_or_methods_are_called_alike() -> None:
    names = (*BUILT_IN.valued, *BUILT_IN.methods, *BUILT_IN.imaging_criteria)

    labels = [LABELS.of(name) for name in names if name not in ("asas-mri-2009-quantity", "asas-mri-positive")]
    assert len(set(labels)) == len(labels)


def test_measures_stand_in_a_clinicians_order_under_headings() -> None:
    found = clinical(["crp", "basdai", "basfi", "asdas_crp"]).panels[0]

    assert [row[0].text for row in found.rows] == [
        "Disease activity", "BASDAI", "ASDAS-CRP", "Function", "BASFI", "Laboratory", "CRP",
    ]  # fmt: skip
    assert found.above == {0, 3, 5}


def test_one_kind_of_measure_needs_no_heading() -> None:
    found = clinical(["asdas_crp", "basdai"]).panels[0]

    assert ([row[0].text for row in found.rows], found.above) == (["BASDAI", "ASDAS-CRP"], frozenset())


def test_the_order_of_a_definition_comes_first_and_parts_no_heading() -> None:
    found = clinical(["basdai", "asdas_crp", "crp", "esr"], Labels(order=["esr", "basdai"])).panels[0]

    assert [row[0].text for row in found.rows] == ["ESR", "BASDAI", "ASDAS-CRP", "CRP"]


def test_labels_of_a_definition_are_by_row_or_by_measure() -> None:
    labels = Labels(own={"basdai": "BASDAI (0–10)", "sex": "gender", "sex: male": "men"})

    assert [labels.of(row) for row in ("basdai", "sex: male", "sex: female", "asspimri v basdai")] == [
        "BASDAI (0–10)", "men", "gender: female", "ASspiMRI-a v BASDAI (0–10)",
    ]  # fmt: skip


def test_names_that_no_row_has_are_told() -> None:
    labels = Labels(own={"basdai": "BASDAI", "bsdai": "x"}, order=["crp", "cpr"])

    clinical(["basdai", "crp"], labels)

    assert labels.unused == ["bsdai", "cpr"]


def test_adverse_events_are_called_as_they_were_recorded_and_stay_in_their_order() -> None:
    figures = [Figure(term, "from day 0", "n", 1, "1") for term in ("any", "romanus: crp", "age")]

    found = sheet("safety", cohort_table("safety").layout, figures).panels[0]

    assert [row[0].text for row in found.rows] == ["any", "romanus: crp", "age"]


def test_headings_are_marked_in_markdown_and_html() -> None:
    document = Document("t", "s", [], [], [clinical(["basdai", "crp"])], [], [])

    assert "| **Laboratory** |  |" in markdown(document)
    assert '<tr class="above"><th scope="colgroup" colspan="2">Laboratory</th></tr>' in html(document)


def clinical(measures: list[str], labels: Labels | None = None) -> Sheet:
    """The clinical table of one mean of each measure, in this order."""
    figures = [Figure(measure, "baseline", "mean", 1, "1") for measure in measures]
    found = sheet("clinical", cohort_table("clinical").layout, figures, labels)
    assert isinstance(found.panels[0], Lines)
    return found
