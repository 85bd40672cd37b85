"""The registry as a program speaks to it: its door, its values and its errors."""

from __future__ import annotations

import inspect
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import registry as package
import spondyl
from registry import Registry, errors
from registry.errors import (
    FreezeExistsError,
    NoRegistryError,
    RefusalError,
    RegistryError,
    StoreError,
    UnknownCodeError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused

COMMANDS = (
    "record",
    "enrol_patient",
    "end_follow_up",
    "resume_follow_up",
    "record_visit",
    "start_treatment",
    "stop_treatment",
    "start_flare",
    "end_flare",
    "record_adverse_event",
    "record_condition",
    "end_condition",
    "record_study",
    "record_reading",
    "record_lesion_verdict",
    "amend",
    "retract",
    "merge_patients",
    "unmerge_patients",
    "erase_patient",
    "freeze",
    "adopt_protocol",
    "start_campaign",
    "lock_campaign",
    "unblind_campaign",
    "write_worklist",
    "adjudicate_campaign",
)
QUESTIONS = {
    "place",
    "catalogue",
    "head",
    "log",
    "today",
    "facts_begun",
    "history",
    "owner",
    "verify",
    "freezes",
    "batches",
    "protocols",
    "campaigns",
    "campaign_cases",
    "try_protocol",
    "freeze_position",
    "check_not_erased",
    "check_not_merged",
    "root",
    "prove",
}
FOR_BATCHES = {"patient_batch"}
DOORS = {"open", "open_to_read", "create", "close"}
NOTES = {"actor", "source", "interrupted"}


def test_the_registry_is_had_from_its_package_and_from_spondyl() -> None:
    assert package.Registry is spondyl.Registry is Registry


def test_a_registry_is_printed_with_its_place(registry: Registry) -> None:
    assert repr(registry) == f"<Registry at {registry.place}>"


def test_the_registry_does_what_the_protocol_has_words_for(registry: Registry) -> None:
    public = {name for name in dir(registry) if not name.startswith("_")}

    assert public == {*COMMANDS, *QUESTIONS, *FOR_BATCHES, *DOORS, *NOTES}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_in_a_sentence_what_it_does(name: str) -> None:
    first_line = (inspect.getdoc(getattr(Registry, name)) or "").splitlines()[0]

    assert first_line[0].isupper()
    assert len(first_line.split()) >= 4


def test_the_catalogue_is_used_without_a_database() -> None:
    modules = "registry.schema.tables, registry.domain.patient"
    code = f"import sys, {modules}; assert not {{'sqlalchemy', 'eventsourcing'}} & set(sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0


def test_a_registry_is_created_once_and_opened_again(tmp_path: Path) -> None:
    place = str(tmp_path / "cohort.db")
    with Registry.create(place, actor="lindner") as first:
        given.enrolled(first)

    with Registry.create(place, actor="voss") as second, Registry.open(place) as third:
        assert (second.head.position, third.head) == (1, second.head)


def test_opening_what_is_not_there_is_refused_and_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoRegistryError, match=r"^no registry at .*cohort\.db; create one with `spondyl init`$"):
        Registry.open(str(tmp_path / "cohort.db"))

    assert list(tmp_path.iterdir()) == []


def test_an_empty_registry_ends_at_position_0(registry: Registry) -> None:
    assert (registry.head.position, registry.head.recorded_at, registry.head.digest) == (0, None, bytes(32))


def test_today_is_the_day_of_the_recorded_clock(registry: Registry) -> None:
    assert registry.today() == date(2014, 6, 30)


def test_days_and_numbers_are_taken_as_python_has_them(enrolled: Registry) -> None:
    measures = {"basdai_1": 5, "basdai_2": 7.5, "crp": Decimal("24.70"), "esr": "28"}

    visit = enrolled.record_visit("BAR1-01", visited_on=date(2002, 6, 4), measures=measures)

    taken = given.stated(enrolled, visit)["measures"]
    assert [measurement["value"] for measurement in taken] == ["5", "7.5", "24.70", "28"]  # type: ignore[attr-defined]


