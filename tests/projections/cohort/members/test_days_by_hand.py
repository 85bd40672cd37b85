"""A small registry reckoned by hand: episodes with gaps of 90 and 91 days, lines, days between, ages, baselines.

A: secukinumab from 1 February to 1 May 2006, again 90 days later until 1 June 2007, again 91 days later. B: adalimumab
in 2006, secukinumab in 2008 and from 2010 on. C: secukinumab from 2011 on; nobody knows when C was born.
"""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from registry import Registry
from tests.projections.cohort.defined import by_address

EPISODES = 'event = "episode"\nof = ["secukinumab"]\n'
BETWEEN = 'between = ["2007-01-01", "2010-12-31"]\n'
BASELINE = '[[time_points]]\nname = "baseline"\nday = 0\nwindow = [-60, 14]\n'
ITEMS = {"basdai_1": "4", "basdai_2": "4", "basdai_3": "4", "basdai_4": "4", "basdai_6": "4"}


@pytest.fixture
def three(registry: Registry) -> Registry:
    """A, born in 1982, B, born in 1952, and C, all enrolled in 2005 and seen in 2013."""
    for patient, born in (("A", 1982), ("B", 1952), ("C", None)):
        registry.enrol_patient(patient, enrolled_on="2005-01-01", birth_year=born)
        registry.record_visit(patient, visited_on="2013-01-01", measures={})
    for patient, agent, start, stop in (
        ("A", "secukinumab", "2006-02-01", "2006-05-01"),
        ("A", "secukinumab", "2006-07-30", "2007-06-01"),
        ("A", "secukinumab", "2007-08-31", None),
        ("B", "adalimumab", "2006-03-01", "2006-12-31"),
        ("B", "secukinumab", "2008-01-01", "2008-12-31"),
        ("B", "secukinumab", "2010-01-01", None),
        ("C", "secukinumab", "2011-01-01", None),
    ):
        registry.start_treatment(patient, agent=agent, started_on=start, stopped_on=stop)
    return registry


def defined(registry: Registry, day0: str, rest: str = "", points: str = BASELINE) -> Cohort:
    text = f'cohort = "by hand"\n[day0]\n{day0}\n{points}{rest}'
    facts = facts_at(registry)
    return Cohort.of(parsed(text.encode(), catalogue=facts.catalogue), facts)


def rows(cohort: Cohort) -> list[tuple[str, str, int | None]]:
    """Whose each row is, its day 0, and the number of its line."""
    return list(zip(cohort.members, map(str, cohort.day_zero.astype("datetime64[D]")), cohort.lines, strict=True))


A_1, A_2 = ("A", "2006-02-01", 1), ("A", "2007-08-31", 2)
B_1, B_2 = ("B", "2008-01-01", 2), ("B", "2010-01-01", 3)
C_1 = ("C", "2011-01-01", 1)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", [A_1, B_1, C_1]),
        ('which = "last"\n', [A_2, B_2, C_1]),
        ('which = "all"\n', [A_1, A_2, B_1, B_2, C_1]),
        (f'lines = "1.."\n{BETWEEN}which = "first"\nbridge = "90 days"\n', [A_2, B_1]),
        (f'{BETWEEN}which = "last"\n', [A_2, B_2]),
        (f'{BETWEEN}which = "all"\n', [A_2, B_1, B_2]),
        ('lines = "2..3"\n', [A_2, B_1]),
        ('lines = "3.."\nwhich = "all"\n', [B_2]),
        ('lines = "1"\n', [A_1, C_1]),
        ('which = "all"\nbridge = "91 days"\n', [A_1, B_1, B_2, C_1]),
        (
            'which = "all"\nbridge = "89 days"\n',
            [A_1, ("A", "2006-07-30", 2), ("A", "2007-08-31", 3), B_1, B_2, C_1],
        ),
        ('between = ["2007-08-31", "2008-01-01"]\nwhich = "all"\n', [A_2, B_1]),
        ('between = ["2007-09-01", "2007-12-31"]\nwhich = "all"\n', []),
    ],
)
def test_day_0_is_the_first_the_last_or_each_episode_of_those_lines_and_between_those_days(
    three: Registry, keys: str, expected: list[tuple[str, str, int | None]]
) -> None:
    assert rows(defined(three, EPISODES + keys)) == expected


