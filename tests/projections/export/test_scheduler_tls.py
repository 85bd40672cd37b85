"""Exports over Dask by TLS: with certificates that are made here, and a refusal where they are missing or another's."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dask
import distributed
import pytest
from click.testing import CliRunner

from cli.main import spondyl
from projections.errors import SchedulerError
from projections.export import Scheduler, cluster, export
from registry import Registry
from tests.example_cohorts import import_example
from tests.projections.export.test_export import files, names

pytestmark = [
    pytest.mark.usefixtures("short_ranges"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets of handshakes that were refused
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates"),
]


def made(folder: Path) -> Path:
    """Make, in a folder, an authority `ca.pem` and a certificate `node.pem` with its key `node.key` that it signed."""
    folder.mkdir()
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    authority = ("-CA", "ca.pem", "-CAkey", "ca.key")
    for name, signed_by in (("ca", ()), ("node", authority)):
        named = ("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
        subprocess.run(
            ["openssl", "req", "-x509", *new_key, *named, *signed_by], cwd=folder, check=True, capture_output=True
        )
    return folder


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of our scheduler, its workers and ourselves."""
    return made(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of somebody else."""
    return made(tmp_path_factory.mktemp("tls") / "theirs")


@pytest.fixture(scope="module")
def secured(ours: Path) -> Iterator[str]:
    """The address of a scheduler with two workers who speak TLS and nothing else."""
    node = {
        f"tls_{role}_{what}": str(ours / f"node.{end}")
        for role in ("scheduler", "worker", "client")
        for what, end in (("cert", "pem"), ("key", "key"))
    }
    security = distributed.Security(require_encryption=True, tls_ca_file=str(ours / "ca.pem"), **node)
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        protocol="tls://",
        security=security,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as found:
        yield found.scheduler_address


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[Registry]:
    """A registry in a file of its own, whose blocks workers read."""
    with Registry.create(str(tmp_path / "registry.db")) as registry:
        import_example(registry, "anakinra2004")
        yield registry


def by(folder: Path, address: str) -> Scheduler:
    return Scheduler(address, ca_file=folder / "ca.pem", cert=folder / "node.pem", key=folder / "node.key")


def test_an_export_over_tls_has_the_files_of_a_single_machine(
    cohort: Registry, secured: str, ours: Path, tmp_path: Path
) -> None:
    assert secured.startswith("tls://")
    export(cohort, tmp_path / "alone")

    export(cohort, tmp_path / "out", scheduler=by(ours, secured))

    assert files(tmp_path / "out") == files(tmp_path / "alone")


def test_certificates_may_stand_in_the_configuration_of_dask(
    cohort: Registry, secured: str, ours: Path, tmp_path: Path
) -> None:
    tls = {"ca-file": str(ours / "ca.pem"), "client": {"cert": str(ours / "node.pem"), "key": str(ours / "node.key")}}

    with dask.config.set({"distributed.comm.tls": {**dask.config.get("distributed.comm.tls"), **tls}}):
        export(cohort, tmp_path / "out", scheduler=secured)

    assert (tmp_path / "out" / "manifest.json").exists()


def test_the_command_takes_certificates_as_dask_names_them(
    cohort: Registry, secured: str, ours: Path, tmp_path: Path
) -> None:
    files_of = ("--tls-key", ours / "node.key", "--tls-ca-file", ours / "ca.pem", "--tls-cert", ours / "node.pem")
    asked = ["--db", cohort.place, "export", str(tmp_path / "out"), *map(str, files_of)]

    answer = CliRunner().invoke(spondyl, [*asked, "--scheduler", secured])

    assert (answer.exit_code, answer.stdout) == (0, f"{tmp_path / 'out'}\n")
    alone = CliRunner().invoke(spondyl, asked)
    assert alone.exit_code == 2
    assert "--tls-ca-file has no effect without --scheduler: they secure the way to it" in alone.stderr


@pytest.mark.parametrize("given", [{}, {"ca_file": "ca.pem"}, {"cert": "node.pem", "key": "node.key"}])
def test_without_certificates_no_scheduler_is_asked_by_tls(
    cohort: Registry, ours: Path, tmp_path: Path, given: dict[str, str]
) -> None:
    named = {name: ours / file for name, file in given.items()}

    with pytest.raises(
        SchedulerError, match=r"tls://127\.0\.0\.1:9: it wants certificates; give --tls-ca-file, --tls-c"
    ):
        export(cohort, tmp_path / "out", scheduler=Scheduler("tls://127.0.0.1:9", **named))

    assert "out" not in names(tmp_path)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9"])
def test_certificates_are_not_given_in_vain(cohort: Registry, ours: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(SchedulerError, match="certificates are of no use there; write an address with tls://"):
        export(cohort, tmp_path / "out", scheduler=by(ours, address))


@pytest.mark.parametrize("damage", ["missing", "no certificate", "another's key"])
def test_certificates_that_cannot_be_used_are_told(
    cohort: Registry, ours: Path, theirs: Path, tmp_path: Path, damage: str
) -> None:
    other = {"missing": tmp_path / "nothing", "no certificate": tmp_path / "text", "another's key": theirs / "node.key"}
    (tmp_path / "text").write_text("no certificate\n")

    with pytest.raises(SchedulerError, match="the certificates cannot be used: "):
        export(cohort, tmp_path / "out", scheduler=by(ours, "tls://127.0.0.1:9")._replace(key=other[damage]))


def test_a_scheduler_with_the_certificate_of_another_is_not_spoken_to(
    cohort: Registry, secured: str, theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 2)

    with pytest.raises(SchedulerError, match="no scheduler answers there: "):
        export(cohort, tmp_path / "out", scheduler=by(theirs, secured))

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["", " ", "tls://" + "x" * 300])
def test_an_address_of_nothing_starts_no_workers(cohort: Registry, tmp_path: Path, address: str) -> None:
    with pytest.raises(SchedulerError, match=r"^cannot export over '.{0,60}: name a scheduler, as tls://HOST:8786$"):
        export(cohort, tmp_path / "out", scheduler=address)
