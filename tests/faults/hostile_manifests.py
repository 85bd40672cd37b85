"""Manifests as somebody clever may write them: a sound one with one thing in it that no export ever wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from random import Random
from typing import Any, Final

from tests.faults.mutations import broken

DEPTH: Final = 10_000
RAW: Final = {  # what json.dumps writes of no value, by the text that stands for it
    "deep list": b"[" * DEPTH + b"]" * DEPTH,
    "deep object": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
    "5,000 digits": b"9" * 5_000,
    "a float without end": b"1e999",
    "no UTF-8": b'"\xff\xfe"',
    "half a pair in UTF-8": b'"\xed\xa0\x80"',
    "half a pair": b'"\\ud800"',
    "NaN": b"NaN",
    "nothing": b"",
}
VALUES: Final[tuple[object, ...]] = (
    None, True, -1, 0, 1, 2, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63), 10**400, 1.5, -0.0, 1e308,
    "", " ", "x", "\0", "a\n", "0" * 64, "0" * 64 + "\n", "F" * 64, "g" * 64, "0" * 63, "..", "../..", "/etc/passwd",
    "C:\\x", "x" * 300, "x" * 100_000, "\u202e", "\x1b[2J", "9999-12-31", "0000-00-00", "2026-02-30",
    "2026-01-01T00:00:00",
    [], [[]], {}, {"a": 1}, [None], ["x"] * 10_000, *(f"RAW {name}" for name in RAW),
)  # fmt: skip
PATHS: Final = (
    "visits/part-00000.parquet\n", " visits/part-00000.parquet", "visits/part-00000.parquet ",
    "visits/part-00000.parquet/",
    "../visits/part-00000.parquet", "./visits/part-00000.parquet", "/visits/part-00000.parquet",
    "visits//part-00000.parquet",
    "visits/../visits/part-00000.parquet", "visits\\part-00000.parquet", "C:/part-00000.parquet",
    "visits/part-00000.parquet\0",
    "VISITS/part-00000.parquet", "visits/part-\u0660\u0660\u0660\u0660\u0660.parquet", "visits/part-00000.PARQUET",
    "v" * 5_000 + "/part-00000.parquet", "visits/part-" + "0" * 5_000 + ".parquet", "manifest.json",
    "visits/part-00001.parquet",
    "patients/part-00000.parquet", "visits/.part-00000.0123abcd", "", "visits", "\n",
    "//server/share/part-00000.parquet",
)  # fmt: skip
FILES: Final = (
    b"", b"\0" * 1_000, b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"[" * 1_000_000, b'{"a":' * 1_000_000, b"null",
    b"[]", b'"x"', b"1",
    b'{"format":1}', b'{"format":1,"format":2}', b'{"format":' + b"1" * 100_000 + b"}", b'{"format":"\xff"}',
    b'{"\xff":1}',
    b'{"format":1e0}', b'{"format": 1 ', b"PAR1",
)  # fmt: skip


class Change(Enum):
    """What is done to a place instead of giving it another value."""

    DROPPED = "dropped"
    TWICE = "twice"
    DEEPER = "one object deeper"


def hostile(sound: bytes, random: Random) -> Iterator[tuple[str, bytes]]:
    """Yield hostile manifests, each with what is hostile in it: every place with every value, in a random order.

    The place in the log comes first, which all commands go by.
    """
    stated = json.loads(sound)
    whole = [(f"the file {text[:20]!r}", text) for text in FILES]
    yield from random.sample(whole, len(whole))
    places = [*_places(stated)]
    changes = [(place, value) for place in places for value in (*VALUES, *Change)]
    changes += [(place, value) for place in places if place[-1:] == ("path",) for value in PATHS]
    for place, value in sorted(random.sample(changes, len(changes)), key=lambda change: change[0][0] != "known_at"):
        yield f"{'.'.join(map(str, place))} = {str(value)[:40]!r}", _changed(stated, place, value)
    while True:
        yield "bytes", broken({"manifest.json": sound}, random)["manifest.json"]


def _places(value: object, *before: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every value within another, as keys and numbers."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*before, key)
        yield from _places(each, *before, key)


def _changed(stated: Any, place: tuple[str | int, ...], value: object) -> bytes:
    copy = json.loads(json.dumps(stated))
    holder: Any = copy
    for key in place[:-1]:
        holder = holder[key]
    last = place[-1]
    if value is Change.DROPPED:
        del holder[last]
    elif value is Change.TWICE and isinstance(holder, dict):
        holder[f"{last}\0twice"] = holder[last]
    elif value is Change.TWICE:
        holder.append(holder[last])
    elif value is Change.DEEPER:
        holder[last] = {"more": holder[last]}
    else:
        holder[last] = value
    text = json.dumps(copy).replace("\\u0000twice", "").encode()
    for name, raw in RAW.items():
        text = text.replace(json.dumps(f"RAW {name}").encode(), raw)
    return text
