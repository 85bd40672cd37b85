"""The event log as a persistence module of the eventsourcing library: `PERSISTENCE_MODULE=registry.store.factory`.

`SPONDYL_REGISTRY` names the registry, by path or URL; with `SPONDYL_ONLY_READ` its database refuses to be written.
"""

from __future__ import annotations

from typing import Final, TypeVar

from eventsourcing.persistence import InfrastructureFactory, InfrastructureFactoryError
from eventsourcing.utils import Environment, EnvType, resolve_topic

from registry.store.opening import open_database
from registry.store.recorder import (
    LogRecorder,
    SQLAggregateRecorder,
    SQLApplicationRecorder,
    SQLProcessRecorder,
    SQLTrackingRecorder,
)

REGISTRY: Final = "SPONDYL_REGISTRY"
ONLY_READ: Final = "SPONDYL_ONLY_READ"
R = TypeVar("R", bound=LogRecorder)


class EventLogFactory(InfrastructureFactory[SQLTrackingRecorder]):
    """Opens an existing registry and hands out its recorders; `database` is what they share.

    Raises `InfrastructureFactoryError` where no registry is named, and what `open_database` raises.
    """

    def __init__(self, env: Environment | EnvType | None = None) -> None:
        super().__init__(env)
        place = self.env.get(REGISTRY)
        if not place:
            raise InfrastructureFactoryError(f"{REGISTRY} is not set; give the path or URL of a registry")
        self.database = open_database(place, only_read=ONLY_READ in self.env)

    def aggregate_recorder(self, purpose: str = "events") -> SQLAggregateRecorder:
        """Return a recorder of streams. Raises `InfrastructureFactoryError` for snapshots, which no registry keeps."""
        if purpose != "events":
            raise InfrastructureFactoryError(f"a registry keeps events and no {purpose}; switch snapshotting off")
        return self._readable(SQLAggregateRecorder)

    def application_recorder(self) -> SQLApplicationRecorder:
        """Return a recorder of streams and of the log as a whole."""
        return self._readable(self._named(self.APPLICATION_RECORDER_TOPIC, SQLApplicationRecorder))

    def tracking_recorder(
        self, tracking_recorder_class: type[SQLTrackingRecorder] | None = None
    ) -> SQLTrackingRecorder:
        """Return a recorder of how far followers have come."""
        named = tracking_recorder_class or self._named(self.TRACKING_RECORDER_TOPIC, SQLTrackingRecorder)
        return named(self.database)

    def process_recorder(self) -> SQLProcessRecorder:
        """Return a recorder of events together with what they came of."""
        return self._readable(self._named(self.PROCESS_RECORDER_TOPIC, SQLProcessRecorder))

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def _readable(self, recorder_class: type[R]) -> R:
        """Return a recorder of readable text. Raises where payloads would be compressed or enciphered."""
        if self.cipher() or self.compressor():
            raise InfrastructureFactoryError(
                f"a registry keeps readable JSON; unset {self.CIPHER_TOPIC}, CIPHER_KEY and {self.COMPRESSOR_TOPIC}"
            )
        return recorder_class(self.database)

    def _named(self, key: str, default: type[R]) -> type[R]:
        """Return the recorder class that the environment names, the default where it names none."""
        topic = self.env.get(key)
        named: type[R] = resolve_topic(topic) if topic else default
        return named
