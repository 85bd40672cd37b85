"""Exports of a registry with a protocol: described as they are, never changed by what is adopted later, and whole."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project, reproduce
from projections.columns.tables import rows
from projections.export import export
from projections.export.content import content_hash
from projections.export.dictionary import dictionary
from projections.export.manifest import as_json
from projections.tables import TABLES
from registry import Registry
from registry.audit.proof import check_proof
from registry.store.backup import backup, restore
from registry.store.opening import database_at, open_database
from tests.oracle.by_hand import World
from tests.oracle.collecting import PATIENTS, Step, instant, stories, told
from tests.oracle.laws import laws
from tests.oracle.protocols import days

Described = dict[str, Any]
LISTED = {
    "measures": ("measure", "code", "unit", "captured_unit", "rule", "missing_reason"),
    "treatments": ("agent", "drug_class", "product", "arm"),
    "conditions": ("condition",),
}


points = st.tuples(st.none() | days, st.integers(0, 100))


def described(registry: Registry, step: Step) -> Described:
    facts = facts_at(registry, known_at=f"@{step.position}")
    found: Described = json.loads(as_json(dictionary(TABLES, facts)))
    return found


def named(records: list[Described], key: str = "name") -> dict[str, Described]:
    return {each[key]: each for each in records}


def undescribed(tables: Described, name: str, found: list[dict[str, Any]]) -> list[tuple[str, str, object]]:
    """Return the values of a table that its dictionary does not list, where it lists any."""
    listed = {each["name"]: each["codes"] for each in tables[name]["columns"]}
    assert all(listed[column] for column in LISTED.get(name, ()) if any(row[column] for row in found))
    return [
        (name, column, value)
        for row in found
        for column, codes in listed.items()
        if codes is not None
        for value in (row[column] if isinstance(row[column], list) else [row[column]])
        if value is not None and value not in codes
    ]


def check_measures(catalogue: Described, found: list[dict[str, Any]]) -> None:
    """See that each value is what the dictionary says of its measure or score."""
    measures, scores = named(catalogue["measures"]), named(catalogue["scores"])
    reasons = named(catalogue["missing_reasons"], "code")
    for row in found:
        of = (scores if row["derived"] else measures)[row["measure"]]
        assert row["unit"] == of["unit"]
        assert row["rule"] == of.get("rule")
        assert row["code"] is None or row["code"] in named(of["codes"], "code")
        assert row["captured_unit"] in {None, of["unit"], *of.get("other_units", ())}
        assert row["missing_reason"] is None or row["missing_reason"] in reasons
        assert row["text"] is None or of["holds"] in ("partial-day", "text")


def check_courses(catalogue: Described, found: list[dict[str, Any]]) -> None:
    agents, products = named(catalogue["agents"]), named(catalogue["products"])
    for row in found:
        agent = agents[row["agent"]]
        assert (row["drug_class"], row["atc"]) == (agent["class"], agent["atc"])
        assert row["product"] is None or products[row["product"]]["agent"] == row["agent"]
        assert row["arm"] is None or row["arm"] in named(catalogue["arms"], "code")


def check_declared(catalogue: Described, world: World) -> None:
    """See that what the registry's own protocol declares is described, with its ends, and nothing else is."""
    protocol = world.protocol
    for kind in ("measures", "agents", "products", "conditions"):
        own = {name: each["until"] for name, each in named(catalogue[kind]).items() if each["own"]}
        assert own == {each.name: each.until and str(each.until) for each in getattr(protocol, kind)}
    assert {
        name: (each["edition"], each["source"]) for name, each in named(catalogue["scores"]).items() if each["own"]
    } == {each.name: (each.edition, each.source) for each in world.scores}
    for measure in protocol.measures:
        of = named(catalogue["measures"])[measure.name]
        assert (of["label"], of["ordinal"], of["laboratory"]) == (measure.label, measure.ordinal, measure.laboratory)
        if measure.codes:
            ends = {word: str(until) for word, until in measure.ended_codes.items()}
            assert [tuple(each.values()) for each in of["codes"]] == [
                (word, label, ends.get(word)) for word, label in measure.codes.items()
            ]
    assert named(catalogue["missing_reasons"], "code").keys() == protocol.missing.keys()
    assert {each["name"] for each in catalogue["schedule"]} == {each.name for each in protocol.schedule}
    assert (catalogue["protocol"] is None) == (not world.editions)
    if world.editions:
        assert catalogue["protocol"]["edition"] == len(world.editions)


