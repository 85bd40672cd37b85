"""Who is in a cohort, step by step, and what day 0 is."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import CohortError
from projections.cohort.members.readings import readings_of
from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.cohort.defined import SMALL, by_address, cohort, of_paper, small


def flow(*steps: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    """Steps, each with the patients left and excluded."""
    return list(steps)


def test_the_flow_tells_how_many_each_condition_left_out(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", sex="female", centre="C1", consented_on="2002-01-01")
    registry.enrol_patient("P-3", enrolled_on="2002-01-14", sex="female", centre="C1")

    found = small(registry, '[who]\ncentres = ["C1"]\nsex = ["female"]\nconsent = true\n')

    assert found.members == ["P-2"]
    assert [tuple(step) for step in found.flow] == flow(
        ("in the registry", 3, 0),
        ("day 0: the day of enrolment", 3, 0),
        ("centre: C1", 2, 1),
        ("sex: female", 2, 0),
        ("consent recorded", 1, 1),
    )


def test_the_steps_add_up_to_the_patients_of_the_registry(published: Registry) -> None:
    found = of_paper("baraliakos2013", published)

    assert found.flow[0].n_left == 31
    assert found.flow[0].n_left - sum(step.n_excluded for step in found.flow) == found.n == 22


def test_day_0_is_the_first_course_of_the_agents_that_are_named(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="naproxen", started_on="2002-02-01")
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-03-01", stopped_on="2002-04-01")
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-06")

    text = 'event = "course"\nof = ["TNFi"]'
    first = small(registry, "").definition
    assert first.day_zero.event == "enrolment"
    for which, day in (("first", "2002-03-01"), ("last", "2002-06-15")):
        found = _with_day_zero(registry, f'{text}\nwhich = "{which}"')
        assert [str(each) for each in found.day_zero.astype("datetime64[D]")] == [day]


def test_a_line_of_therapy_can_be_day_0(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-03-01", stopped_on="2002-04-01")
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-06-01")

    found = _with_day_zero(registry, 'event = "line"\nline = 2')

    assert str(found.day_zero.astype("datetime64[D]")[0]) == "2002-06-01"


def test_a_patient_without_day_0_is_left_out_and_told(registry: Registry) -> None:
    found = _with_day_zero(registry, 'event = "course"\nof = ["anakinra"]')

    assert found.members == []
    assert found.flow[1].n_excluded == 1


def test_a_cohort_at_an_earlier_point_has_those_who_were_known_then(registry: Registry) -> None:
    before = facts_at(registry)
    registry.enrol_patient("P-2", enrolled_on="2003-01-14")

    assert small(before).members == ["P-1"]
    assert small(registry).members == ["P-1", "P-2"]
    assert small(facts_at(registry, as_of="2002-12-31")).members == ["P-1"]


def test_two_readers_are_no_single_reader(scanned: Registry) -> None:
    for reader in ("R1", "R2"):
        scanned.record_reading("A", reader=reader, method="berlin", grades={"C2/3": 1})

    with pytest.raises(CohortError, match=r"imaging\.reader: readings by berlin are of R1, R2; name one"):
        by_address(small(scanned, '[tables.scores]\nmethods = ["berlin"]\n'))


def test_a_reader_who_read_nothing_is_refused_with_those_who_did(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 1})

    with pytest.raises(UnknownCodeError, match=r"'R7' is not a known reader by berlin; write R1"):
        by_address(small(scanned, '[imaging]\nreader = "R7"\n[tables.scores]\nmethods = ["berlin"]\n'))


def test_two_sessions_of_one_study_need_a_choice(scanned: Registry) -> None:
    for session, grade in (("blinded", 1), ("open", 2)):
        scanned.record_reading("A", reader="R1", method="berlin", session=session, grades={"C2/3": grade})
    tables = '[tables.scores]\nmethods = ["berlin"]\n'

    with pytest.raises(CohortError, match=r"in several sessions; name one of 'blinded', 'open'"):
        by_address(small(scanned, tables))
    cohort = small(scanned, f'[imaging]\nsession = "open"\n{tables}')

    assert readings_of(cohort, "berlin").readers == ["R1"]


def _with_day_zero(registry: Registry, text: str):  # type: ignore[no-untyped-def]
    from projections.cohort.definition_file import parsed
    from tests.projections.cohort.defined import SMALL, cohort

    return cohort(parsed(SMALL.replace('event = "enrolment"', text).encode()), registry)


def test_who_withdrew_is_left_out_by_a_step_of_the_flow(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-02-01")
    registry.end_follow_up("P-2", ended_on="2004-05-01", reason="withdrawn")

    kept, excluded = (small(registry, f'[who]\nwithdrawn = "{which}"\n') for which in ("keep", "exclude"))

    assert (kept.n, excluded.n) == (2, 1)
    assert (excluded.flow[-1].name, excluded.flow[-1].n_excluded) == ("consent not withdrawn", 1)


def test_who_is_left_out_of_the_facts_for_withdrawn_consent_is_a_step_of_the_flow_as_well(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-02-01")
    registry.end_follow_up("P-2", ended_on="2004-05-01", reason="withdrawn")

    excluded = Cohort.of(parsed(SMALL.encode()), facts_at(registry, withdrawn="exclude"))

    assert [(step.n_left, step.n_excluded) for step in excluded.flow] == [(2, 0), (1, 1), (1, 0)]
    assert excluded.flow[1].name == "consent not withdrawn"
    assert "who.withdrawn" not in dict(excluded.defaults)


def test_consent_has_to_be_given_by_as_of_and_to_stand(registry: Registry) -> None:
    registry.amend("P-1", {"consented_on": "2002-03-01"}, reason="form found")
    registry.enrol_patient("P-2", enrolled_on="2002-02-01", consented_on="2002-02-01")
    registry.end_follow_up("P-2", ended_on="2004-05-01", reason="withdrawn")
    definition = small(registry, "[who]\nconsent = true\n").definition

    members = [
        Cohort.of(definition, facts_at(registry, as_of=day)).members
        for day in ("2002-02-28", "2002-03-01", "2004-05-01")
    ]

    assert [list(each) for each in members] == [["P-2"], ["P-1", "P-2"], ["P-1"]]


@pytest.mark.parametrize("resumed", [False, True])
def test_a_new_consent_lifts_a_withdrawal_whether_or_not_follow_up_is_resumed(
    registry: Registry, resumed: bool
) -> None:
    registry.end_follow_up("P-1", ended_on="2004-05-01", reason="withdrawn")
    registry.amend("P-1", {"consented_on": "2006-02-01"}, reason="new consent")
    if resumed:
        registry.resume_follow_up("P-1", resumed_on="2006-03-01")

    for keys in ("consent = true", 'withdrawn = "exclude"'):
        definition = small(registry, f"[who]\n{keys}\n").definition
        members = [
            list(Cohort.of(definition, facts_at(registry, as_of=day)).members)
            for day in ("2004-05-01", "2006-01-31", "2006-02-01", "2006-03-01")
        ]
        assert members == [[], [], ["P-1"], ["P-1"]]


@pytest.mark.parametrize(("started_on", "told", "visits"), [("2002", 1, 0), ("2002-07", 0, 1), ("2002-07-16", 0, 1)])
def test_a_day_0_known_to_the_year_only_counts_at_no_time_point(
    registry: Registry, started_on: str, told: int, visits: int
) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on=started_on)
    registry.record_visit("P-1", visited_on="2002-07-16", measures={"crp": 1})

    found = cohort(parsed(SMALL.replace('event = "enrolment"', 'event = "course"').encode()), registry)

    assert found.members == ["P-1"]
    assert int(found.admitted.to_the_year.sum()) == told
    assert int((found.visit_rows()[:, 0] >= 0).sum()) == visits


def test_the_first_study_is_the_first_under_observation(registry: Registry) -> None:
    for code, day in (("S-0", "2001-12-01"), ("S-1", "2002-04-02"), ("S-2", "2003-04-02")):
        registry.record_study(code, patient="P-1", performed_on=day, modality="MRI", regions="spine")

    found = cohort(parsed(SMALL.replace('event = "enrolment"', 'event = "first-study"').encode()), registry)

    assert str(found.day_zero.astype("datetime64[D]")[0]) == "2002-04-02"