def test_an_episode_is_kept_until_the_last_day_of_its_last_course(three: Registry) -> None:
    found = defined(three, f'{EPISODES}which = "all"\n')

    stopped = dict(zip(rows(found), map(str, found.stopped.astype("datetime64[D]")), strict=True))
    assert (stopped[A_1], stopped[B_1]) == ("2007-06-01", "2008-12-31")


WHOLE_TIME = f"""
{BASELINE}
[[time_points]]
name = "end"
day = 576
window = [500, 700]
"""


def test_a_visit_on_the_next_day_0_stands_for_both_rows_and_an_event_for_the_later_one(three: Registry) -> None:
    three.record_visit("A", visited_on="2007-08-31", measures={"crp": "5"})  # 576 days after 1 February 2006
    three.record_visit("A", visited_on="2007-09-01", measures={"crp": "9"})
    three.record_adverse_event("A", term="rash", started_on="2007-08-30")
    three.record_adverse_event("A", term="itch", started_on="2007-08-31")
    three.start_flare("A", started_on="2007-08-31")
    groups = '[groups]\nby = "start"\nlevels = { 1 = "2006", 2 = "2007" }\n'
    rest = f'{groups}[tables.clinical]\nmeasures = ["crp"]\n[tables.safety]\n[tables.rates]\n'

    found = by_address(defined(three, f'{EPISODES}which = "all"\n', rest, WHOLE_TIME))

    assert found["clinical / crp / end / median / 1"].value == 5
    assert found["clinical / crp / baseline / median / 2"].value == 5
    counts = {term: [found[f"safety / {term} / from day 0 / n / {line}"].value for line in "12"] for term in TERMS}
    assert counts == {"rash": [1, 0], "itch": [0, 1]}
    assert [found[f"rates / flares / from day 0 / n{row}"].value for row in ("", " / 1", " / 2")] == [1, 0, 1]
    assert not [each for each in found.values() if "outside observed time" in str(each.denominator_note)]


TERMS = ("rash", "itch")


def test_who_are_narrowed_in_the_order_of_the_manual(three: Registry) -> None:
    found = defined(three, EPISODES, '[who]\nage = "18.."\nnaive_to = ["TNFi"]\n')

    assert found.members == ["A"]
    assert [(step.name, step.n_left) for step in found.flow[2:]] == [
        ("naive to TNFi", 2),
        ("birth year known", 1),
        ("age 18.. on day 0", 1),
    ]


@pytest.mark.parametrize(
    ("age", "members"), [("23..", ["A", "B"]), ("24..", ["B"]), ("..54", ["A"]), ("55..55", ["B"]), ("56..", [])]
)
def test_the_age_on_day_0_is_in_completed_years_of_somebody_born_on_1_july(
    three: Registry, age: str, members: list[str]
) -> None:
    """A is 23.6 on 1 February 2006, B 55.5 on 1 January 2008."""
    assert defined(three, EPISODES, f'[who]\nage = "{age}"\n').members == members


def at_day_zero(registry: Registry) -> None:
    """BASDAI of A 3.9 and of B 4.0, by their items; CRP of A 20, of B 5.1; ASDAS-CRP of B about 2.49."""
    for patient, day, fifth, crp in (("A", "2006-02-01", "3", "20"), ("B", "2008-01-01", "4", "5.1")):
        measures = {**ITEMS, "basdai_5": fifth, "crp": crp, "patient_global": "40"}
        registry.record_visit(patient, visited_on=day, measures=measures)


