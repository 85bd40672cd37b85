"""What a text may be that names somebody or something, or says why: one printable line, not blank, not too long."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from projections.cohort.definition_file import parsed
from projections.reconciliation import published_figures
from registry import Registry
from registry.audit.proof import read_proof
from registry.errors import BatchRefusedError, FormatError, MissingValueError, ProofError, RangeError, RegistryError
from registry.intake import ImportOptions, import_batch
from registry.toml_keys import DefinitionError
from tests.spec.given import PATIENT, refused

VISIT = {"visited_on": "2004-01-01"}
NO_LINES = [
    pytest.param("a\x1b[31mb", FormatError, "is not printable text on one line", id="escape"),
    pytest.param("a\nb", FormatError, "is not printable text on one line", id="line break"),
    pytest.param("a\u2028b", FormatError, "is not printable text on one line", id="line separator"),
    pytest.param("a\u202eb", FormatError, "is not printable text on one line", id="turn of direction"),
    pytest.param("a\u200bb", FormatError, "is not printable text on one line", id="sign without width"),
    pytest.param("a\u3164b", FormatError, "is not text of which every sign is seen", id="filler"),
    pytest.param("\u0301b", FormatError, "is not text of which every sign is seen", id="mark without its letter"),
    pytest.param("a\udcffb", FormatError, "is not printable text on one line", id="half a sign"),
    pytest.param("a" * 1001, RangeError, "text of 1001 characters is outside 1 to 1000 characters", id="too long"),
    pytest.param(" \t ", MissingValueError, "is empty; give ", id="blank"),
]
NO_REASONS = [param for param in NO_LINES if param.id != "blank"]  # which is no reason at all, and told so elsewhere
OF_FILES = [param for param in NO_LINES if param.id not in ("blank", "too long", "mark without its letter")]


@pytest.mark.parametrize(("text", "error", "why"), NO_LINES)
def test_who_records_is_named_on_one_line(enrolled: Registry, text: str, error: type[RegistryError], why: str) -> None:
    enrolled.actor = text

    with refused(enrolled, error, f"^actor(: .*)? ?{why}"):
        enrolled.record_visit(PATIENT, visited_on="2004-01-01")
    with refused(enrolled, error, f"^actor(: .*)? ?{why}"):
        enrolled.freeze("paper")
    assert enrolled.freezes() == []


@pytest.mark.parametrize(("text", "error", "why"), NO_LINES)
def test_whence_something_comes_is_said_on_one_line(
    enrolled: Registry, text: str, error: type[RegistryError], why: str
) -> None:
    enrolled.source = text

    with refused(enrolled, error, f"^source(: .*)? ?{why}"):
        enrolled.record_visit(PATIENT, visited_on="2004-01-01")


@pytest.mark.parametrize(("text", "error", "why"), NO_REASONS)
def test_a_reason_is_one_line(enrolled: Registry, text: str, error: type[RegistryError], why: str) -> None:
    told = f"^reason: .*{why}"

    with refused(enrolled, error, told):
        enrolled.amend(f"patient/{PATIENT}", {"birth_year": 1970}, reason=text)
    with refused(enrolled, error, told):
        enrolled.retract(f"patient/{PATIENT}", reason=text)
    with refused(enrolled, error, told):
        enrolled.merge_patients(PATIENT, into="BAR1-02", reason=text)
    with refused(enrolled, error, told):
        enrolled.unmerge_patients(PATIENT, reason=text)
    with refused(enrolled, error, told):
        enrolled.erase_patient(PATIENT, reason=text)


@pytest.mark.parametrize(("text", "error", "why"), NO_LINES)
def test_the_note_of_a_freeze_is_one_line(enrolled: Registry, text: str, error: type[RegistryError], why: str) -> None:
    with refused(enrolled, error, f"^note(: .*)? ?{why}"):
        enrolled.freeze("paper", text)
    assert enrolled.freezes() == []


@pytest.mark.parametrize(("text", "error", "why"), NO_LINES)
@pytest.mark.parametrize("field", ["actor", "reason"])
def test_who_imports_and_why_is_one_line_and_is_asked_before_anything_is_read(
    enrolled: Registry, field: str, text: str, error: type[RegistryError], why: str
) -> None:
    options = msgspec.structs.replace(ImportOptions(), **{field: text})

    with refused(enrolled, error, f"^{field}(: .*)? ?{why}"):
        import_batch(enrolled, "there is no such file", options=options)


@pytest.mark.parametrize(("text", "error", "why"), OF_FILES)
def test_a_file_that_is_named_otherwise_is_refused_by_a_name_that_is_seen(
    enrolled: Registry, tmp_path: Path, text: str, error: type[RegistryError], why: str
) -> None:
    folder = tmp_path / "batch"
    (folder / text).mkdir(parents=True)
    (folder / "2004").mkdir()
    for place in (folder / text, folder / "2004"):
        (place / "visits.csv").write_text(f"patient,visited_on\n{PATIENT},2004-01-01\n")

    with refused(enrolled, BatchRefusedError, "^nothing was stored: 1 problem in the batch") as refusal:
        import_batch(enrolled, [folder / text, folder / "2004"])

    (problem,) = refusal.value.problems
    assert problem.message == "a name with signs that cannot be printed; rename it"
    assert problem.place.file == f"{text.encode('unicode_escape').decode()}/visits.csv"


def test_a_file_by_itself_is_named_by_its_own_name_whatever_its_folder_is_called(
    enrolled: Registry, tmp_path: Path
) -> None:
    folder = tmp_path / "a\x1b[31mb"
    folder.mkdir()
    (folder / "visits.csv").write_text(f"patient,visited_on\n{PATIENT},2004-01-01\n")

    assert import_batch(enrolled, folder).events == 1
    assert enrolled.history(f"visit/{PATIENT}/2004-01-01")[0].source == "visits.csv:2"


@pytest.mark.parametrize("text", ["a\\u001bb", "a\\nb", "a\\u202eb", "a" * 1001])
@pytest.mark.parametrize("key", ["cohort", "title", "time_points[1].name"])
def test_the_names_and_the_title_of_a_cohort_are_one_line(key: str, text: str) -> None:
    texts = {"cohort": "cohort", "title": "t", "time_points[1].name": "baseline", key: text}
    file = (
        f'cohort = "{texts["cohort"]}"\ntitle = "{texts["title"]}"\n[day0]\nevent = "enrolment"\n'
        f'[[time_points]]\nname = "{texts["time_points[1].name"]}"\nday = 0\n'
    )

    with pytest.raises(DefinitionError) as refusal:
        parsed(file.encode(), "c.toml")

    (line,) = refusal.value.lines
    assert line.startswith(f"c.toml: {key}: 'a")
    assert line.endswith("is not printable text of at most 1,000 characters on one line")
    assert line.isprintable()


def test_the_note_of_a_printed_figure_may_have_lines_and_nothing_that_is_not_printed() -> None:
    figure = 'paper = "p"\n[[figures]]\nwhere = "Table 1"\nprinted = "5"\nreason = "{}"\n'

    assert published_figures.parsed(figure.format(r"one\ntwo").encode()).figures[0].reason == "one\ntwo"
    with pytest.raises(DefinitionError, match=r"reason: 'a\\x1b' is not printable text of at most 1,000 characters$"):
        published_figures.parsed(figure.format(r"a\u001b").encode())


@pytest.mark.parametrize("field", ["topic", "freeze"])
def test_a_proof_whose_topic_or_freeze_is_no_line_is_none(enrolled: Registry, field: str) -> None:
    proof = enrolled.prove(f"patient/{PATIENT}", freeze="paper")
    changed = msgspec.structs.replace(
        proof,
        **(
            {"event": msgspec.structs.replace(proof.event, topic="x\x1b[31m")}
            if field == "topic"
            else {"log": msgspec.structs.replace(proof.log, freeze="x\ny")}
        ),
    )

    assert read_proof(msgspec.json.encode(proof)) == proof
    with pytest.raises(ProofError, match="a topic or a freeze in it is not printable text on one line"):
        read_proof(msgspec.json.encode(changed))


def test_blanks_around_a_text_are_none_of_it(enrolled: Registry) -> None:
    enrolled.actor = " lindner "

    enrolled.amend(f"patient/{PATIENT}", {"birth_year": 1970}, reason=" typing error ")

    version = enrolled.history(f"patient/{PATIENT}")[-1]
    assert (version.actor, version.reason) == ("lindner", "typing error")
