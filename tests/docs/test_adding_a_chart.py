"""The example of the documentation is a chart: rows in, a figure out, and everything follows."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from projections import facts_at, project
from projections.columns.tables import count_by
from registry import Registry
from tests.docs.pages import ROOT, Page
from views.drawing.with_matplotlib import write

PAGE = Page.named("adding-a-chart.md")


@pytest.fixture
def chart(tmp_path: Path) -> Iterator[ModuleType]:
    """The module of the page."""
    path = tmp_path / "modalities.py"
    path.write_text(PAGE.block("python"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("modalities", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["modalities"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["modalities"]


@pytest.fixture
def studies(sqlite_url: str) -> Iterator[list[dict[str, object]]]:
    """The rows of the page: two MRI and one radiograph."""
    with Registry.open(sqlite_url, actor="lindner") as registry:
        registry.enrol_patient("P-1", enrolled_on="2002-01-14")
        for study, modality in (("A", "MRI"), ("B", "MRI"), ("C", "XR")):
            registry.record_study(study, patient="P-1", performed_on="2002-06-03", modality=modality, regions="spine")
        yield count_by(project("imaging", facts_at(registry)), "modality")


def test_the_chart_shows_what_the_page_says(chart: ModuleType, studies: list[dict[str, object]]) -> None:
    assert " ".join(chart.modalities(studies).texts) == PAGE.block("text").strip()


def test_every_mark_can_be_counted_and_is_as_long_as_its_number(
    chart: ModuleType, studies: list[dict[str, object]]
) -> None:
    bars = chart.modalities(studies).of_class("modality")

    widths = [float(next(each.attributes["width"] for each in bar.walk() if each.tag == "rect")) for bar in bars]
    assert [(bar.attributes["data-modality"], bar.attributes["data-n"]) for bar in bars] == [
        ("MRI", 2),
        ("XR", 1),
    ]
    assert widths[0] == pytest.approx(2 * widths[1])


def test_it_is_a_file_an_element_of_a_page_and_a_picture(
    chart: ModuleType, studies: list[dict[str, object]], tmp_path: Path
) -> None:
    figure = chart.modalities(studies)

    ElementTree.fromstring(figure.document())
    ElementTree.fromstring(figure.html)
    write(figure, tmp_path / "chart.png", "png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_to_draw_is_told_and_what_is_typed_stays_text(chart: ModuleType) -> None:
    assert chart.modalities([]).texts == ["no study is recorded"]
    assert "<script" not in chart.modalities([{"modality": "<script>", "n": 1}]).html


def test_the_files_that_the_page_names_are_there() -> None:
    assert all((ROOT / file).parent.is_dir() for file in PAGE.files)
    assert len(PAGE.files) == 3
