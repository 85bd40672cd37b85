"""`spondyl check-proof`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from cli.output import give_document, say
from cli.pairing import PairedCommand, never_with
from cli.plain_text import for_json
from registry.domain.days import instant
from registry.errors import ProofError

if TYPE_CHECKING:
    from registry.audit.proof import Proof


@click.command(
    "check-proof",
    cls=PairedCommand,
    registry="none",
    pairings=(never_with("--root", "--against", "the manifest names the root"),),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", help="The root that was published, in hexadecimal.")
@click.option("--digest", help="The digest that was published, in hexadecimal; for a proof by the chain.")
@click.option(
    "--against", type=click.Path(exists=True, path_type=Path), metavar="MANIFEST", help="Or the manifest of an export."
)
def command(*, file: Path, root: str | None, digest: str | None, against: Path | None) -> None:
    """Check the proof in FILE, without any registry; print the event that it proves.

    A proof is worth as much as the hash that it ends in. Give the root or the digest that was published; where none is
    given, compare the one that is named with it. Exit code 3 where the proof does not hold.
    """
    from registry.audit.proof import PROOF_AT_MOST, check_proof, read_proof
    from registry.given_files import given_bytes

    try:
        proof = read_proof(given_bytes(file, at_most=PROOF_AT_MOST))
    except OSError as failure:
        raise ProofError(f"{file} cannot be read: {failure.strerror}") from None
    check_proof(proof)
    if against is not None:
        root = _root_of(against, proof) or root
    _compare("root", root, proof.log.root)
    _compare("digest", digest, proof.log.digest, by_chain=proof.links is not None)
    event, log = proof.event, proof.log
    give_document(for_json(msgspec.json.format(event.payload.encode(), indent=2).decode()))
    say(f"{event.topic}, recorded {instant(event.recorded_at):%Y-%m-%d %H:%M:%S}Z at @{event.position}")
    ends_in = f"root is {log.root}" if log.root else f"digest is {log.digest}"
    held = root if log.root else digest
    say(
        f"was in the log whose {ends_in} at @{log.position}" + ("" if held else "; compare that with the published one")
    )


def _compare(name: str, published: str | None, shown: str | None, *, by_chain: bool = True) -> None:
    if published is None:
        return
    if shown is None or not by_chain:
        raise ProofError(f"it does not end in a {name}; ask for one that does")
    if published.strip().lower() != shown.lower():
        raise ProofError(f"it ends in another {name} than the published one")


def _root_of(manifest: Path, proof: Proof) -> str | None:
    """Return the root that a manifest names."""
    from projections.export import read_manifest

    stated = read_manifest(manifest)
    if stated.known_at.position != proof.log.position:
        raise ProofError(f"it is of the log up to @{proof.log.position}, the manifest of @{stated.known_at.position}")
    if stated.root is None:
        raise ProofError("the manifest names no root; compare its digest with a proof by the chain")
    return stated.root
