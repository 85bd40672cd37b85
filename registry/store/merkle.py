"""One hash for all digests of a log up to a position, of which a single one can be shown with some twenty others.

    leaf   = the digest at a position, as it stands in the chain
    node   = SHA-256( 0x01 ‖ left ‖ right )

The leaves of positions 1 to N stand in a row; two neighbours make a node of the next row, and one that is left over at
the end moves up as it is. The last row has one hash, the root. It is the tree of RFC 9162 over leaves that are hashes
already: what a digest hashes is never 65 bytes long, so that no node can be passed off as a digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from registry.store.chain import GENESIS

NODE: Final = b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over digests in the order of their positions; 32 zero bytes where there are none.

    >>> root([b"a" * 32]) == b"a" * 32
    True
    """
    row = list(leaves)
    while len(row) > 1:
        row = _above(row)
    return row[0] if row else GENESIS


def path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """Return the neighbours from which the root follows, given the digest at a place (from 0), the lowest first."""
    neighbours, row = [], list(leaves)
    while len(row) > 1:
        if place ^ 1 < len(row):
            neighbours.append(row[place ^ 1])
        row, place = _above(row), place // 2
    return neighbours


def root_from(leaf: bytes, place: int, size: int, neighbours: Sequence[bytes]) -> bytes | None:
    """Return the root that follows from a digest at a place (from 0) among `size`; None where the path does not fit."""
    if not 0 <= place < size:
        return None
    node, last, waiting = leaf, size - 1, list(neighbours)
    while last > 0:
        if place % 2 or place < last:
            if not waiting:
                return None
            neighbour = waiting.pop(0)
            node = sha256(NODE + (neighbour + node if place % 2 else node + neighbour)).digest()
        place, last = place // 2, last // 2
    return None if waiting else node


def _above(row: Sequence[bytes]) -> list[bytes]:
    pairs = zip(row[::2], row[1::2])
    nodes = [sha256(NODE + left + right).digest() for left, right in pairs]
    return [*nodes, row[-1]] if len(row) % 2 else nodes
