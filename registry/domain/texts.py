"""What a text may be that a person or a file gives: as long as one may be, printable, and not blank.

Notes of facts may have several lines. What names somebody or something, or says why, is one line: who records, whence
and why, the note of a freeze, the name of a file, the title of a cohort. What was recorded before a rule was there is
read as it is; whoever prints it makes it harmless.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

from registry.errors.values import FormatError, MissingValueError, RangeError
from registry.wording import UNSEEN, is_printable

TEXT_AT_MOST: Final = 1000  # characters
SOURCE_AT_MOST: Final = 64  # characters


def free_text(name: str, text: str) -> str:
    """Return text of up to 1000 printable characters, on one line or more; its lines end alike, however they came."""
    _check_length(name, text, TEXT_AT_MOST)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not is_lines(lines):
        raise FormatError(name, text, "printable text; remove the control characters")
    return lines


def one_line(name: str, text: str, *, wanted: str = "a text", at_most: int = TEXT_AT_MOST) -> str:
    """Return text of up to 1000 printable characters on one line, without the blanks around it; refuse a blank one.

    `wanted` says what it should say.
    """
    line = text.strip()
    if not line:
        raise MissingValueError(name, wanted)
    _check_length(name, line, at_most)
    if not is_one_line(line):
        raise FormatError(name, line, "printable text on one line; remove the control characters")
    if has_unseen(line):
        raise FormatError(name, line, "text of which every sign is seen; remove fillers, and a mark without its letter")
    return line


def is_one_line(text: str) -> bool:
    """Return whether all of a text is printed on one line, and does nothing else."""
    return text.isprintable() or all(map(is_printable, text))


def has_unseen(text: str) -> bool:
    """Return whether there is in a text what Unicode calls printable and nobody sees, or a mark without its letter."""
    return UNSEEN.search(text) is not None or category(text[:1] or " ").startswith("M")


def is_lines(text: str) -> bool:
    """Return whether all of a text is printed, on one line or more."""
    return is_one_line(text.replace("\n", "").replace("\t", ""))


def source_name(text: str) -> str:
    """Return the name of a source, of up to 64 printable characters; the one without a name has none."""
    return one_line("source", text, at_most=SOURCE_AT_MOST) if text.strip() else ""


def _check_length(name: str, text: str, at_most: int) -> None:
    if len(text) > at_most:
        raise RangeError(name, f"text of {len(text)} characters", f"1 to {at_most} characters")
