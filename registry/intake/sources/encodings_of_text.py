"""The encodings in which a source may write text: that of its mapping, or of its byte-order mark; none is tried."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.text_files import mark_of
from registry.wording import shown

ENCODINGS: Final = (  # as Python calls them; others are no text, or can say one thing in two ways
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be ascii iso8859-1 iso8859-2 iso8859-3 "
    "iso8859-4 iso8859-5 iso8859-7 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 cp1250 "
    "cp1251 cp1252 cp1253 cp1254 cp1257 cp1258 cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp866 mac-roman "
    "mac-latin2 koi8-r koi8-u shift_jis cp932 euc_jp euc_kr cp949 gb2312 gbk gb18030 big5"
)
MARKED: Final = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "utf-32": "utf-32"}


def encoding_of(path: Path, said: str | None) -> str:
    """Return the encoding of a file: the one that was said, as long as its byte-order mark says no other."""
    marked = mark_of(path)
    if said is None:
        return MARKED[marked or "utf-8"]
    name = encoding_called(said)
    if name is None:
        raise UnreadableError(1, f"encoding: {shown(said)} is not known; write utf-8, cp1252, utf-16 or iso8859-15")
    if marked is None and name in ("utf-16", "utf-32"):
        raise UnreadableError(1, f"encoding: it has no byte-order mark; write {name}-le or {name}-be")
    if marked is None:
        return name
    if not name.startswith(marked):
        raise UnreadableError(1, f"encoding: it begins with the mark of {marked.upper()}, and the mapping says {name}")
    return MARKED[marked]


def encoding_called(said: str) -> str | None:
    """Return an encoding as Python calls it, None where nobody knows it or text is not written in it."""
    try:
        name = codecs.lookup(said).name
    except LookupError:
        return None
    return name if name in ENCODINGS.split() else None
