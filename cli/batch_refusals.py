"""A refused batch for machines: every problem with its place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.exit_codes import REFUSED
from cli.output import give_json, say

if TYPE_CHECKING:
    from registry.errors import BatchRefusedError


@contextmanager
def refused_as_json(as_json: bool, *, dry_run: bool) -> Iterator[None]:
    """Let the refusal of a batch end the command with its problems as JSON, where that is asked for."""
    from registry.errors import BatchRefusedError

    try:
        yield
    except BatchRefusedError as refusal:
        if not as_json:
            raise
        give_json(_as_refusal(refusal, dry_run=dry_run))
        say(f"spondyl: {refusal}")
        sys.exit(REFUSED)


def _as_refusal(refusal: BatchRefusedError, *, dry_run: bool) -> dict[str, object]:
    problems = [
        {
            "file": problem.place.file,
            "line": problem.place.line,
            "column": problem.place.column or None,
            "place": str(problem.place),
            "value": problem.value,
            "message": problem.message,
        }
        for problem in refusal.problems
    ]
    return {"dry_run": dry_run, "refused": str(refusal), "problems": problems}
