"""Changes by so much at least, of methods and measures, and several intervals of a patient put together."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, cohort, small
from tests.projections.cohort.tables.test_clinical import visits
from tests.projections.cohort.tables.test_imaging_criteria import progressed, read
from tests.spec.imaging_criteria.readings import film

Figures = dict[str, Figure]
FILMS = ("2002-01-14", "2004-01-14", "2006-01-14", "2008-01-14")
EVERY_TWO_YEARS = 'cohort = "films"\n' + "".join(
    f'[[time_points]]\nname = "year {year}"\nday = {365 * year}\nwindow = [{365 * year - 60}, {365 * year + 60}]\n'
    for year in (0, 2, 4, 6)
)
AT = "baseline → 2 years"


def shown(registry: Registry, text: str) -> Figures:
    found = by_address(small(registry, f"[tables.progression]\n{text}"))
    return {address.removeprefix("progression / "): figure for address, figure in found.items()}


def over_films(registry: Registry, text: str) -> Figures:
    definition = parsed(f"{EVERY_TWO_YEARS}[tables.progression]\n{text}".encode())
    found = by_address(cohort(definition, facts_at(registry)))
    return {address.removeprefix("progression / "): figure for address, figure in found.items()}


def film_series(registry: Registry, patient: str, *grades: int | None) -> None:
    """Films every two years, each with one corner of this grade; None for no film."""
    for day, grade in zip(FILMS, grades):
        if grade is not None:
            read(registry, patient, "msasss", film(L1_lower=grade), on=day)


@pytest.fixture
def series(registry: Registry) -> Registry:
    """P-1: 0, 1, 3, 3. P-2: 0, 2. P-3: 1, 1, none, 1. P-4: one film."""
    film_series(registry, "P-1", 0, 1, 3, 3)
    film_series(registry, "P-2", 0, 2)
    film_series(registry, "P-3", 1, 1, None, 1)
    film_series(registry, "P-4", 0)
    return registry


def test_a_rise_of_a_sum_by_the_threshold_is_met_at_it_and_not_below(registry: Registry) -> None:
    progressed(registry)  # 0, 2, 3, 3, and 3 in three years

    met = shown(registry, 'methods = ["msasss"]\nthreshold = 2\n')[f"msasss / {AT} / met"]
    higher = shown(registry, 'methods = ["msasss"]\nthreshold = 2.5\n')[f"msasss / {AT} / met"]

    assert (met.text, higher.text) == ("4 of 5 (80.0%)", "3 of 5 (60.0%)")
    assert str(met.variant).startswith("change/1: total rises by 2 or more; ")


def test_an_interval_that_is_asked_for_holds_for_changes_too(registry: Registry) -> None:
    progressed(registry)

    met = shown(registry, 'methods = ["msasss"]\nthreshold = 2\ninterval = [548, 914]\n')[f"msasss / {AT} / met"]

    assert met.text == "3 of 4 (75.0%)"
    assert str(met.denominator_note).endswith("1 studies not 548 to 914 days apart")


def test_a_fall_of_a_measure_is_a_threshold_below_0_and_exact(registry: Registry) -> None:
    visits(registry, "basfi", ("2.9", "2.0"), ("2.9", "2.1"), ("3", None))

    found = shown(registry, 'measures = ["basfi"]\nthreshold = -0.9\n')

    assert found[f"basfi / {AT} / met"].text == "1 of 2 (50.0%)"
    assert found[f"basfi / {AT} / met"].denominator_note == "2 of 3 patients; 1 without both values"
    assert found[f"basfi / {AT} / mean"].value == pytest.approx(-0.85)
    change = found[f"basfi / {AT} / mean change"]
    assert (change.ci_low, change.ci_high) == pytest.approx((-1.485310, -0.214690), abs=1e-6)  # ± 12.7062 · 0.05


def test_a_change_from_a_limit_is_open(registry: Registry) -> None:
    visits(registry, "crp", ("<5", "20"), ("5", "20"))

    found = shown(registry, 'measures = ["crp"]\nthreshold = 10\n')

    assert (found[f"crp / {AT} / met"].text, found[f"crp / {AT} / open"].text) == ("1 of 1 (100.0%)", "1 of 2")


def test_intervals_of_a_patient_are_put_together(series: Registry) -> None:
    found = over_films(series, 'unit = "interval"\nmethods = ["msasss"]\nthreshold = 2\n')

    met = found["msasss / all intervals / met"]
    assert (met.text, met.numerator, met.denominator) == ("2 of 5 (40.0%)", 2, 5)  # changes 1, 2, 0; 2; 0
    assert met.value == pytest.approx(40)
    assert met.denominator_note == "5 of 12 intervals, of 3 of 4 patients; 7 without both values"
    assert str(met.ci_method).startswith("patient-cluster bootstrap")
    assert found["msasss / all intervals / patients"].text == "2 of 3 (66.7%)"
    assert found["msasss / all intervals / mean change"].value == 1
    assert found["msasss / year 2 → year 4 / met"].text == "1 of 1 (100.0%)"


def every_draw(rows: list[tuple[int, int]]) -> Iterator[Fraction]:
    """Every way to draw three patients of three, each as likely, and the share of intervals that it gives."""
    for one in rows:
        for two in rows:
            for three in rows:
                met, of = (sum(each) for each in zip(one, two, three))
                yield Fraction(met, of)


def test_limits_are_those_of_patients_and_not_of_intervals(series: Registry) -> None:
    met = over_films(series, 'unit = "interval"\nmethods = ["msasss"]\nthreshold = 2\n')["msasss / all intervals / met"]

    drawn = sorted(every_draw([(1, 3), (1, 1), (0, 1)]))  # of 27 ways; less than 2.5 in 100 is less than one
    assert (met.ci_low, met.ci_high) == pytest.approx((100 * float(drawn[0]), 100 * float(drawn[-1])))


def test_criteria_have_intervals_too(series: Registry) -> None:
    found = over_films(series, 'unit = "interval"\ncriteria = ["new-syndesmophyte"]\n')

    assert found["new-syndesmophyte msasss / all intervals / patients"].text == "2 of 3 (66.7%)"


def test_without_intervals_nothing_is_put_together(series: Registry) -> None:
    found = over_films(series, 'methods = ["msasss"]\nthreshold = 2\n')

    assert not [address for address in found if "all intervals" in address]
    assert {address.split(" / ")[1] for address in found} == {f"year 0 → year {year}" for year in (2, 4, 6)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('methods = ["msasss"]\n', "tables.progression.threshold: is missing or 0; write by how much a value rises"),
        ('measures = ["crp"]\nthreshold = 0\n', "tables.progression.threshold: is missing or 0"),
        ("threshold = 2\n", "tables.progression.threshold: is of no criterion, each of which has its own"),
        (
            'unit = "interval"\ncompare = [["2 years", "baseline"]]\n',
            "tables.progression.compare: 2 years to baseline goes backwards",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_key(text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        parsed(f"{SMALL}[tables.progression]\n{text}".encode())


def test_intervals_that_overlap_are_refused() -> None:
    overlapping = 'compare = [["year 0", "year 4"], ["year 2", "year 6"]]'
    text = f'{EVERY_TWO_YEARS}[tables.progression]\nunit = "interval"\n{overlapping}\n'

    with pytest.raises(DefinitionError, match="year 2 to year 6 overlaps year 0 to year 4"):
        parsed(text.encode())
