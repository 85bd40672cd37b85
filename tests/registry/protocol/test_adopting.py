"""Adopting a protocol: one event or none, whoever adopts at the same time, and what a dry run says before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.event import listen

from projections import facts_at, project
from registry import Registry
from registry.catalogue.protocol import MeasureRecord, Protocol
from registry.errors import RegistryError
from registry.protocol.adopted import catalogue_at
from registry.protocol.dry_run import NotTaken
from registry.protocol.file import protocol_of
from registry.toml_keys import DefinitionError
from tests.registry.protocol.given import BMI, HEAD, SMOKING, protocol
from tests.spec import given

CENTRES = '[[centres]]\ncode = "C1"\ntitle = "Northtown"\n'


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """An empty registry in each of the stores."""
    with Registry.open(url, actor="ines", clock=given.StandingClock()) as opened:
        yield opened


@pytest.fixture
def in_a_file(sqlite_url: str) -> Iterator[Registry]:
    """A registry in a file, with three patients of two centres."""
    with Registry.open(sqlite_url, actor="ines", clock=given.StandingClock()) as opened:
        for patient, centre in (("P-1", "C1"), ("P-2", "C9"), ("P-3", None)):
            opened.enrol_patient(patient, enrolled_on="2010-01-01", **({"centre": centre} if centre else {}))
        yield opened


def refused(registry: Registry, written: Protocol | Path) -> list[str]:
    """What is told of a protocol that is refused, by both ways, which store nothing."""
    before = registry.head
    with pytest.raises(DefinitionError) as refusal:
        registry.adopt_protocol(written)
    with pytest.raises(DefinitionError) as tried:
        registry.try_protocol(written)
    assert tried.value.problems == refusal.value.problems
    assert registry.head == before
    return list(refusal.value.problems)


def test_words_of_a_list_in_another_order_are_not_the_same_protocol(registry: Registry) -> None:
    former, current = 'former = "former, none for 12 months"', 'current = "current"'
    turned_round = SMOKING.replace(former, "X").replace(current, former).replace("X", current)
    registry.adopt_protocol(protocol(SMOKING))

    told = "measures[1].codes: was in the order never, former and current, which stays; new words may stand between"
    assert refused(registry, protocol(turned_round)) == [told]


def test_an_adoption_is_one_event_and_the_same_protocol_none(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(HEAD + BMI)

    adopted = registry.adopt_protocol(file, reason="body mass index from now on")
    again = registry.adopt_protocol(str(file))

    assert (adopted.position, adopted.adopted.edition, adopted.adopted.actor) == (1, 1, "ines")
    assert adopted.adopted.protocol == protocol(BMI)
    assert again == adopted
    assert registry.head.position == 1
    assert registry.verify().is_whole


def test_a_protocol_is_kept_exactly_and_found_at_every_position(registry: Registry) -> None:
    first = protocol(BMI.replace("80]", "80.10]"))
    second = protocol(BMI.replace("80]", "80.10]"), SMOKING)

    registry.adopt_protocol(first)
    registry.enrol_patient("P-1", enrolled_on="2010-01-01")
    registry.adopt_protocol(second)

    assert [each.adopted.protocol for each in registry.protocols()] == [first, second]
    measures = [set(catalogue_at(registry.log, position).measures) & {"bmi", "smoking"} for position in range(4)]
    assert measures == [set(), {"bmi"}, {"bmi"}, {"bmi", "smoking"}]
    assert catalogue_at(registry.log).measures["bmi"].high == Decimal("80.1")


def test_an_adoption_is_in_the_events_can_be_proved_and_outlives_an_erasure(registry: Registry) -> None:
    registry.adopt_protocol(protocol(BMI))
    registry.enrol_patient("P-1", enrolled_on="2010-01-01")
    registry.erase_patient("P-1", reason="asked for it")

    proof = registry.prove("@1")

    assert proof.event.topic == "ProtocolAdopted"
    events = project("events", facts_at(registry)).to_pylist()
    assert (events[0]["event"], events[0]["patient"]) == ("ProtocolAdopted", None)
    assert registry.protocols()[0].adopted.protocol == protocol(BMI)
    assert registry.verify().is_whole


def test_a_protocol_of_a_program_is_held_to_what_a_file_is(registry: Registry) -> None:
    measure = MeasureRecord(name="x", label="a\x1b[31m", unit="score", range=(Decimal("NaN"), None))

    told = refused(registry, Protocol(protocol="north", title="", measures=(measure,) * 1_001))

    assert told[0] == "measures: has 1,001 tables; 1,000 at most"
    assert "title: '' is not printable text of 1 to 1,000 characters on one line" in told
    assert any(each.startswith("measures[1].label: ") for each in told)
    assert any(each.startswith("measures[1].range[1]: ") for each in told)
    assert refused(
        registry, Protocol(protocol="north", title="N", measures=(measure._replace() if False else measure,))
    )


def test_a_protocol_with_values_of_another_type_is_refused(registry: Registry) -> None:
    measure = MeasureRecord(name="x", label="x", unit="score", until="2030-13-01")  # type: ignore[arg-type]

    [told] = refused(registry, Protocol(protocol="north", title="N", measures=(measure,)))

    assert told.startswith("protocol: cannot be kept as it is: ")


def test_all_problems_of_a_file_and_of_its_edition_are_told_at_once(registry: Registry, tmp_path: Path) -> None:
    registry.adopt_protocol(protocol(BMI, SMOKING))
    file = tmp_path / "p.toml"
    file.write_text(HEAD + BMI.replace("kg/m2", "stone").replace('"body mass index"', "7").replace("10,", "12,"))

    assert [problem.partition(": ")[0] for problem in refused(registry, file)] == [
        "measures[1].label",
        "measures[1].unit",
        "measures[1].unit",
        "measures[1].range",
        "measures",
    ]


def test_of_two_adoptions_at_once_one_is_refused_and_nothing_of_it_stored(url: str) -> None:
    def adopt(written: Protocol) -> list[str]:
        with Registry.open(url, actor="voss", clock=given.StandingClock()) as opened:
            try:
                opened.adopt_protocol(written)
            except DefinitionError as refusal:
                return list(refusal.problems)
            return []

    with ThreadPoolExecutor() as pool:
        adopted, refused_one = sorted(pool.map(adopt, (protocol(BMI), protocol(SMOKING))), key=len)

    assert adopted == []
    assert len(refused_one) == 1  # told by the lock, or by what is gone in it where the other was far ahead
    with Registry.open(url) as opened:
        assert [each.adopted.edition for each in opened.protocols()] == [1]
        assert opened.verify().is_whole


def test_an_edition_after_another_than_the_expected_one_is_refused(registry: Registry) -> None:
    registry.adopt_protocol(protocol(BMI), expecting=0)

    with pytest.raises(DefinitionError, match=r"edition 1 was adopted meanwhile, by ines"):
        registry.adopt_protocol(protocol(BMI, SMOKING), expecting=0)

    assert registry.adopt_protocol(protocol(BMI, SMOKING), expecting=1).adopted.edition == 2
    assert registry.adopt_protocol(protocol(BMI, SMOKING), expecting=1).adopted.edition == 2


def test_what_was_recorded_after_an_end_stays_and_a_dry_run_counts_it(in_a_file: Registry) -> None:
    in_a_file.adopt_protocol(protocol(BMI))
    for day, bmi in (("2011-01-01", "24"), ("2012-01-01", "25"), ("2013-01-01", "26"), ("2014-01-01", "27")):
        in_a_file.record_visit("P-1", visited_on=day, measures={"bmi": bmi})
    in_a_file.retract("visit/P-1/2014-01-01", reason="another patient's")
    ending = protocol(BMI, "until = 2012-01-01\n")

    assert in_a_file.try_protocol(ending).not_taken == [NotTaken("measures[1].until", "bmi", 2, date(2013, 1, 1))]
    assert in_a_file.adopt_protocol(ending).adopted.edition == 2
    assert given.stated(in_a_file, "visit/P-1/2013-01-01")["measures"][0]["value"] == "26"


def test_a_reason_for_a_missing_value_is_taken_after_an_end_and_a_dry_run_does_not_count_it(
    in_a_file: Registry,
) -> None:
    reasons = '[missing]\nNASK = "not asked"\n'
    in_a_file.adopt_protocol(protocol(BMI, "until = 2012-01-01\n", reasons))
    in_a_file.record_visit("P-1", visited_on="2013-01-01", measures={"bmi": "NASK"})

    assert in_a_file.try_protocol(protocol(BMI, "until = 2012-01-01\n", reasons)).not_taken == []


def test_a_dry_run_reads_a_centre_without_regard_to_case_as_files_are(in_a_file: Registry) -> None:
    in_a_file.enrol_patient("P-4", enrolled_on="2012-01-01", centre="c1")
    in_a_file.enrol_patient("P-5", enrolled_on="2013-01-01", centre="c1")

    both_and_another = protocol(CENTRES, '[[centres]]\ncode = "C9"\ntitle = "Easttown"\n')
    assert in_a_file.try_protocol(both_and_another).not_taken == []
    ended = protocol(CENTRES, "until = 2013-01-01\n", '[[centres]]\ncode = "C9"\ntitle = "Easttown"\n')
    assert in_a_file.try_protocol(ended).not_taken == [NotTaken("centres[1].until", "c1", 1, date(2013, 1, 1))]


def test_a_dry_run_counts_the_courses_and_the_suspicions_of_an_agent_that_ends(in_a_file: Registry) -> None:
    agent = '[[agents]]\nname = "x-7"\nclass = "IL-17i"\n'
    in_a_file.adopt_protocol(protocol(agent))
    in_a_file.start_treatment("P-1", agent="x-7", started_on="2012")
    in_a_file.record_adverse_event("P-1", term="rash", started_on="2011-12-01", agent="x-7")

    trial = in_a_file.try_protocol(protocol(agent, "until = 2011-06-01\n"))

    assert trial.not_taken == [NotTaken("agents[1].until", "x-7", 2, date(2012, 1, 1))]
    assert in_a_file.try_protocol(protocol(agent, "until = 2012-06-01\n")).not_taken == []


def test_a_dry_run_counts_what_is_stored_and_not_taken_and_changes_nothing(in_a_file: Registry) -> None:
    before = in_a_file.head

    trial = in_a_file.try_protocol(protocol(BMI, CENTRES))

    assert trial.edition == 1
    assert [each.where for each in trial.differences] == ["protocol", "protocol", "measures bmi", "centres C1"]
    [not_taken] = trial.not_taken
    assert not_taken == NotTaken("centres", "C9", 1, not_taken.last_day)
    assert not_taken.last_day.isoformat() == "2010-01-01"
    assert in_a_file.head == before
    assert in_a_file.adopt_protocol(protocol(BMI, CENTRES)).adopted.edition == 1


def test_a_dry_run_of_what_holds_says_nothing(in_a_file: Registry) -> None:
    in_a_file.adopt_protocol(protocol(BMI))

    assert in_a_file.try_protocol(protocol(BMI)) == (1, [], [])


def test_a_refusal_of_a_protocol_is_one_that_a_person_can_mend() -> None:
    assert issubclass(DefinitionError, RegistryError)
    with pytest.raises(DefinitionError, match=r"^p.toml: format: is missing"):
        protocol_of(b"", "p.toml")


def test_the_catalogue_of_a_position_is_looked_up_by_the_index_of_its_stream(registry: Registry) -> None:
    registry.adopt_protocol(protocol(BMI))
    position, database, asked = registry.head.position, registry.log.database, list[tuple[str, Any]]()
    on_sqlite = database.engine.dialect.name == "sqlite"
    listen(database.engine, "before_cursor_execute", lambda *heard: asked.append((heard[2], heard[3])))

    assert catalogue_at(registry.log, position).edition == 1

    ((statement, parameters),) = [each for each in asked if "FROM events" in each[0]]
    with database.reading() as connection:
        if not on_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")  # which is quicker while the table is empty
        explain = f"EXPLAIN {'QUERY PLAN' if on_sqlite else ''} {statement}"
        plan = str(connection.exec_driver_sql(explain, parameters).all())
    assert "SEARCH events USING INDEX" in plan if on_sqlite else "Index" in plan and "Seq Scan on events" not in plan
