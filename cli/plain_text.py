"""What comes from a log, a file or an argument, as text and nothing else: one function for each way out.

No text of theirs is markup, a link, a formula, a control of the terminal, a turn of the direction of writing or a line
break of ours, whatever it was recorded as. Each function gives one line and keeps every sign in sight; none looks at
where a text comes from, so that nothing has to be trusted. A test holds every command to that. The way out into CSV is
that of pages too, `views.pages.csv_text`.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from registry.wording import is_printable, visible

BLANKS: Final = re.compile(r"[ \t\r\n]+")  # a line break of a text flows with it, where lines are broken anew
MARKUP: Final = re.compile(r"([\\`*_\[\]{}<>#|~&$^@])|(?<=[A-Za-z])(:)(?=//)|(?<=\bwww)(\.)", re.IGNORECASE)
BEGINS_A_BLOCK: Final = re.compile(r"([-+=])(?=\s|$|\1)|(?<=\d)([.)])(?=\s|$)")  # as a list does, or a rule
NOT_ASCII: Final = re.compile(r"[^\n\x20-\x7e]")


def for_terminal(text: str) -> str:
    r"""Return a text as a terminal shows it, on one line: what would do something stands as Python writes it.

    >>> print(for_terminal("pain\x1b]52;c;cm0gLXJm\x07 [/b]"))
    pain\x1b]52;c;cm0gLXJm\x07 [/b]
    """
    return visible(text)


def for_markdown(text: str) -> str:
    r"""Return a text that Markdown shows as it is, in one line; addresses become no links, numbers no lists.

    >>> for_markdown("a | b_c <i>")
    'a \\| b\\_c \\<i\\>'
    >>> print(for_markdown("1. see https://example.org"))
    1\. see https\://example.org
    """
    line = MARKUP.sub(r"\\\1\2\3", visible(_flowing(text)))
    return _begun(line)


def for_html(text: str) -> str:
    """Return a text that a page shows as it is, within an element or in quotes.

    >>> for_html("<script>alert('x')</script>")
    '&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;'
    """
    return escape(visible(_flowing(text)))


def for_json(document: str) -> str:
    r"""Return a JSON document, which says the same, with every sign that is not printed as an escape.

    >>> print(for_json('{"note": "Müller \u202e"}'))
    {"note": "Müller \u202e"}
    """
    return document if _is_plain(document) else NOT_ASCII.sub(_as_json_escape, document)


def is_typed_plainly(word: str) -> bool:
    """Return whether a shell takes a word as it is: a shell that completes it puts it into a command."""
    return re.fullmatch(r"[\w@%+=:,./-]+", word) is not None


def _flowing(text: str) -> str:
    return BLANKS.sub(" ", text).strip(" ")


def _begun(line: str) -> str:
    """Return a line that begins no block of Markdown."""
    begins = re.match(r"\d{0,9}", line)
    mark = BEGINS_A_BLOCK.match(line, begins.end() if begins else 0)
    return line if mark is None else f"{line[: mark.start()]}\\{line[mark.start() :]}"


def _is_plain(document: str) -> bool:
    return document.isascii() and "\x7f" not in document


def _as_json_escape(found: re.Match[str]) -> str:
    sign = found[0]
    if is_printable(sign) and visible(sign) == sign:
        return sign
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
