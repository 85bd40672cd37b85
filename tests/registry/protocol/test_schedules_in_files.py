"""The schedule in a protocol's file: due days, windows and names."""

from __future__ import annotations

import pytest

from tests.registry.protocol.given import BASELINE, YEARLY, problems, protocol


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('every = "1 year"', ""), "schedule[1].day: the schedule has a day or a rhythm, and here neither is"),
        (('every = "1 year"', 'every = "1 year"\nday = 3'), "schedule[1].day: the schedule has a day or a rhythm"),
        (('"1 year"', '"0 years"'), "schedule[1].every: '0 years' is not a length of time above 0"),
        (('"1 year"', '"often"'), "schedule[1].every: 'often' is not a length of time above 0"),
        (('"enrolment"', '"birth"'), "schedule[1].from: 'birth' is not 'enrolment', 'course' or 'line'"),
        (('"enrolment"', '"line"'), "schedule[1].of: is missing; write the classes or agents whose line begins it"),
        (('"enrolment"', '"line"\nof = ["TNFI"]'), "schedule[1].of: 'TNFI' is no class and no agent"),
        (('"enrolment"', '"enrolment"\nof = ["TNFi"]'), 'schedule[1].of: is of from = "course" or "line" only'),
        (("[-90, 90]", "[5, 90]"), "schedule[1].window: [5, 90] does not hold the due day, which is 0"),
        (("[-90, 90]", "[90, -90]"), "schedule[1].window: '[90, -90]' is not two whole numbers"),
        (
            ("[-90, 90]", '[-90, 90]\nrequires = ["basdia"]'),
            "schedule[1].requires: 'basdia' is no measure",
        ),
        (
            ("[-90, 90]", "[-90, 90]\nsince = 2030-01-01\nuntil = 2029-01-01"),
            "schedule[1].until: 2029-01-01 lies",
        ),
        (
            ("[-90, 90]", '[-90, 90]\nimaging = [{ modality = "PET", regions = ["leg"] }]'),
            "schedule[1].imaging[1].modality: 'PET' is no modality",
        ),
        (
            ("[-90, 90]", '[-90, 90]\nimaging = [{ modality = "mri", regions = ["sij"] }]'),
            "schedule[1].imaging[1].modality: 'mri' is no modality; did you mean 'MRI'?",
        ),
        (
            ("[-90, 90]", '[-90, 90]\nimaging = [{ modality = "MRI", regions = ["cervical-spin"] }]'),
            "schedule[1].imaging[1].regions: 'cervical-spin' is no region; did you mean 'cervical-spine'?",
        ),
        (
            (
                "[-90, 90]",
                (
                    '[-90, 90]\nimaging = [{ modality = "MRI", regions = ["sij", "spine"] }, { modality = "MRI", '
                    'regions = ["spine", "sij"], every = "2 years" }]'
                ),
            ),
            "schedule[1].imaging: asks twice for MRI of sij and spine; remove one",
        ),
    ],
)
def test_a_scheduled_visit_has_one_due_day_or_one_rhythm_and_a_window_around_it(
    change: tuple[str, str], told: str
) -> None:
    assert problems(YEARLY.replace(*change))[0].startswith(told)


@pytest.mark.parametrize(("every", "narrow", "wide"), [("1 year", 364, 365), ("1 month", 27, 28), ("2 weeks", 13, 14)])
def test_the_windows_of_a_rhythm_do_not_overlap(every: str, narrow: int, wide: int) -> None:
    rhythm = YEARLY.replace("1 year", every)

    assert protocol(rhythm.replace("[-90, 90]", f"[0, {narrow}]")).schedule[0].window == (0, narrow)
    assert problems(rhythm.replace("[-90, 90]", f"[0, {wide}]")) == [
        f"schedule[1].window: [0, {wide}] overlaps the next one: two due days are {wide} days apart at the least"
    ]


def test_the_windows_of_two_visits_from_one_anchor_do_not_overlap() -> None:
    """The first year ends 365 days after enrolment at the earliest: 90 days before is day 275."""
    assert len(protocol(BASELINE.replace("14]", "274]"), YEARLY).schedule) == 2
    [told] = problems(BASELINE.replace("14]", "275]"), YEARLY)
    assert told.startswith(
        "schedule[2].window: overlaps that of 'baseline', from the same enrolment: both hold day 275"
    )


