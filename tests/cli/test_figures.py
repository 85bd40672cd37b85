"""Figures as files: of a cohort into a folder, of a patient into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Spondyl
from tests.cli.test_cohort import mri, mri_study

DRAWN = """
cohort = "drawn"

[day0]
event = "course"
of = ["infliximab", "etanercept"]

[[time_points]]
name = "baseline"
day = 0
window = [-60, 14]

[[time_points]]
name = "2 years"
day = 730
window = [640, 820]

[tables.survival]

[tables.trajectory]
measures = ["basdai"]

[tables.states]

[tables.lines]
"""
FIGURES = [
    "kaplan-meier-retention", "members-basdai", "over-time-mean-basdai", "over-time-median-basdai", "stacked-lines",
    "stacked-states", "swimmer", "treatment-flow",
]  # fmt: skip
__all__ = ["mri", "mri_study"]


@pytest.fixture
def drawing(mri: Spondyl) -> Spondyl:
    """The command on the registry of the MRI study, with a definition in `drawn.toml`."""
    Path("drawn.toml").write_text(DRAWN, encoding="utf-8")
    return mri


def test_the_figures_of_a_cohort_are_drawn_into_a_new_folder(drawing: Spondyl) -> None:
    answer = drawing("cohort", "drawn.toml", "--figures", "figures")

    assert (answer.code, answer.err) == (0, "drew 8 figures into figures\n")
    files = sorted(Path("figures").iterdir())
    assert [file.stem for file in files] == FIGURES
    for file in files:
        assert ElementTree.parse(file).getroot().get("role") == "img"
    assert answer.out == drawing("cohort", "drawn.toml").out


def test_figures_are_the_same_bytes_for_the_same_point_in_time(drawing: Spondyl) -> None:
    for folder in ("one", "other"):
        drawing("cohort", "drawn.toml", "--figures", folder, "--known-at", "@200")

    one, other = (sorted(Path(folder).iterdir()) for folder in ("one", "other"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_matplotlib_draws_the_same_figures_twice_the_same(drawing: Spondyl, form: str, begins: bytes) -> None:
    asked = ("cohort", "drawn.toml", "--table", "states", "--figures-format", form, "--figures")
    for folder in ("one", "other"):
        assert drawing(*asked, folder).code == 0

    one, other = (Path(folder, f"stacked-states.{form}").read_bytes() for folder in ("one", "other"))
    assert one.startswith(begins)
    assert one == other


def test_without_matplotlib_it_is_told_how_to_get_it_and_nothing_is_left(
    drawing: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    answer = drawing("cohort", "drawn.toml", "--table", "states", "--figures", "figures", "--figures-format", "pdf")

    assert answer.code == 3
    assert "install it as spondyl[figures], or take SVG" in answer.err
    assert not Path("figures").exists()


def test_figures_never_go_where_something_stands(drawing: Spondyl) -> None:
    Path("figures").mkdir()

    answer = drawing("cohort", "drawn.toml", "--figures", "figures")

    assert answer.code != 0
    assert answer.out == ""
    assert "something is there" in answer.err
    assert list(Path("figures").iterdir()) == []


def test_a_patients_course_is_drawn_into_a_new_file(drawing: Spondyl) -> None:
    answer = drawing("show", "BAR1-01", "--svg", "course.svg", "--as-of", "2004-12-31")

    assert (answer.out, answer.err, answer.code) == ("course.svg\n", "", 0)
    drawn = Path("course.svg").read_text("utf-8")
    assert drawn.count('class="entry treatment"') == 1
    assert 'data-as-of="2004-12-31"' in drawn
    assert drawing("show", "BAR1-01", "--svg", "course.svg").code != 0
    assert Path("course.svg").read_text("utf-8") == drawn


def test_the_readings_of_a_patient_are_drawn_as_a_map_and_as_changes(drawing: Spondyl) -> None:
    drawing("show", "BAR1-01", "--svg", "map.svg", "--map", "berlin")
    drawing("show", "BAR1-01", "--svg", "changes.svg", "--map", "berlin", "--changes")

    assert Path("map.svg").read_text("utf-8").count('class="reading"') == 2
    assert Path("changes.svg").read_text("utf-8").count('class="changes"') == 1


def test_what_has_no_effect_or_is_unknown_is_refused_and_nothing_is_written(drawing: Spondyl) -> None:
    assert drawing("show", "BAR1-01", "--map", "berlin").code == 2
    assert drawing("show", "BAR1-01", "--svg", "x.svg", "--changes").code == 2
    assert drawing("show", "BAR1-01", "--svg", "x.svg", "--json").code == 2
    assert drawing("cohort", "drawn.toml", "--figures", "x", "--every", "year").code == 2
    assert drawing("cohort", "drawn.toml", "--figures-format", "pdf").code == 2
    assert "'x' is not a known --map" in drawing("show", "BAR1-01", "--svg", "x.svg", "--map", "x").err
    assert "patient 'P-9'" in drawing("show", "P-9", "--svg", "x.svg").err
    assert not Path("x.svg").exists()
    assert not Path("x").exists()
