"""Elements of SVG: escaped, with one text each."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from views.drawing.svg import element, number_text


def test_what_people_recorded_stays_text() -> None:
    drawn = element("text", "<script>alert(1)</script> & \x1b", data_on='"><script>')

    assert "<script" not in str(drawn)
    read = ElementTree.fromstring(str(drawn))
    assert read.text == "<script>alert(1)</script> & \ufffd"
    assert read.attrib == {"data-on": '"><script>'}


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "1"), (0.125, "0.12"), (-0.004, "0"), (1e15, "1000000000000000"), (1 / 3, "0.33"), (100.10, "100.1")],
)
def test_a_number_has_two_decimals_at_most_and_no_exponent(value: float, said: str) -> None:
    assert number_text(value) == said


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_place(value: float) -> None:
    with pytest.raises(ValueError, match="is no place in a drawing"):
        number_text(value)
