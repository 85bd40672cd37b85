"""Arrow without pandas, until a frame is asked for: a third of the time of a command that shows one patient."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _NotYet(MetaPathFinder):
    """Says of pandas that it is not there."""

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def put_off_pandas() -> None:
    """Let Arrow load pandas when it makes the first frame, and not at the first array.

    Arrow looks once whether pandas is there. Where it was not, Arrow looks again as soon as it cannot do without.
    """
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, not_yet := _NotYet())
    try:
        import pyarrow as pa

        pa.array([])
    finally:
        sys.meta_path.remove(not_yet)
