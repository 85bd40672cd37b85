"""What a cohort file may say, and what is told of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections.cohort.definition_file import parsed, read_definition
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import EXAMPLES, SMALL


def problems(text: str) -> tuple[str, ...]:
    """What is wrong with a cohort file."""
    with pytest.raises(DefinitionError) as refusal:
        parsed(text.encode(), "cohort.toml")
    return refusal.value.problems


@pytest.mark.parametrize("name", ["baraliakos2013", "anakinra2004"])
def test_the_definitions_of_both_papers_can_be_read(name: str) -> None:
    assert read_definition(EXAMPLES / f"{name}.toml").name == name


def test_what_a_file_leaves_open_is_told_with_the_default_that_holds() -> None:
    defaults = dict(parsed(SMALL.encode()).defaults)

    assert defaults["statistics.mcnemar"] == "uncorrected"
    assert defaults["time_points[2].prefer"] == "nearest"
    assert defaults["who.consent"] == "false"
    assert "day0.event" not in defaults


def test_all_problems_of_a_file_are_told_at_once_each_with_its_key_and_what_is_allowed() -> None:
    text = (
        SMALL.replace('"enrolment"', '"enrollment"') + '[who]\nsex = ["f"]\ncentre = ["C1"]\n[statistics]\nlevel = 95\n'
    )

    assert problems(text) == (
        "who.sex: 'f' is not one of 'female', 'male', 'other' or 'unknown'",
        "who.centre: is not a key here; did you mean 'centres'?",
        (
            "day0.event: 'enrollment' is not 'course', 'line', 'enrolment', 'first-study', 'first-visit', 'episode', "
            "'condition', 'switch' or 'dose-change'; did you mean 'enrolment'?"
        ),
        "statistics.level: '95' is not a number above 0 and below 1",
    )


def test_windows_that_share_a_day_are_refused_for_a_value_would_count_twice() -> None:
    (problem,) = problems(SMALL.replace("[700, 1100]", "[200, 1100]"))

    assert problem == (
        "time_points[2].window: [200, 1100] of '2 years' overlaps [-30, 200] of 'baseline'; "
        "a day belongs to one time point"
    )


@pytest.mark.parametrize("name", ["week 1 → 2", "week 1 / 2"])
def test_a_time_point_has_no_name_that_looks_like_two_or_like_an_address(name: str) -> None:
    (problem,) = problems(SMALL.replace('"2 years"', f'"{name}"'))

    assert problem.startswith(f"time_points[2].name: {name!r} holds '→' or ' / '")


def test_windows_that_touch_are_allowed() -> None:
    assert len(parsed(SMALL.replace("[700, 1100]", "[201, 1100]").encode()).time_points) == 2


@pytest.mark.parametrize(
    ("from_", "to", "problem"),
    [
        ("day = 0", "day = -31", "time_points[1].window: goes from day -30 to day 200 and leaves out day -31"),
        ("[700, 1100]", "[1100, 700]", "time_points[2].window: '[1100, 700]' is not two whole numbers"),
        ("day = 900", 'day = "900"', "time_points[2].day: '900' is not a whole number from -36525 to 36525"),
        ('name = "2 years"', 'name = "baseline"', "time_points[2].name: 'baseline' stands twice"),
        ('cohort = "small"', "", "cohort: is missing; write a text"),
        (
            "day = 900",
            'day = 900\nafter = "stop"',
            "time_points[2].after: 'stop' needs day0.event = 'course', 'line', 'episode', 'switch' or 'dose-change'",
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_named(from_: str, to: str, problem: str) -> None:
    assert any(told.startswith(problem) for told in problems(SMALL.replace(from_, to)))


def test_a_file_without_a_time_point_is_refused() -> None:
    assert problems('cohort = "x"\n') == ("time_points: is missing; write one [[time_points]] at least",)


def test_a_file_that_is_not_toml_is_refused_with_the_line() -> None:
    (problem,) = problems("cohort = \n")

    assert problem.startswith("is not TOML in UTF-8: ")
    assert "line 1" in problem


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    file = tmp_path / "cohort.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert read_definition(file).name == "small"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read: No such file or directory"):
        read_definition(tmp_path / "none.toml")


def test_tables_are_in_the_order_of_the_file() -> None:
    tables = parsed((SMALL + "[tables.scores]\n[tables.lesions]\n").encode()).tables

    assert [table.name for table in tables] == ["scores", "lesions"]


def test_an_unknown_table_is_refused_with_those_there_are() -> None:
    (problem,) = problems(SMALL + "[tables.lesion]\n")

    assert problem == "tables.lesion: is not a key here; did you mean 'lesions'?"


def test_a_comparison_takes_two_different_time_points() -> None:
    (problem,) = problems(SMALL + '[tables.lesions]\ncompare = [["baseline", "baseline"]]\n')

    assert problem.startswith("tables.lesions.compare: ")
    assert problem.endswith("each of two different ones of 'baseline' or '2 years'")


def test_what_counts_as_observed_is_read_and_what_is_left_open_told() -> None:
    definition = parsed(f'{SMALL}[observation]\ngrace = "6 months"\ngap = "2 years"\nentry = "incident"\n'.encode())

    assert str(definition.observed) == (
        "observed until the last contact + 6 months, silences over 24 months left out; entry incident"
    )
    told = dict(definition.defaults)
    assert [told[f"observation.{key}"] for key in ("until", "lost_after", "partial")] == [
        "last-contact",
        "18 months",
        "middle",
    ]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('until = "as-of"\ngrace = "30 days"', "observation.grace: says nothing where until = 'as-of'"),
        ('until = "as-of"\ngap = "1 year"', "observation.gap: says nothing where until = 'as-of'"),
        ('until = "as-of"\nlost_after = "1 year"', "observation.lost_after: says nothing where until = 'as-of'"),
        ('gap = "0 days"', "observation.gap: '0 days' leaves nobody under observation"),
        ('gap = "long"', "observation.gap: 'long' is not a length of time"),
        ("grace = 30", "observation.grace: '30' is not a text, in quotation marks"),
        ('lost_after = "-1 year"', "observation.lost_after: '-1 year' is not a length of time"),
        ('until = "death"', "observation.until: 'death' is not 'last-contact' or 'as-of'"),
        ('entry = "late"', "observation.entry: 'late' is not 'delayed', 'incident' or 'from-start'"),
        ('partial = "mid"', "observation.partial: 'mid' is not 'middle', 'first', 'last' or 'bounds'"),
        ('parital = "first"', "observation.parital: is not a key here; did you mean 'partial'?"),
    ],
)
def test_a_choice_of_observed_time_that_cannot_be_is_refused(keys: str, problem: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        parsed(f"{SMALL}[observation]\n{keys}\n".encode())

    assert [each.startswith(problem) for each in refusal.value.problems] == [True]


def test_a_time_point_called_like_all_of_them_together_is_refused() -> None:
    text = SMALL.replace('name = "2 years"', 'name = "all time points"')

    with pytest.raises(DefinitionError, match=r"time_points\[2\]\.name: 'all time points' is what tables call"):
        parsed(text.encode())
