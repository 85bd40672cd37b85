"""Files without a name, for what is put aside while it is computed: rows that nobody else is to see or change.

They lie in the folder for temporary files (`TMPDIR`), and nobody can open them but this process. However it ends, also
killed, they end with it; nothing is left that would have to be swept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, EIO, ENOSPC
from mmap import ACCESS_READ, mmap
from tempfile import TemporaryFile
from typing import IO, Any, Final

import pyarrow as pa

from projections.errors import TemporaryFilesError

REFUSED: Final = (ENOSPC, EDQUOT, EFBIG, EIO)  # what writing is refused with


class UnnamedFiles:
    """A folder of blocks, or of other files, that has no place in any file system.

    Its methods are those of a `BlocksFolder` which blocks are written and read by.
    """

    is_local = True

    def __init__(self) -> None:
        self._contents: dict[tuple[str, str], Any] = {}

    def create(self, name: str) -> None:
        """Do nothing: there is no folder to be made."""

    def remove(self, name: str) -> None:
        """Let go of the files of one block."""
        self._contents = {place: content for place, content in self._contents.items() if place[0] != name}

    @contextmanager
    def written(self, name: str, file: str) -> Iterator[Any]:
        """Lend a new file, open for writing, that can be read when the block has ended.

        Raises `TemporaryFilesError` where the system refuses.
        """
        try:
            with _unnamed_file() as unnamed:
                yield unnamed
                unnamed.flush()
                self._contents[name, file] = pa.py_buffer(mmap(unnamed.fileno(), 0, access=ACCESS_READ))
        except OSError as error:
            if error.errno not in REFUSED:
                raise
            raise TemporaryFilesError(error.strerror or str(error)) from error

    def opened(self, name: str, file: str) -> Any:
        """Return a file, open for reading anywhere in it; each time anew, so that several threads can read."""
        return pa.BufferReader(self._contents[name, file])


def _unnamed_file() -> IO[bytes]:
    try:
        return TemporaryFile()
    except OSError as error:  # no folder for temporary files, or too many open files
        raise TemporaryFilesError(error.strerror or str(error)) from error
