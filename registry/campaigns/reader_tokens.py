"""The tokens by which readers open the page of a campaign: one a reader, of which only the SHA-256 is kept.

They stand in `NAME.key.tokens` beside the campaign's key, for their owner alone, and never in the database. A new token
of a reader ends the one before.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from registry.campaigns.beside_key import put, writing_beside
from registry.errors import UnreadableError
from registry.given_files import given_bytes

BYTES: Final = 32  # of chance in a token
FORMAT: Final = 1
FILE_AT_MOST: Final = 1_000_000  # bytes


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says: the SHA-256 of each reader's token, 64 hexadecimal digits, by the reader's code."""

    format: int
    campaign: str
    tokens: dict[str, str]


class ReaderTokens:
    """The tokens of a campaign's readers, in a file beside its key."""

    def __init__(self, key_file: Path, campaign: str) -> None:
        self._key_file, self._campaign = key_file, campaign
        self.place = key_file.with_name(f"{key_file.name}.tokens")

    def renew(self, reader: str) -> str:
        """Make the token of a reader, and return it: it is kept nowhere. Raises `UnwritableError`."""
        token = secrets.token_urlsafe(BYTES)
        with writing_beside(self._key_file):
            self._put({**self.digests(), reader: digest_of_token(token)})
        return token

    def revoke(self, reader: str) -> bool:
        """Take a reader's token away; return whether there was one."""
        with writing_beside(self._key_file):
            kept = self.digests()
            if reader not in kept:
                return False
            self._put({name: digest for name, digest in kept.items() if name != reader})
        return True

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each reader's token. Raises `UnreadableError` for a file that is none of ours."""
        try:
            kept = msgspec.json.decode(given_bytes(self.place, at_most=FILE_AT_MOST), type=_Kept)
        except FileNotFoundError:
            return {}
        except OSError as failure:
            raise UnreadableError(1, f"{self.place}: {failure.strerror or failure}") from None
        except msgspec.DecodeError:
            raise UnreadableError(1, f"{self.place}: has no tokens; move it away, and make them anew") from None
        if (kept.format, kept.campaign) != (FORMAT, self._campaign):
            raise UnreadableError(1, f"{self.place}: is of another campaign, or of another edition of spondyl")
        return kept.tokens

    def _put(self, tokens: dict[str, str]) -> None:
        kept = _Kept(FORMAT, self._campaign, dict(sorted(tokens.items())))
        put(self.place, msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")


def digest_of_token(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal digits, as the file has it."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
