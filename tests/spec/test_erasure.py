"""Erasure: a person who asked to be forgotten is, at every point in time, and the log still verifies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

import migrations
from projections import facts_at
from registry import Registry
from registry.domain.events import stream_of
from registry.domain.registry_streams import BATCHES
from registry.errors import ErasedPatientError, MissingValueError, RefusalError, UnknownFactError, UnknownStudyError
from registry.intake import import_batch
from registry.store.blocks_folder import blocks_folder
from registry.store.opening import database_at
from registry.store.overwriting import overwrite
from tests import postgres
from tests.spec import given
from tests.spec.given import nothing_recorded, refused

REASON = "request of 2014-06-01, Art. 17 GDPR"
SECRETS = ("BAR1-01", "MR-0001", "Kniegelenk rechts", "17.31", "Herne-Süd")
OTHER = "BAR1-02"


@pytest.fixture
def place(url: str) -> str:
    return url


@pytest.fixture
def told(place: str, clock: given.StandingClock) -> Iterator[Registry]:
    """A registry, on each store, of a patient of whom much is known, and of another."""
    with Registry.open(place, actor="lindner", clock=clock) as registry:
        given.enrolled(registry, centre="Herne-Süd")
        given.enrolled(registry, OTHER)
        given.two_mris(registry)
        given.berlin(registry)
        given.visited(registry, crp="17.31")
        registry.start_flare(given.PATIENT, started_on="2003-02-03", note="Kniegelenk rechts")
        registry.amend("visit/BAR1-01/2002-06-04/baseline", {"crp": "17.31", "esr": 4}, reason="BAR1-01: ESR found")
        registry.record_visit(OTHER, visited_on="2002-06-04", measures={"crp": 3})
        registry.freeze("before")
        yield registry


def test_an_erased_patient_is_gone_at_every_point_in_time(told: Registry) -> None:
    told.erase_patient(given.PATIENT, reason=REASON)

    for known_at in (None, "before", "@5"):
        facts = facts_at(told, known_at=known_at)
        assert facts.of("patients")["patient"].to_pylist() == [OTHER]
        assert [facts.count(name) for name in ("imaging", "readings", "flares")] == [0, 0, 0]
    assert facts_at(told).of("visits")["patient"].to_pylist() == [OTHER]


def test_the_log_verifies_and_the_erasure_is_an_event_in_it_without_the_pseudonym(told: Registry) -> None:
    before = told.head

    erasure = told.erase_patient(given.PATIENT, reason=REASON)

    found = told.verify()
    assert (found.problems, found.notes, found.erased, erasure.events) == ((), (), 7, 7)
    assert told.head.position == before.position + 1 == erasure.position
    [chunk] = told.log.columns(after=before.position)
    assert (chunk.topic, chunk.event_version) == (["PatientErased"], [1])
    assert json.loads(chunk.payload[0] or "") == {
        "actor": "lindner",
        "source": "python",
        "reason": REASON,
        "erased": 7,
    }
    assert told.verify(since="before").is_whole


def test_a_dry_run_says_what_would_go_and_erases_nothing(told: Registry) -> None:
    with nothing_recorded(told):
        found = told.erase_patient(given.PATIENT, reason=REASON, dry_run=True)

    assert (found.events, found.position) == (7, None)
    assert found.facts == {"flare": 1, "imaging": 2, "patient": 1, "reading": 1, "visit": 1}
    assert told.history("visit/BAR1-01/2002-06-04/baseline")


def test_nothing_more_is_recorded_under_the_pseudonym(told: Registry) -> None:
    told.erase_patient(given.PATIENT, reason=REASON)

    for fact in (lambda: given.enrolled(told), lambda: given.infliximab(told), lambda: given.visited(told, crp=3)):
        with refused(told, ErasedPatientError, "^patient: this patient was erased; nothing of it is kept, and nothing"):
            fact()
    with refused(told, ErasedPatientError, "^patient: this patient was erased"):
        told.retract("visit/BAR1-01/2002-06-04/baseline", reason="x")
    with refused(told, UnknownStudyError, "^study: no imaging study 'MR-0001' is recorded"):
        given.berlin(told)


def test_the_history_of_an_erased_patient_says_that_and_when(told: Registry) -> None:
    told.erase_patient(given.PATIENT, reason=REASON)

    for fact in ("patient/BAR1-01", "visit/BAR1-01/2002-06-04/baseline"):
        with pytest.raises(ErasedPatientError, match=r"^patient: this patient was erased on 2014-06-30, at @11; "):
            told.history(fact)
    assert told.history("patient/BAR1-02")


def test_the_code_of_an_erased_study_is_free_for_another_patient(told: Registry) -> None:
    told.erase_patient(given.PATIENT, reason=REASON)

    assert given.mri(told, "MR-0001", "2003-01-01", patient=OTHER) == "imaging/MR-0001"


def test_an_erasure_asked_for_again_records_nothing_and_writes_the_pages_again(told: Registry) -> None:
    told.erase_patient(given.PATIENT, reason=REASON)

    with nothing_recorded(told):
        again = told.erase_patient(given.PATIENT, reason=REASON)
    assert (again.events, again.position, again.overwritten) == (0, None, True)


@pytest.mark.parametrize("reason", ["BAR1-01 wants it", "asked by bar1-01"])
def test_a_reason_that_names_the_patient_is_refused(told: Registry, reason: str) -> None:
    with refused(told, RefusalError, "^reason: it stays in the log for ever; leave the pseudonym out$"):
        told.erase_patient(given.PATIENT, reason=reason)


@pytest.mark.parametrize("reason", ["see visit/17/2020-01-15", "patient 17", "17, by letter", "Art. 17 GDPR", "Nr.17"])
def test_a_number_that_is_a_pseudonym_may_not_stand_in_the_reason_as_a_word(told: Registry, reason: str) -> None:
    given.enrolled(told, "17")

    with refused(told, RefusalError, "^reason: it stays in the log for ever; leave the pseudonym out$"):
        told.erase_patient("17", reason=reason)


@pytest.mark.parametrize(
    "reason", ["request of 2017-03-17", "request of 02.17.2014", "form 1170", "letter of 17.5.2014"]
)
def test_a_number_that_is_a_pseudonym_may_stand_within_another_number(told: Registry, reason: str) -> None:
    given.enrolled(told, "17")

    assert told.erase_patient("17", reason=reason).events == 1


@pytest.mark.parametrize("reason", ["BAR1-01s wish", "visit/BAR1-01/2002-06-04", "see BAR1-01.csv", "_bar1-01_"])
def test_a_pseudonym_with_letters_is_a_word_wherever_its_signs_end(told: Registry, reason: str) -> None:
    with refused(told, RefusalError, "^reason: it stays in the log for ever; leave the pseudonym out$"):
        told.erase_patient(given.PATIENT, reason=reason)


def test_another_pseudonym_that_begins_so_is_no_hindrance(told: Registry) -> None:
    assert told.erase_patient(given.PATIENT, reason="not the one of BAR1-012").position == 11


def test_who_erases_is_not_called_as_the_patient_is(told: Registry) -> None:
    told.actor = "bar1-01"

    with refused(told, RefusalError, "^actor: it stays in the log for ever; leave the pseudonym out$"):
        told.erase_patient(given.PATIENT, reason=REASON)


@pytest.mark.parametrize("name", ["batches", "BatchRecorded", str(BATCHES.id)])
def test_what_belongs_to_no_patient_cannot_be_erased(told: Registry, tmp_path: Path, name: str) -> None:
    (tmp_path / "patients.csv").write_text("patient,enrolled_on\nP-1,2003-01-01\n")
    import_batch(told, tmp_path / "patients.csv")

    with refused(told, UnknownFactError, f"^patient/{name} is not recorded"):
        told.erase_patient(name, reason=REASON)


def test_an_erasure_has_a_reason(told: Registry) -> None:
    with refused(told, MissingValueError, "^reason is empty; give why the patient is erased"):
        told.erase_patient(given.PATIENT, reason=" ")


def test_a_patient_who_was_never_recorded_cannot_be_erased(told: Registry) -> None:
    with refused(told, UnknownFactError, "^patient/BAR1-99 is not recorded"):
        told.erase_patient("BAR1-99", reason=REASON)


def test_payloads_that_came_back_are_found_by_verification(told: Registry) -> None:
    database = told.log.database
    with database.reading() as connection:
        [(payload, salt)] = connection.exec_driver_sql("SELECT payload, salt FROM events WHERE position = 1")
    told.erase_patient(given.PATIENT, reason=REASON)
    from tests.registry.store.recording import without_triggers

    mark = "?" if database.engine.dialect.name == "sqlite" else "%s"
    with without_triggers(database) as connection:
        restored = f"UPDATE events SET payload = {mark}, salt = {mark} WHERE position = 1"
        connection.exec_driver_sql(restored, (payload, salt))

    assert [str(problem) for problem in told.verify().problems] == [
        "@1: the patient was erased, and the payload is still here; erase the patient again"
    ]
    again = told.erase_patient(given.PATIENT, reason=REASON)
    assert (again.events, told.verify().problems) == (1, ())


def test_no_file_of_the_database_keeps_what_was_said(told: Registry, place: str) -> None:
    folder = _files(place)
    _settle(place)
    assert _found_in(folder) == dict.fromkeys(SECRETS, True)

    erasure = told.erase_patient(given.PATIENT, reason=REASON)

    assert (erasure.overwritten, erasure.why_not) == (True, None)
    _settle(place)
    assert _found_in(folder) == dict.fromkeys(SECRETS, False)
    assert OTHER.encode() in b"".join(path.read_bytes() for path in folder)


def test_a_server_keeps_no_statistics_of_what_events_say(postgres_url: str) -> None:
    with Registry.open(postgres_url) as registry:
        given.enrolled(registry)
        given.mri(registry, "MR-0001", "2003-01-01")
    postgres.execute(postgres_url, "ANALYZE")

    with psycopg.connect(postgres_url) as connection:
        columns = connection.execute("SELECT attname FROM pg_stats WHERE tablename LIKE 'events%'").fetchall()
    assert sorted(name for (name,) in columns) == [
        "commitment",
        "digest",
        "event_version",
        "position",
        "recorded_at",
        "stream",
        "topic",
        "version",
    ]


def test_statistics_that_a_server_gathered_by_an_earlier_schema_go_with_the_patient(postgres_server: str) -> None:
    name = postgres.new_database(postgres_server)
    place = postgres.url_of(postgres_server, name)
    words = [sha256(bytes([number])).hexdigest() for number in range(60)]  # nothing that a server could compress
    with closing(database_at(place)) as database, database.writing() as connection:
        migrations.upgrade(connection, "0003")
        for position, word in enumerate(words, 1):
            payload = f'{{"statement":{{"study":"{word}"}},"origin":{{"row":"{word}"}}}}'
            row = (position, stream_of(word), 1, "StudyRecorded", 2, 0, payload, b"s" * 16, b"c" * 32, b"d" * 32)
            connection.exec_driver_sql(f"INSERT INTO events VALUES ({'%s, ' * 9}%s)", row)
    _settle(place)
    [folder] = _files(place)
    in_pages_and_indexes = 2 + 1 + 1
    assert folder.read_bytes().count(words[1].encode()) > in_pages_and_indexes

    with Registry.create(place) as registry:
        with registry.log.database.writing() as connection:
            connection.exec_driver_sql("UPDATE events SET payload = NULL, salt = NULL WHERE position = 2")
        assert overwrite(registry.log.database) is None

    _settle(place)
    content = folder.read_bytes()
    assert (words[1].encode() in content, words[2].encode() in content) == (False, True)
    postgres.drop_database(postgres_server, name)


def _kept(folder: Path) -> Path:
    """Return a folder in which decoded columns were kept."""
    block = folder / "000000000001-000000000002-0123abcd"
    block.mkdir(parents=True)
    (block / "patients.parquet").write_bytes(b"BAR1-01")
    return folder


def test_blocks_are_removed_with_what_they_said(
    told: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = _kept(Path(blocks_folder(told.log.database).path))

    assert told.erase_patient(given.PATIENT, reason=REASON).overwritten

    assert not folder.exists()


def test_what_an_earlier_spondyl_kept_under_its_own_names_is_removed_as_well(
    told: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SPONDYL_SEGMENTS", str(tmp_path / "shared"))
    usual = _kept(Path(blocks_folder(told.log.database).path).with_suffix(".segments"))
    named = _kept(tmp_path / "shared")

    assert told.erase_patient(given.PATIENT, reason=REASON).overwritten

    assert (usual.exists(), named.exists()) == (False, False)


def test_decoded_columns_that_stay_are_told_by_their_folder_and_the_others_go(
    told: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = Path(blocks_folder(told.log.database).path)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    former = _kept(folder.with_suffix(".segments"))

    erasure = told.erase_patient(given.PATIENT, reason=REASON)

    assert not erasure.overwritten
    assert str(erasure.why_not).startswith(f"decoded columns stay in {folder}: ")
    assert not former.exists()


def test_a_former_variable_that_names_no_folder_of_arrow_is_no_hindrance(
    told: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SPONDYL_SEGMENTS", "nowhere://bucket/folder")

    assert told.erase_patient(given.PATIENT, reason=REASON).overwritten


def test_pages_that_a_reader_holds_are_told(sqlite_url: str) -> None:
    with Registry.open(sqlite_url) as registry:
        given.enrolled(registry)
        registry.log.database.engine.dispose()
        with Registry.open(sqlite_url) as reader, reader.log.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM events").scalar()
            with registry.log.database.engine.connect() as writer:
                writer.exec_driver_sql("PRAGMA busy_timeout = 10")
            erasure = registry.erase_patient(given.PATIENT, reason=REASON)
            assert (erasure.events, erasure.overwritten) == (1, False)
            assert erasure.why_not
        assert registry.erase_patient(given.PATIENT, reason=REASON).overwritten


def _files(place: str) -> list[Path]:
    """Return the files of a database: SQLite's with its write-ahead log, or PostgreSQL's tables and indices."""
    url = make_url(place)
    if url.get_backend_name() == "sqlite":
        return [path for path in Path(str(url.database)).parent.glob("*") if path.is_file()]
    with psycopg.connect(place) as connection:
        [folder] = connection.execute("SHOW data_directory").fetchone() or ()
        [number] = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or ()
    return [_Folder(Path(folder) / "base" / str(number))]  # type: ignore[list-item]


class _Folder:
    """A folder read like one file: PostgreSQL writes a table that it packs into new files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.path.iterdir() if path.is_file())


def _settle(place: str) -> None:
    """Have the server gather its statistics and write down what it has in memory; a file needs no such order."""
    if make_url(place).get_backend_name() == "postgresql":
        postgres.execute(place, "ANALYZE", "CHECKPOINT")


def _found_in(files: list[Path]) -> dict[str, bool]:
    content = b"".join(path.read_bytes() for path in files)
    return {secret: secret.encode() in content for secret in SECRETS}
