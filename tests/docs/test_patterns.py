"""Patterns are held against a text to its last byte: `$` also stands before a line break, and `match` sees no end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("cli", "views", "projections", "registry", "migrations", "spondyl")
BEGINNINGS = {  # where a beginning is asked for, whatever follows it
    "cli/plain_text.py": (
        "re.match('\\\\d{0,9}', line)",
        "BEGINS_A_BLOCK.match(line, begins.end() if begins else 0)",
    ),
    "projections/datasets/written_names.py": ("re.match('[A-Za-z]', plain)",),
    "registry/intake/sources/draft/pivots.py": (
        "re.match(f'(?:.*[^a-z])??{re.escape(code)}[ _.-]*', name, re.IGNORECASE)",
    ),
    "registry/intake/sources/queries.py": ("OF_TWO_PARTS.match(said)", "SELECT.match(bare)"),
    "registry/intake/sources/redcap/project.py": ("EXPORTED.match(path.stem)",),
    "registry/intake/sources/redcap/item_runs.py": ("DECLARED.match(piece)",),
    "registry/intake/sources/statistical_values.py": ("NAME.match(said.upper())", "re.match('%-?(t|d)', said)"),
    "registry/schema/numbers.py": ("OTHER_MARKS.match(text)",),
    "registry/store/place_urls.py": ("ALMOST_A_URL.match(text.strip())",),
    "views/drawing/alignment.py": ("FIRST_NUMBER.match(text)", "FIRST_NUMBER.match(text)", "DAY.match(text)"),
    "registry/wording.py": ("UNSEEN.match(sign)",),
    "views/pages/csv_text.py": ("FORMULA.match(cell)",),
}


def uses(source: str) -> Iterator[str]:
    """Yield calls of `match` and texts that end in `$` where a pattern is expected."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "match":
            yield ast.unparse(node)
        elif called in ("compile", "search", "fullmatch", "sub", "findall", "finditer", "split", "Meta"):
            given = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "pattern")]
            texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            yield from (text for text in texts if text.endswith("$"))


def test_no_pattern_lets_a_line_break_pass_at_the_end() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): tuple(uses(path.read_text(encoding="utf-8")))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }

    assert {path: each for path, each in found.items() if each} == BEGINNINGS


def test_such_a_pattern_would_be_found() -> None:
    for source in ('re.match(r"[a-z]", x)', 're.compile(r"[a-z]$")', 'Meta(pattern="a$")', "PATH.match(x)"):
        assert len([*uses(source)]) == 1
