"""The tables of an export made once more, to be compared: into files that nobody else can reach, one a table."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Final

from projections.export.parts import rows_writer
from projections.export.stored_rows import Stored
from projections.log.decoding import ahead
from projections.log.unnamed_files import UnnamedFiles

if TYPE_CHECKING:
    from projections.export.profiles.profile import Written

ROWS: Final = "rows"


def rebuilt_tables(release: Written) -> dict[str, Stored]:
    """Return the rows of the tables that are to be made, by name.

    Raises `TemporaryFilesError` where there is no room for them.
    """
    files = UnnamedFiles()
    with ExitStack() as opened:
        writers = {
            name: opened.enter_context(rows_writer(opened.enter_context(files.written(name, ROWS)), declared))
            for name, declared in release.tables.items()
        }
        for piece in ahead(release.pieces()):
            for rows in piece.rows or ():
                writers[piece.table].write(rows)
    return {name: Stored([partial(files.opened, name, ROWS)]) for name in release.tables}
