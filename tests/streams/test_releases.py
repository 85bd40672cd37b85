"""What every release stored is opened, upgraded, loaded and projected by this one, on both stores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config

import migrations
from projections import facts_at, project
from projections.tables import TABLES
from registry import Registry
from registry.errors import ErasedPatientError, NewSchemaError, OldSchemaError
from registry.intake import import_batch
from registry.store.log import EventLog
from registry.store.opening import create_database, database_at, open_database
from tests.streams.releases import FOLDER, released, released_on_a_server


class Left(NamedTuple):
    """What the release with a revision left: where its log ends, and what is in it."""

    position: int
    digest: str
    patient: str  # with so many `events`
    events: int
    erased: str
    frozen: int
    patients: int
    freezes: tuple[str, ...] = ("released",)
    note: str = "as it was released"
    frozen_at: int = 1_785_573_420_000_000  # µs
    listed: int = 1  # events that an upgrade appends: which freezes there were, where they were no events


LEFT = {
    "0001": Left(
        position=37,
        digest="2f81f413450a9dabf3902f74ad3fad3db6351e5be3f32470f05b05dde5f161b6",
        patient="BAR1-01",
        events=33,
        erased="BAR1-05",
        frozen=35,
        patients=1,
        note="as 0.1.0 wrote it",
        frozen_at=1_714_521_600_000_000,
    ),
    "0002": Left(
        position=98,
        digest="d758c8df127df2c13f6ab34ec6a87a5b0ca157e58bde98d9a89134a78baaeaf0",
        patient="BAR1-41",
        events=66,
        erased="BAR1-45",
        frozen=97,
        patients=2,
    ),
    "0003": Left(
        position=98,
        digest="d758c8df127df2c13f6ab34ec6a87a5b0ca157e58bde98d9a89134a78baaeaf0",
        patient="BAR1-41",
        events=66,
        erased="BAR1-45",
        frozen=97,
        patients=2,
    ),
    "0004": Left(
        position=100,
        digest="912df726c777cc5ea8e758ccaf1fb335c6f36126a584226824a20cc26fc8372e",
        patient="BAR1-41",
        events=66,
        erased="BAR1-45",
        frozen=97,
        patients=2,
        freezes=("released", "after-the-summer"),
        listed=0,
    ),
    "0005": Left(
        position=100,
        digest="912df726c777cc5ea8e758ccaf1fb335c6f36126a584226824a20cc26fc8372e",
        patient="BAR1-41",
        events=66,
        erased="BAR1-45",
        frozen=97,
        patients=2,
        freezes=("released", "after-the-summer"),
        listed=0,
    ),
    "0006": Left(
        position=100,
        digest="912df726c777cc5ea8e758ccaf1fb335c6f36126a584226824a20cc26fc8372e",
        patient="BAR1-41",
        events=66,
        erased="BAR1-45",
        frozen=97,
        patients=2,
        freezes=("released", "after-the-summer"),
        listed=0,
    ),
}


@pytest.fixture(params=migrations.REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def old(vacant_url: str, revision: str, tmp_path: Path) -> str:
    """The place of a registry as the release with a revision left it, on each store."""
    if vacant_url.startswith("sqlite"):
        return str(released(revision, tmp_path / "vacant.db"))
    released_on_a_server(revision, vacant_url, tmp_path)
    return vacant_url


@pytest.fixture
def opened(old: str) -> Iterator[Registry]:
    """That registry, brought up to date and open."""
    with Registry.create(old, actor="voss") as registry:
        yield registry


def test_every_released_revision_has_left_a_registry() -> None:
    assert list(LEFT) == list(migrations.REVISIONS)
    assert sorted(path.name for path in FOLDER.glob("registry-*.sql")) == [
        f"registry-{revision}.sql" for revision in migrations.REVISIONS
    ]


def test_a_registry_of_a_former_release_is_opened_whole(opened: Registry, revision: str) -> None:
    left = LEFT[revision]
    assert opened.log.head_at(left.position).digest.hex() == left.digest
    assert opened.head.position == left.position + left.listed
    assert opened.verify().problems == opened.verify().notes == ()
    assert tuple(freeze.name for freeze in opened.freezes()) == left.freezes


@pytest.mark.parametrize("revision", migrations.WITHOUT_EVENTS_OF_FREEZES)
def test_an_upgrade_lists_in_one_event_what_was_frozen_before_freezes_were_events(
    opened: Registry, revision: str
) -> None:
    left = LEFT[revision]

    [listing] = opened.log.columns(left.position)

    assert [UUID(bytes=stream) for stream in listing.stream] == [UUID("8df3d6ed-3c9a-5e4e-93d7-9843b4de932a")]
    assert (listing.topic, listing.version, listing.event_version) == (["FreezesListed"], [1], [1])
    assert json.loads(listing.payload[0] or "") == {
        "actor": "voss",
        "freezes": [
            {
                "name": "released",
                "position": left.frozen,
                "digest": opened.log.head_at(left.frozen).digest.hex(),
                "recorded_at": left.frozen_at,
                "actor": "lindner",
                "note": left.note,
            }
        ],
    }


@pytest.mark.parametrize("revision", migrations.WITHOUT_EVENTS_OF_FREEZES)
def test_an_upgrade_that_cannot_list_the_freezes_changes_nothing(old: str, revision: str) -> None:
    def stopped() -> int:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        create_database(old, actor="voss", clock=stopped)

    with pytest.raises(OldSchemaError, match=f"has schema {revision}, "):
        open_database(old)
    with closing(database_at(old)) as database:
        assert EventLog(database).head().position == LEFT[revision].position


@pytest.mark.parametrize("revision", migrations.WITHOUT_EVENTS_OF_FREEZES)
def test_an_upgrade_of_a_registry_without_freezes_records_nothing(vacant_url: str, revision: str) -> None:
    with closing(database_at(vacant_url)) as database, database.writing() as connection:
        migrations.upgrade(connection, revision)

    with Registry.create(vacant_url, actor="voss") as registry:
        assert registry.head.position == 0
        assert registry.freeze("first").position == 0
        assert registry.verify().is_whole


def test_its_streams_are_loaded_and_go_on(opened: Registry, revision: str) -> None:
    left = LEFT[revision]
    assert opened.patient_batch.patients([left.patient])[left.patient].version == left.events
    assert opened.history(f"patient/{left.patient}")[0].event == "PatientEnrolled"
    opened.enrol_patient("BAR1-02", enrolled_on="2003-01-01")
    assert opened.verify().is_whole
    with pytest.raises(ErasedPatientError):
        opened.history(f"patient/{left.erased}")


@pytest.mark.parametrize("place", ["released", None])
def test_every_table_is_projected_from_it(opened: Registry, revision: str, place: str | None) -> None:
    rows = {name: project(name, facts_at(opened, known_at=place)).num_rows for name in TABLES}

    left = LEFT[revision]
    assert rows["events"] == (left.frozen if place else left.position + left.listed)
    assert rows["patients"] == left.patients
    assert {name for name, number in rows.items() if number} >= {"measures", "treatments", "flares", "imaging"}


def test_an_older_schema_says_what_to_run_and_a_newer_one_is_refused(old: str, revision: str) -> None:
    if revision != migrations.HEAD:
        with pytest.raises(OldSchemaError, match="upgrade it with `spondyl init`"):
            open_database(old)
    database = create_database(old)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE spondyl_schema SET version_num = '9999'")
    database.close()

    with pytest.raises(NewSchemaError, match="has schema 9999, this spondyl knows up to"):
        open_database(old)


def test_no_migration_runs_backwards_over_what_was_recorded(old: str, revision: str) -> None:
    database = create_database(old)
    config = Config(attributes={})
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")

    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(migrations.NoWayBackError, match=r"^revision \d{4} is not taken back"):
            command.downgrade(config, "base")

    database.close()
    with Registry.open(old) as registry:
        left = LEFT[revision]
        assert (registry.head.position, registry.verify().is_whole) == (left.position + left.listed, True)


@pytest.mark.parametrize("revision", ["0001"])
def test_an_id_that_came_in_the_first_version_of_an_event_names_its_fact(opened: Registry, tmp_path: Path) -> None:
    opened.enrol_patient("BAR1-02", enrolled_on="1998-01-01")
    study = (
        "id,study,patient,performed_on,modality,regions\n17,17.x,BAR1-02,1998-02-02,XR,cervical-spine;lumbar-spine\n"
    )
    (tmp_path / "imaging.csv").write_text(study)
    before = opened.head.position

    report = import_batch(opened, tmp_path / "imaging.csv")

    topics = [topic for chunk in opened.log.columns(before) for topic in chunk.topic if topic.startswith("Study")]
    assert topics == ["StudyConfirmed", "StudyConfirmed"]  # no more of the one, known of the other: it was withdrawn
    assert report.tables["imaging"].moved == 1
