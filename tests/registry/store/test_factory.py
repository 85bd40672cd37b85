"""The factory refuses what a readable log cannot keep."""

from __future__ import annotations

import pytest
from eventsourcing.cipher import AESCipher
from eventsourcing.persistence import InfrastructureFactory, InfrastructureFactoryError

from registry.errors import NoRegistryError
from registry.store.factory import EventLogFactory


def environment(place: str, **more: str) -> dict[str, str]:
    return {"PERSISTENCE_MODULE": "registry.store.factory", "SPONDYL_REGISTRY": place, **more}


def test_a_factory_without_a_registry_is_refused() -> None:
    with pytest.raises(InfrastructureFactoryError, match="SPONDYL_REGISTRY is not set"):
        InfrastructureFactory.construct({"PERSISTENCE_MODULE": "registry.store.factory"})


def test_a_factory_does_not_create_a_registry(vacant_url: str) -> None:
    with pytest.raises(NoRegistryError, match="no registry at"):
        InfrastructureFactory.construct(environment(vacant_url))


@pytest.mark.parametrize("more", [{"COMPRESSOR_TOPIC": "zlib"}, {"CIPHER_KEY": AESCipher.create_key(16)}])
def test_compressed_or_enciphered_payloads_are_refused(sqlite_url: str, more: dict[str, str]) -> None:
    factory = EventLogFactory(environment(sqlite_url, **more))

    for recorder in (factory.aggregate_recorder, factory.application_recorder, factory.process_recorder):
        with pytest.raises(InfrastructureFactoryError, match="a registry keeps readable JSON; unset"):
            recorder()

    factory.close()


def test_snapshots_are_refused(sqlite_url: str) -> None:
    factory = EventLogFactory(environment(sqlite_url))

    with pytest.raises(InfrastructureFactoryError, match="a registry keeps events and no snapshots"):
        factory.aggregate_recorder(purpose="snapshots")

    factory.close()
