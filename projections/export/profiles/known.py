"""The profiles that there are, and one by its name with what was chosen of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import fields

from projections.errors import ProfileError, ReleaseKeyError
from projections.export.manifest import Choices, StatedProfile
from projections.export.profiles import deidentified
from projections.export.profiles.deidentification import NAME as DEIDENTIFIED
from projections.export.profiles.meds import profile as meds
from projections.export.profiles.meds.subjects import NAME as MEDS
from projections.export.profiles.omop import profile as omop
from projections.export.profiles.omop.filled import NAME as OMOP
from projections.export.profiles.release_key import read_key
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.export.profiles.profile import Profile

Made = Callable[[Choices, Path | None], "Profile"]
PROFILES: Final[Mapping[str, Made]] = {
    DEIDENTIFIED: deidentified.profile,
    MEDS: meds.profile,
    OMOP: omop.profile,
}
TAKEN: Final[Mapping[str, tuple[str, ...]]] = {
    DEIDENTIFIED: deidentified.TAKES,
    MEDS: meds.TAKES,
    OMOP: omop.TAKES,
}


def profile(name: str, choices: Choices, *, key_file: str | Path | None = None) -> Profile:
    """Return a profile by its name. Raises `UnknownCodeError` for an unknown one, and what it says of its choices."""
    if name not in PROFILES:
        raise UnknownCodeError("profile", name, PROFILES)
    for each in fields(Choices):
        if each.name not in TAKEN[name] and getattr(choices, each.name) != each.default:
            raise ProfileError(name, f"takes no --{each.name.replace('_', '-')}")
    return PROFILES[name](choices, None if key_file is None else Path(key_file))


def profile_of(stated: StatedProfile, key_file: str | Path | None) -> Profile:
    """Return the profile that a manifest states.

    Raises `ProfileError` without the key that it was made with, `ReleaseKeyError` for another one.
    """
    if stated.fingerprint is not None:
        if key_file is None:
            raise ProfileError(stated.name, "was made with a key; give it by --key-file")
        if (found := read_key(key_file).fingerprint) != stated.fingerprint:
            raise ReleaseKeyError(key_file, f"is another one: fingerprint {found}, the manifest's {stated.fingerprint}")
    return profile(stated.name, stated.choices, key_file=key_file)
