"""The key of a release: 32 bytes in a file of the owner's alone, outside the registry.

Whoever has it can tell which new pseudonym is whose, and how far the days were shifted; whoever loses it makes no later
release whose pseudonyms are those of an earlier one. The file has 64 hexadecimal digits on one line.
"""

from __future__ import annotations

import hmac
import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from projections.errors import ReleaseKeyError
from registry.given_files import given_bytes

TEXT: Final = re.compile(rb"\s*([0-9a-fA-F]{64})\s*")
NO_KEY: Final = "needs a key: make one with openssl rand -hex 32, mode 0600, and give it by --key-file"
FILE_AT_MOST: Final = 1_000  # bytes
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
DISTINCT_AT_LEAST: Final = 16  # of its 32 bytes: drawn by chance, one key in 10^12 has fewer


class ReleaseKey(NamedTuple):
    """A key; what it gives for a purpose and a text says nothing of the text to whoever has not the key."""

    key: bytes

    def __repr__(self) -> str:
        return f"<ReleaseKey {self.fingerprint}>"

    @property
    def fingerprint(self) -> str:
        """What tells this key from another."""
        return self.digest("fingerprint").hex()[:16]

    def digest(self, purpose: str, *texts: str) -> bytes:
        """Return the HMAC-SHA-256 of texts for a purpose; no two lists of texts are taken for the same."""
        said = b"".join(len(text).to_bytes(4, "little") + text for text in map(str.encode, (purpose, *texts)))
        return hmac.digest(self.key, said, sha256)


def read_key(file: str | Path) -> ReleaseKey:
    """Return the key in a file.

    Raises `ReleaseKeyError` for a file that cannot be read, that others may read, or that holds no such key.
    """
    path = Path(file)
    try:
        found = given_bytes(path, at_most=FILE_AT_MOST)
        mode = path.stat().st_mode
    except OSError as failure:
        raise ReleaseKeyError(path, f"cannot be read: {failure.strerror or failure}") from None
    except ValueError as failure:
        raise ReleaseKeyError(repr(str(path)), f"is no path: {failure}") from None
    if os.name == "posix" and mode & OTHERS:
        raise ReleaseKeyError(path, f"has mode {mode & 0o777:04o}, so that others may use it; chmod 600 {path}")
    told = TEXT.fullmatch(found)
    if told is None:
        raise ReleaseKeyError(
            path, "is no key: it has 64 hexadecimal digits on one line, as openssl rand -hex 32 gives"
        )
    key = bytes.fromhex(told[1].decode())
    if len(set(key)) < DISTINCT_AT_LEAST:
        raise ReleaseKeyError(path, "was not drawn by chance; make one with openssl rand -hex 32")
    return ReleaseKey(key)
