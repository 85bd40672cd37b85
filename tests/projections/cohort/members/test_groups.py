"""Which group each member is in, and who is in none."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.groups import Grouped, grouped, of_group
from projections.cohort.members.reader_selection import CohortError
from registry import Registry
from tests.projections.cohort.defined import SMALL, cohort, of_paper, small
from tests.spec.own_measures import with_protocol

BEGIN = date(2002, 1, 14)


def after(days: int) -> date:
    """The day so many days after the enrolment of everybody."""
    return BEGIN + timedelta(days=days)


def groups_of(registry: Registry, text: str, of: str = "") -> Grouped:
    return grouped(small(registry, f"{of}\n[groups]\n{text}\n"))


def by_member(cohort: Cohort) -> dict[str, str | None]:
    found = grouped(cohort)
    return {member: found.names[of] if of >= 0 else None for member, of in zip(cohort.members, found.of.tolist())}


@pytest.fixture
def four(registry: Registry) -> Registry:
    """P-1 of unknown sex, P-2 and P-3 women, P-4 a man; CRP at enrolment 5, <5, 12, none."""
    for patient, sex, crp in (("P-2", "female", "<5"), ("P-3", "female", "12"), ("P-4", "male", None)):
        registry.enrol_patient(patient, enrolled_on=BEGIN, sex=sex)
        registry.record_visit(patient, visited_on=BEGIN, measures={"crp": crp} if crp else {"esr": "3"})
    registry.record_visit("P-1", visited_on=BEGIN, measures={"crp": "5"})
    return registry


def test_each_word_that_occurs_is_a_group_and_who_is_of_unknown_sex_is_in_none(four: Registry) -> None:
    found = groups_of(four, 'by = "sex"')

    assert found.sizes == {"female": 2, "male": 1}
    assert found.reference == "female"
    assert found.left_out == ((1, "of whom sex is not known"),)


def test_a_level_that_nobody_is_in_is_an_empty_group(four: Registry) -> None:
    found = groups_of(four, 'by = "sex"\nlevels = { men = "male", others = "other" }')

    assert found.sizes == {"men": 1, "others": 0}
    assert found.left_out == ((1, "of whom sex is not known"), (2, "in none of the groups"))


def test_a_reference_of_whom_nobody_is_stands_there_empty(four: Registry) -> None:
    assert groups_of(four, 'by = "sex"\nreference = "other"').sizes == {"female": 2, "male": 1, "other": 0}


def test_a_limit_is_in_a_level_that_holds_all_that_it_leaves_open(four: Registry) -> None:
    open_at_5 = small(four, '\n[groups]\nby = "crp"\nlevels = { low = "..<5", high = "5.." }\n')
    closed_at_4 = small(four, '\n[groups]\nby = "crp"\nlevels = { low = "..4", high = "> 4" }\n')

    assert by_member(open_at_5) == {"P-1": "high", "P-2": "low", "P-3": "high", "P-4": None}
    assert by_member(closed_at_4) == {"P-1": "high", "P-2": None, "P-3": "high", "P-4": None}


def test_whose_group_a_limit_leaves_open_is_told_apart_from_who_is_in_none(four: Registry) -> None:
    across = groups_of(four, 'by = "crp"\nlevels = { low = "..4", high = "6..<12" }')
    beyond = groups_of(four, 'by = "crp"\nlevels = { high = "5.." }')

    assert across.left_out == (
        (1, "of whom crp is not known"),
        (1, "whose group a limit of crp leaves open"),  # P-2: <5 may be 4.5
        (2, "in none of the groups"),  # P-1 with 5, P-3 with 12
    )
    assert beyond.left_out == ((1, "of whom crp is not known"), (1, "in none of the groups"))  # <5 is not from 5 on


def test_words_of_the_list_of_a_registrys_own_measure_make_groups(registry: Registry) -> None:
    with_protocol(registry)
    for patient, said in (("P-1", "current"), ("P-2", "never"), ("P-3", "current"), ("P-4", None)):
        if patient != "P-1":
            registry.enrol_patient(patient, enrolled_on=BEGIN)
        if said:
            registry.record_visit(patient, visited_on=BEGIN, measures={"smoking": said})

    found = groups_of(registry, 'by = "smoking"')

    assert found.sizes == {"never": 1, "current": 2}
    assert found.left_out == ((1, "of whom smoking is not known"),)


def test_a_condition_counts_by_day_0_and_with_a_landmark_by_that_day(four: Registry) -> None:
    four.record_condition("P-2", condition="uveitis", started_on=after(-1))
    four.record_condition("P-3", condition="uveitis", started_on=after(90))
    four.record_condition("P-4", condition="uveitis", started_on=after(91))
    for patient in ("P-1", "P-2", "P-3", "P-4"):
        four.record_visit(patient, visited_on=after(100), measures={"crp": "1"})

    assert by_member(small(four, '\n[groups]\nby = "uveitis"\n')) == {
        "P-1": "no", "P-2": "yes", "P-3": "no", "P-4": "no",
    }  # fmt: skip
    assert by_member(small(four, '\n[groups]\nby = "uveitis"\nlandmark = 90\n')) == {
        "P-1": "no", "P-2": "yes", "P-3": "yes", "P-4": "no",
    }  # fmt: skip


def test_who_is_not_under_observation_on_the_landmark_day_is_in_no_group(four: Registry) -> None:
    four.record_visit("P-2", visited_on=after(90), measures={"crp": "1"})
    four.record_visit("P-3", visited_on=after(89), measures={"crp": "1"})

    found = groups_of(four, 'by = "crp"\nlevels = { low = "..<5", high = "5.." }\nlandmark = 90')

    assert found.sizes == {"low": 1, "high": 0}
    assert found.left_out == ((3, "not under observation on day 90"),)


def test_a_value_after_the_landmark_day_does_not_count(four: Registry) -> None:
    four.record_visit("P-3", visited_on=after(90), measures={"crp": "3"})
    four.record_visit("P-3", visited_on=after(91), measures={"crp": "30"})

    asked = '\n[groups]\nby = "crp"\nlevels = { low = "..<5", high = "5.." }\nlandmark = 90\n'

    assert by_member(small(four, asked))["P-3"] == "low"


def test_the_start_is_told_apart_by_years_or_days(four: Registry) -> None:
    text = 'by = "start"\nlevels = { early = "..2001", first = "2002-01-01..2002-01-14", late = "2002-01-15.." }'

    assert groups_of(four, text).sizes == {"early": 0, "first": 4, "late": 0}


def test_agents_classes_and_lines_are_those_of_day_0(registry: Registry) -> None:
    for patient in ("P-2", "P-3"):
        registry.enrol_patient(patient, enrolled_on=BEGIN)
    for patient, agent, start, stop in (
        ("P-1", "adalimumab", 0, 50),
        ("P-1", "secukinumab", 60, None),
        ("P-2", "secukinumab", 0, None),
        ("P-3", "etanercept", 0, None),
    ):
        course = registry.start_treatment(patient, agent=agent, started_on=after(start))
        if stop is not None:
            registry.stop_treatment(course, stopped_on=after(stop))
    last = SMALL.replace('event = "enrolment"', 'event = "course"\nwhich = "last"')

    def found(text: str) -> Grouped:
        return grouped(cohort(parsed(f"{last}\n[groups]\n{text}\n".encode()), registry))

    assert found('by = "agent"').sizes == {"etanercept": 1, "secukinumab": 2}
    assert found('by = "class"').sizes == {"TNFi": 1, "IL-17i": 2}
    assert found('by = "line"\nlevels = { naive = "1", later = "2.." }').sizes == {"naive": 2, "later": 1}
    assert found('by = "line"').names == ("1", "2")


def test_patients_with_both_kinds_of_erosions_make_overlapping_groups_which_are_refused(published: Registry) -> None:
    definition = of_paper("baraliakos2013", published, "lesions").definition
    text = 'by = "lesion-state"\nlevels = { active = "active-erosion", inactive = "inactive-erosion" }'
    groups = parsed(f"{SMALL}\n[groups]\n{text}\n".encode()).groups

    with pytest.raises(CohortError, match=re.escape("6 members are in both 'active' and 'inactive'")):
        grouped(cohort(definition._replace(groups=groups), published))


def test_16_of_22_patients_of_the_paper_have_active_erosions_at_baseline(published: Registry) -> None:
    definition = of_paper("baraliakos2013", published, "lesions").definition
    groups = parsed(f'{SMALL}\n[groups]\nby = "active-erosion"\n'.encode()).groups

    assert grouped(cohort(definition._replace(groups=groups), published)).sizes == {"yes": 16, "no": 6}


def test_more_groups_than_tables_have_room_for_are_refused(registry: Registry) -> None:
    for number in range(21):
        registry.enrol_patient(f"Q-{number}", enrolled_on=BEGIN, centre=f"C{number:02}")

    with pytest.raises(CohortError, match=r"groups.by: 'centre' makes 21 groups; name 20 at most in levels"):
        groups_of(registry, 'by = "centre"')


def test_a_group_is_the_cohort_of_its_members_and_a_step_of_its_flow(four: Registry) -> None:
    whole = small(four, '\n[groups]\nby = "sex"\n')

    women = of_group(whole, "female")

    assert women.members == ["P-2", "P-3"]
    assert women.whole is whole
    assert women.flow[-1] == ("group: female", 2, 2)
