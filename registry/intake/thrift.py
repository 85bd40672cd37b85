"""Thrift's compact protocol, in which a Parquet file describes itself: read here before anything is made of it.

Arrow makes what a file describes before it can be asked how large that is, and some damage to a description ends the
process. What is read here is plain: numbers, bytes, lists, and structures as dictionaries by the numbers of fields.
The format is that of https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from typing import Any, Final

DEPTH_AT_MOST: Final = 20  # structures and lists within one another; Parquet's own have six
STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(13)

Struct = dict[int, Any]


class CompactReader:
    """Reads structures from bytes, `place` being where; of all that it reads, at most so many are structures."""

    def __init__(self, content: bytes, *, structures_at_most: int) -> None:
        self.content, self.place = content, 0
        self._left = structures_at_most

    def struct(self, depth: int = 0) -> Struct:
        """Return the next structure. Raises `ValueError`, and `OverflowError` where there are too many."""
        self._left -= 1
        if self._left < 0:
            raise OverflowError
        if depth > DEPTH_AT_MOST:
            raise ValueError("structures too deep within one another")
        fields: Struct = {}
        number = 0
        while (head := self._byte()) & 15 != STOP:
            number = number + (head >> 4) if head >> 4 else self._whole()
            kind = head & 15
            fields[number] = kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, depth + 1)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2 | 3:  # in a list a truth value takes a byte
                return self._byte()
            case 4 | 5 | 6:
                return self._whole()
            case 7:
                return self._bytes(8)
            case 8:
                return self._bytes(self._unsigned())
            case 9 | 10:
                return self._list(depth)
            case 12:
                return self.struct(depth)
        raise ValueError(f"a value of the kind {kind}")

    def _list(self, depth: int) -> list[Any]:
        if depth > DEPTH_AT_MOST:
            raise ValueError("lists too deep within one another")
        head = self._byte()
        length = self._unsigned() if head >> 4 == 15 else head >> 4
        if length > len(self.content) - self.place:
            raise ValueError("a list that is longer than all")
        return [self._value(head & 15, depth + 1) for _ in range(length)]

    def _whole(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _unsigned(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise ValueError("a number that does not end")

    def _byte(self) -> int:
        try:
            byte = self.content[self.place]
        except IndexError:
            raise ValueError("it ends too early") from None
        self.place += 1
        return byte

    def _bytes(self, length: int) -> bytes:
        if length > len(self.content) - self.place:
            raise ValueError("a text that is longer than all")
        self.place += length
        return self.content[self.place - length : self.place]
