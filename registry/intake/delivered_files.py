"""What is noted of the files of a batch: base names and hashes, by which a file that is kept elsewhere is known again.

What is noted stays for ever, and an erasure does not reach it: so a name that has a pseudonym in it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path
from typing import Final

from registry.domain.batches import DeliveredFile
from registry.schema.fact_tables import FACT_TABLES

PART: Final = re.compile(r"[A-Za-z0-9]+", re.ASCII)


def digests(files: Iterable[Path]) -> list[DeliveredFile]:
    """Return the base names and hashes of files, by name. Raises `OSError` for one that cannot be read any more."""
    return sorted(_delivered(files), key=lambda file: (file.name or "", file.sha256))


def _delivered(files: Iterable[Path]) -> Iterable[DeliveredFile]:
    for file in files:
        with file.open("rb") as content:
            yield DeliveredFile(name=file.name, sha256=file_digest(content, "sha256").hexdigest())


def without_pseudonyms(files: Iterable[DeliveredFile], pseudonyms: Iterable[str]) -> tuple[DeliveredFile, ...]:
    """Return what is noted of files, without the names in which a pseudonym stands as a whole; tables are named so."""
    files = list(files)
    parts = {file.name: f"-{'-'.join(_parts(file.name))}-" for file in files if file.name and not _is_table(file.name)}
    if not parts:
        return tuple(files)
    named = {
        name for pseudonym in pseudonyms for name, text in parts.items() if f"-{'-'.join(_parts(pseudonym))}-" in text
    }
    return tuple(DeliveredFile(name=None, sha256=file.sha256) if file.name in named else file for file in files)


def _parts(text: str) -> list[str]:
    return PART.findall(text.casefold())


def _is_table(name: str) -> bool:
    return name.partition(".")[0].lower() in FACT_TABLES
