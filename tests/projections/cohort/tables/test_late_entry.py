"""Drug survival of patients who are not under observation from day 0 on, against values computed by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.errors import ConflictingOptionsError
from tests.projections.cohort.defined import SMALL, by_address, cohort

START = date(2011, 3, 1)
ON_A_DRUG = SMALL.replace('event = "enrolment"', 'event = "course"\nof = ["golimumab"]')


def day(n: int) -> date:
    """The day so many days after day 0."""
    return START + timedelta(days=n)


def observed(registry: Registry, patient: str, enrolled: int, seen: int, *, stop: int | None, reason: str = "") -> None:
    """A patient given golimumab from day 0, enrolled on one day after it, seen last on another."""
    registry.enrol_patient(patient, enrolled_on=day(enrolled))
    ended = {} if stop is None else {"stopped_on": day(stop), "stop_reason": reason or "loss-of-efficacy"}
    registry.start_treatment(patient, agent="golimumab", started_on=START, **ended)
    registry.record_visit(patient, visited_on=day(seen), measures={"crp": 5})


def survival(registry: Registry, keys: str, *, observation: str = "", as_of: date | None = None) -> dict[str, Figure]:
    """The survival figures, without the table's name."""
    text = f"{ON_A_DRUG}[observation]\n{observation}\n[tables.survival]\n{keys}\n"
    found = by_address(
        cohort(parsed(text.encode()), facts_at(registry, as_of=as_of, known_at=registry.log.head().position))
    )
    return {address.removeprefix("survival / "): figure for address, figure in found.items()}


def retention(found: dict[str, Figure], *days: int) -> list[float | None]:
    """Retention in % on some days."""
    return [found[f"retention / day {each} / retention"].value for each in days]


@pytest.fixture
def prevalent(registry: Registry) -> Registry:
    """Two observed from day 0, of whom one stops on day 40; two enrolled later, of whom one stops on day 160."""
    observed(registry, "G-1", 0, 40, stop=40)
    observed(registry, "G-2", 0, 400, stop=None)
    observed(registry, "G-3", 50, 160, stop=160)
    observed(registry, "G-4", 120, 400, stop=None)
    return registry


def test_who_began_before_observation_is_at_risk_from_its_start(prevalent: Registry) -> None:
    """1/2 of two on day 40, then 2/3 of the three of day 160: who was enrolled on day 120 was not there on day 40."""
    found = survival(prevalent, "days = [40, 50, 51, 160, 300]")

    at_risk = [found[f"retention / day {each} / at risk"].value for each in (40, 50, 51, 160, 300)]
    assert at_risk == [2, 1, 2, 3, 2]
    assert retention(found, 40, 159 + 1, 300) == [50, pytest.approx(100 / 3), pytest.approx(100 / 3)]
    assert found["ended: loss-of-efficacy / day 160 / cumulative incidence"].value == pytest.approx(200 / 3)
    note = found["retention / day 40 / retention"].denominator_note
    assert note is not None
    assert "observed until the last contact; entry delayed; 2 observed from after day 0" in note


def test_incident_users_only_is_a_step_of_the_flow(prevalent: Registry) -> None:
    text = f'{ON_A_DRUG}[observation]\nentry = "incident"\n[tables.survival]\ndays = [160]\n'
    incident = cohort(parsed(text.encode()), prevalent)

    assert incident.members == ["G-1", "G-2"]
    assert ("day 0 under observation (entry = incident)", 2, 2) in incident.flow
    assert by_address(incident)["survival / retention / day 160 / retention"].value == 50


def test_at_risk_from_the_start_by_name_is_said_beside_the_figure(prevalent: Registry) -> None:
    """3/4 on day 40, 2/3 of it on day 160."""
    found = survival(prevalent, "days = [40, 160]", observation='entry = "from-start"')

    assert retention(found, 40, 160) == [75, 50]
    assert "entry from-start" in str(found["retention / day 160 / retention"].denominator_note)


def test_where_events_empty_the_risk_set_before_others_enter_nothing_is_known(registry: Registry) -> None:
    observed(registry, "G-1", 0, 20, stop=20)
    for place, stop in enumerate((60, 90, None)):
        observed(registry, f"L-{place}", 30, 120, stop=stop)

    found = survival(registry, "days = [19, 20, 100]")
    later = survival(registry, "days = [20, 60, 100]\nfrom_day = 30")

    assert retention(found, 19, 20, 100) == [100, None, None]
    assert found["retention / day 100 / retention"].reason == "risk-set-emptied"
    assert retention(later, 60, 100) == [pytest.approx(200 / 3), pytest.approx(100 / 3)]
    assert later["retention / day 20 / retention"].reason is not None


