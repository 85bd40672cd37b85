"""The target that a text names: `duckdb:FILE`, `postgresql://…` or `delta:DIR`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from projections.errors import TargetError

if TYPE_CHECKING:
    from projections.feed.targets.target import Target

FORMS: Final = "write duckdb:FILE, postgresql://user@host/database?schema=NAME or delta:DIR"
EXTRAS: Final = {"duckdb": "duckdb", "delta": "deltalake"}  # kind: the package that it needs


def open_target(text: str) -> Target:
    """Open the target that a text names; it is to be closed. Raises `TargetError`.

    No message quotes a URL, which may have a password in it.
    """
    kind, colon, rest = text.partition(":")
    if kind in ("postgresql", "postgres"):
        from projections.feed.targets.postgresql_target import PostgresqlTarget

        return PostgresqlTarget(text)
    if not colon or not rest or kind not in EXTRAS:
        raise TargetError(kind if re.fullmatch(r"\w{1,20}", kind) else "the target", f"is no kind of target; {FORMS}")
    try:
        return _of_a_package(kind, rest)
    except ModuleNotFoundError as error:
        if error.name != EXTRAS[kind]:
            raise
        mend = f"install {error.name}, or spondyl[{kind}]"
        raise TargetError(f"{kind}:{rest}", f"needs the package {error.name}; {mend}") from None


def _of_a_package(kind: str, rest: str) -> Target:
    if kind == "delta":
        from projections.feed.targets.delta_target import DeltaTarget

        return DeltaTarget(rest)
    from projections.feed.targets.duckdb_target import DuckdbTarget

    return DuckdbTarget(rest)
