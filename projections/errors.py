"""What can go wrong between the log and the person who asked for a table; `registry.errors` draws the whole tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.errors import StoreError, UnknownCodeError


class NewerLogError(StoreError):
    """The log holds something that a later spondyl wrote."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the log holds {what}, which this spondyl does not know; use a newer spondyl")
        self.what = what


class TemporaryFilesError(StoreError):
    """What is put aside while something is computed cannot be written."""

    def __init__(self, why: str) -> None:
        super().__init__(f"temporary files cannot be written: {why}; name another folder in TMPDIR")
        self.why = why


class OutputError(StoreError):
    """The export cannot be written there."""

    def __init__(self, place: object, why: str) -> None:
        super().__init__(f"cannot export to {place}: {why}")
        self.place = place


class ExistingOutputError(OutputError):
    """Something stands there already."""


class SchedulerError(StoreError):
    """The workers of a scheduler cannot be used, or gave up."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"cannot export over {address}: {why}")
        self.address = address


class ProfileError(StoreError):
    """An export cannot be made into what was asked for."""

    def __init__(self, profile: str, why: str) -> None:
        super().__init__(f"profile {profile}: {why}")
        self.profile = profile


class SmallGroupsError(ProfileError):
    """Patients would stand in smaller groups than was asked for; `report` says which columns make them so."""

    def __init__(self, profile: str, minimum: int, report: Mapping[str, Any]) -> None:
        smallest, best = report["smallest_group"], report["smallest_without"]
        others = ", ".join(f"{size} without {name}" for name, size in sorted(best.items(), key=lambda each: -each[1]))
        why = f"the smallest group of patients has {smallest}, the minimum is {minimum}"
        super().__init__(profile, f"{why}; it would have {others}; leave out columns by --without, or widen --band")
        self.minimum, self.report = minimum, report


class ReleaseKeyError(StoreError):
    """The file of a release's key cannot be used."""

    def __init__(self, place: object, why: str) -> None:
        super().__init__(f"the key of a release in {place}: {why}")
        self.place = place


class ManifestError(StoreError):
    """A manifest that cannot be read, or not by this version."""

    def __init__(self, place: object, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place


class OtherRegistryError(ManifestError):
    """A manifest of another registry than the one that is asked; both by the digest of their first event."""

    def __init__(self, place: object, stated: str, here: str | None) -> None:
        found = "one whose log is empty" if here is None else f"registry {here}"
        super().__init__(place, f"is of registry {stated}, this is {found}; name the one that it was exported from")
        self.stated, self.here = stated, here


class FeedError(StoreError):
    """A feed that cannot be read, continued or trusted: at which place, and what is wrong there."""

    def __init__(self, place: object, what: str) -> None:
        super().__init__(f"{place}: {what}")
        self.place, self.what = place, what


class TargetError(StoreError):
    """What a feed is applied to cannot be used, or is not as the feed left it: which one, and what is wrong."""

    def __init__(self, place: object, what: str) -> None:
        super().__init__(f"{place}: {what}")
        self.place, self.what = place, what


def not_collected(what: str, name: str, known: Iterable[str]) -> UnknownCodeError:
    """Return why nothing can be said of a measure or a condition at a point in time at which nobody collected it."""
    return UnknownCodeError(
        what, name, known, mend=" of that point in time; choose a later one, at which it was collected"
    )
