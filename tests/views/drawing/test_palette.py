"""Colours that everybody can tell from the paper, light and dark."""

from __future__ import annotations

import pytest

from views.drawing.palette import ALL_COLOURS, COLOURS, SHADES, properties, rules

READ = ("ink", "muted", "warm", *(f"series-{n}" for n in range(1, 7)))


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("paper", ["light", "dark"])
@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("behind", ["paper", "band"])
def test_what_has_to_be_read_has_a_contrast_of_four_and_a_half(name: str, behind: str, paper: str) -> None:
    assert contrast(getattr(COLOURS[name], paper), getattr(COLOURS[behind], paper)) >= 4.5


@pytest.mark.parametrize("paper", ["light", "dark"])
@pytest.mark.parametrize("place", range(SHADES))
def test_a_grade_can_be_read_on_its_shade(place: int, paper: str) -> None:
    text, shade = ALL_COLOURS[f"on-shade-{place}"], ALL_COLOURS[f"shade-{place}"]

    assert contrast(getattr(text, paper), getattr(shade, paper)) >= 4.5


def test_grades_get_steadily_darker_on_light_paper_and_lighter_on_dark_paper() -> None:
    light, dark = (
        [luminance(getattr(COLOURS[f"shade-{n}"], paper)) for n in range(SHADES)] for paper in ("light", "dark")
    )

    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_the_sheet_for_print_knows_no_custom_properties_and_the_other_nothing_else() -> None:
    assert "var(" not in rules(on_light_paper=True)
    assert "#" not in rules()
    assert {name for name in ALL_COLOURS if f"--chart-{name}:" in properties()} == ALL_COLOURS.keys()
