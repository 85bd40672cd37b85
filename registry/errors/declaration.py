"""A method of the catalogue that is declared so that its readings could not be read back."""

from __future__ import annotations

from registry.errors.values import RefusalError


class DeclarationError(RefusalError):
    """A method whose readings could not be read back or whose scores not told apart, by `item` where one is meant."""

    def __init__(self, method: str, item: str | None, why: str, *, grade: object = None) -> None:
        of_item = "" if item is None else f"item {item!r}: "
        super().__init__(f"method {method!r}: {of_item}{why}")
        self.method, self.item, self.grade = method, item, grade
