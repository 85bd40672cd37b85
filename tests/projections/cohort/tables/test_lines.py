"""On which line of targeted therapy the members were, over the time points."""

from __future__ import annotations

import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, small
from tests.projections.cohort.tables.test_switch import treat

ROWS = ("no targeted therapy", "line 1", "line 2", "line 3 or later")
LATER = "2005-01-01"  # after the second time point, day 900, which is 2 July 2004


@pytest.fixture
def treated(registry: Registry) -> Registry:
    """On 14 January 2002 and 2 July 2004 P-1 is on lines 1 and 3, P-2 on none and 1, P-3 on 1 and unseen, P-4 never."""
    for patient, *courses in (
        ("P-1", ("adalimumab", "2001-01-01", "2002-06-01", None), ("secukinumab", "2002-07-01", "2003-06-01", None),
         ("etanercept", "2003-07-01", None, None)),
        ("P-2", ("adalimumab", "2002-01-15", None, None), ("methotrexate", "2001-01-01", None, None)),
        ("P-3", ("adalimumab", "2001-01-01", None, None)),
        ("P-4",),
    ):  # fmt: skip
        treat(registry, patient, *courses)
        registry.record_visit(patient, visited_on="2003-01-01" if patient == "P-3" else LATER, measures={})
    return registry


def lines(registry: Registry, text: str = "") -> dict[str, Figure]:
    found = by_address(small(registry, f"[tables.lines]\n{text}"))
    return {address.removeprefix("lines / "): figure for address, figure in found.items()}


def test_each_member_who_was_observed_is_on_one_line_or_none(treated: Registry) -> None:
    found = lines(treated)

    counts = {
        at: [(found[f"{row} / {at} / percent"].numerator, found[f"{row} / {at} / percent"].denominator) for row in ROWS]
        for at in ("baseline", "2 years")
    }
    assert counts == {
        "baseline": [(2, 4), (2, 4), (0, 4), (0, 4)],
        "2 years": [(1, 3), (1, 3), (0, 3), (1, 3)],
    }
    note = found["line 1 / 2 years / percent"].denominator_note
    assert str(note).startswith("3 of 4 patients; 1 not observed on the day; ")


def test_completeness_is_of_how_many_of_all_members_the_line_is_known(treated: Registry) -> None:
    found = lines(treated, "completeness = true\n")

    assert found["line of therapy / 2 years / known"].text == "3 of 4 (75.0%)"
    assert str(found["line of therapy / 2 years / known"].denominator_note).startswith("3 of 4 patients; 1 not obs")


def test_a_return_is_a_line_of_its_own_and_told_beside_it(registry: Registry) -> None:
    treat(
        registry,
        "P-1",
        ("adalimumab", "2001-01-01", "2001-03-01", None),
        ("etanercept", "2001-03-01", "2001-12-01", None),
        ("adalimumab", "2001-12-01", None, None),
    )
    treat(
        registry,
        "P-2",
        ("adalimumab", "2000-01-01", "2000-02-01", None),
        ("etanercept", "2000-03-01", "2000-05-01", None),
        ("secukinumab", "2001-12-01", None, None),
    )
    for patient in ("P-1", "P-2"):
        registry.record_visit(patient, visited_on=LATER, measures={})

    third = lines(registry)["line 3 or later / baseline / percent"]

    assert third.numerator == 2
    assert str(third.denominator_note).endswith("; 1 on an agent begun again")


def test_a_gap_that_is_bridged_is_on_the_line_and_of_two_lines_the_later_counts(registry: Registry) -> None:
    treat(registry, "P-1", ("adalimumab", "2001-01-01", "2002-01-01", None), ("adalimumab", "2002-02-01", None, None))
    treat(registry, "P-2", ("adalimumab", "2001-01-01", None, None), ("secukinumab", "2002-01-01", None, None))
    for patient in ("P-1", "P-2"):
        registry.record_visit(patient, visited_on=LATER, measures={})

    found = lines(registry)

    assert [found[f"{row} / baseline / percent"].numerator for row in ROWS] == [0, 1, 1, 0]


def test_the_points_are_the_percentages_at_each_time_point(treated: Registry) -> None:
    found = lines(treated, "points = true\n")

    points = [found[f"line 1 / {at}"].value for at in ("baseline / point 1", "2 years / point 2")]
    assert points == pytest.approx([50, 100 / 3])
