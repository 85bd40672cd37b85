"""The key of a campaign: 32 bytes in a file of the owner's alone, outside the database.

Whoever has it can tell which case is which study, and which came first; the registry has its SHA-256 and no more.
Whoever loses it cannot bring a case back, so it is backed up apart from the registry.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from registry.errors import CampaignKeyError
from registry.given_files import given_bytes
from registry.private_files import new_text
from registry.toml_text import tables_of

BYTES: Final = 32
FORMAT: Final = 1
FILE_AT_MOST: Final = 10_000  # bytes
TEXT: Final = """\
# The key of the reading campaign {campaign}. Whoever reads must not have it. Keep a copy apart from the registry:
# without it no sheet that comes back can be told.
format = {format}
campaign = "{campaign}"
key = "{key}"
"""


def key_file(campaign: str) -> Path:
    """Return where the key of a campaign is kept unless somebody says otherwise: in the current folder."""
    return Path(f"{campaign}.key")


def digest_of(key: bytes) -> str:
    """Return the SHA-256 of a key in hexadecimal digits, as the log has it."""
    return sha256(key).hexdigest()


def new_key(file: Path, campaign: str) -> bytes:
    """Make a key and its file, which nobody else can read. Raises `CampaignKeyError` where the file cannot be made."""
    key = secrets.token_bytes(BYTES)
    try:
        with new_text(file) as content:
            content.write(TEXT.format(campaign=campaign, format=FORMAT, key=key.hex()))
    except FileExistsError:
        raise CampaignKeyError(str(file), "stands there already, and a key is never written over") from None
    except OSError as failure:
        raise CampaignKeyError(str(file), f"cannot be made: {failure.strerror or failure}") from None
    return key


def read_key(file: Path, campaign: str, *, sha256: str) -> bytes:
    """Return the key of a campaign from its file; its SHA-256 is the one that the log has.

    Raises `CampaignKeyError` for a file that cannot be read, is no key, or is that of another campaign.
    """
    try:
        found = tables_of(given_bytes(file, at_most=FILE_AT_MOST))
    except FileNotFoundError:
        raise CampaignKeyError(str(file), f"is not there; give the key of {campaign} by --key FILE") from None
    except OSError as failure:
        raise CampaignKeyError(str(file), f"cannot be read: {failure.strerror or failure}") from None
    except ValueError:
        raise CampaignKeyError(str(file), "is no key of a campaign") from None
    key = _key_in(found)
    if key is None:
        raise CampaignKeyError(str(file), "is no key of a campaign")
    if digest_of(key) != sha256:
        raise CampaignKeyError(str(file), f"is not the key of campaign {campaign}, but another one")
    return key


def _key_in(found: dict[str, object]) -> bytes | None:
    """Return the key that a file has, None where it has none of 32 bytes in hexadecimal digits."""
    told = found.get("key")
    if found.get("format") != FORMAT or not isinstance(told, str) or len(told) != 2 * BYTES:
        return None
    try:
        return bytes.fromhex(told)
    except ValueError:
        return None
