"""The test cases that the eventsourcing library publishes for recorders and factories, on both stores.

| case | run | remark |
|---|---|---|
| AggregateRecorderTestCase | all | |
| ApplicationRecorderTestCase | all | with the optional case on subscriptions |
| NonInterleavingNotificationIDsBaseCase | all | |
| TrackingRecorderTestCase | all | |
| ProcessRecorderTestCase | all | |
| InfrastructureFactoryTestCase | all | mappers take ciphers; the recorders refuse them, see `test_factory` |

The states of their events are no JSON (`b"state1"`). It is the database that refuses such payloads, as `test_promises`
shows; here that is taken away, and the recorders are what they are.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from eventsourcing.tests import persistence as published
from eventsourcing.utils import Environment

from registry.store.database import Database
from registry.store.factory import EventLogFactory
from registry.store.opening import open_database
from registry.store.recorder import (
    SQLAggregateRecorder,
    SQLApplicationRecorder,
    SQLProcessRecorder,
    SQLTrackingRecorder,
)
from tests.registry.store.recording import run


class OnSQLite:
    """Gives a case an empty registry in a file."""

    url: str
    database: Database

    @pytest.fixture(autouse=True)
    def _empty_registry(self, sqlite_url: str) -> Iterator[None]:
        self.url = sqlite_url
        self.database = open_database(sqlite_url)
        run(self.database, "DROP TRIGGER events_are_json")
        yield
        self.database.close()


class OnPostgreSQL:
    """Gives a case an empty registry on a server."""

    url: str
    database: Database

    @pytest.fixture(autouse=True)
    def _empty_registry(self, postgres_url: str) -> Iterator[None]:
        self.url = postgres_url
        self.database = open_database(postgres_url)
        run(self.database, "ALTER TABLE events DROP CONSTRAINT events_payload_json")
        yield
        self.database.close()


class AggregateRecorderCase(published.AggregateRecorderTestCase):
    __test__ = False
    database: Database

    def create_recorder(self) -> SQLAggregateRecorder:
        return SQLAggregateRecorder(self.database)


class ApplicationRecorderCase(published.ApplicationRecorderTestCase):
    __test__ = False
    database: Database

    def create_recorder(self) -> SQLApplicationRecorder:
        return SQLApplicationRecorder(self.database)

    def test_concurrent_no_conflicts(self, initial_position: int = 0) -> None:
        before = set(threading.enumerate())

        super().test_concurrent_no_conflicts(initial_position)

        for reader in set(threading.enumerate()) - before:
            reader.join()  # the case does not, and the database is closed next

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class NonInterleavingCase(published.NonInterleavingNotificationIDsBaseCase):
    __test__ = False
    database: Database

    def create_recorder(self) -> SQLApplicationRecorder:
        return SQLApplicationRecorder(self.database)


class TrackingRecorderCase(published.TrackingRecorderTestCase):
    __test__ = False
    database: Database

    def create_recorder(self) -> SQLTrackingRecorder:
        return SQLTrackingRecorder(self.database)


class ProcessRecorderCase(published.ProcessRecorderTestCase):
    __test__ = False
    database: Database

    def create_recorder(self) -> SQLProcessRecorder:
        return SQLProcessRecorder(self.database)


class OurTrackingRecorder(SQLTrackingRecorder):
    """A recorder that a project could name in its environment."""


class FactoryCase(published.InfrastructureFactoryTestCase[EventLogFactory]):
    __test__ = False
    url: str

    def setUp(self) -> None:
        self.env = Environment(
            name="Case", env={"PERSISTENCE_MODULE": "registry.store.factory", "SPONDYL_REGISTRY": self.url}
        )
        super().setUp()

    def expected_factory_class(self) -> type[EventLogFactory]:
        return EventLogFactory

    def expected_aggregate_recorder_class(self) -> type[SQLAggregateRecorder]:
        return SQLAggregateRecorder

    def expected_application_recorder_class(self) -> type[SQLApplicationRecorder]:
        return SQLApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[SQLTrackingRecorder]:
        return SQLTrackingRecorder

    def tracking_recorder_subclass(self) -> type[SQLTrackingRecorder]:
        return OurTrackingRecorder

    def expected_process_recorder_class(self) -> type[SQLProcessRecorder]:
        return SQLProcessRecorder


class TestAggregateRecorderOnSQLite(OnSQLite, AggregateRecorderCase):
    __test__ = True


class TestAggregateRecorderOnPostgreSQL(OnPostgreSQL, AggregateRecorderCase):
    __test__ = True


class TestApplicationRecorderOnSQLite(OnSQLite, ApplicationRecorderCase):
    __test__ = True


class TestApplicationRecorderOnPostgreSQL(OnPostgreSQL, ApplicationRecorderCase):
    __test__ = True


class TestNonInterleavingOnSQLite(OnSQLite, NonInterleavingCase):
    __test__ = True


class TestNonInterleavingOnPostgreSQL(OnPostgreSQL, NonInterleavingCase):
    __test__ = True


class TestTrackingRecorderOnSQLite(OnSQLite, TrackingRecorderCase):
    __test__ = True


class TestTrackingRecorderOnPostgreSQL(OnPostgreSQL, TrackingRecorderCase):
    __test__ = True


class TestProcessRecorderOnSQLite(OnSQLite, ProcessRecorderCase):
    __test__ = True


class TestProcessRecorderOnPostgreSQL(OnPostgreSQL, ProcessRecorderCase):
    __test__ = True


class TestFactoryOnSQLite(OnSQLite, FactoryCase):
    __test__ = True


class TestFactoryOnPostgreSQL(OnPostgreSQL, FactoryCase):
    __test__ = True
