"""What the section of groups of a cohort file may say, and what is told of one that cannot be used."""

from __future__ import annotations

from fractions import Fraction

import pytest

from projections.cohort.definition.groups import Groups
from projections.cohort.definition.ranges import Range, parsed_days, parsed_range
from projections.cohort.definition_file import parsed
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL

WITHOUT_BASELINE = SMALL.replace("day = 0", "day = 10")
ON_DRUG = SMALL.replace('"enrolment"', '"course"')


def groups(text: str, of: str = SMALL) -> Groups:
    found = parsed(f"{of}\n[groups]\n{text}\n".encode()).groups
    assert found is not None
    return found


def problems(text: str, of: str = SMALL) -> tuple[str, ...]:
    with pytest.raises(DefinitionError) as refusal:
        parsed(f"{of}\n[groups]\n{text}\n".encode())
    return refusal.value.problems


def test_a_file_without_groups_has_none_and_tells_no_default_of_them() -> None:
    definition = parsed(SMALL.encode())

    assert definition.groups is None
    assert not [key for key, _ in definition.defaults if key.startswith("groups")]


def test_levels_stand_in_the_order_of_the_file_and_take_one_word_or_several() -> None:
    found = groups('by = "hla_b27"\nlevels = { no = ["negative", "unknown"], yes = "positive" }\nreference = "yes"')

    assert [(level.name, level.words) for level in found.levels] == [
        ("no", ("negative", "unknown")),
        ("yes", ("positive",)),
    ]
    assert found.reference == "yes"


def test_what_is_left_open_has_a_default_that_is_told() -> None:
    text = SMALL + '\n[groups]\nby = "sex"\n'
    defaults = dict(parsed(text.encode()).defaults)

    assert defaults["groups.levels"] == "one for each that occurs"
    assert defaults["groups.reference"] == "the first"
    assert defaults["groups.overall"] == "true"


@pytest.mark.parametrize(
    ("text", "low", "high", "low_open", "high_open"),
    [
        ("1", 1, 1, False, False),
        ("2..3", 2, 3, False, False),
        ("3..", 3, None, False, False),
        ("..<4", None, 4, False, True),
        ("2.5..<4", Fraction(5, 2), 4, False, True),
        (">= 5", 5, None, False, False),
        ("> 5", 5, None, True, False),
        ("<=1.2", None, Fraction(6, 5), False, False),
        ("< 5", None, 5, False, True),
    ],
)
def test_a_range_holds_both_its_ends_unless_it_says_otherwise(
    text: str, low: int | None, high: int | None, low_open: bool, high_open: bool
) -> None:
    assert parsed_range(text) == Range(
        None if low is None else Fraction(low), None if high is None else Fraction(high), low_open, high_open
    )


@pytest.mark.parametrize("text", ["", "..", "a..b", "5 mg/l", "1,5", "..<", "3..<", "=> 3", "1...2", "1e3"])
def test_anything_else_is_no_range(text: str) -> None:
    assert parsed_range(text) is None


def test_a_range_of_years_goes_from_the_first_day_of_one_to_the_last_of_another() -> None:
    assert parsed_days("1970") == Range(Fraction(0), Fraction(364))
    assert parsed_days("1970-01-03..1971") == Range(Fraction(2), Fraction(729))
    assert parsed_days("1970..") == Range(Fraction(0), None)
    assert [parsed_days(text) for text in ("", "..", "soon..", "1970..1971-02-30")] == [None] * 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            'by = "smokng"',
            r"groups.by: 'smokng' is not one of 'line', .* nor a measure, an index, a condition or a state",
        ),
        ('by = "basdai"', "groups.levels: is missing; write the groups of 'basdai'"),
        ('by = "start"', "groups.levels: is missing; write the groups of 'start'"),
        (
            'by = "basdai"\nlevels = { low = "..4", high = "4.." }',
            "groups.levels: 'low' and 'high' overlap; a member has one group",
        ),
        (
            'by = "sex"\nlevels = { a = ["male", "other"], b = ["female", "other"] }',
            "groups.levels: 'a' and 'b' both take 'other'; a member has one group",
        ),
        (
            'by = "sex"\nlevels = { a = "males" }',
            "groups.levels.a: 'males' is nothing that sex can be; write 'female', 'male'",
        ),
        ('by = "crp"\nlevels = { a = "5 mg/l" }', "groups.levels.a: '5 mg/l' is not a range"),
        ('by = "crp"\nlevels = { a = "5..3" }', "groups.levels.a: '5..3' is not a range"),
        ('by = "crp"\nlevels = {}', "groups.levels: has 0 groups; 1 to 20"),
        (
            'by = "sex"\nlevels = { a = "male" }\nreference = "b"',
            "groups.reference: 'b' is none of the groups; write 'a'",
        ),
        ('by = "sex"\nlandmark = 90', "groups.landmark: says nothing of 'sex', which is known on day 0; leave it out"),
        ('by = "sex"\nmethod = "vu-lesions"', "groups.method: says nothing of 'sex', which is no state of a lesion"),
        (
            'by = "agent"',
            "groups.by: 'agent' needs day0.event = 'course', 'line', 'episode', 'switch' or 'dose-change'",
        ),
        ('by = "uveitis"\nlandmark = 0', "groups.landmark: '0' is not a whole number from 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_key(text: str, problem: str) -> None:
    import re

    assert any(re.match(problem, each) for each in problems(text)), problems(text)


def test_what_is_read_of_visits_needs_a_baseline_or_a_landmark() -> None:
    text = 'by = "crp"\nlevels = { low = "..5" }'

    assert problems(text, WITHOUT_BASELINE) == (
        "groups.by: 'crp' is read at a baseline; write a [[time_points]] with day = 0, or a landmark",
    )
    assert groups(text + "\nlandmark = 90", WITHOUT_BASELINE).landmark == 90


def test_all_problems_are_told_at_once() -> None:
    found = problems('by = "sx"\noverall = 1\ntests = "no"\nfoo = 1')

    assert [each.partition(":")[0] for each in found] == [
        "groups.by",
        "groups.overall",
        "groups.tests",
        "groups.foo",
    ]


def test_groups_of_drugs_go_with_a_day_0_that_begins_a_treatment() -> None:
    assert groups('by = "agent"', ON_DRUG).of_drug
