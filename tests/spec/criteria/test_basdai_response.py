"""BASDAI50 and the Danish registry's BASDAI response; both vectors are used."""

from __future__ import annotations

import pytest

from tests.spec.criteria.judging import met
from tests.spec.instruments.columns import Cell


@pytest.mark.parametrize(
    ("before", "now", "halved", "danbio"),
    [
        ("5.63", "3.48", False, True),
        ("6.4", "3.2", True, True),
        ("6.4", "3.21", False, True),
        ("3.9", "2.0", False, False),
        ("3.9", "1.9", True, True),
        ("3.9", "1.95", True, True),
        ("8", "6.01", False, False),
        ("8", "6", False, True),
        ("10", "0", True, True),
        ("0", "0", False, False),
        ("0", "10", False, False),
        (None, "3.2", None, None),
        ("6.4", None, None, None),
    ],
)
def test_the_basdai_has_to_fall_by_half_or_in_denmark_by_two_points(
    before: Cell, now: Cell, halved: bool | None, danbio: bool | None
) -> None:
    assert met("basdai50", basdai=(before, now)) is halved
    assert met("basdai-response-danbio", basdai=(before, now)) is danbio
