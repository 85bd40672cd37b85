"""What may be typed at all: text in UTF-8, no longer than a path can be.

Where a command line is no UTF-8, Python keeps the bytes as half characters, which neither a log nor a database takes.
They are refused before any command has begun, from the environment too. So is a password where no registry is named:
what is typed there is quoted by messages and kept in manifests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import click

from registry.wording import shown

WITH_PASSWORD: Final = re.compile(r"//[^/\s@]*:[^\s@]+@|[?&]\w*password=.|(^|\s)\w*password\s*=\s*\S", re.IGNORECASE)
ARGUMENT_AT_MOST: Final = 4_096  # bytes, the longest path of most systems; texts are shorter


def check_arguments(arguments: Sequence[str], ctx: click.Context) -> None:
    """Refuse, as a usage error that names it, an argument that no command could take."""
    for place, (before, argument) in enumerate(zip(("", *arguments), arguments), 1):
        _check(f"argument {place}", argument, ctx)
        if before != "--db" and not argument.startswith("--db=") and WITH_PASSWORD.search(argument):
            raise click.UsageError(
                f"argument {place} has a password in it; a registry on a server is named by --db, and a database to "
                "import from by a variable of the environment: --url-env",
                ctx,
            )


def check_environment(given: Mapping[str, str | None], ctx: click.Context) -> None:
    """Refuse a variable of the environment that no command could take; what was typed was checked before."""
    for name, value in given.items():
        _check(name, value or "", ctx)


def _check(what: str, text: str, ctx: click.Context) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        why = f"is no UTF-8: {shown(text)}; write it in UTF-8, and rename a file that is named otherwise"
        raise click.UsageError(f"{what} {why}", ctx) from None
    if size > ARGUMENT_AT_MOST:
        raise click.UsageError(f"{what} has {size:,} bytes; {ARGUMENT_AT_MOST:,} at most", ctx)
    if "\0" in text:
        raise click.UsageError(f"{what} has a zero byte in it: {shown(text)}", ctx)
