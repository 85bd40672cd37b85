"""The ASDAS and its states, with the computed examples.

Not used: half the detection limit and the limit itself in place of the floor (1.6073 and 1.9194 for `<5`), which the
examples print to show what the rule is not; and the frequency of changed states over a grid.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.asdas import ACTIVITY_STATES, activity_states
from registry.catalogue.instruments.values import Values
from tests.spec.instruments.columns import Cell, cell, columns, law, rounded, score


def visit(rated: str, acute_phase: Cell) -> list[Cell]:
    """Return the cells of a visit: back pain, stiffness, patient's global and peripheral pain, all on 0-10."""
    back_pain, stiffness, patient_global, peripheral = rated.split()
    return [back_pain, stiffness, str(Fraction(patient_global) * 10), peripheral, acute_phase]


def state(value: Cell) -> str | None:
    (code,) = activity_states(Values.of([value])).tolist()
    return None if code == -1 else ACTIVITY_STATES[code]


@pytest.mark.parametrize(
    ("rated", "crp", "asdas", "in_state", "two_decimal"),
    [
        ("0 0 0 0", "0.3", "0.6361", "inactive", "0.6372"),
        ("3 2 3 1", "2.0", "1.5181", "low", "1.5172"),
        ("3 2 3 1", "<5", "1.5181", "low", "1.5172"),
        ("7 6 7 3", "24.7", "4.0637", "very high", "4.0630"),
        ("7 6 7 3", "247", "5.3763", "very high", "5.3778"),
        ("5 6 0 7", "2", "2.1001", "high", "2.0872"),
        ("3 2 3 1", "4.9", "1.9097", "low", None),
        ("6 6 7 3", "22", "3.8785", "very high", None),
    ],
)
def test_the_asdas_with_crp(rated: str, crp: str, asdas: str, in_state: str, two_decimal: str | None) -> None:
    found = score("asdas_crp", visit(rated, crp))

    assert rounded(found) == asdas
    assert state(found) == in_state
    if two_decimal:
        assert rounded(score("asdas_crp", visit(rated, crp), variant="two-decimal")) == two_decimal


@pytest.mark.parametrize(
    ("rated", "esr", "asdas", "in_state", "two_decimal"),
    [
        ("7 6 7 3", "33", "3.6992", "very high", "3.6859"),
        ("6.5 6 6.7 5", "19", "3.3918", "high", "3.3911"),
        ("3 2 3 1", "15", "1.9348", "low", "1.9232"),
        ("0 0 0 0", "0", "0.0000", "inactive", "0.0000"),
    ],
)
def test_the_asdas_with_esr(rated: str, esr: str, asdas: str, in_state: str, two_decimal: str) -> None:
    found = score("asdas_esr", visit(rated, esr))

    assert rounded(found) == asdas
    assert state(found) == in_state
    assert rounded(score("asdas_esr", visit(rated, esr), variant="two-decimal")) == two_decimal


def test_the_coefficients_can_change_the_state_and_are_part_of_the_rule() -> None:
    asdas_crp = instruments()["asdas_crp"]
    cells = columns(asdas_crp.inputs, visit("5 6 0 7", "2"))
    three, two = asdas_crp.over(cells), asdas_crp.over(cells, variant="two-decimal")

    assert [activity_states(scores.values).tolist() for scores in (three, two)] == [[2], [1]]
    assert (three.rule, two.rule) == ("asdas_crp/1", "asdas_crp/1:two-decimal")


@pytest.mark.parametrize("crp", ["0", "0.3", "1.2", "1.99", "2", "<0.3", "<5", "<10"])
def test_a_crp_up_to_2_and_every_one_below_a_limit_count_as_2(crp: str) -> None:
    assert score("asdas_crp", visit("3 2 3 1", crp)) == score("asdas_crp", visit("3 2 3 1", "2"))


def test_a_crp_above_2_counts_as_it_is() -> None:
    assert rounded(score("asdas_crp", visit("3 2 3 1", "3.4"))) == "1.7398"