def test_two_rhythms_from_one_anchor_meet_unless_one_ends_before_the_other_begins() -> None:
    half_yearly = YEARLY.replace("1 year", "6 months").replace("year {n}", "half-year {n}").replace("90", "10")

    [told] = problems(YEARLY.replace("90", "10"), half_yearly)

    assert told.startswith("schedule[2].window: overlaps that of 'year 1', from the same enrolment: both hold day 35")
    parted = (YEARLY.replace("90", "10"), "until = 2027-01-01\n", half_yearly, "since = 2027-01-01\n")
    assert len(protocol(*parted).schedule) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [('["TNFi"]', '["adalimumab"]'), ('["TNFi", "IL-17i"]', '["IL-17i", "JAKi"]'), ('["x"]', '["IL-6i"]')],
)
def test_one_course_is_one_anchor_be_it_named_by_its_agent_or_by_its_class(one: str, other: str) -> None:
    agent = '[[agents]]\nname = "x"\nclass = "IL-6i"\n'
    visits = [
        YEARLY.replace("year {n}", name).replace('"enrolment"', f'"course"\nof = {of}')
        for name, of in (("a", one), ("b", other))
    ]

    [told] = problems(agent, *visits)

    assert told.startswith("schedule[2].window: overlaps that of 'a', from the same course: both hold day 275")
    apart = visits[1].replace(other, '["NSAID"]')
    assert len(protocol(agent, visits[0], apart).schedule) == 2


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("year {n}", "Year 1", "Year 1"),
        ("year {n}", "year{n}", "year1"),
        ("year {n}", "year 1{n}", "year 11"),
        ("year 12", "year {n}", "year 12"),
        ("Baseline", "baseline", "baseline"),
    ],
)
def test_no_two_visits_are_called_alike_whatever_they_count_from(first: str, second: str, both: str) -> None:
    one, other = (
        BASELINE.replace("baseline", name) if "{" not in name else YEARLY.replace("year {n}", name)
        for name in (first, second)
    )
    of_a_line = other.replace('"enrolment"', '"line"\nof = ["TNFi"]')

    assert problems(one, of_a_line) == [
        f"schedule[2].name: {second!r} is called as {first!r} in schedule[1]: both can be {both!r}; write another name"
    ]


def test_names_that_no_number_makes_one_stand_beside_each_other() -> None:
    names = ("year {n}", "year 0", "year 101", "year {n} b", "year 1{n} c")
    visits = [
        YEARLY
        if name == names[0]
        else YEARLY.replace("year {n}", name).replace('"enrolment"', f'"course"\nof = ["{of}"]')
        for name, of in zip(names, ("", "TNFi", "JAKi", "IL-17i", "IL-6i"))
    ]

    assert [each.name for each in protocol(*visits).schedule] == list(names)


@pytest.mark.parametrize("name", ["year {N}", "year {m}", "year { n }", "year {n"])
def test_a_name_counts_with_n_or_not_at_all(name: str) -> None:
    assert problems(YEARLY.replace("year {n}", name)) == [
        f"schedule[1].name: {name!r} has braces that do not count; write {{n}}, as in year {{n}}, or none"
    ]


@pytest.mark.parametrize("word", ["NSAID", "methotrexate", "placebo"])
def test_a_line_begins_with_a_targeted_therapy(word: str) -> None:
    agent = '[[agents]]\nname = "placebo"\nclass = "placebo"\n'
    visit = YEARLY.replace('"enrolment"', f'"line"\nof = ["TNFi", "{word}"]')

    assert problems(agent, visit) == [
        f'schedule[1].of: {word!r} begins no line of therapy; write from = "course", or a targeted therapy'
    ]
    assert protocol(agent, visit.replace('"line"', '"course"')).schedule[0].of == ("TNFi", word)


def test_a_visit_can_be_due_before_its_anchor() -> None:
    assert protocol(BASELINE.replace("day = 0", "day = -14").replace("14]", "13]")).schedule[0].day == -14


def test_windows_from_other_anchors_may_meet() -> None:
    of_a_line = BASELINE.replace("baseline", "start").replace('"enrolment"', '"line"\nof = ["TNFi"]')

    assert len(protocol(BASELINE, of_a_line).schedule) == 2