@laws(histories=20)
@given(stories(), st.lists(st.integers(0, 100), min_size=2, max_size=2), st.none() | days)
def test_the_dictionary_has_the_columns_and_codes_that_occur_and_what_was_declared(
    sqlite_template: Path, story: list[Step], asked: list[int], as_of: date | None
) -> None:
    with told(sqlite_template, story) as registry:
        for last in (story[-1], *(story[place % len(story)] for place in asked)):
            stated = described(registry.registry, last)
            facts = facts_at(registry.registry, as_of=as_of, known_at=f"@{last.position}")
            found = {name: project(name, facts) for name in TABLES}

            assert {name: [each["name"] for each in table["columns"]] for name, table in stated["tables"].items()} == {
                name: table.column_names for name, table in found.items()
            }
            plain = {name: rows(table) for name, table in found.items()}
            assert [what for name in TABLES for what in undescribed(stated["tables"], name, plain[name])] == []
            check_measures(stated["catalogue"], plain["measures"])
            check_courses(stated["catalogue"], plain["treatments"])
            check_declared(stated["catalogue"], World(story, known_at=last.position, as_of=None))
            if stated["catalogue"]["centres"]:
                centres = {row["centre"] for row in plain["patients"]} - {None}
                assert centres <= named(stated["catalogue"]["centres"], "code").keys()


def hashes(registry: Registry, points: list[tuple[date | None, int]]) -> list[dict[str, str]]:
    """Return the content hashes of all tables and the hash of the dictionary, point by point."""
    columns = LogColumns.read(registry.log)
    found = []
    for as_of, position in points:
        facts = facts_at(columns, as_of=as_of, known_at=f"@{position}")
        tables = {name: content_hash(project(name, facts)) for name in TABLES}
        found.append({**tables, "dictionary": sha256(as_json(dictionary(TABLES, facts))).hexdigest()})
    return found


@laws(histories=20)
@given(
    stories(), st.integers(1, 100), st.lists(st.tuples(st.none() | days, st.integers(0, 100)), min_size=3, max_size=3)
)
def test_what_is_adopted_and_recorded_later_changes_no_export_of_an_earlier_position(
    sqlite_template: Path, story: list[Step], cut: int, asked: list[tuple[date | None, int]]
) -> None:
    first = story[: 1 + cut % len(story)]
    with told(sqlite_template, first) as registry, TemporaryDirectory() as folder:
        points = [(None, first[-1].position), *((as_of, first[n % len(first)].position) for as_of, n in asked)]
        then = hashes(registry.registry, points)
        export(registry.registry, Path(folder) / "out")

        registry.tell(story[len(first) :])

        assert hashes(registry.registry, points) == then
        assert reproduce(registry.registry, Path(folder) / "out").identical


@laws(histories=20)
@given(stories(), st.sampled_from(PATIENTS))
def test_an_erasure_leaves_the_protocol_and_the_log_with_its_adoptions_whole(
    sqlite_template: Path, story: list[Step], patient: str
) -> None:
    adopted = [step for step in story if step.verb == "adopt"]
    with told(sqlite_template, story) as opened, TemporaryDirectory() as folder:
        registry, held, out = opened.registry, opened.registry.protocols(), Path(folder)
        payloads = adoptions(registry)
        if any(step.patient == patient for step in story):
            registry.erase_patient(patient, reason="asked for it")

        assert [each.adopted.protocol for each in held] == [step.protocol for step in adopted]
        assert registry.protocols() == held
        assert adoptions(registry) == payloads
        assert [row[0] for row in payloads] == [step.position for step in adopted]
        assert registry.verify().is_whole
        for step in adopted:
            check_proof(registry.prove(f"@{step.position}"))
        export(registry, out / "export")
        assert reproduce(registry, out / "export").identical

        copied(registry, out)
        with Registry.open(str(out / "restored.db"), actor="oracle", clock=lambda: instant(story[-1].on)) as again:
            assert again.protocols() == held
            assert again.verify().is_whole
            assert reproduce(again, out / "export").identical


def adoptions(registry: Registry) -> list[tuple[Any, ...]]:
    """Return position, actor, patient and payload of each adoption as the table of events has it."""
    found = rows(project("events", facts_at(registry)))
    names = ("position", "actor", "patient", "payload")
    return [tuple(row[name] for name in names) for row in found if row["event"] == "ProtocolAdopted"]


def copied(registry: Registry, out: Path) -> None:
    """Copy a registry, and put the copy in another place."""
    database = open_database(registry.place)
    backup(database, out / "copy.db")
    database.close()
    target = database_at(out / "restored.db")
    restore(out / "copy.db", target)
    target.close()
