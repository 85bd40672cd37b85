"""The root of all that a person can be told and can mend."""

from __future__ import annotations


class RegistryError(Exception):
    """Something that the person who asked can act on; it says the same when it comes from another process."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says, a line each; what it quotes may have line breaks of its own."""
        return (str(self),)

    def __reduce__(self) -> tuple[object, ...]:
        # Python would make it anew from its message, where most classes want the values that the message is made of.
        return _as_it_was, (type(self), self.args), vars(self)


def _as_it_was(kind: type[RegistryError], args: tuple[object, ...]) -> RegistryError:
    return kind.__new__(kind, *args)
