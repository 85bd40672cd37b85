"""Exports that are not what a mapping was written for: each is refused in one message, and nothing of it is stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError, RefusalError
from registry.intake.sources.mapped_import import import_mapped
from registry.toml_keys import DefinitionError

XML, CSV = "mapping.toml", "mapping-csv.toml"
PROJECT, DATA, DICTIONARY = "AxSpACohort.REDCap.xml", "AxSpACohort_DATA.csv", "AxSpACohort_DataDictionary.csv"


def exchange(folder: Path, file: str, *pairs: tuple[str, str]) -> None:
    """Write other words into a file, everywhere."""
    text = (folder / file).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (folder / file).write_text(text, encoding="utf-8")


def cut_short(folder: Path) -> None:
    content = (folder / PROJECT).read_bytes()
    (folder / PROJECT).write_bytes(content[: len(content) * 3 // 4])


def with_another_dictionary(folder: Path) -> None:
    exchange(folder, XML, (f'files = ["{PROJECT}"]', f'files = ["{PROJECT}"]\ndictionary = "{DICTIONARY}"'))
    exchange(folder, DICTIONARY, ("crp,visit,,text", "crp,visit,,notes"), ("Female", "Woman"))


def for_another_project(folder: Path) -> None:
    exchange(folder, XML, ('project = "axSpA cohort"', 'project = "Psoriasis cohort"'))


def without_a_field(folder: Path) -> None:
    exchange(folder, PROJECT, ('"ptglobal"', '"pt_global_old"'))


def with_a_new_code(folder: Path) -> None:
    exchange(folder, PROJECT, ('ItemOID="smoke" Value="2"', 'ItemOID="smoke" Value="3"'))


def with_labels(folder: Path) -> None:
    exchange(folder, DATA, ("record_id,redcap_event_name", "Study ID,Event Name"))


def with_labels_of_choices(folder: Path) -> None:
    exchange(folder, DATA, (",baseline_arm_1,", ",Baseline,"))


def with_the_record_id_called_otherwise(folder: Path) -> None:
    exchange(folder, DATA, ("record_id,redcap_event_name", "study_id,redcap_event_name"))


def with_another_record_id_within(folder: Path) -> None:
    exchange(folder, PROJECT, ('SubjectKey="101-3"', 'SubjectKey="101-33"'))


def of_shifted_dates(folder: Path) -> None:
    exchange(folder, XML, ("[source]", "[source]\nshifted_dates = true"))


REFUSED: list[tuple[Callable[[Path], None], str, str]] = [
    (cut_short, XML, rf"{PROJECT}.*:\d+: .*the file ends too early or was changed; export the project anew"),
    (with_another_dictionary, XML, rf"{DICTIONARY} is not the dictionary of the XML: \w+ differs in its"),
    (for_another_project, XML, "the mapping is for the project 'Psoriasis cohort', and this is"),
    (without_a_field, XML, rf"table\[2\].patient_global: {PROJECT} has no field 'ptglobal'"),
    (with_a_new_code, XML, rf"{PROJECT}:\d+:smoke: '3' is covered by none of the codes \(\d+ rows, first record 10"),
    (with_labels, CSV, f"{DATA}:1: this is an export of labels, .*export raw data"),
    (with_labels_of_choices, CSV, f"{DATA}.*:2: redcap_event_name: 'Baseline' is none of the events; .*labels"),
    (with_the_record_id_called_otherwise, CSV, f"{DATA}:1: no column record_id, the first field of the dictionary"),
    (with_another_record_id_within, XML, rf"{PROJECT}.*:\d+: the record 101-33 says that it is '101-3'"),
    (of_shifted_dates, XML, "shifted_dates: the dates of the import at @86 were not shifted"),
]


@pytest.mark.parametrize(("spoil", "mapping", "told"), REFUSED, ids=[spoil.__name__ for spoil, _, _ in REFUSED])
def test_an_export_is_refused_in_one_message_and_nothing_is_stored(
    registry: Registry, folder: Path, spoil: Callable[[Path], None], mapping: str, told: str
) -> None:
    import_mapped(registry, folder / mapping)
    head = registry.head
    spoil(folder)

    with pytest.raises((RefusalError, DefinitionError)) as refused:
        import_mapped(registry, folder / mapping)

    (problem,) = getattr(refused.value, "problems", [refused.value])
    assert re.search(told, str(problem)), problem
    assert registry.head == head


def test_columns_in_another_order_change_nothing(registry: Registry, folder: Path) -> None:
    import_mapped(registry, folder / CSV)
    lines = [line.split(",") for line in (folder / DATA).read_text(encoding="utf-8").splitlines() if '"' not in line]
    assert len(lines) > 10

    (folder / DATA).write_text("\n".join(",".join(reversed(line)) for line in lines) + "\n", encoding="utf-8")

    assert import_mapped(registry, folder / CSV).events == 0


def test_a_record_under_another_id_is_refused_as_a_whole_with_both_ids_and_the_line_that_says_so(
    registry: Registry, folder: Path
) -> None:
    import_mapped(registry, folder / XML)
    head = registry.head
    exchange(folder, PROJECT, ('"101-1"', '"101-99"'))

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, folder / XML)

    (problem,) = refused.value.problems
    assert problem.place.column == "record_id"
    assert "101-99 says what 101-1 said before, who is not in this delivery" in problem.message
    assert 'renamed = { "101-99" = "101-1" }' in problem.message
    assert problem.message.endswith("(record 101-99, event baseline_arm_1)")
    assert registry.head == head


def test_a_record_that_is_said_to_have_had_another_id_is_known_with_all_its_rows(
    registry: Registry, folder: Path
) -> None:
    import_mapped(registry, folder / XML)
    exchange(folder, PROJECT, ('"101-1"', '"101-99"'))

    exchange(folder, XML, ("[patient]", '[patient]\nrenamed = { 101-99 = "101-1" }'))

    assert import_mapped(registry, folder / XML).events == 0


def test_a_record_that_is_said_to_be_a_new_one_is_refused_where_its_studies_are_those_of_a_patient_who_is_there(
    registry: Registry, folder: Path
) -> None:
    import_mapped(registry, folder / XML)
    head = registry.head
    exchange(folder, PROJECT, ('"101-1"', '"101-99"'))
    exchange(folder, XML, ("[patient]", '[patient]\nnew = ["101-99"]'))

    with pytest.raises(RefusalError, match="nothing was stored: 2 problems") as refused:
        import_mapped(registry, folder / XML)

    assert "imaging/MR001A is recorded already, with other content; another patient has it" in str(
        getattr(refused.value, "problems")[0]  # noqa: B009 of one of its kinds
    )
    assert registry.head == head
