"""Whatever files called data, dictionary and events hold, they are read, or refused; nothing else happens."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UnreadableError
from tests.registry.intake.sources.redcap.projects import Event, Field, Project, Row
from tests.registry.intake.sources.redcap.reading import opened

PROJECT = Project(
    [
        Field("record_id", "enrolment"),
        Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS"),
        Field("crp", "visit", validation="number"),
        Field("drug", "treatment"),
    ],
    [
        Row("1", {"crp": "5", "criteria___1": "1", "visit_complete": "2"}, "baseline_arm_1"),
        Row("1", {"drug": 'Humira, "40 mg"', "treatment_complete": "2"}, "baseline_arm_1", "treatment", 1),
    ],
    [Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12")],
    [("baseline_arm_1", "treatment")],
)
FILES = ("data.csv", "dictionary.csv", "events.csv", "arms.csv")
SIGNS = st.lists(st.sampled_from([*b',;"\n\r\t|0129a_ \x00\xff']), max_size=4).map(bytes)


def is_read_or_refused(folder: Path) -> bool:
    """Read what stands in a folder to its end; return whether it was not refused."""
    try:
        source = opened(folder, events="events.csv", arms="arms.csv", missing={"-99": ""})
        return all(row.record for row in source.rows())
    except UnreadableError:
        return False


@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 40), SIGNS), max_size=4))
@settings(max_examples=200, deadline=None)
def test_files_of_which_some_pieces_are_others(name: str, changes: list[tuple[int, int, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        PROJECT.write(Path(folder))
        path = Path(folder) / name
        content = bytearray(path.read_bytes())
        for place, length, signs in changes:
            content[place : place + length] = signs
        path.write_bytes(content)

        assert is_read_or_refused(Path(folder)) or changes
