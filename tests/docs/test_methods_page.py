"""docs/methods.md says of every method what its declaration does."""

from __future__ import annotations

import pytest

from registry.catalogue.methods import methods
from tests.docs.methods_page import PAGE, table, written

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("line", table().splitlines(), ids=lambda line: line.split("`")[1] if "`" in line else "head")
def test_the_page_has_each_line_of_the_table(line: str) -> None:
    assert TEXT.splitlines().count(line) == 1


def test_the_page_has_no_other_method() -> None:
    assert sum(line.startswith("| `") for line in TEXT.splitlines()) == len(methods())
    assert written(TEXT) == TEXT


def test_the_page_names_what_nobody_verified_of_each_method() -> None:
    for method in methods().values():
        assert all(told in TEXT for told in method.unverified)