def test_a_stop_that_ends_a_silence_counts_nowhere(registry: Registry) -> None:
    """Silent from day 30 on, with a gap of 90 days: the stop of day 200 ends the silence, that of 320 comes after."""
    for patient, stop, seen in (
        ("G-1", 200, (30, 260)),
        ("G-2", 320, (30, 300, 350)),
        ("G-3", None, range(80, 401, 80)),
    ):
        registry.enrol_patient(patient, enrolled_on=START)
        ended = {} if stop is None else {"stopped_on": day(stop)}
        registry.start_treatment(patient, agent="golimumab", started_on=START, **ended)
        for each in seen:
            registry.record_visit(patient, visited_on=day(each), measures={"crp": 5})

    found = survival(registry, "days = [30, 31, 201, 301, 320]", observation='gap = "90 days"')

    assert [found[f"retention / day {each} / at risk"].value for each in (30, 31, 201, 301, 320)] == [3, 1, 1, 2, 2]
    assert retention(found, 201, 320) == [100, 50]
    note = str(found["retention / day 320 / retention"].denominator_note)
    assert "silences over 90 days left out" in note
    assert "1 ended outside observed time" in note


def test_a_patient_who_came_back_is_at_risk_again(registry: Registry) -> None:
    """Of four at risk on day 20 one stops; of the two there on day 310 one, who had been lost in between."""
    registry.enrol_patient("G-1", enrolled_on=START)
    registry.end_follow_up("G-1", ended_on=day(30), reason="lost")
    registry.resume_follow_up("G-1", resumed_on=day(300))
    registry.start_treatment("G-1", agent="golimumab", started_on=START, stopped_on=day(310))
    observed(registry, "G-2", 0, 20, stop=20)
    observed(registry, "G-3", 0, 100, stop=None)
    observed(registry, "G-4", 0, 320, stop=None)

    assert retention(survival(registry, "days = [20, 310]"), 20, 310) == [75, 37.5]


@pytest.mark.parametrize(("closed", "as_of"), [(True, None), (False, None), (True, date(2019, 1, 1))])
def test_a_course_closed_as_lost_is_the_same_as_one_left_open(
    registry: Registry, *, closed: bool, as_of: date | None
) -> None:
    """Lost on day 70 of three; of the two left one stops on day 80."""
    observed(registry, "G-1", 0, 500, stop=None)
    observed(registry, "G-2", 0, 80, stop=80)
    registry.enrol_patient("G-3", enrolled_on=START)
    ended = {"stopped_on": day(70), "stop_reason": "lost"} if closed else {}
    registry.start_treatment("G-3", agent="golimumab", started_on=START, **ended)
    registry.end_follow_up("G-3", ended_on=day(70), reason="lost")

    found = survival(registry, "days = [400]", as_of=as_of)

    assert retention(found, 400) == [50]
    assert found["retention / day 400 / at risk"].value == 1


def test_a_day_on_which_the_figures_are_asked_makes_nobody_observed(registry: Registry) -> None:
    observed(registry, "G-1", 0, 200, stop=90)
    observed(registry, "G-2", 0, 200, stop=None)

    for as_of in (None, date(2020, 1, 1)):
        found = survival(registry, "days = [200, 201]", as_of=as_of)
        assert retention(found, 200, 201) == [50, None]
        assert found["retention / day 201 / retention"].reason == "beyond-follow-up"

    linked = survival(registry, "days = [201]", observation='until = "as-of"', as_of=date(2020, 1, 1))
    assert retention(linked, 201) == [50]
    assert "observed until as_of" in str(linked["retention / day 201 / retention"].denominator_note)


def test_observation_until_as_of_without_one_is_refused(registry: Registry) -> None:
    observed(registry, "G-1", 0, 200, stop=90)

    with pytest.raises(ConflictingOptionsError, match="until: 'as-of' wants an as_of"):
        survival(registry, "days = [100]", observation='until = "as-of"')


def test_a_death_competes_in_incidence_even_where_retention_censors_it(registry: Registry) -> None:
    """Of four: dead on day 10, failed on day 20; retention of the three that are left 2/3, incidence 1/4 each."""
    registry.enrol_patient("G-1", enrolled_on=START)
    registry.start_treatment("G-1", agent="golimumab", started_on=START)
    registry.end_follow_up("G-1", ended_on=day(10), reason="died")
    observed(registry, "G-2", 0, 20, stop=20)
    observed(registry, "G-3", 0, 50, stop=None)
    observed(registry, "G-4", 0, 50, stop=None)

    found = survival(registry, 'days = [30]\ndeath = "censor"')

    assert retention(found, 30) == [pytest.approx(200 / 3)]
    assert found["ended: died / day 30 / cumulative incidence"].value == 25
    assert found["ended: loss-of-efficacy / day 30 / cumulative incidence"].value == 25


def test_bounds_are_the_shortest_and_the_longest_that_a_course_was(registry: Registry) -> None:
    """From March 2011 to May 2011: from 31 March to 1 May, 31 days, or from 1 March to 31 May, 91 days."""
    registry.enrol_patient("G-1", enrolled_on="2011-01-01")
    registry.start_treatment("G-1", agent="golimumab", started_on="2011-03", stopped_on="2011-05", stop_reason="other")
    registry.record_visit("G-1", visited_on="2011-12-31", measures={"crp": 5})

    bounds = survival(registry, "days = [60]", observation='partial = "bounds"')
    middle = survival(registry, "days = [60]")

    medians = [bounds[f"retention / {bound} / median"] for bound in ("shortest", "longest")]
    assert [median.value for median in medians] == [31, 91]
    assert middle["retention /  / median"].value == 61  # 16 March to 16 May
    assert "1 resting on a partial day" in str(middle["retention /  / median"].denominator_note)