def test_marks_below_and_above_a_limit_are_kept_with_the_score() -> None:
    inputs = instruments()["asdas_crp"].inputs
    visits = [visit("3 2 3 1", crp) for crp in ("<5", ">200", "7", None)]
    scores = instruments()["asdas_crp"].over(columns(inputs, *visits))

    assert scores.censored.tolist() == [True, True, False, False]
    assert scores.values.fractions()[1] == score("asdas_crp", visit("3 2 3 1", "200"))


def test_an_esr_below_a_limit_counts_as_it_stands() -> None:
    assert score("asdas_esr", visit("3 2 3 1", "<2")) == score("asdas_esr", visit("3 2 3 1", "2"))


@pytest.mark.parametrize("name", ["asdas_crp", "asdas_esr"])
@pytest.mark.parametrize("place", range(5))
def test_without_an_input_there_is_no_asdas(name: str, place: int) -> None:
    cells = visit("3 2 3 1", "5")
    cells[place] = None

    assert score(name, cells) is None


@pytest.mark.parametrize(
    ("asdas", "in_state"),
    [
        ("0.6361", "inactive"),
        ("1.299999999", "inactive"),
        ("1.3", "low"),
        ("2.099999999", "low"),
        ("2.1", "high"),
        ("3.5", "high"),
        ("3.500000001", "very high"),
        (None, None),
    ],
)
def test_a_state_begins_at_its_limit_and_very_high_above_it(asdas: str | None, in_state: str | None) -> None:
    assert state(asdas) == in_state


def exact_term(weight: str, function: str, argument: Decimal) -> Fraction:
    """Return a weight times a logarithm or root, to the nearest 1e-9, with sixty digits."""
    with localcontext(prec=60):
        return Fraction(round(Decimal(weight) * getattr(argument, function)() * 10**9), 10**9)


@law
@given(st.lists(cell(0, 10), min_size=4, max_size=4), cell(0, 400, places=2))
def test_the_score_is_that_of_sixty_digits(rated: list[str], acute_phase: str) -> None:
    back_pain, stiffness, patient_global, peripheral = (Fraction(value) for value in rated)
    crp = max(Decimal(acute_phase), Decimal(2))

    by_crp = (121 * back_pain + 58 * stiffness + 110 * patient_global + 73 * peripheral) / 1000
    by_esr = (79 * back_pain + 69 * stiffness + 113 * patient_global + 86 * peripheral) / 1000
    cells = visit(" ".join(rated), acute_phase)
    assert score("asdas_crp", cells) == by_crp + exact_term("0.579", "ln", crp + 1)
    assert score("asdas_esr", cells) == by_esr + exact_term("0.293", "sqrt", Decimal(acute_phase))


@pytest.mark.parametrize(
    ("name", "acute_phase", "billionths"),
    [
        ("asdas_crp", "109.622746", 2724846797),  # 2724846796.500000017: a double says 2724846796
        ("asdas_crp", "175.239901", 2994498915),
        ("asdas_esr", "68.502336", 2425047843),
        ("asdas_esr", "137.358403", 3433960037),
    ],
)
def test_a_term_too_near_a_tie_for_a_double_is_computed_with_more_digits(
    name: str, acute_phase: str, billionths: int
) -> None:
    assert score(name, visit("0 0 0 0", acute_phase)) == Fraction(billionths, 10**9)


def test_the_exported_double_is_the_formula_to_the_ninth_decimal() -> None:
    asdas_crp = instruments()["asdas_crp"]
    tenths = np.arange(20, 5000)
    visits = [visit("0 0 0 0", str(Fraction(tenth, 10))) for tenth in tenths.tolist()]

    found = asdas_crp.over(columns(asdas_crp.inputs, *visits)).values

    assert np.allclose(found.doubles(), 0.579 * np.log(tenths / 10 + 1), rtol=0, atol=6e-10)
