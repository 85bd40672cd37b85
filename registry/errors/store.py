"""The registry itself cannot be used as asked: it is not there, of another age, locked, full, or has no such point."""

from __future__ import annotations

from collections.abc import Iterable

from registry.errors.root import RegistryError
from registry.wording import shown, suggestion


class StoreError(RegistryError):
    """The registry itself cannot be used as asked."""


class NoRegistryError(StoreError):
    """Nothing is there."""

    def __init__(self, place: str) -> None:
        super().__init__(f"no registry at {place}; create one with `spondyl init`")
        self.place = place


class NotARegistryError(StoreError):
    """Something is there, but it is not a registry."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place} is not a spondyl registry: {what}")
        self.place = place


class OldSchemaError(StoreError):
    """The registry was made by an earlier spondyl."""

    def __init__(self, place: str, *, held: str, needed: str) -> None:
        super().__init__(f"{place} has schema {held}, this spondyl needs {needed}; upgrade it with `spondyl init`")
        self.held, self.needed = held, needed


class NewSchemaError(StoreError):
    """The registry was made by a later spondyl."""

    def __init__(self, place: str, *, held: str, needed: str) -> None:
        super().__init__(f"{place} has schema {held}, this spondyl knows up to {needed}; open it with a newer spondyl")
        self.held, self.needed = held, needed


class UnreachableError(StoreError):
    """The database does not answer, or not to us."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"cannot use the registry at {place}: {why}")
        self.place, self.why = place, why


class DamagedEventError(StoreError):
    """An event cannot be read: somebody recorded it, or changed it, with another program."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(f"@{position} cannot be read: {what}; `spondyl verify` names all such events")
        self.position, self.what = position, what


class DamagedFreezeError(StoreError):
    """The row of a freeze cannot be read: somebody wrote it with another program."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"freeze {shown(name)} cannot be read: {what}; put the registry back from a backup")
        self.name, self.what = name, what


class NoRoomError(StoreError):
    """The folder for temporary files has no room for what an import reads; nothing was stored."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"nothing was stored: no room for temporary files: {why}; name another folder in SQLITE_TMPDIR"
        )


class CopyError(StoreError):
    """A copy of a registry that cannot be made, or would not be whole; there is none then."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"cannot copy a registry to {place}: {why}")
        self.place = place


class ExistingCopyError(CopyError):
    """Something stands in the place of the copy already."""

    def __init__(self, place: str) -> None:
        super().__init__(place, "something is there; choose another place, or ask for a registry to be overwritten")


class ServerCopyError(CopyError):
    """A registry on a server is copied with the server's own tools."""

    def __init__(self, place: str) -> None:
        super().__init__(place, "it is on a server; use pg_dump and pg_restore, as docs/backup.md says")


class UnwritableError(StoreError):
    """A file or a folder that cannot be written there; a file that was begun is gone again."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"cannot write {place}: {why}")
        self.place, self.why = place, why


class ConcurrentChangeError(StoreError):
    """Somebody else recorded about the same patients in between."""

    def __init__(self) -> None:
        super().__init__(
            "somebody else recorded about the same patients at the same time; nothing was stored, run it again"
        )


class FreezeExistsError(StoreError):
    """A freeze keeps its name for ever."""

    def __init__(self, name: str, *, position: int) -> None:
        super().__init__(f"freeze {name!r} exists already, at position @{position}; choose another name")
        self.name, self.position = name, position


class UnknownPointError(StoreError):
    """A place on the recorded clock that this log does not have."""

    def __init__(self, asked: str, why: str, known: Iterable[str] = (), *, field: str = "known_at") -> None:
        super().__init__(f"{field} {asked!r}: {why}{suggestion(asked, known)}")
        self.asked = asked