def test_numbers_are_taken_as_numpy_and_pandas_have_them(enrolled: Registry) -> None:
    visit = given.visited(enrolled, basdai_1=np.int64(5), crp=np.float64(24.7))

    taken = given.stated(enrolled, visit)["measures"]
    assert [measurement["value"] for measurement in taken] == ["5", "24.7"]  # type: ignore[attr-defined]


def test_a_day_with_a_time_is_that_day(enrolled: Registry) -> None:
    assert (
        enrolled.record_visit("BAR1-01", visited_on=datetime(2002, 6, 4, 23, 59, tzinfo=UTC))
        == "visit/BAR1-01/2002-06-04"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_what_is_no_measured_number_is_refused(enrolled: Registry, value: float) -> None:
    with refused(enrolled, errors.FormatError, "^crp: .* is not a number"):
        given.visited(enrolled, crp=value)


@pytest.mark.parametrize(
    ("table", "column", "near"), [("patients", "birthyear", "birth_year"), ("treatments", "stoped_on", "stopped_on")]
)
def test_an_unknown_column_is_refused_with_the_nearest_known_one(
    registry: Registry, table: str, column: str, near: str
) -> None:
    with refused(
        registry, UnknownCodeError, f"^column: '{column}' is not a known column of {table}; did you mean '{near}"
    ):
        registry.record(table, {"patient": "BAR1-01", column: "1961"})


def test_a_missing_column_is_refused(registry: Registry) -> None:
    with refused(registry, RefusalError, "^column enrolled_on is missing; patients must have it$"):
        registry.record("patients", {"patient": "BAR1-01"})


def test_an_unknown_table_is_refused_with_the_nearest_known_one(registry: Registry) -> None:
    with refused(registry, UnknownCodeError, "^table: 'visit' is not a known table; did you mean 'visits'"):
        registry.record("visit", {"patient": "BAR1-01"})


def test_the_rows_of_a_table_and_the_commands_say_the_same(enrolled: Registry) -> None:
    given.visited(enrolled, crp="<5")

    with nothing_recorded(enrolled):
        enrolled.record("visits", {"patient": "BAR1-01", "visited_on": "2002-06-04", "visit": "baseline", "crp": "<5"})


def test_the_first_problem_of_several_is_told(registry: Registry) -> None:
    with refused(registry, RefusalError, "^patient must be 1 to 64"):
        registry.enrol_patient("Anna Müller", enrolled_on="yesterday", sex="w")


def test_a_refusal_names_the_field_that_has_to_change(enrolled: Registry) -> None:
    with refused(enrolled, errors.RangeError, "^basdai: 11 score") as refusal:
        given.visited(enrolled, basdai=11)

    assert isinstance(refusal.value, RefusalError)
    assert refusal.value.field == "basdai"


def test_a_freeze_gives_the_log_as_it_is_a_name_for_ever(enrolled: Registry) -> None:
    freeze = enrolled.freeze("interim-2014", note="for the steering committee")
    given.visited(enrolled)

    assert (freeze.position, freeze.actor, freeze.note) == (1, "lindner", "for the steering committee")
    assert enrolled.freeze_position("interim-2014") == 1
    assert enrolled.freeze_position("final") is None
    assert enrolled.freezes() == [freeze]


def test_a_second_freeze_of_the_same_name_is_refused(enrolled: Registry) -> None:
    enrolled.freeze("interim-2014")

    with refused(enrolled, FreezeExistsError, "^freeze 'interim-2014' exists already, at position @1; choose another"):
        enrolled.freeze("interim-2014")


def test_a_registry_in_use_is_found_whole(scanned: Registry) -> None:
    given.berlin(scanned)
    given.verdict(scanned)

    assert scanned.verify().is_whole
    assert scanned.verify().events == scanned.head.position == 5


def test_errors_are_the_users_to_act_on_and_stand_in_one_tree() -> None:
    tree = errors.__doc__ or ""
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, Exception)]

    assert all(issubclass(each, RegistryError) for each in classes)
    assert all(issubclass(each, StoreError | RefusalError) for each in classes if each is not RegistryError)
    assert [each.__name__ for each in classes if each.__name__ not in tree] == []
