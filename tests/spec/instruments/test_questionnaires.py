"""ASQoL, ASAS Health Index, MASES and BAS-G, with the computed examples.

Not used: cut-offs and the smallest detectable change of the ASAS Health Index, which no rule needs; the mean MASES of
the anakinra study, whose single values were never printed; the other enthesitis indices and joint counts, which are
recorded as totals.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.mases import SITES
from tests.spec.instruments.columns import Cell, columns, score


def answers(items: int, *, yes: int, missing: int = 0) -> list[Cell]:
    return [*[1] * yes, *[None] * missing, *[0] * (items - yes - missing)]


@pytest.mark.parametrize(("name", "items"), [("asqol", 18), ("asas_hi", 17), ("mases", 13)])
def test_a_sum_of_yes_answers_runs_from_0_to_the_number_of_items(name: str, items: int) -> None:
    assert len(instruments()[name].inputs) == items
    assert [score(name, answers(items, yes=yes)) for yes in (0, 5, items)] == [0, 5, items]


@pytest.mark.parametrize(("name", "items"), [("asqol", 18), ("asas_hi", 17), ("mases", 13)])
def test_with_one_item_missing_there_is_no_sum(name: str, items: int) -> None:
    assert score(name, answers(items, yes=3, missing=1)) is None


@pytest.mark.parametrize(
    ("name", "items", "yes", "missing", "prorated"),
    [
        ("asqol", 18, 7, 2, Fraction("7.875")),
        ("asqol", 18, 7, 3, Fraction("8.4")),
        ("asqol", 18, 7, 4, None),
        ("asas_hi", 17, 5, 2, Fraction(17, 3)),
        ("asas_hi", 17, 5, 3, Fraction(85, 14)),
        ("asas_hi", 17, 5, 4, None),
    ],
)
def test_prorated_three_answers_may_be_missing(
    name: str, items: int, yes: int, missing: int, prorated: Fraction | None
) -> None:
    assert score(name, answers(items, yes=yes, missing=missing), variant="prorated") == prorated


def test_the_mases_has_six_sites_on_either_side_and_one_in_the_middle() -> None:
    right = [site.removesuffix("_right") for site in SITES if site.endswith("_right")]
    left = [site.removesuffix("_left") for site in SITES if site.endswith("_left")]

    assert right == left
    assert len(right) == 6
    assert set(SITES) - {f"{site}_{side}" for site in right for side in ("right", "left")} == {
        "mases_spinous_process_l5"
    }


def test_a_partial_mases_says_how_many_sites_were_examined() -> None:
    cells = columns(SITES, answers(13, yes=4, missing=1), [None] * 13)
    scores = instruments()["mases"].over(cells, variant="assessed")

    assert scores.rule == "mases/1:assessed"
    assert scores.values.fractions() == [4, None]
    assert scores.n_present.tolist() == [12, 0]


def test_the_bas_g_is_two_scales_that_are_never_added() -> None:
    assert score("bas_g_week", ["6.5"]) == Fraction("6.5")
    assert score("bas_g_6months", ["10"]) == 10
    assert score("bas_g_week", [None]) is None
    assert not [name for name in instruments() if name in ("bas_g", "basg")]
