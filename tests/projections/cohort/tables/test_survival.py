"""Drug survival of the course of day 0: the published vector, the reasons, and courses that go on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, cohort
from tests.projections.statistics.expected import by_sample, number, rows

START = date(2003, 1, 1)
VECTOR = ((2, 1), (3, 1), (3, 0), (5, 1), (6, 0), (8, 1), (8, 1), (10, 0), (12, 1), (12, 0))  # (time, event)
ON_A_DRUG = SMALL.replace('event = "enrolment"', 'event = "course"\nof = ["infliximab"]')


def kept(registry: Registry, days: int, reason: str | None, patient: str) -> None:
    """A patient whose course of infliximab ended after so many days for a reason; seen for the last time then."""
    registry.enrol_patient(patient, enrolled_on=START)
    stopped_on = START + timedelta(days=days)
    ended = {"stopped_on": stopped_on, "stop_reason": reason} if reason else {}
    registry.start_treatment(patient, agent="infliximab", started_on=START, **ended)
    registry.record_visit(patient, visited_on=stopped_on, measures={"crp": 5})


def survival(registry: Registry, keys: str = "", as_of: str | None = None) -> dict[str, Figure]:
    """The survival figures, without the table's name."""
    text = f"{ON_A_DRUG}[tables.survival]\n{keys}"
    found = by_address(cohort(parsed(text.encode()), facts_at(registry, as_of=as_of)))
    return {address.removeprefix("survival / "): figure for address, figure in found.items()}


@pytest.fixture
def ten(registry: Registry) -> Registry:
    """Ten patients whose courses ended, or went on, as in a worked example of the Kaplan-Meier estimate."""
    for place, (days, event) in enumerate(VECTOR):
        kept(registry, days, "lack-of-efficacy" if event else None, f"K-{place}")
    return registry


def test_retention_is_that_of_the_worked_example(ten: Registry) -> None:
    found = survival(ten, "days = [2, 3, 5, 8, 12]\n")

    retention = [found[f"retention / day {day} / retention"].value for day in (2, 3, 5, 8, 12)]
    assert retention == pytest.approx([90, 80, 68.5714, 41.1429, 20.5714], abs=1e-4)
    at_8 = found["retention / day 8 / retention"]
    assert (at_8.ci_low, at_8.ci_high) == (pytest.approx(10.25, abs=0.01), pytest.approx(70.73, abs=0.01))
    assert at_8.ci_method == "log-log, 95%"
    assert found["retention /  / median"].value == 8
    assert found["retention / day 8 / at risk"].value == 5


def test_every_course_is_counted_once(ten: Registry) -> None:
    found = survival(ten)

    assert found["courses /  / lack-of-efficacy"].value == 6
    assert found["courses /  / ongoing"].value == 4
    assert found["courses /  / ongoing"].variant == "censored"


def test_reasons_compete_and_add_up_with_retention_to_all(registry: Registry) -> None:
    for place, (days, reason) in enumerate(((10, "adverse-event"), (20, "lack-of-efficacy"), (30, None), (40, None))):
        kept(registry, days, reason, f"K-{place}")

    found = survival(registry, "days = [25]\n")

    adverse = found["ended: adverse-event / day 25 / cumulative incidence"].value
    failed = found["ended: lack-of-efficacy / day 25 / cumulative incidence"].value
    assert (adverse, failed, found["retention / day 25 / retention"].value) == (25, 25, 50)


@pytest.mark.parametrize(("keys", "retained"), [("", 100), ("censor = []\n", 50)])
def test_a_planned_end_is_no_failure_unless_asked(registry: Registry, keys: str, retained: float) -> None:
    kept(registry, 10, "protocol-end", "K-0")
    kept(registry, 30, None, "K-1")

    assert survival(registry, f"days = [20]\n{keys}")["retention / day 20 / retention"].value == retained


def test_a_course_stopped_after_the_day_goes_on_at_it(registry: Registry) -> None:
    kept(registry, 100, "lack-of-efficacy", "K-0")

    found = survival(registry, "days = [50]\n", as_of="2003-03-01")

    assert found["courses /  / ongoing"].value == 1
    assert found["retention / day 50 / retention"].value == 100


