"""A registry that is opened to be read: the database itself refuses to be written, in both stores."""

from __future__ import annotations

import pytest
from eventsourcing.persistence import PersistenceError

from registry import Registry
from registry.errors import UnknownFactError


def test_what_is_recorded_is_refused_by_the_database_and_what_is_there_is_read(url: str) -> None:
    with Registry.open(url, actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")

    with Registry.open_to_read(url) as opened:
        with pytest.raises(PersistenceError, match=r"read-?only"):
            opened.enrol_patient("P-2", enrolled_on="2020-01-01")
        with pytest.raises(PersistenceError, match=r"read-?only"):
            opened.freeze("paper")

        assert opened.head.position == 1
        assert opened.owner("patient/P-1") == "P-1"


def test_nobody_owns_what_was_never_recorded(url: str) -> None:
    with Registry.open_to_read(url) as opened, pytest.raises(UnknownFactError):
        opened.owner("flare/id=17")
