"""Adverse events by term from day 0 on."""

from __future__ import annotations

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, cohort, small


def safety(registry: Registry) -> dict[str, Figure]:
    """The figures of the adverse events, as row and statistic."""
    found = by_address(small(registry, "[tables.safety]\nended_by = [10]\n"))
    return {address.replace("safety / ", "").replace(" / from day 0", ""): figure for address, figure in found.items()}


@pytest.fixture
def troubled(registry: Registry) -> Registry:
    """P-1 with a headache on days 4 and 8 and a rash that goes on; one headache before day 0, none in P-2."""
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for term, started, ended in (
        ("headache", "2002-01-18", "2002-01-20"),
        ("Headache", "2002-01-22", "2002-01-24"),
        ("rash", "2002-01-14", None),
        ("headache", "2002-01-13", "2002-01-15"),
    ):
        registry.record_adverse_event("P-1", term=term, started_on=started, ended_on=ended)
    registry.end_follow_up("P-1", ended_on="2003-01-14", reason="study-end")
    return registry


def test_events_of_a_term_are_counted_whatever_its_case_and_patients_once(troubled: Registry) -> None:
    found = safety(troubled)

    assert [found[f"{row} / n"].value for row in ("any", "headache", "rash")] == [3, 2, 1]
    assert (found["headache / patients"].numerator, found["headache / patients"].denominator) == (1, 2)


def test_days_of_onset_and_end_count_from_day_0(troubled: Registry) -> None:
    found = safety(troubled)

    assert found["headache / onset day median"].text == "6 (4–8)"
    assert (found["headache / end day lowest"].value, found["headache / end day highest"].value) == (6, 10)
    assert (found["rash / end day highest"].value, found["rash / end day highest"].reason) == (None, "nothing-given")


def test_who_has_none_left_by_a_day_is_counted_of_those_who_had_one(troubled: Registry) -> None:
    found = safety(troubled)

    assert [found[f"{row} / ended by day 10"].numerator for row in ("headache", "rash", "any")] == [1, 0, 0]
    assert found["rash / ended by day 10"].denominator == 1


def test_without_events_everything_is_said_to_be_none(registry: Registry) -> None:
    found = safety(registry)

    assert (found["any / n"].value, found["any / patients"].numerator) == (0, 0)
    assert found["any / ended by day 10"].reason == "nothing-given"


def test_a_term_that_is_called_as_the_row_of_all_has_a_row_of_its_own(troubled: Registry) -> None:
    for term in ("Any", "term: any"):
        troubled.record_adverse_event("P-1", term=term, started_on="2002-02-01")

    found = safety(troubled)

    rows = ("any", "term: any", "term: term: any", "headache")
    assert [found[f"{row} / n"].value for row in rows] == [5, 1, 1, 2]


def test_terms_with_a_stroke_between_blanks_have_addresses_of_four_parts(troubled: Registry) -> None:
    for term in ("rash / itch", "rash \\/ itch"):
        troubled.record_adverse_event("P-1", term=term, started_on="2002-02-01")

    found = by_address(small(troubled, "[tables.safety]\n"))

    address = r"safety / rash \/ itch / from day 0 / n"
    assert found[address].value == 1
    assert Address.of(address) == Address("safety", "rash / itch", "from day 0", "n")
    assert all(str(Address.of(each)) == each for each in found)


COURSE = """
cohort = "treated"
[day0]
event = "course"
of = ["adalimumab"]
[[time_points]]
name = "baseline"
day = 0
[tables.safety]
"""


def on_drug(registry: Registry, lag: str) -> dict[str, Figure]:
    found = by_address(cohort(parsed(f"{COURSE}{lag}".encode()), registry))
    return {address.replace("safety / ", ""): figure for address, figure in found.items()}


@pytest.fixture
def treated(registry: Registry) -> Registry:
    """P-1 on adalimumab for 100 days from 1 March 2002, with events on days 50, 110 and 131 of it, seen until 2003."""
    registry.start_treatment("P-1", agent="adalimumab", started_on="2002-03-01", stopped_on="2002-06-09")
    for day in ("2002-04-20", "2002-06-19", "2002-07-10"):
        registry.record_adverse_event("P-1", term="rash", started_on=day)
    registry.record_visit("P-1", visited_on="2003-03-01", measures={})
    return registry


@pytest.mark.parametrize(
    ("lag", "n", "days", "off"), [(0, 1, 100, 2), (9, 1, 109, 2), (10, 2, 110, 1), (31, 3, 131, 0)]
)
def test_events_on_the_drug_count_until_the_lag_is_over(
    treated: Registry, lag: int, n: int, days: int, off: int
) -> None:
    found = on_drug(treated, f"lag = {lag}\n")

    rate = found["rash / on the drug / per 100 patient-years"]
    assert found["rash / on the drug / n"].value == n
    assert rate.value == pytest.approx(100 * n / (days / 365.25))
    assert (f"{off} off the drug or outside observed time" in str(rate.denominator_note)) is (off > 0)


def test_rates_on_the_drug_are_compared_between_groups(treated: Registry) -> None:
    treated.enrol_patient("P-2", enrolled_on="2002-01-14", sex="female")
    treated.enrol_patient("P-3", enrolled_on="2002-01-14", sex="male")
    for patient, stop in (("P-2", "2002-05-10"), ("P-3", "2002-06-09")):  # 70 days, and 100
        treated.start_treatment(patient, agent="adalimumab", started_on="2002-03-01", stopped_on=stop)
        treated.record_visit(patient, visited_on="2003-03-01", measures={})
        for day in ("2002-04-20", "2002-05-01"):
            treated.record_adverse_event(patient, term="rash", started_on=day)
    treated.record_adverse_event("P-3", term="rash", started_on="2002-07-10")  # off the drug

    found = on_drug(treated, 'lag = 0\n[groups]\nby = "sex"\nlevels = { men = "male", women = "female" }\n')

    assert found["rash / on the drug / rate ratio / women"].value == pytest.approx((2 / 70) / (2 / 100))
    assert found["rash / on the drug / rate ratio of first events / women"].value == pytest.approx(1)  # day 50 of both
    assert found["rash / on the drug / p of per 100 patient-years between groups / women"].p_value is not None


def test_without_a_lag_events_count_on_the_drug_or_not_as_they_did(treated: Registry) -> None:
    found = on_drug(treated, "")

    assert found["rash / from day 0 / n"].value == 3
    assert not [address for address in found if "on the drug" in address or "patient-years" in address]


def test_a_lag_where_day_0_begins_no_treatment_is_refused_with_its_key() -> None:
    with pytest.raises(
        DefinitionError,
        match=r"tables\.safety\.lag: needs day0\.event = 'course', 'line', 'episode', 'switch' or 'dose-change'",
    ):
        parsed(f"{SMALL}[tables.safety]\nlag = 30\n".encode())
