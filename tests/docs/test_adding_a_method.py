"""The example of the documentation is a method: declared in one module, and everything follows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.catalogue import methods as folder
from registry.catalogue.method import State
from registry.catalogue.methods import methods

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-method.md"


@pytest.fixture
def with_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the documentation's module beside the methods that there are."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "sij_oedema.py").write_text(example, encoding="utf-8")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    methods.cache_clear()
    yield
    methods.cache_clear()
    sys.modules.pop(f"{folder.__name__}.sij_oedema", None)


@pytest.mark.usefixtures("with_the_example")
def test_a_module_in_the_folder_is_a_method() -> None:
    method = methods()["sij-oedema"]

    assert len(method.locations) == 8
    assert method.segments == ("right", "left")
    assert method.states == {(0,): State("0", 0), (1,): State("1", 1), (None,): State(None, None)}