def test_a_death_on_the_drug_is_an_event_or_censored_as_asked(registry: Registry) -> None:
    kept(registry, 10, None, "K-0")
    kept(registry, 30, None, "K-1")
    registry.end_follow_up("K-0", ended_on="2003-01-11", reason="died")

    event, censored = (survival(registry, f'days = [20]\ndeath = "{death}"\n') for death in ("event", "censor"))

    assert event["retention / day 20 / retention"].value == 50
    assert censored["retention / day 20 / retention"].value == 100
    assert event["courses /  / died"].value == 1


def test_a_stop_on_the_last_day_of_follow_up_is_an_event(registry: Registry) -> None:
    kept(registry, 10, "adverse-event", "K-0")
    registry.end_follow_up("K-0", ended_on="2003-01-11", reason="moved")

    assert survival(registry)["courses /  / adverse-event"].value == 1


def test_a_later_episode_of_the_same_drug_does_not_mend_the_first(registry: Registry) -> None:
    kept(registry, 10, "adverse-event", "K-0")
    registry.start_treatment("K-0", agent="infliximab", started_on="2003-06-01")
    registry.record_visit("K-0", visited_on="2004-01-01", measures={"crp": 5})

    found = survival(registry, "days = [5, 20]\n")

    assert [found[f"retention / day {day} / retention"].value for day in (5, 20)] == [100, 0]
    assert found["retention / day 20 / retention"].reason == "limits-undefined"


def test_a_row_for_each_dose_is_one_course(registry: Registry) -> None:
    """Doses of 7 days each, 90 days from the end of one to the next; the last is stopped."""
    registry.enrol_patient("K-0", enrolled_on=START)
    for first, reason in ((0, "other"), (97, "other"), (194, "loss-of-efficacy")):
        started_on, stopped_on = START + timedelta(days=first), START + timedelta(days=first + 7)
        registry.start_treatment(
            "K-0", agent="infliximab", started_on=started_on, stopped_on=stopped_on, stop_reason=reason
        )

    found = survival(registry, "days = [8, 200, 201]\n")

    assert [found[f"retention / day {day} / retention"].value for day in (8, 200, 201)] == [100, 100, 0]
    assert [address for address in found if address.startswith("courses")] == [
        "courses /  / loss-of-efficacy",
        "courses /  / ongoing",
    ]


def test_a_course_that_nobody_stopped_has_no_median(registry: Registry) -> None:
    kept(registry, 30, None, "K-0")

    found = survival(registry, "days = [20]\n")

    assert found["retention / day 20 / retention"].value == 100
    assert (found["retention /  / median"].value, found["retention /  / median"].reason) == (None, "not-reached")
    assert not [address for address in found if address.startswith("ended")]


def test_without_censoring_retention_is_the_share_still_on_the_drug(registry: Registry) -> None:
    lengths = (3, 8, 8, 15, 21, 40, 40)
    for place, days in enumerate(lengths):
        kept(registry, days, "adverse-event" if place % 2 else "lack-of-efficacy", f"K-{place}")
    days = (1, 3, 8, 20, 39, 40)

    found = survival(registry, f"days = {list(days)}\n")

    for day in days:
        lasting = sum(each > day for each in lengths)
        retained = found[f"retention / day {day} / retention"].value
        assert retained == pytest.approx(100 * lasting / 7)
        causes = ("adverse-event", "lack-of-efficacy")
        ended = [found[f"ended: {cause} / day {day} / cumulative incidence"].value for cause in causes]
        assert sum(ended, retained) == pytest.approx(100)  # type: ignore[arg-type]


