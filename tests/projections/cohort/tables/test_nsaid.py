"""The index of NSAID intake of a cohort's members, beside sums by hand."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, small

Figures = dict[str, Figure]
NO_DOSE = "1 with an NSAID whose dose a day is not known"
YEAR = "day 0 to day 365"  # of 2002-01-14 to 2003-01-14


class Intake(NamedTuple):
    """A course of an NSAID; a dose a time in mg, twice daily unless it is said otherwise."""

    agent: str
    started_on: str
    stopped_on: str | None
    dose: str | None
    unit: str | None = "mg"
    frequency: str | None = "twice daily"


def take(registry: Registry, patient: str, *intakes: Intake, seen: str = "2004-06-01") -> None:
    """Enrol a patient where needed, with a visit on a later day and some courses."""
    if patient != "P-1":
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
    registry.record_visit(patient, visited_on=seen, measures={})
    for agent, started_on, stopped_on, dose, unit, frequency in intakes:
        registry.start_treatment(
            patient,
            agent=agent,
            started_on=started_on,
            stopped_on=stopped_on,
            dose=dose,
            dose_unit=unit,
            frequency=frequency,
        )


def table(registry: Registry, text: str = "") -> Figures:
    found = by_address(small(registry, f"[tables.nsaid]\n{text}"))
    return {address.removeprefix("nsaid / "): figure for address, figure in found.items()}


def test_the_full_dose_on_every_day_is_100_and_none_is_0(registry: Registry) -> None:
    take(registry, "P-1", Intake("diclofenac", "2001-01-01", None, "75"))
    take(registry, "P-2")

    found = table(registry)

    assert found[f"NSAID index / {YEAR} / median"].text == "50 (0–100)"
    assert found[f"no NSAID / {YEAR} / patients"].text == "1 of 2 (50.0%)"
    assert found[f"index at least 50 / {YEAR} / patients"].text == "1 of 2 (50.0%)"
    assert str(found[f"NSAID index / {YEAR} / mean"].variant).startswith("nsaid_score/1; ")


def test_who_took_one_on_one_day_alone_is_not_among_those_without_an_nsaid(registry: Registry) -> None:
    """P-1 took one on one day, P-2 none, P-3 on the last day of the interval: that day begins the next one."""
    take(registry, "P-1", Intake("diclofenac", "2002-06-01", "2002-06-01", "75"))
    take(registry, "P-2")
    take(registry, "P-3", Intake("diclofenac", "2003-01-14", "2003-01-14", "75"))

    found = table(registry, "days = [0, 365, 500]\n")

    nobody = [found[f"no NSAID / {interval} / patients"].numerator for interval in (YEAR, "day 365 to day 500")]
    assert nobody == [2, 2]
    assert found[f"NSAID index / {YEAR} / highest"].value == 0


def test_what_a_course_has_of_the_interval_counts_by_its_dose(registry: Registry) -> None:
    take(
        registry,
        "P-1",
        Intake("naproxen", "2001-12-01", "2002-03-28", "500"),  # 73 days after day 0, a fifth of them, the full dose
        Intake("etoricoxib", "2002-11-02", "2003-06-01", "60", frequency="daily"),  # 73 days, two thirds of it
    )

    assert table(registry)[f"NSAID index / {YEAR} / mean"].value == pytest.approx(20 + 40 / 3)


def test_each_two_consecutive_days_are_an_interval(registry: Registry) -> None:
    take(registry, "P-1", Intake("celecoxib", "2003-01-14", "2004-01-14", "200", frequency="daily"))

    found = table(registry, "days = [0, 365, 730]\nat_least = [50, 51]\n")

    means = [found[f"NSAID index / {at} / mean"].value for at in (YEAR, "day 365 to day 730")]
    assert means == [0, 50]
    shares = [found[f"index at least {n} / day 365 to day 730 / patients"].numerator for n in (50, 51)]
    assert shares == [1, 0]


@pytest.mark.parametrize(
    ("intake", "why"),
    [
        (Intake("sulindac", "2002-03-01", None, "200"), "1 with an NSAID without an equivalent dose"),
        (Intake("naproxen", "2002-03-01", None, None), NO_DOSE),
        (
            Intake("naproxen", "2002-03-01", None, "500", frequency=None),
            NO_DOSE,
        ),
        (
            Intake("naproxen", "2002-03-01", None, "500", frequency="sos"),
            NO_DOSE,
        ),
        (Intake("naproxen", "2002-03-01", None, "1", unit="tablet"), NO_DOSE),
    ],
)
def test_what_cannot_be_counted_is_told_and_never_supposed(registry: Registry, intake: Intake, why: str) -> None:
    take(registry, "P-1", intake)
    take(registry, "P-2", Intake("naproxen", "2001-03-01", None, "1", unit="g", frequency="daily"))

    mean = table(registry)[f"NSAID index / {YEAR} / mean"]

    assert (mean.value, mean.n_patients) == (100, 1)
    assert str(mean.denominator_note).startswith(f"1 of 2 patients; {why}")


def test_an_intake_without_a_dose_outside_the_interval_leaves_it_as_it_is(registry: Registry) -> None:
    take(registry, "P-1", Intake("sulindac", "2001-03-01", "2002-01-14", None))

    assert table(registry)[f"NSAID index / {YEAR} / mean"].value == 0


def test_who_was_not_observed_throughout_has_no_index(registry: Registry) -> None:
    take(registry, "P-1", Intake("naproxen", "2001-03-01", None, "500"), seen="2002-12-01")

    known = table(registry)[f"NSAID index / {YEAR} / known"]

    assert known.text == "0 of 1 (0.0%)"
    assert str(known.denominator_note).startswith("0 of 1 patient; 1 not observed throughout; ")


def test_drugs_that_overlap_are_added_and_other_drugs_do_not_count(registry: Registry) -> None:
    take(
        registry,
        "P-1",
        Intake("naproxen", "2001-03-01", None, "500"),
        Intake("meloxicam", "2001-03-01", None, "15", frequency="daily"),
        Intake("adalimumab", "2001-03-01", None, "40", frequency="every 2 weeks"),
    )

    assert table(registry)[f"NSAID index / {YEAR} / highest"].value == 200


def test_an_intake_known_to_the_month_is_told_to_rest_on_a_partial_day(registry: Registry) -> None:
    take(registry, "P-1", Intake("naproxen", "2002-06", None, "500"))

    mean = table(registry)[f"NSAID index / {YEAR} / mean"]

    assert str(mean.denominator_note).endswith("; 1 resting on a partial day")


def test_one_day_is_no_interval() -> None:
    with pytest.raises(DefinitionError, match=r"tables.nsaid.days: names no interval; write two days at least"):
        parsed(f"{SMALL}[tables.nsaid]\ndays = [365]\n".encode())
