"""A connection that is lost in the middle of a batch, a server that is restarted; and no password in any message."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

import psycopg
import pytest

from registry import Registry
from registry.errors import UnreachableError
from registry.intake import import_batch
from tests import postgres
from tests.cli.conftest import Spondyl
from tests.faults.conftest import restart, shown
from tests.faults.lengths import figure, times
from tests.faults.undertakings import EVENTS_OF_A_LARGE_BATCH

Batches = Callable[[int], Path]
PASSWORD = "g3heim-und-lang"

CUT = """
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
"""


def position(url: str) -> int:
    with Registry.open(url) as registry:
        assert registry.verify().is_whole
        return registry.head.position


def test_a_connection_that_is_lost_in_the_middle_of_a_batch_stores_nothing_of_it(
    postgres_url: str, batches: Batches, spondyl: Spondyl
) -> None:
    spondyl("--db", postgres_url, "import", batches(0))
    postgres.execute(
        postgres_url,
        CUT,
        "CREATE TRIGGER zz_cut AFTER INSERT ON events "
        "FOR EACH ROW WHEN (NEW.position % 100 = 50) EXECUTE FUNCTION cut()",
    )

    refused = spondyl("--db", postgres_url, "import", batches(1))

    assert refused.code == 3
    assert refused.err.startswith("spondyl: cannot use the registry at postgresql://")
    assert refused.err.endswith(("terminating connection due to administrator command\n", "the connection is lost\n"))
    assert refused.err.count("\n") == 1
    postgres.execute(postgres_url, "DROP TRIGGER zz_cut ON events")
    assert position(postgres_url) == EVENTS_OF_A_LARGE_BATCH
    assert spondyl("--db", postgres_url, "import", batches(2)).code == 0
    assert position(postgres_url) == 2 * EVENTS_OF_A_LARGE_BATCH


def test_connections_cut_at_any_moment_leave_batches_whole_or_absent(postgres_url: str, batches: Batches) -> None:
    stored, tried = 0, times(short=5, long=200)
    over, random = threading.Event(), Random("cuts")

    def cut() -> None:
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            while not over.wait(random.uniform(0.01, 0.6)):
                connection.execute(others)

    cutter = threading.Thread(target=cut)
    cutter.start()
    try:
        for number in range(tried):
            try:
                with Registry.open(postgres_url) as registry:
                    import_batch(registry, batches(number))
            except UnreachableError:
                continue
            stored += 1
    finally:
        over.set()
        cutter.join()

    batches_there, rest = divmod(position(postgres_url), EVENTS_OF_A_LARGE_BATCH)
    assert rest == 0
    assert batches_there >= stored  # a commit whose answer was lost may be there
    figure("connection cut during import", "PostgreSQL", tried, f"{batches_there} batches whole, the others absent")


def test_a_server_that_is_restarted_loses_nothing_and_is_found_again(own_server: str, batches: Batches) -> None:
    url = postgres.url_of(own_server, postgres.new_database(own_server))
    with Registry.create(url, actor="ines") as registry:
        import_batch(registry, batches(0))
        restart(own_server)

        with pytest.raises(UnreachableError, match=r"terminating connection|server closed the connection"):
            import_batch(registry, batches(1))
        assert import_batch(registry, batches(2)).events == EVENTS_OF_A_LARGE_BATCH - 1

    assert position(url) == 2 * EVENTS_OF_A_LARGE_BATCH


class TestNoPassword:
    """Whatever goes wrong, the password of a URL is in nothing that anybody reads."""

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1:1/registry",
            "127.0.0.1:99999/registry",
            "no.such.host.invalid/registry",
            "127.0.0.1:1/registry?sslmode=nonsense",
            "127.0.0.1:1/registry?no_such_option=1",
            "[::1/registry",
        ],
    )
    @pytest.mark.parametrize("command", [("status",), ("init",), ("restore", "nothing.db"), ("import", ".")])
    def test_of_a_server_that_is_not_there(self, spondyl: Spondyl, address: str, command: tuple[str, ...]) -> None:
        Path("nothing.db").touch()

        answer = spondyl("--db", f"postgresql://ines:{PASSWORD}@{address}", *command)

        assert answer.code == 3
        assert answer.err.count("\n") == 1
        assert PASSWORD not in answer.out + answer.err

    def test_that_is_wrong(self, server_with_passwords: str, spondyl: Spondyl) -> None:
        answer = spondyl("--db", server_with_passwords.replace("right", PASSWORD), "status")

        assert answer.code == 3
        assert answer.err.endswith('password authentication failed for user "with_password"\n')
        assert PASSWORD not in answer.err

    def test_of_a_connection_that_is_lost(
        self, server_with_passwords: str, postgres_url: str, batches: Batches, spondyl: Spondyl
    ) -> None:
        url = server_with_passwords
        assert spondyl("--db", url, "init").code == 0
        postgres.execute(
            url, CUT, "CREATE TRIGGER zz_cut AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION cut()"
        )

        answer = spondyl("--db", url, "import", batches(0))

        assert answer.code == 3
        assert "right" not in answer.err
        with Registry.open(url) as registry:
            assert "right" not in registry.place
            assert "right" not in repr(registry.log.database.engine)

    def test_of_a_role_that_may_not(self, server_with_passwords: str, spondyl: Spondyl) -> None:
        assert spondyl("--db", server_with_passwords, "init").code == 0
        postgres.execute(server_with_passwords, "REVOKE INSERT ON events FROM with_password")

        answer = spondyl("--db", server_with_passwords, "record", "patient", "patient=P-1", "enrolled_on=2020-01-01")

        assert answer.code == 3
        assert answer.err.endswith("permission denied for table events\n")
        assert "right" not in answer.err


@pytest.fixture
def server_with_passwords(own_server: str) -> str:
    """The URL of a database whose owner `with_password` has to give the password `right`."""
    hba = Path(shown(own_server, "hba_file"))
    if "with_password" not in hba.read_text():
        hba.write_text("local all with_password scram-sha-256\n" + hba.read_text())
        postgres.execute(own_server, "CREATE ROLE with_password LOGIN PASSWORD 'right'", "SELECT pg_reload_conf()")
    name = postgres.new_database(own_server)
    postgres.execute(own_server, f"ALTER DATABASE {name} OWNER TO with_password")
    return postgres.url_of(own_server, name).replace("postgres:@", "with_password:right@")
