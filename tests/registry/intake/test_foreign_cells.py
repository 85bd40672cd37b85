"""A file that is written in another way throughout is refused in one message, with the mapping that would read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from tests.registry.intake.batches import folder_of, problems

PATIENTS = "patient,enrolled_on\nP-1,2019-01-01\n"
NO_DAY = "is not a day of the calendar; write YYYY-MM-DD"


def visits(*days: str) -> str:
    return "patient,visited_on,crp\n" + "".join(f'P-1,{day},"5"\n' for day in days)


@pytest.mark.parametrize(
    ("days", "read_by"),
    [
        (("24.03.2021", "1.2.2021", "2.2.2021"), 'dates = ["%d.%m.%Y"]'),
        (("01.02.21", "02.02.21", "03.02.21"), 'dates = ["%d.%m.%y"]'),
        (("24/03/2021", "01/02/2021", "02/02/2021"), 'dates = ["%d/%m/%Y"]'),
        (("03/24/2021", "01/02/2021", "02/02/2021"), 'dates = ["%m/%d/%Y"]'),
        (
            ("01/02/2021", "02/02/2021", "03/02/2021"),
            'dates = ["%d/%m/%Y"] or ["%m/%d/%Y"] (no cell shows which it is)',
        ),
        (
            ("24/02/2021", "02/24/2021", "03/02/2021"),
            'dates = ["%d/%m/%Y"] or ["%m/%d/%Y"] (both orders are there)',
        ),
    ],
)
def test_days_of_another_way_are_told_once(
    registry: Registry, tmp_path: Path, days: tuple[str, ...], read_by: str
) -> None:
    folder = folder_of(tmp_path, patients=PATIENTS, visits=visits(*days))

    (told,) = problems(registry, folder)
    assert told == (
        f"visits.csv:2:visited_on: {days[0]!r} {NO_DAY}; so are 2 more cells; "
        f"or read the file by a mapping with {read_by}"
    )


def test_partial_days_and_decimal_commas_are_traits_too(registry: Registry, tmp_path: Path) -> None:
    onset = "patient,enrolled_on,symptom_onset\nP-1,2019-01-01,03/2010\nP-2,2019-01-01,04/2010\n"
    comma = 'patient,visited_on,crp\nP-1,2020-01-02,"5,1"\nP-1,2020-01-03,"5,2"\n'
    folder = folder_of(tmp_path, patients=onset, visits=comma)

    told = problems(registry, folder)

    assert [problem.partition("; so is another cell; ")[2] for problem in told] == [
        'or read the file by a mapping with partial_dates = ["%m/%Y"]',
        'or read the file by a mapping with decimal = ","',
    ]


def test_what_is_wrong_beside_a_trait_is_told_as_well(registry: Registry, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients=PATIENTS, visits=visits("24.03.2021", "25.03.2021") + 'P-1,2021-03-26,"-5"\n')

    assert len(told := problems(registry, folder)) == 2
    assert told[1] == "visits.csv:4:crp: -5 mg/l is outside 0 mg/l and above"


def test_a_few_slips_in_a_file_of_ours_are_told_each_by_itself(registry: Registry, tmp_path: Path) -> None:
    ours = ["2021-03-24", "2021-03-25"]
    folder = folder_of(tmp_path, patients=PATIENTS, visits=visits(*ours, "26.03.2021", "27.03.2021"))

    assert problems(registry, folder) == [
        f"visits.csv:4:visited_on: '26.03.2021' {NO_DAY}",
        f"visits.csv:5:visited_on: '27.03.2021' {NO_DAY}",
    ]


def test_a_hundred_thousand_days_of_another_way_are_one_message(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text(visits(*["24.03.2021"] * 100_010))

    assert problems(registry, tmp_path / "visits.csv") == [
        (
            f"visits.csv:2:visited_on: '24.03.2021' {NO_DAY}; so are 100,009 more cells; "
            'or read the file by a mapping with dates = ["%d.%m.%Y"]'
        )
    ]


@pytest.mark.parametrize(
    ("content", "read_by"),
    [
        (b"patient;enrolled_on\nP-1;2019-01-01\n", 'delimiter = ";"'),
        ("patient,enrolled_on,note\nP-1,2019-01-01,schön\n".encode("cp1252"), 'encoding = "cp1252"'),
        ("patient,enrolled_on\nP-1,2019-01-01\n".encode("utf-16"), 'encoding = "utf-16"'),
    ],
)
def test_a_file_that_is_other_text_is_refused_with_the_line_that_would_read_it(
    registry: Registry, tmp_path: Path, content: bytes, read_by: str
) -> None:
    (tmp_path / "patients.csv").write_bytes(content)

    (told,) = problems(registry, tmp_path / "patients.csv")
    assert told.endswith(read_by)
    assert "read it by a mapping with" in told
