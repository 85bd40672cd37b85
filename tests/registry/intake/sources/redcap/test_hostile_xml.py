"""Whatever a file called XML holds, it is read, or refused with its place; nothing else happens."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UnreadableError
from tests.registry.intake.sources.redcap.projects import Event, Field, Project, Row
from tests.registry.intake.sources.redcap.reading import opened

BYTES_AT_MOST = 150_000_000  # of memory, whatever is read
FIELDS = [
    Field("record_id", "enrolment"),
    Field("sex", "enrolment", "radio", "Sex", "0, Female | 1, Male"),
    Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS"),
    Field("crp", "visit", validation="number"),
    Field("drug", "treatment"),
]
ROWS = [
    Row("1", {"sex": "1", "crp": "5", "visit_complete": "2"}, "baseline_arm_1", group="north"),
    Row("1", {"drug": "Humira", "treatment_complete": "2"}, "baseline_arm_1", "treatment", 1, "north"),
    Row("1", {"criteria___1": "1", "visit_complete": "1"}, "week_12_arm_1", group="north"),
]
TEXT = Project(
    FIELDS,
    ROWS,
    [Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12")],
    [("baseline_arm_1", "treatment")],
    missing="-99, Not done",
    groups=True,
).xml()
CONTENT = TEXT.encode()
LONG = 4_000_000  # bytes, longer than any tag may be


def read(content: bytes) -> UnreadableError | None:
    """Read a file to its end, and return why it is refused where it is."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "project.xml"
        path.write_bytes(content)
        try:
            assert all(row.record for row in opened(path.parent, "project.xml").rows())
        except UnreadableError as refused:
            return refused
        return None


def is_stored_or_refused(content: bytes) -> None:
    """See that a file is read or refused on one of its lines, in a memory that has a bound."""
    tracemalloc.start()
    refused = read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < BYTES_AT_MOST
    assert refused is None or 1 <= refused.line <= content.count(b"\n") + content.count(b"\r") + 1


def hostile(n: int) -> dict[str, Callable[[], str]]:
    """Texts that stand where they should not, or are larger than they should be; `n` says how much so."""
    return {
        "comment": lambda: f"<!--{'-a' * n}-->",
        "attribute": lambda: f'<ItemData ItemOID="crp" Value="{"a" * n}"/>',
        "attributes": lambda: "<ItemData " + " ".join(f'a{k}="{k}"' for k in range(min(n, 100_000))) + "/>",
        "depth": lambda: "<ItemGroupData>" * n,
        "names": lambda: "".join(f"<n{k}/>" for k in range(min(n, 30_000))),
        "text": lambda: "a" * n,
        "section": lambda: f"<![CDATA[{'<' * n}]]>",
        "instruction": lambda: f"<?php {'a' * n}?>",
        "forms": lambda: f'<FormData FormOID="Form.visit" FormRepeatKey="{n}"></FormData>' * min(n, 20_000),
        "entity": lambda: "&lol;" * min(n, 10),
        "character": lambda: "&#0;",
        "prefix": lambda: f'<x:y xmlns:x="{"u" * n}"/>',
    }


@pytest.mark.parametrize(
    ("said", "instead", "why"),
    [
        ('<ItemData ItemOID="crp"', '<ItemDatx ItemOID="crp"', "'ItemDatx' is no element of a record"),
        ('<ItemData ItemOID="crp"', 'xItemData ItemOID="crp"', "stands between the elements of a record"),
        ('ItemOID="crp" Value=', 'ItemOID="crp" Valve=', "'crp' stands there without its Value"),
        ('Form.treatment" FormRepeatKey=', 'Form.treatment" FormRepeatQey=', "an element without its FormRepeatKey"),
    ],
)
def test_a_value_that_one_wrong_sign_would_lose_is_refused(said: str, instead: str, why: str) -> None:
    assert TEXT.count(said) == 1

    refused = read(TEXT.replace(said, instead).encode())

    assert refused is not None
    assert why in str(refused)
    assert refused.line > TEXT[: TEXT.index("<ClinicalData")].count("\n")


def test_what_an_uploaded_file_holds_is_passed_over_however_long_it_is() -> None:
    crp = '<ItemData ItemOID="crp" Value="5"/>'
    file = f'<ItemDataBase64Binary ItemOID="crp">{"QUJD" * 100_000}</ItemDataBase64Binary>'

    assert read(TEXT.replace(crp, file).encode()) is None


@given(st.integers(0, len(CONTENT)))
@settings(max_examples=60, deadline=None)
def test_a_project_that_is_cut_anywhere(place: int) -> None:
    is_stored_or_refused(CONTENT[:place])


@given(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_project_of_which_some_bytes_are_others(changes: list[tuple[int, int]]) -> None:
    content = bytearray(CONTENT)
    for place, byte in changes:
        content[place] = byte

    is_stored_or_refused(bytes(content))


@given(
    st.integers(0, len(TEXT)),
    st.sampled_from([*hostile(1)]),
    st.sampled_from([1, 3, 1_001, 100_000, LONG]),
)
@settings(max_examples=60, deadline=None)
def test_a_project_with_something_that_does_not_belong_there(place: int, what: str, n: int) -> None:
    place = TEXT.find("\n", place) + 1  # between two tags; the other laws are about what is within one
    text = hostile(min(n, 200_000) if what == "depth" else n)[what]()

    is_stored_or_refused(f"{TEXT[:place]}{text}{TEXT[place:]}".encode())


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_project_of_which_lines_are_lost_doubled_or_exchanged(drawn: st.DataObject) -> None:
    lines = TEXT.splitlines(keepends=True)
    for _ in range(drawn.draw(st.integers(1, 4))):
        first, second = (drawn.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match drawn.draw(st.sampled_from(["lost", "doubled", "exchanged"])):
            case "lost":
                del lines[first]
            case "doubled":
                lines.insert(second, lines[first])
            case _:
                lines[first], lines[second] = lines[second], lines[first]

    is_stored_or_refused("".join(lines).encode())


@given(st.binary(max_size=2_000))
@settings(max_examples=50, deadline=None)
def test_bytes_that_were_never_a_project(content: bytes) -> None:
    is_stored_or_refused(content)
