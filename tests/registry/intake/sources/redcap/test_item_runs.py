"""Items of a project's XML that are taken together say what they say one by one, at the same lines.

The other side of each comparison is Expat, which tells of each item by itself where the declaration of the encoding is
in the other kind of quotes; no byte of the file stands elsewhere for that.
"""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UnreadableError
from registry.intake.sources.foreign_source import SourceRow
from registry.intake.sources.redcap.item_runs import Item, ItemRuns
from registry.intake.sources.redcap.odm import PIECE, PROJECT
from registry.intake.sources.redcap.project_xml import RECORD_AT_MOST
from tests.registry.intake.sources.redcap.projects import Event, Field, Project, Row
from tests.registry.intake.sources.redcap.reading import both, opened

BYTES_AT_MOST = 5_000_000  # of memory, of a file of nine million
FIELDS = [
    Field("record_id", "enrolment"),
    Field("sex", "enrolment", "radio", "Sex", "0, Female | 1, Male"),
    Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS"),
    Field("crp", "visit", validation="number"),
    Field("seen_on", "visit", validation="date_ymd"),
    Field("remarks", "visit", "notes"),
    Field("drug", "treatment"),
]
EVENTS = [Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12")]
REPEATS = [("baseline_arm_1", "treatment")]
VISIT = {"crp": "5", "seen_on": "2021-03-24", "remarks": "Köln; a  b & c", "visit_complete": "2"}
ROWS = [
    Row("1", {"sex": "1", **VISIT}, "baseline_arm_1", group="north"),
    Row("1", {"drug": "Humira", "treatment_complete": "2"}, "baseline_arm_1", "treatment", 1, "north"),
    Row("1", {"criteria___1": "1", "visit_complete": "1"}, "week_12_arm_1", group="north"),
    Row("2", {"sex": "0", **VISIT}, "baseline_arm_1"),
]
CONTENT = Project(FIELDS, ROWS, EVENTS, REPEATS, groups=True).xml().encode()
DECLARED, ONE_BY_ONE = b'encoding="UTF-8"', b"encoding='UTF-8'"
BODY = CONTENT.index(b"<ODM")
CRP = b'<ItemData ItemOID="crp" Value="5"/>'
STRANGE = [
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?a ", b"?>", b"<ItemData/>", b"<ItemData />", CRP, b"\r", b"\r\n", b"\n",
    b"<x:ItemData xmlns:x='http://www.cdisc.org/ns/odm/v1.3' ItemOID='crp' Value='6'/>", b"<ItemData ItemOID='crp'/>",
    b'<ItemData ItemOID="crp" Value="--"/>', b'<ItemData ItemOID="crp" Value="-"/>', b"<a>", b"</a>", b"a", b"&amp;",
    b'<ItemData ItemOID="crp" Value="]]>"/>', b'<ItemData ItemOID="" Value=""/>', b'<ItemData Value="1"/>', b'"', b"<",
    b'<a xmlns="">' + CRP + b"</a>", b'<ItemData ItemOID="seen_on" Value=" 2021-03-24 "/>', b"\xef\xbb\xbf", b"\x00",
]  # fmt: skip


def outcome(content: bytes) -> tuple[list[SourceRow], str, int]:
    """What comes of a file: its rows until it is refused, and why it is, on which line."""
    rows: list[SourceRow] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "project.xml"
        path.write_bytes(content)
        try:
            rows.extend(opened(path.parent, "project.xml").rows())
        except UnreadableError as refused:
            return rows, str(refused), refused.line
    return rows, "", 0


def is_the_same_one_by_one(content: bytes) -> tuple[list[SourceRow], str, int]:
    """See that a file says the same where its items come one by one, and return that."""
    assert content.count(DECLARED) == 1

    found = outcome(content)

    assert found == outcome(content.replace(DECLARED, ONE_BY_ONE))
    return found


def places(content: bytes) -> list[int]:
    """Where a tag begins, in a file behind its declaration."""
    return [found.start() for found in re.finditer(b"<", content) if found.start() >= BODY]


@given(st.lists(st.tuples(st.sampled_from(places(CONTENT)), st.sampled_from(STRANGE)), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_project_with_something_strange_between_its_tags(strange: list[tuple[int, bytes]]) -> None:
    content = CONTENT
    for place, what in sorted(strange, reverse=True):
        content = content[:place] + what + content[place:]

    is_the_same_one_by_one(content)


@given(st.lists(st.tuples(st.integers(BODY, len(CONTENT) - 1), st.integers(0, 255)), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_project_of_which_some_bytes_are_others(changes: list[tuple[int, int]]) -> None:
    content = bytearray(CONTENT)
    for place, byte in changes:
        content[place] = byte

    is_the_same_one_by_one(bytes(content))


@given(st.integers(BODY, len(CONTENT)))
@settings(max_examples=50, deadline=None)
def test_a_project_that_is_cut_anywhere(place: int) -> None:
    is_the_same_one_by_one(CONTENT[:place])


@pytest.mark.parametrize(
    "spelt",
    [
        lambda content: content,
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: re.sub(rb">[\n\t]+<", b"><", content),
    ],
)
def test_what_a_project_says_is_the_same_however_its_lines_end(spelt: Callable[[bytes], bytes]) -> None:
    rows, refused, _ = is_the_same_one_by_one(spelt(CONTENT))

    assert not refused
    assert [row.values.get("crp") for row in rows] == ["5", None, None, "5"]
    assert [row.values.get("seen_on") for row in rows] == ["2021-03-24", None, None, "2021-03-24"]


@pytest.mark.parametrize(
    ("before", "behind", "told"),
    [
        (b"<![CDATA[ ", b" ]]>", "text stands between the elements of a record"),
        (b'<a xmlns="">', b"</a>", "'a' is no element of a record"),
    ],
)
def test_an_item_in_a_section_of_text_or_in_a_foreign_element_is_refused(
    before: bytes, behind: bytes, told: str
) -> None:
    _, refused, line = is_the_same_one_by_one(CONTENT.replace(CRP, before + CRP + behind))

    assert refused.startswith(told)
    assert line > CONTENT[: CONTENT.index(CRP)].count(b"\n")


@pytest.mark.parametrize(("before", "behind"), [(b"<!-- ", b" -->"), (b"<?old ", b" ?>")])
def test_an_item_in_a_comment_or_an_instruction_is_none(before: bytes, behind: bytes) -> None:
    content = CONTENT.replace(CRP, before + CRP + behind)

    rows, refused, _ = is_the_same_one_by_one(content)

    assert not refused
    assert not any("crp" in row.values for row in rows)


def test_an_item_with_two_hyphens_in_a_comment_makes_it_no_xml_as_ever() -> None:
    content = CONTENT.replace(CRP, b"<!-- " + CRP.replace(b"5", b"--") + b" -->", 1)

    rows, refused, line = is_the_same_one_by_one(content)

    assert not rows
    assert refused.startswith("not readable as XML")
    assert line == 1 + content[: content.index(b"<!--")].count(b"\n")


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        (b'<ItemData ItemOID="drug" Value="5"/>', "'drug' is no field of the form visit"),
        (CRP + b"\n" + CRP, "crp stands twice in the form visit"),
        (b'<ItemData ItemOID="record_id" Value="7"/>', "'record_id' is no field of the form visit"),
        (b"<ItemData/>", f"'' stands there without its Value; {PROJECT.mend}"),
    ],
)
def test_an_item_that_does_not_belong_there_is_refused_on_its_own_line(instead: bytes, told: str) -> None:
    content = CONTENT.replace(CRP, instead, 1)

    _, refused, line = is_the_same_one_by_one(content)

    assert refused == told
    assert line == 1 + content[: content.index(instead)].count(b"\n") + instead.count(b"\n")


def test_an_item_outside_a_form_is_refused() -> None:
    content = CONTENT.replace(b"\t</SubjectData>", CRP + b"\n\t</SubjectData>", 1)

    assert is_the_same_one_by_one(content)[1] == "the value of 'crp' stands outside a form"


def test_items_that_the_end_of_a_piece_cuts_are_read_as_all_others(tmp_path: Path) -> None:
    rows = [
        Row(str(n), {"sex": "1", "crp": str(n), "seen_on": "2021-03-24", "visit_complete": "2"}, "baseline_arm_1")
        for n in range(1, 601)
    ]
    project = Project(FIELDS, rows, EVENTS)

    read = both(project, tmp_path)

    assert len(project.xml()) > 4 * PIECE
    assert {row.record: row.values["crp"] for row in read} == {row.record: row.values["crp"] for row in rows}
    is_the_same_one_by_one(project.xml().encode())


def test_a_record_is_too_large_to_be_held_as_it_is_one_by_one() -> None:
    drug = b'<ItemData ItemOID="drug" Value="Humira"/>'
    form = b'<FormData FormOID="Form.treatment" FormRepeatKey="%d">%s</FormData>'
    begin = CONTENT.index(b'<FormData FormOID="Form.treatment"')
    long = drug.replace(b"Humira", b"a" * (PIECE // 8))
    forms = b"\n".join(form % (n, long) for n in range(2, 2 + 1 + RECORD_AT_MOST // (PIECE // 8)))

    _, refused, _ = is_the_same_one_by_one(CONTENT[:begin] + forms + CONTENT[begin:])

    assert refused == "a record of more than 64,000,000 characters"


def test_items_in_comments_take_no_memory(tmp_path: Path) -> None:
    comments = (b"<!--" + CRP + b"-->\n") * 200_000
    (tmp_path / "project.xml").write_bytes(CONTENT.replace(b"<ClinicalData", comments + b"<ClinicalData", 1))
    project = opened(tmp_path, "project.xml")

    tracemalloc.start()
    assert len([*project.rows()]) == len(ROWS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < BYTES_AT_MOST


def test_a_run_leaves_an_element_its_lines_and_as_many_blanks_and_is_told_once() -> None:
    head = b'<?xml version="1.0" encoding="UTF-8" ?>\n'
    run = b'<ItemData ItemOID="crp" Value="5"/>\n\t<ItemData ItemOID="drug" Value="a \'b\'"/>\r\n'
    runs = ItemRuns()

    left = [*runs.taken_from([head + run + b"<b/>", run + b"\t\t<b/>"])]

    assert left == [head + b"<ItemData/>\n\r\n<b/>", b"<ItemData/>\n\r\n  <b/>"]
    found = runs.at(len(head))
    assert found is not None
    assert [*found.one_by_one()] == [Item("crp", "5", 0), Item("drug", "a 'b'", 1)]
    assert runs.at(len(head)) is None
    assert runs.at(len(left[0])) is not None


def test_a_run_on_one_line_leaves_blanks_as_long_as_itself() -> None:
    head = b'<?xml version="1.0" encoding="UTF-8" ?>'

    assert [*ItemRuns().taken_from([head + CRP + CRP + b" <b/>"])] == [head + b"<ItemData/>" + b" " * 60 + b"<b/>"]


def test_runs_that_are_past_are_forgotten() -> None:
    head, run = b'<?xml version="1.0" encoding="UTF-8"?>', CRP
    runs = ItemRuns()
    assert len([*runs.taken_from([head, run, run])]) == 3

    runs.forget_before(len(head) + len(run))

    assert runs.at(len(head)) is None
    assert runs.at(len(head) + len(run)) is not None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b'<?xml version="1.0"?>',
        b'<?xml version="1.0" encoding="UTF-16"?>',
        b'<?xml version="1.0" encoding="cp037"?>',
        b"\xff\xfe",
    ],
)
def test_a_file_that_does_not_declare_utf_8_is_left_as_it_is(head: bytes) -> None:
    assert [*ItemRuns().taken_from([head + CRP])] == [head + CRP]


@pytest.mark.parametrize("value", ["ü", "a &amp; b", "a>b", "a\tb", "a\nb", "--", "\x7f", "\x01"])
def test_an_item_that_is_not_plain_ascii_is_left_to_expat(value: str) -> None:
    content = b'<?xml version="1.0" encoding="UTF-8"?>' + f'<ItemData ItemOID="crp" Value="{value}"/>'.encode()

    assert [*ItemRuns().taken_from([content])] == [content]