def test_a_median_whose_upper_limit_was_not_reached_has_the_lower_one_and_says_so(registry: Registry) -> None:
    """The ten patients of R's `ten` (tests/data/survival_quantiles.csv): a median of 8, from 2 on."""
    times, ended = (2, 3, 3, 5, 6, 8, 8, 10, 12, 12), (1, 1, 0, 1, 0, 1, 1, 0, 1, 0)
    for place, (days, is_over) in enumerate(zip(times, ended, strict=True)):
        kept(registry, days, "adverse-event" if is_over else None, f"K-{place}")

    median = survival(registry, "days = [5]\n")["retention /  / median"]

    assert (median.value, median.ci_low, median.ci_high) == (8, 2, None)
    assert (median.text, median.ci_method, median.reason) == ("8 (2–not reached)", "log-log, 95%", None)


@pytest.mark.parametrize("interval", ["log-log", "log", "plain"])
def test_retention_incidence_and_medians_are_those_of_r(registry: Registry, interval: str) -> None:
    """The samples of tests/data/followed.csv as patients who stopped for three reasons, or go on."""
    reasons = (None, "adverse-event", "lack-of-efficacy", "patient-wish")
    followed = dict(by_sample("followed.csv"))["tied"]
    for place, row in enumerate(followed):
        kept(registry, int(row["time"]), reasons[int(row["cause"])], f"K-{place}")
    curve = [row for row in dict(by_sample("survival_curves.csv"))["tied"] if row["interval"] == interval]
    days = [int(row["time"]) for row in curve]

    found = survival(registry, f'days = {days}\n[statistics]\nsurvival = "{interval}"\n')

    for row in curve:
        retained = found[f"retention / day {row['time']} / retention"]
        assert found[f"retention / day {row['time']} / at risk"].value == int(row["at_risk"])
        assert retained.value == pytest.approx(100 * float(row["survival"]), abs=1e-9)
        if row["low"] and retained.value:
            limits = (100 * float(row["low"]), 100 * float(row["high"]))
            assert (retained.ci_low, retained.ci_high) == pytest.approx(limits, abs=1e-7)
    for row in rows("cumulative_incidence.csv"):
        if row["sample"] == "tied":
            cause = reasons[int(row["cause"])]
            incidence = found[f"ended: {cause} / day {row['time']} / cumulative incidence"]
            assert incidence.value == pytest.approx(100 * float(row["incidence"]), abs=1e-9)
    (median,) = (
        row
        for row in rows("survival_quantiles.csv")
        if (row["sample"], row["interval"], row["share"]) == ("tied", interval, "0.5")
    )
    at = found["retention /  / median"]
    assert (at.value, at.ci_low, at.ci_high) == tuple(number(median[name]) for name in ("time", "low", "high"))


def test_nobody_on_the_drug_leaves_reasons_and_no_number(registry: Registry) -> None:
    found = survival(registry, "days = [20]\n")

    assert found["retention / day 20 / retention"].reason == "nothing-given"
    assert found["retention /  / median"].reason == "nothing-given"


def test_retention_beyond_what_was_followed_is_left_open(ten: Registry) -> None:
    assert survival(ten, "days = [13]\n")["retention / day 13 / retention"].reason == "beyond-follow-up"


def test_lundex_is_retention_times_the_responders_seen_on_the_drug(registry: Registry) -> None:
    for place in range(4):
        patient = f"K-{place}"
        registry.enrol_patient(patient, enrolled_on=START)
        registry.start_treatment(patient, agent="infliximab", started_on=START)
        registry.record_visit(patient, visited_on=START, measures={"basdai": 8})
        if place < 2:
            after = START + timedelta(days=900)
            registry.record_visit(patient, visited_on=after, measures={"basdai": 2 if place else 8})
    registry.stop_treatment(f"treatment/K-3/infliximab/{START}", stopped_on="2003-06-01", stop_reason="adverse-event")
    registry.stop_treatment(f"treatment/K-2/infliximab/{START}", stopped_on="2006-01-01", stop_reason="adverse-event")

    found = survival(registry, 'lundex = "basdai50"\n', as_of="2006-02-01")["LUNDEX / 2 years / basdai50"]

    assert (found.numerator, found.denominator) == (1, 2)
    assert found.value == pytest.approx(100 * 0.75 * 0.5)


