"""A centre whose values lie on another scale than the others'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from projections import facts_at, measures
from registry import Registry
from tests.projections.checks.warned import says, warned

OTHERS = (34, 71, 52, 48, 66, 80, 12)


def answered(
    registry: Registry, centres: Mapping[str, Sequence[object]], measure: str = "patient_global", unit: str = ""
) -> None:
    """Have each patient of each centre answer once, or as often as there are values in a tuple."""
    for centre, values in centres.items():
        for number, each in enumerate(values):
            patient = registry.enrol_patient(f"{centre}{number}", enrolled_on="2002-01-14", centre=centre)
            for month, value in enumerate(each if isinstance(each, tuple) else (each,), start=2):
                registry.record_visit(
                    patient.removeprefix("patient/"), visited_on=f"2002-{month:02}-01", measures={measure + unit: value}
                )


def doubted(registry: Registry) -> list[str]:
    return [reference.split("/")[1] for reference, _ in warned(registry, "unit-suspect")]


def test_every_value_of_a_centre_that_answers_0_to_10_in_mm_is_doubted(registry: Registry) -> None:
    answered(registry, {"Ulm": (4, 8, 10, 2, "6.5"), "Jena": OTHERS})

    assert doubted(registry) == ["Ulm0", "Ulm1", "Ulm2", "Ulm3", "Ulm4"]
    assert says(registry, "unit-suspect")[0] == (
        "4 mm; none of 5 patients of the centre above 10 mm: as on a scale of 0 to 10"
    )
    assert measures(facts_at(registry))["value"].max() == 80.0


@pytest.mark.parametrize("above", ["10.1", "10.0000000001", 11])
def test_one_value_above_10_clears_the_centre(registry: Registry, above: object) -> None:
    answered(registry, {"Ulm": (4, 8, above, 2, "6.5"), "Jena": OTHERS})

    assert doubted(registry) == []


@pytest.mark.parametrize(
    "centres",
    [
        {"Ulm": (4, 8, 10, 2), "Jena": OTHERS},
        {"Ulm": ((4, 8, 10), (2, 3)), "Jena": OTHERS * 5},
        {"Ulm": (4, 8, 10, 2, 6), "Jena": OTHERS[:4]},
        {"Ulm": (4, 8, 10, 2, 6)},
    ],
    ids=["four values", "two patients", "four values of the others", "no others"],
)
def test_too_few_values_say_nothing(registry: Registry, centres: Mapping[str, Sequence[object]]) -> None:
    answered(registry, centres)

    assert doubted(registry) == []


def test_five_values_of_three_patients_are_enough_beside_eleven_others(registry: Registry) -> None:
    answered(registry, {"Ulm": ((4, 8), (10, 2), 6), "Jena": (*OTHERS, 33, 44, 55)})

    assert doubted(registry) == ["Ulm0", "Ulm0", "Ulm1", "Ulm1", "Ulm2"]


@pytest.mark.parametrize(
    ("others", "n_doubted"), [((*OTHERS[:2], 3, 30, 40, 50, 60), 5), ((*OTHERS[:2], 3, 4, 5, 50, 60), 0)]
)
def test_where_others_are_as_low_it_may_be_chance(registry: Registry, others: Sequence[int], n_doubted: int) -> None:
    # of 7 others 1 is never above 10: (2/8)^5 is 1 in 1024; 3 are: (4/8)^5 is 1 in 32
    answered(registry, {"Ulm": (4, 8, 10, 2, 6), "Jena": others})

    assert len(doubted(registry)) == n_doubted


def test_the_chance_must_be_less_than_one_in_a_thousand(registry: Registry) -> None:
    answered(registry, {"Ulm": ((4, 8, 1), 10, 2), "Jena": (*OTHERS, 33, 44)})  # (1/10)^3 is 1 in 1000

    assert doubted(registry) == []


def test_a_scale_that_was_said_is_believed(registry: Registry) -> None:
    answered(registry, {"Ulm": (4, 8, 10, 2, 6)}, unit=" [nrs]")
    answered(registry, {"Jena": OTHERS})

    assert doubted(registry) == []


def test_hours_of_stiffness_and_crp_in_mg_dl_are_found_alike(registry: Registry) -> None:
    answered(registry, {"Ulm": (1, "1.5", 2, "0.5", 3), "Jena": OTHERS}, "morning_stiffness")
    answered(registry, {"Aalen": ("0.4", "1.2", "2.5", "<0.3", "5"), "Genf": OTHERS}, "crp")

    assert doubted(registry) == [*(f"Aalen{n}" for n in range(5)), *(f"Ulm{n}" for n in range(5))]


def test_a_crp_marked_as_above_a_low_limit_is_not_low(registry: Registry) -> None:
    answered(registry, {"Aalen": ("0.4", "1.2", "2.5", ">3", "5"), "Genf": OTHERS}, "crp")

    assert doubted(registry) == []
