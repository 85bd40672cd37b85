"""The tree over the digests of a log, held against a slow one that splits as RFC 9162 says."""

from __future__ import annotations

from hashlib import sha256

import pytest

from registry.store.merkle import path, root, root_from


def leaves(number: int) -> list[bytes]:
    return [sha256(bytes([place % 256, place // 256])).digest() for place in range(number)]


def slow_root(row: list[bytes]) -> bytes:
    """Return the root as the RFC defines it: split at the largest power of two below the number of leaves."""
    if len(row) == 1:
        return row[0]
    split = 1
    while split * 2 < len(row):
        split *= 2
    return sha256(b"\x01" + slow_root(row[:split]) + slow_root(row[split:])).digest()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100])
def test_the_root_is_that_of_the_rfc_and_every_leaf_leads_to_it(size: int) -> None:
    row = leaves(size)

    assert root(row) == slow_root(row)
    for place, leaf in enumerate(row):
        assert root_from(leaf, place, size, path(row, place)) == root(row)


def test_the_root_of_nothing_is_zeros() -> None:
    assert root([]) == bytes(32)


@pytest.mark.parametrize("size", [2, 3, 8, 13])
def test_another_leaf_place_size_or_neighbour_leads_elsewhere(size: int) -> None:
    row = leaves(size)

    for place, leaf in enumerate(row):
        neighbours = path(row, place)
        assert root_from(leaf, (place + 1) % size, size, neighbours) != root(row)
        assert root_from(sha256(leaf).digest(), place, size, neighbours) != root(row)
        assert root_from(leaf, place, size, [*neighbours, bytes(32)]) is None
        assert root_from(leaf, place, size, neighbours[:-1]) is None
        assert root_from(leaf, size, size, neighbours) is None
        changed = [sha256(neighbours[0]).digest(), *neighbours[1:]]
        assert root_from(leaf, place, size, changed) != root(row)


def test_a_path_has_as_many_hashes_as_the_tree_has_rows() -> None:
    assert len(path(leaves(1024), 17)) == 10
