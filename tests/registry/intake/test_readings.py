"""Readings in their long form: a row a location and item."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.intake import import_batch
from tests.registry.intake.batches import READINGS, events, folder_of, only, problems, statement

HEADER = "study,reader,method,location,item,grade,session,read_on,seconds"


def readings(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows))


def test_one_reading_is_all_rows_with_the_same_key(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, only(tmp_path, readings=READINGS))

    stated = statement(registry, "reading/MR-1/R1/berlin")
    assert (report.tables["readings"].recorded, stated["method_version"], stated["session"]) == (1, 1, "")
    assert stated["grades"] == {"grade": [1, 0, *[None] * 21]}


def test_a_reading_names_the_place_of_its_first_row(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, readings=READINGS))

    (recorded,) = [event for event in events(registry) if event["topic"] == "ReadingRecorded"]
    assert recorded["source"] == "readings.csv:2"


def test_a_location_with_an_empty_grade_or_without_a_row_was_not_assessed(registry: Registry, tmp_path: Path) -> None:
    rows = readings("MR-1,R1,berlin,C2/3,,0,,,", "MR-1,R1,berlin,C3/4,,,,,")

    import_batch(registry, only(tmp_path, readings=rows))

    assert statement(registry, "reading/MR-1/R1/berlin")["grades"]["grade"][:3] == [0, None, None]


def test_the_rows_of_a_reading_may_stand_anywhere_in_the_files(registry: Registry, tmp_path: Path) -> None:
    first = only(
        tmp_path,
        readings=readings("MR-1,R1,berlin,C2/3,,1,,,", "MR-2,R1,berlin,C2/3,,1,,,", "MR-1,R1,berlin,C3/4,,2,,,"),
    )
    second = folder_of(tmp_path, "second", readings=readings("MR-1,R1,berlin,C4/5,,3,,,"))

    import_batch(registry, [second, first])

    assert statement(registry, "reading/MR-1/R1/berlin")["grades"]["grade"][:4] == [1, 2, 3, None]


def test_items_and_locations_are_matched_without_regard_to_case(registry: Registry, tmp_path: Path) -> None:
    rows = readings(
        "MR-1,R1,VU-Lesions,c2/3 ANTERIOR,Inflammation,1,,,", "MR-1,R1,vu-lesions,C2/3 posterior,erosion,1,,,"
    )

    import_batch(registry, only(tmp_path, readings=rows))

    grades = statement(registry, "reading/MR-1/R1/vu-lesions")["grades"]
    assert (grades["inflammation"][:2], grades["erosion"][:2]) == ([1, None], [None, 1])


def test_session_tells_readings_of_one_study_apart(registry: Registry, tmp_path: Path) -> None:
    rows = readings("MR-1,R1,berlin,C2/3,,1,,,", "MR-1,R1,berlin,C2/3,,2,second look,,")

    assert import_batch(registry, only(tmp_path, readings=rows)).tables["readings"].recorded == 2


def test_when_and_how_long_are_of_the_whole_reading(registry: Registry, tmp_path: Path) -> None:
    rows = readings("MR-1,R1,berlin,C2/3,,1,,2021-05-01,310", "MR-1,R1,berlin,C3/4,,1,,2021-05-01,310")

    import_batch(registry, only(tmp_path, readings=rows))

    stated = statement(registry, "reading/MR-1/R1/berlin")
    assert (stated["read_on"], stated["seconds"]) == ("2021-05-01", 310)


def test_a_changed_grade_amends_the_reading(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, readings=READINGS))

    report = import_batch(registry, only(tmp_path, readings=READINGS.replace("C3/4,0", "C3/4,1")))

    assert (report.tables["readings"].amended, report.events) == (1, 1)


def test_a_file_without_grades_leaves_those_that_are_known(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, readings=READINGS))
    rows = readings("MR-1,R1,berlin,C2/3,2021-05-01", header="study,reader,method,location,read_on")

    import_batch(registry, only(tmp_path, readings=rows))

    stated = statement(registry, "reading/MR-1/R1/berlin")
    assert (stated["read_on"], stated["grades"]["grade"][:3]) == ("2021-05-01", [1, 0, None])


def test_the_columns_of_a_reading_may_be_spread_over_files(registry: Registry, tmp_path: Path) -> None:
    graded = only(tmp_path, readings=READINGS)
    timed = folder_of(
        tmp_path, "timed", readings="study,reader,method,location,grade,seconds\nMR-1,R1,berlin,L5/S1,2,310"
    )

    import_batch(registry, [graded, timed])

    stated = statement(registry, "reading/MR-1/R1/berlin")
    assert (stated["seconds"], stated["grades"]["grade"][-1]) == (310, 2)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "MR-1,R1,berlin,L5/S2,,1,,2021-05-01,310",
            "readings.csv:3:location: 'L5/S2' is not a known location of berlin",
        ),
        (
            "MR-1,R1,berlin,C3/4,,4,,2021-05-01,310",
            (
                "readings.csv:3:grade: '4' at C3/4 is not a grade of berlin; write 0, 1, 2 or 3, "
                "or leave it empty where it could not be assessed"
            ),
        ),
        (
            "MR-1,R1,berlin,C3/4,erosion,1,,2021-05-01,310",
            "readings.csv:3:item: berlin grades one thing; leave the item empty",
        ),
        (
            "MR-1,R2,vu-lesions,C3/4 anterior,oedema,1,,,",
            "readings.csv:3:item: 'oedema' is not a known item of vu-lesions; write inflammation or erosion",
        ),
        (
            "MR-1,R2,vu-lesions,C3/4 anterior,,1,,,",
            "readings.csv:3:item: '' is not a known item of vu-lesions; write inflammation or erosion",
        ),
        (
            "MR-1,R1,berlin,C3/4,,1,,2021-05-02,310",
            (
                "readings.csv:3:read_on: '2021-05-02' here, '2021-05-01' at readings.csv:2; "
                "all rows of one reading have the same"
            ),
        ),
        (
            "MR-1,R1,berlin,C3/4,,1,,2021-05-01,",
            ("readings.csv:3:seconds: nothing here, '310' at readings.csv:2; all rows of one reading have the same"),
        ),
        (
            "MR-1,R1,berlin,c2/3,,1,,2021-05-01,310",
            "readings.csv:3:location: c2/3 is graded at readings.csv:2 already; keep one row",
        ),
        (
            "MR-1,R1,berline,C3/4,,1,,,",
            "readings.csv:3:method: 'berline' is not a known method; did you mean 'berlin'?",
        ),
        (
            "MR-1,R1,berlin,C3/4,,1.5,,2021-05-01,310",
            "readings.csv:3:grade: '1.5' is not a whole number",
        ),
    ],
)
def test_a_row_that_no_reading_can_have_is_refused(registry: Registry, tmp_path: Path, row: str, problem: str) -> None:
    rows = readings("MR-1,R1,berlin,C2/3,,1,,2021-05-01,310", row)

    assert problems(registry, only(tmp_path, readings=rows)) == [problem]


def test_the_id_of_a_reading_stands_on_all_its_rows(registry: Registry, tmp_path: Path) -> None:
    header = "id,study,reader,method,location,grade"
    rows = ("17,MR-1,R1,berlin,C2/3,1", "17,MR-1,R1,berlin,C3/4,0")
    import_batch(registry, only(tmp_path, readings=readings(*rows, header=header)))

    assert statement(registry, "reading/id=17")["grades"]["grade"][:2] == [1, 0]


def test_an_id_a_row_is_refused(registry: Registry, tmp_path: Path) -> None:
    header = "id,study,reader,method,location,grade"
    rows = ("17,MR-1,R1,berlin,C2/3,1", "18,MR-1,R1,berlin,C3/4,0", "17,MR-2,R1,berlin,C2/3,1")

    assert problems(registry, only(tmp_path, readings=readings(*rows, header=header))) == [
        "readings.csv:3:id: '18' here, '17' at readings.csv:2; all rows of one reading have the same",
        "readings.csv:4:id: '17' is another reading at readings.csv:2; an id names one reading",
    ]
