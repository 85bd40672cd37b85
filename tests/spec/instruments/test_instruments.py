"""What holds of every instrument: its declaration, its range, and that one visit is a column of one."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.instrument import Instrument
from registry.catalogue.measures import MEASURES
from tests.spec.instruments.columns import Cell, cell, columns, law

COMPUTED = [
    "asdas_crp",
    "asdas_esr",
    "basdai",
    "basdai_inflammation",
    "basfi",
    "basmi_10step",
    "basmi_2step",
    "basmi_linear",
]
YES_NO = ("asqol", "asas_hi", "mases")
LESS_IS_WORSE = ("lateral_lumbar_flexion", "lumbar_flexion", "intermalleolar_distance", "cervical_rotation")
RULES = [(name, variant) for name, instrument in instruments().items() for variant in (None, *instrument.variants)]


def answers(instrument: Instrument) -> list[st.SearchStrategy[str]]:
    if instrument.name in YES_NO:
        return [st.sampled_from(["0", "1"])] * len(instrument.inputs)
    highs = [MEASURES[name].high or 150 for name in instrument.inputs]
    return [cell(0, high) for high in highs]


def visits(instrument: Instrument, *, missing: bool = True) -> st.SearchStrategy[list[list[Cell]]]:
    one = st.tuples(*(st.none() | answer if missing else answer for answer in answers(instrument)))
    return st.lists(one.map(list), min_size=1, max_size=4)


def test_every_instrument_is_found_by_the_name_of_its_measure() -> None:
    assert sorted([*COMPUTED, "asas_hi", "asqol", "bas_g_6months", "bas_g_week", "mases"]) == list(instruments())
    assert {instrument.edition for instrument in instruments().values()} == {1}


def test_the_packages_are_imported_without_numpy_until_one_is_asked_for() -> None:
    statement = (
        "import registry.catalogue.instruments, registry.catalogue.criteria, sys; sys.exit('numpy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", statement], check=False).returncode == 0


def test_those_of_recorded_measures_are_computed_and_no_others() -> None:
    assert list(BUILT_IN.computable) == COMPUTED


@pytest.mark.parametrize("name", sorted(set(instruments()) & set(MEASURES)))
def test_a_computed_total_has_the_range_and_unit_of_the_reported_one(name: str) -> None:
    instrument, measure = instruments()[name], MEASURES[name]

    assert (instrument.low, instrument.high, instrument.unit) == (measure.low, measure.high, measure.unit)


@pytest.mark.parametrize(("name", "variant"), RULES)
@law
@given(drawn=st.data())
def test_a_score_is_the_same_alone_and_beside_other_visits_and_within_its_range(
    name: str, variant: str | None, drawn: st.DataObject
) -> None:
    instrument = instruments()[name]
    together = drawn.draw(visits(instrument))

    scores = instrument.over(columns(instrument.inputs, *together), variant=variant).values
    alone = [instrument.over(columns(instrument.inputs, visit), variant=variant).values for visit in together]

    assert scores.fractions() == [value for column in alone for value in column.fractions()]
    assert scores.doubles().tobytes() == b"".join(column.doubles().tobytes() for column in alone)
    assert all(
        instrument.low <= value <= (instrument.high or value) for value in scores.fractions() if value is not None
    )


@pytest.mark.parametrize("name", instruments())
@law
@given(drawn=st.data())
def test_a_worse_answer_never_lowers_a_score(name: str, drawn: st.DataObject) -> None:
    instrument = instruments()[name]
    (visit,) = drawn.draw(st.tuples(*answers(instrument)).map(lambda cells: [list(cells)]))
    place = drawn.draw(st.sampled_from(range(len(visit))))
    changed = [*visit[:place], drawn.draw(answers(instrument)[place]), *visit[place + 1 :]]
    order = (visit, changed) if Fraction(visit[place]) <= Fraction(changed[place]) else (changed, visit)

    lower, higher = instrument.over(columns(instrument.inputs, *order)).values.fractions()

    assert lower is not None
    assert higher is not None
    assert lower >= higher if instrument.inputs[place] in LESS_IS_WORSE else lower <= higher


@pytest.mark.parametrize(("name", "variant"), [(name, v) for name, v in RULES if v in ("prorated", "assessed")])
@law
@given(drawn=st.data())
def test_a_prorated_score_of_complete_answers_is_the_score(name: str, variant: str, drawn: st.DataObject) -> None:
    instrument = instruments()[name]
    cells = columns(instrument.inputs, *drawn.draw(visits(instrument, missing=False)))

    assert instrument.over(cells, variant=variant).values.fractions() == instrument.over(cells).values.fractions()


@law
@given(st.lists(cell(0, 10, places=2), min_size=10, max_size=10))
def test_basdai_and_basfi_are_those_of_fractions(written: list[str]) -> None:
    first, second, third, fourth, fifth, sixth, *_ = answers = [Fraction(cell) for cell in written]

    basdai = instruments()["basdai"].over(columns(instruments()["basdai"].inputs, written)).values
    basfi = instruments()["basfi"].over(columns(instruments()["basfi"].inputs, written)).values

    assert basdai.fractions() == [(first + second + third + fourth + (fifth + sixth) / 2) / 5]
    assert basfi.fractions() == [sum(answers) / 10]


@law
@given(st.tuples(cell(0, 25), cell(0, 45), cell(0, 9), cell(0, 140), cell(0, 120)))
def test_the_linear_basmi_is_that_of_fractions(written: tuple[str, ...]) -> None:
    side, tragus, schober, malleoli, rotation = (Fraction(cell) for cell in written)
    lines = (
        (Fraction("21.1") - side) / Fraction("2.1"),
        (tragus - 8) / 3,
        (Fraction("7.4") - schober) / Fraction("0.7"),
        (Fraction("124.5") - malleoli) / 10,
        (Fraction("89.3") - rotation) / Fraction("8.5"),
    )

    found = instruments()["basmi_linear"].over(columns(instruments()["basmi_linear"].inputs, written)).values

    assert found.fractions() == [sum(min(max(line, Fraction(0)), Fraction(10)) for line in lines) / 5]
