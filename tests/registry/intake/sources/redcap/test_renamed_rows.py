"""A record whose id changed, where a field of a form says whose it is: its rows are no second rows of the patient."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake.sources.mapped_import import import_mapped

MAPPING, ROWS = "mapping-csv.toml", "AxSpACohort_DATA.csv"
REMOVED = 'initials = "a name, which the registry does not take"'


@pytest.fixture
def named_by_a_form(folder: Path) -> Path:
    """The example, in which the field of the initials has a pseudonym that says whose a record is."""
    text = (folder / MAPPING).read_text(encoding="utf-8")
    text = text.replace('field = "record_id"', 'field = "initials"').replace(REMOVED, 'record_id = "changes"')
    (folder / MAPPING).write_text(text, encoding="utf-8")
    with_records(folder, {})
    return folder


def with_records(folder: Path, ids: dict[str, str]) -> None:
    """Give records other ids; the pseudonyms stay."""
    with (folder / ROWS).open(encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    pseudonym = header.index("initials")
    for row in rows:
        if row[pseudonym] and not row[pseudonym].startswith("PS"):
            row[pseudonym] = f"PS{row[0].replace('-', '')}"
        row[0] = ids.get(row[0], row[0])
    with (folder / ROWS).open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def said_of_patients(folder: Path, line: str) -> None:
    text = (folder / MAPPING).read_text(encoding="utf-8")
    (folder / MAPPING).write_text(text.replace("[patient]", f"[patient]\n{line}"), encoding="utf-8")


def test_all_records_of_known_patients_with_other_ids_are_refused_in_one_message(
    registry: Registry, named_by_a_form: Path
) -> None:
    import_mapped(registry, named_by_a_form / MAPPING)
    head = registry.head
    with_records(named_by_a_form, {"102-10": "102-99", "102-2": "102-98"})

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, named_by_a_form / MAPPING)

    (problem,) = refused.value.problems
    assert "record 102-98 has the rows of PS1022 that were of record 102-2" in problem.message
    assert "record 102-99 has the rows of PS10210 that were of record 102-10" in problem.message
    assert '"102-99" = "102-10"' in problem.message
    assert "record 102-9" in problem.message.rpartition("(")[2]
    assert registry.head == head


def test_records_that_are_said_to_be_renamed_are_what_they_were(registry: Registry, named_by_a_form: Path) -> None:
    import_mapped(registry, named_by_a_form / MAPPING)
    with_records(named_by_a_form, {"102-10": "102-99"})
    said_of_patients(named_by_a_form, 'renamed = { "102-99" = "102-10" }')

    assert import_mapped(registry, named_by_a_form / MAPPING).events == 0


def test_another_record_of_a_patient_is_recorded_where_it_is_said_to_be_new(
    registry: Registry, named_by_a_form: Path
) -> None:
    import_mapped(registry, named_by_a_form / MAPPING)
    with_records(named_by_a_form, {"102-10": "102-99"})
    said_of_patients(named_by_a_form, 'new = ["PS10210"]')

    assert import_mapped(registry, named_by_a_form / MAPPING).tables["visits"].recorded == 3


def test_the_old_id_beside_the_new_one_is_refused(registry: Registry, named_by_a_form: Path) -> None:
    said_of_patients(named_by_a_form, 'renamed = { "102-2" = "102-10" }')

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, named_by_a_form / MAPPING)

    assert "'102-10' is there under its old name" in str(refused.value.problems[0])