@pytest.mark.parametrize(
    ("baseline", "members"),
    [
        ('["basdai >= 4", "crp > 5"]', ["B"]),
        ('["basdai > 4"]', []),
        ('["basdai < 4"]', ["A"]),
        ('["crp > 5 mg/l"]', ["A", "B"]),
        ('["crp > 5.1"]', ["A"]),
        ('["not asdas-crp-lda"]', ["A", "B"]),
        ('["asdas-crp-lda"]', []),
        ('["asdas_crp >= 2.5"]', ["A"]),
    ],
)
def test_baselines_compare_measures_indices_and_states_exactly(
    three: Registry, baseline: str, members: list[str]
) -> None:
    at_day_zero(three)

    assert defined(three, EPISODES, f"[who]\nbaseline = {baseline}\n").members == members


BEFORE = '[[time_points]]\nname = "before"\nday = -10\nwindow = [-60, -1]\n'


@pytest.mark.parametrize(
    ("keys", "expected"), [("", "3"), ('prefer = "first"\n', "2"), ('prefer = "last"\n', "3"), ("after", "3")]
)
def test_a_window_with_negative_days_has_both_its_ends_and_nothing_of_the_day_itself(
    three: Registry, keys: str, expected: str
) -> None:
    """B changes from adalimumab to secukinumab on 1 January 2008: 61, 60 and 1 day before, and on the day."""
    for day, crp in (("2007-11-01", "1"), ("2007-11-02", "2"), ("2007-12-31", "3"), ("2008-01-01", "4")):
        three.record_visit("B", visited_on=day, measures={"crp": crp})
    clinical = '[tables.clinical]\nmeasures = ["crp"]\ncompare = []\n'
    if keys == "after":
        found = defined(three, 'event = "line"\n', clinical, f'{BEFORE}after = "switch"\n')
    else:
        found = defined(three, 'event = "switch"\nof = ["secukinumab"]\n', clinical, f"{BEFORE}{keys}")

    figures: dict[str, Figure] = by_address(found)

    assert figures["clinical / crp / before / median"].text == f"{expected} ({expected}–{expected})"
    assert figures["clinical / crp / before / n"].value == 1


YEAR_1 = f'{BASELINE}[[time_points]]\nname = "year 1"\nday = 365\nwindow = [300, 430]\n'
MET = '[[criteria]]\nname = "low crp"\nmet = "crp < 5"\n[tables.responders]\ncriteria = ["low crp"]\n'


def test_a_row_whose_time_ends_before_its_window_is_due_only_where_its_treatment_was_stopped(three: Registry) -> None:
    """B has uveitis in January and March 2006."""
    for day in ("2006-01-01", "2006-03-01"):
        three.record_condition("B", condition="uveitis", started_on=day)
    for patient, stop in (("D", "2006-05-01"), ("E", None)):  # E is given the second drug beside the first
        three.enrol_patient(patient, enrolled_on="2005-01-01")
        three.start_treatment(patient, agent="adalimumab", started_on="2006-03-01", stopped_on=stop)
        three.start_treatment(patient, agent="secukinumab", started_on="2006-05-10")
        three.record_visit(patient, visited_on="2013-01-01", measures={})

    attacks = by_address(defined(three, 'event = "condition"\nof = ["uveitis"]\nwhich = "all"\n', MET, YEAR_1))
    lines = by_address(defined(three, 'event = "line"\nlines = "1.."\nwhich = "all"\n', MET, YEAR_1))

    at = "responders / low crp / year 1 / "
    assert attacks[f"{at}due"].text == "1"  # the second attack
    assert "1 whose time ended with the next day 0" in str(attacks[f"{at}responders"].denominator_note)
    assert lines[f"{at}due"].text == "9"  # two lines of A, three of B, one of C, two of D, and the second of E
    assert "1 whose time ended with the next day 0" in str(lines[f"{at}responders"].denominator_note)