@pytest.mark.parametrize(("keys", "of"), [("", 1), ("lag = 0\n", 0)])
def test_a_visit_the_day_after_the_last_dose_shows_what_the_drug_has_done(
    registry: Registry, keys: str, of: int
) -> None:
    registry.enrol_patient("K-0", enrolled_on=START)
    last_dose = START + timedelta(days=899)
    registry.start_treatment(
        "K-0", agent="infliximab", started_on=START, stopped_on=last_dose, stop_reason="protocol-end"
    )
    for day, basdai in ((0, 8), (900, 2)):
        registry.record_visit("K-0", visited_on=START + timedelta(days=day), measures={"basdai": basdai})

    found = survival(registry, f'lundex = "basdai50"\n{keys}', as_of="2006-02-01")["LUNDEX / 2 years / basdai50"]

    assert (found.numerator, found.denominator) == (of, of)


def test_who_is_between_two_doses_is_on_the_drug(registry: Registry) -> None:
    registry.enrol_patient("K-0", enrolled_on=START)
    for first, last in ((0, 850), (920, 1200)):
        registry.start_treatment(
            "K-0",
            agent="infliximab",
            started_on=START + timedelta(days=first),
            stopped_on=START + timedelta(days=last),
            stop_reason="other",
        )
    for day, basdai in ((0, 8), (900, 2)):
        registry.record_visit("K-0", visited_on=START + timedelta(days=day), measures={"basdai": basdai})

    found = survival(registry, 'lundex = "basdai50"\nlag = 0\n', as_of="2006-06-02")["LUNDEX / 2 years / basdai50"]

    assert (found.numerator, found.denominator) == (1, 1)


def test_survival_needs_a_course_to_begin_on_day_0() -> None:
    with pytest.raises(DefinitionError, match=r"tables\.survival: needs day0\.event = 'course', 'line', 'episode'"):
        parsed(f"{SMALL}[tables.survival]\n".encode())
    assert "survival" not in [table.name for table in parsed(SMALL.encode()).tables]


def test_the_points_of_retention_are_its_steps_with_what_stands_below_them(ten: Registry) -> None:
    found = survival(ten, "days = [2]\npoints = true\n")

    days = (0, 2, 3, 5, 6, 8, 10, 12)  # of VECTOR, after the beginning
    points = [found[f"retention / day {day} / point {number}"] for number, day in enumerate(days, 1)]
    assert [point.value for point in points] == pytest.approx(
        [100, 90, 80, 68.5714, 68.5714, 41.1429, 41.1429, 20.5714], abs=1e-4
    )
    assert (points[5].ci_low, points[5].ci_high) == (pytest.approx(10.25, abs=0.01), pytest.approx(70.73, abs=0.01))
    below = [
        tuple(
            found[f"retention / day {day} / point {number} {what}"].value for what in ("at risk", "events", "censored")
        )
        for number, day in enumerate(days[1:], 2)
    ]
    assert below == [(10, 1, 0), (9, 1, 1), (7, 1, 0), (6, 0, 1), (5, 2, 0), (3, 0, 1), (2, 1, 1)]


def test_the_points_of_a_reason_are_the_days_on_which_it_ended_a_course(registry: Registry) -> None:
    for patient, (days, reason) in enumerate(((10, "adverse-event"), (15, "lack-of-efficacy"), (20, None), (30, None))):
        kept(registry, days, reason, f"K-{patient}")

    found = survival(registry, "days = [25]\npoints = true\n")

    shown = {
        address: figure.value
        for address, figure in found.items()
        if address.startswith("ended: lack-of-efficacy") and " / point " in address
    }
    assert shown == {
        "ended: lack-of-efficacy / day 0 / point 1": 0,
        "ended: lack-of-efficacy / day 15 / point 2": pytest.approx(25),
    }


def test_a_conditional_curve_begins_on_its_day(ten: Registry) -> None:
    found = survival(ten, "days = [8]\nfrom_day = 5\npoints = true\n")

    assert found["retention / day 5 / point 1"].value == 100
    assert found["retention / day 6 / point 2"].value == 100
